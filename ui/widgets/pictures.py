"""Pictures of evidence: a strip of frames in time and a cropped view; never stretched, never
cut.
"""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from ui.theme.style import draw_ring, has_keyboard_focus
from ui.theme.textrun import Align, Elide, Ink, draw_text, text_width
from ui.theme.theme import colour, px
from ui.theme.type import Face
from ui.widgets.painted import Painted, Policy

STRIP_PX = 48
STRIP_GAP_PX = 2
CAPTION_PX = 20
CAPTION_INK = Ink("text2", Face.LABEL, elide=Elide.ElideMiddle)
TIME_INK = Ink("text2", Face.LABEL)
FRAME_TIME_INK = Ink("mask_text", Face.LABEL)
EMPTY_INK = Ink("text3", Face.LABEL)
TIME_PAD_PX = 4


class Frame(msgspec.Struct, frozen=True):
    """A picture (None while it is being fetched) and its time."""

    image: QImage | None
    time: str


class FrameStrip(Painted):
    """Up to ten frames side by side; the current one wears the focus ring."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames: tuple[Frame, ...] = ()
        self._pictures: list[QPixmap | None] = []
        self._current = 0
        self.setSizePolicy(Policy.Expanding, Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def current(self) -> int:
        return self._current

    def set_frames(self, frames: Sequence[Frame]) -> None:
        self._frames = tuple(frames)
        self._pictures = [QPixmap.fromImage(f.image) if f.image else None for f in self._frames]
        self._current = min(self._current, max(0, len(self._frames) - 1))
        self._announce()

    def set_current(self, number: int) -> None:
        if 0 <= number < len(self._frames):
            self._current = number
            self._announce()

    def _announce(self) -> None:
        name = self._frames[self._current].time if self._frames else ""
        self.setAccessibleName(name)
        self.update()

    def _cell(self, number: int) -> QRectF:
        width = (self.width() + STRIP_GAP_PX) / max(1, len(self._frames))
        return QRectF(round(number * width), 0, round(width) - STRIP_GAP_PX, self.height())

    def sizeHint(self) -> QSize:
        return QSize(px(480), px(STRIP_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), px(STRIP_PX))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for number in range(len(self._frames)):
            if self._cell(number).contains(event.position()):
                self._choose(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._choose(self._current + step)

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._frames):
            self.set_current(number)
            self.chosen.emit(number)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), colour("bg0"))
        for number, frame in enumerate(self._frames):
            cell = self._cell(number)
            picture = self._pictures[number]
            if picture is None:
                painter.fillRect(cell, colour("bg3"))
            else:
                painter.drawPixmap(cell, picture, _covered(picture, cell))
            _paint_frame_time(painter, cell, frame.time)
            if number == self._current:
                draw_ring(painter, cell.toRect(), colour("focus"))
        if has_keyboard_focus(self):
            draw_ring(painter, self.rect(), colour("focus"))


class CropView(Painted):
    """One picture, letterboxed, with a caption line beneath: what it is, and when."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: QPixmap | None = None
        self._caption = self._time = self._empty_text = ""
        self.setSizePolicy(Policy.Expanding, Policy.Expanding)

    def set_picture(self, image: QImage, caption: str, time: str) -> None:
        self._picture = QPixmap.fromImage(image)
        self._tell(caption, time)

    def set_empty(self, sentence: str, caption: str = "", time: str = "") -> None:
        """No picture: say why."""
        self._picture = None
        self._empty_text = sentence
        self._tell(caption, time)

    def _tell(self, caption: str, time: str) -> None:
        self._caption, self._time = caption, time
        self.setAccessibleName(f"{caption} {time}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(272), px(172))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(96), px(54 + CAPTION_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        caption = px(CAPTION_PX) if self._caption or self._time else 0
        picture = QRectF(0, 0, self.width(), self.height() - caption)
        painter.fillRect(picture, colour("bg0"))
        if self._picture is None:
            draw_text(painter, picture, self._empty_text, EMPTY_INK, Align.AlignHCenter)
        else:
            painter.drawPixmap(
                _fitted(self._picture, picture), self._picture, QRectF(self._picture.rect())
            )
        line = QRectF(0, picture.bottom(), self.width(), caption)
        draw_text(painter, line, self._time, TIME_INK, Align.AlignRight)
        line.setWidth(max(0.0, line.width() - text_width(self._time, TIME_INK) - 8))
        draw_text(painter, line, self._caption, CAPTION_INK)


def _fitted(picture: QPixmap, room: QRectF) -> QRectF:
    """The largest rectangle of the picture's shape inside the room."""
    scale = min(room.width() / picture.width(), room.height() / picture.height())
    size = QRectF(0, 0, picture.width() * scale, picture.height() * scale)
    size.moveCenter(room.center())
    return size


def _covered(picture: QPixmap, cell: QRectF) -> QRectF:
    """The middle of the picture in the shape of the cell: a thumbnail is a pointer, not
    evidence.
    """
    scale = max(cell.width() / picture.width(), cell.height() / picture.height())
    part = QRectF(0, 0, cell.width() / scale, cell.height() / scale)
    part.moveCenter(QPointF(picture.width() / 2, picture.height() / 2))
    return part


def _paint_frame_time(painter: QPainter, cell: QRectF, time: str) -> None:
    height = px(16)
    width = min(cell.width(), text_width(time, FRAME_TIME_INK) + 2 * TIME_PAD_PX)
    box = QRectF(cell.x(), cell.bottom() - height, width, height)
    painter.fillRect(box, colour("ink"))
    draw_text(painter, box.adjusted(TIME_PAD_PX, 0, 0, 0), time, FRAME_TIME_INK)

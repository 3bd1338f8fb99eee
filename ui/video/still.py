"""The still of an item with its box and zone, and the pair of pictures of a second look."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import Align, Elide, Face, Ink, colour, draw_text, text_width
from ui.theme import px as scaled_px
from ui.video.marks import NO_MARKS, Marks, paint_marks, paint_watermark
from ui.video.picture_view import CAPTION_PX, REMARK, PictureView, paint_lines
from ui.video.sentences import Text
from ui.video.viewport import letterbox

PAIR_GAP_PX = 2
CAPTION_PAD_PX = 8
CAPTION = Ink("text1", Face.LABEL, elide=Elide.ElideMiddle)
CAPTION_TIME = Ink("text2", Face.LABEL)


class StillView(PictureView):
    """One picture with what is drawn over it. Without a picture it shows a sentence."""

    def __init__(self, text: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(text("media.still.name"))
        self._image: QImage | None = None
        self._marks = NO_MARKS
        self._watermark = ""
        self._sentence = ""
        self.setMinimumSize(160, 90)

    def set_picture(self, image: QImage | None, marks: Marks = NO_MARKS) -> None:
        """A new picture; zoom and place start anew."""
        self._image = image
        self._marks = marks
        self.viewport.fit()
        self.update()

    def set_watermark(self, text: str) -> None:
        self._watermark = text
        self.update()

    def set_sentence(self, text: str) -> None:
        """What is said while there is no picture, and why."""
        self._sentence = text
        self.setAccessibleDescription(text)
        self.update()

    @property
    def image(self) -> QImage | None:
        return self._image

    @property
    def marks(self) -> Marks:
        return self._marks

    def fitted_under(self, _point: QPointF) -> QRectF:
        if self._image is None:
            return QRectF()
        return letterbox(QSizeF(self._image.size()), QRectF(self.rect()))

    def sizeHint(self) -> QSize:
        return QSize(860, 484)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter)
        area = QRectF(self.rect())
        if self._image is None:
            paint_lines(painter, area, ((self._sentence, REMARK),))
        else:
            pane = ComparePicture(image=self._image, marks=self._marks)
            fitted = self.fitted_under(area.center())
            visible = fitted if self.viewport.is_fitted else area
            paint_pane(painter, pane, self.viewport.place(fitted), visible)
            paint_watermark(painter, visible, self._watermark)
        self.paint_ring(painter)


class ComparePicture(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a comparison; `sentence` is shown while `image` is None."""

    image: QImage | None
    caption: str = ""
    time: str = ""
    marks: Marks = NO_MARKS
    sentence: str = ""


NOTHING = ComparePicture(image=None)
DEFAULT_SHAPE = QSizeF(16, 9)


class CompareView(PictureView):
    """First frame and second look side by side, same height, one zoom and place for both."""

    def __init__(self, text: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(text("media.compare.name"))
        self._sides = (NOTHING, NOTHING)
        self._watermark = ""

    def set_pictures(self, first: ComparePicture, second: ComparePicture) -> None:
        self._sides = (first, second)
        self.viewport.fit()
        self.update()

    def set_watermark(self, text: str) -> None:
        self._watermark = text
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(860, 270)

    def panes(self) -> tuple[QRectF, QRectF]:
        """Where the two letterboxes lie: same height, captions below."""
        shapes = [_shape(side.image) for side in self._sides]
        ratios = [shape.width() / shape.height() for shape in shapes]
        room_width = self.width() - PAIR_GAP_PX
        room_height = self.height() - scaled_px(CAPTION_PX)
        height = min(float(room_height), room_width / sum(ratios))
        left = (self.width() - height * sum(ratios) - PAIR_GAP_PX) / 2
        top = (room_height - height) / 2
        first = QRectF(left, top, height * ratios[0], height)
        return first, QRectF(first.right() + PAIR_GAP_PX, top, height * ratios[1], height)

    def fitted_under(self, point: QPointF) -> QRectF:
        first, second = self.panes()
        return second if point.x() >= second.left() else first

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter)
        for side, pane in zip(self._sides, self.panes(), strict=True):
            if side.image is None:
                painter.fillRect(pane, colour("bg1"))
                paint_lines(painter, pane, ((side.sentence, REMARK),))
            else:
                paint_pane(painter, side, self.viewport.place(pane), pane)
                paint_watermark(painter, pane, self._watermark)
            self._paint_caption(painter, side, pane)
        self.paint_ring(painter)

    def _paint_caption(self, painter: QPainter, side: ComparePicture, pane: QRectF) -> None:
        line = QRectF(pane.left(), pane.bottom(), pane.width(), scaled_px(CAPTION_PX))
        painter.fillRect(line, colour("bg1"))
        inner = line.adjusted(CAPTION_PAD_PX, 0, -CAPTION_PAD_PX, 0)
        draw_text(painter, inner, side.time, CAPTION_TIME, Align.AlignRight)
        inner.setRight(inner.right() - text_width(side.time, CAPTION_TIME) - CAPTION_PAD_PX)
        draw_text(painter, inner, side.caption, CAPTION)


def paint_pane(painter: QPainter, side: ComparePicture, at: QRectF, visible: QRectF) -> None:
    """The picture at its place, cut to the visible part, with its marks."""
    if side.image is None:
        return
    painter.save()
    painter.setClipRect(visible)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(at, side.image)
    painter.restore()
    paint_marks(painter, at, side.marks, visible)


def _shape(image: QImage | None) -> QSizeF:
    return DEFAULT_SHAPE if image is None or image.isNull() else QSizeF(image.size())

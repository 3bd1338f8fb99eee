"""Everything done to a record, oldest first: when, who, what; not yet confirmed lines wear a
dashed bar and say so.
"""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme.chips import Chip, ChipState, chip_width, paint_chip
from ui.theme.textrun import Ink, draw_text, draw_wrapped, text_width, wrapped_height
from ui.theme.theme import colour, px
from ui.theme.type import Face
from ui.widgets.painted import Painted, Policy

TIME_INK = Ink("text2", Face.BODY)
TIME_GAP_PX = 16
LEFT_PX = 8
ROW_GAP_PX = 4
BAR_PX = 2
TEXT_INK = Ink("text1", Face.BODY)


class ThreadEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One act: its time and its sentence (actor included); `pending` is the word for
    unconfirmed.
    """

    time: str
    text: str
    pending: str | None = None


class ThreadList(Painted):
    """The entries, as high as they need at the width they have."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[ThreadEntry, ...] = ()
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(Policy.Expanding)
        policy.setVerticalPolicy(Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_entries(self, entries: Sequence[ThreadEntry]) -> None:
        self._entries = tuple(entries)
        lines = (f"{e.time} {e.text} {e.pending or ''}".rstrip() for e in self._entries)
        self.setAccessibleName("\n".join(lines))
        self._look_changed()

    def heightForWidth(self, width: int) -> int:
        return sum(round(height) for height, _ in self._rows(width))

    def sizeHint(self) -> QSize:
        return QSize(px(240), self.heightForWidth(max(self.width(), px(240))))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _text_x(self) -> float:
        widest = max((text_width(e.time, TIME_INK) for e in self._entries), default=0.0)
        return self._left() + widest + px(TIME_GAP_PX)

    def _left(self) -> int:
        """Room for the dashed bar, where there is one."""
        return LEFT_PX if any(entry.pending for entry in self._entries) else 0

    def _rows(self, width: int) -> list[tuple[float, ThreadEntry]]:
        x = self._text_x()
        rows = []
        for entry in self._entries:
            room = max(px(60), width - x - _chip_room(entry))
            height = wrapped_height(entry.text, room, TEXT_INK)
            rows.append((max(height, px(20)) + px(ROW_GAP_PX), entry))
        return rows

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = self._text_x(), 0.0
        for height, entry in self._rows(self.width()):
            first = QRectF(self._left(), y, x, px(20))
            draw_text(painter, first, entry.time, TIME_INK)
            if entry.pending:
                _paint_pending(painter, QRectF(0, y, self.width(), height), entry)
            room = max(px(60), self.width() - x - _chip_room(entry))
            draw_wrapped(painter, QRectF(x, y, room, height), entry.text, TEXT_INK)
            y += height


def _chip(entry: ThreadEntry) -> Chip:
    return Chip(ChipState.PENDING, entry.pending or "")


def _chip_room(entry: ThreadEntry) -> float:
    return chip_width(_chip(entry)) + 8 if entry.pending else 0.0


def _paint_pending(painter: QPainter, row: QRectF, entry: ThreadEntry) -> None:
    pen = QPen(colour("pending"), BAR_PX)
    pen.setDashPattern([2.0, 1.5])
    painter.setPen(pen)
    painter.drawLine(row.topLeft() + _half(), row.bottomLeft() + _half())
    width = chip_width(_chip(entry)) + 1
    paint_chip(painter, QRectF(row.right() - width, row.y(), width, px(20)), _chip(entry))


def _half() -> QPointF:
    return QPointF(BAR_PX / 2, 0)

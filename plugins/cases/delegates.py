"""How a case and a piece of evidence look in their lists: two lines each."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from plugins.cases.rows import Proof
from ui.records.delegate import RecordDelegate, paint_time
from ui.records.rows import QueueRow, TimeTone
from ui.theme.chips import chip_width, paint_chip
from ui.theme.icons import icon_pixmap
from ui.theme.marks import paint_mark
from ui.theme.textrun import Align, Elide, Ink, draw_text, text_width
from ui.theme.theme import px
from ui.theme.type import Face, Weight

PAD_PX, MARK_PX, LINE_PX, TOP_PX = 10, 20, 22, 4
SIGN_PX = 16
TITLE_INK = Ink("text1", weight=Weight.BOLD, elide=Elide.ElideRight)
SECOND_INK = Ink("text2", Face.LABEL, elide=Elide.ElideRight)
DAYS_INK = Ink("text1", Face.LABEL)
HASH_INK = Ink("text2", Face.LABEL)
SIGNS: Mapping[str, tuple[str, str]] = {
    Proof.UNCHECKED.value: ("clock", "text3"), Proof.WHOLE.value: ("shield-check", "ok"),
    Proof.CHANGED.value: ("shield-x", "refused"), Proof.ABSENT.value: ("help-circle", "stale"),
}  # fmt: skip


class CaseDelegate(RecordDelegate):
    """mark · title · chip / number · step · days left."""

    def paint_row(self, painter: QPainter, rect: QRectF, row: QueueRow) -> None:
        left = rect.x() + px(PAD_PX)
        paint_mark(
            painter, QRectF(left, rect.y() + px(TOP_PX), px(MARK_PX), px(LINE_PX)), row.priority
        )
        x, right = left + px(MARK_PX) + px(8), rect.right() - px(PAD_PX)
        first, second = _lines(rect, x, right)
        chip_room = chip_width(row.chip) + px(4) if row.chip else 0.0
        draw_text(painter, first.adjusted(0, 0, -chip_room, 0), row.type_text, TITLE_INK)
        if row.chip:
            paint_chip(painter, first.adjusted(first.width() - chip_room, 0, 0, 0), row.chip)
        time_room = _paint_days(painter, second, row)
        words = "  ".join(part for part in (row.subject_text, row.place_text) if part)
        draw_text(painter, second.adjusted(0, 0, -time_room, 0), words, SECOND_INK)


def _paint_days(painter: QPainter, line: QRectF, row: QueueRow) -> float:
    """At the right of a line: small while there is time, boxed from the last day on."""
    if not row.time_left:
        return 0.0
    if row.time_tone is TimeTone.PLAIN:
        room = text_width(row.time_left, DAYS_INK)
        draw_text(painter, line, row.time_left, DAYS_INK, Align.AlignRight)
    else:
        room = text_width(row.time_left, TITLE_INK) + px(14)
        paint_time(painter, line.adjusted(line.width() - room, 0, 0, 0), row)
    return room + px(8)


class EvidenceDelegate(RecordDelegate):
    """title · proof or lead · what the file's hash says / kind · time."""

    def paint_row(self, painter: QPainter, rect: QRectF, row: QueueRow) -> None:
        x, right = rect.x() + px(PAD_PX), rect.right() - px(PAD_PX)
        first, second = _lines(rect, x, right)
        hash_room = text_width(row.confidence, HASH_INK) + px(SIGN_PX) + px(6)
        chip_room = chip_width(row.chip) + px(10) if row.chip else 0.0
        draw_text(
            painter, first.adjusted(0, 0, -hash_room - chip_room, 0), row.type_text, TITLE_INK
        )
        if row.chip:
            box = QRectF(right - hash_room - chip_room, first.y(), chip_room, first.height())
            paint_chip(painter, box, row.chip)
        self._paint_hash(
            painter, QRectF(right - hash_room, first.y(), hash_room, first.height()), row
        )
        words = "  ".join(part for part in (row.subject_text, row.place_text) if part)
        draw_text(painter, second, words, SECOND_INK)

    def _paint_hash(self, painter: QPainter, cell: QRectF, row: QueueRow) -> None:
        name, tone = SIGNS[row.note or Proof.UNCHECKED.value]
        size = px(SIGN_PX)
        sign = icon_pixmap(name, tone, size, painter.device().devicePixelRatioF())
        painter.drawPixmap(QPointF(cell.x(), round(cell.center().y() - size / 2)), sign)
        draw_text(painter, cell, row.confidence, HASH_INK, Align.AlignRight)


def _lines(rect: QRectF, x: float, right: float) -> tuple[QRectF, QRectF]:
    first = QRectF(x, rect.y() + px(TOP_PX), right - x, px(LINE_PX))
    return first, QRectF(x, first.bottom(), right - x, px(LINE_PX))

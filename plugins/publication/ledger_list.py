"""The ledger's list: its columns, how a row of it is painted, and its head.

    mark 20 · left 96 · number 264 · party flex · matter 84 · decided 48 · state 104 · remark 176

Where there is less room, remark and matter go first: both stand in the item at the right.
"""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from plugins.publication.rows import SETTLED, LedgerRow
from ui.records.columns import GAP_PX, PAD_PX, Span
from ui.records.delegate import RecordDelegate, paint_time
from ui.records.header import ColumnHeader
from ui.records.rows import QueueRow
from ui.theme.chips import paint_chip
from ui.theme.marks import MarkFill, paint_mark
from ui.theme.textrun import Align, Elide, Ink, draw_text, text_width
from ui.theme.theme import colour, theme
from ui.theme.type import Face
from xiuzhou_desktop.plugin_api.context import Text

FIXED = {"mark": 20, "time": 96, "number": 264, "matter": 84, "decided": 48, "state": 104,
         "remark": 176}  # fmt: skip
LEAST_PARTY_PX = 96
GIVEN_UP = ("remark", "matter", "decided")  # in this order
ORDER = ("mark", "time", "number", "party", "matter", "decided", "state", "remark")
ALIGNED = {"time": Align.AlignRight}

NUMBER_INK = Ink("text1")
STRUCK_INK = Ink("text3")
PARTY_INK = Ink("text1", elide=Elide.ElideRight)
PLAIN_INK = Ink("text2")
STATE_INK = Ink("text1")
REMARK_INK = Ink("text2", Face.LABEL, elide=Elide.ElideRight)


@lru_cache(maxsize=64)
def spans_for(width: int, scale: float) -> dict[str, Span]:
    """Column → where it lies; a column that was given up is absent."""
    shown = dict(FIXED)
    for name in GIVEN_UP:
        if _rest(width, shown, scale) >= LEAST_PARTY_PX * scale:
            break
        shown.pop(name)
    widths = {name: value * scale for name, value in shown.items()}
    widths["party"] = max(0.0, _rest(width, shown, scale))
    spans, x = {}, PAD_PX * scale
    for name in ORDER:
        if name in widths:
            spans[name] = Span(x, widths[name])
            x += widths[name] + GAP_PX * scale
    return spans


def _rest(width: int, shown: dict[str, int], scale: float) -> float:
    return width - (sum(shown.values()) + 2 * PAD_PX + GAP_PX * len(shown)) * scale


class LedgerDelegate(RecordDelegate):
    """Rows of the ledger; heads of groups as in every queue."""

    def paint_row(self, painter: QPainter, rect: QRectF, row: QueueRow) -> None:
        if not isinstance(row, LedgerRow):
            return
        cells = {
            name: span.within(rect)
            for name, span in spans_for(int(rect.width()), theme().scale).items()
        }
        if row.priority != SETTLED:
            paint_mark(painter, cells["mark"], row.priority, MarkFill.NORMAL)
        paint_time(painter, cells["time"], row)
        _paint_number(painter, cells["number"], row)
        draw_text(painter, cells["party"], row.subject_text, PARTY_INK)
        for name, words in (("matter", row.type_text), ("decided", row.decided_on)):
            if name in cells:
                draw_text(painter, cells[name], words, PLAIN_INK)
        if row.chip is not None:
            paint_chip(painter, cells["state"], row.chip)
        else:
            draw_text(painter, cells["state"], row.state_text, STATE_INK)
        if "remark" in cells:
            draw_text(painter, cells["remark"], row.remark, REMARK_INK)


def _paint_number(painter: QPainter, cell: QRectF, row: LedgerRow) -> None:
    ink = STRUCK_INK if row.is_struck else NUMBER_INK
    draw_text(painter, cell, row.decision_no, ink)
    if row.is_struck:
        width = min(cell.width(), text_width(row.decision_no, ink))
        painter.setPen(QPen(colour("text3"), 1))
        y = round(cell.center().y()) + 0.5
        painter.drawLine(QPointF(cell.x(), y), QPointF(cell.x() + width, y))


def ledger_header(text: Text) -> ColumnHeader:
    """Column names on the delegate's lines."""
    titles = {name: text(f"publication.column.{name}") for name in ORDER if name != "mark"}
    return ColumnHeader(titles, spans_for, ALIGNED)

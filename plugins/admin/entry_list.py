"""The lists of the panel: one row type and one delegate for rows of settings, accounts and records.

RecordDesk ─ RecordListModel ─┐
                              ├─ RecordListView ─ AdminDelegate (cells by their share of width)
EntryRows ────────────────────┘
"""

from collections.abc import Sequence
from functools import lru_cache, partial

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.admin.entries import Entry
from plugins.admin.sections import AdminSection, Column
from ui.records import PreparedRows, QueueRow, RecordListView, TimeTone
from ui.records.columns import GAP_PX, PAD_PX, Span
from ui.records.delegate import RecordDelegate
from ui.records.header import ColumnHeader
from ui.theme.chips import paint_chip
from ui.theme.icons import icon_pixmap
from ui.theme.textrun import Elide, Ink, draw_text
from ui.theme.theme import px, theme
from ui.widgets import EmptyState
from xiuzhou_desktop.plugin_api.context import Text

NO_INDEX = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
FIRST_INK = Ink("text1", elide=Elide.ElideRight)
REST_INK = Ink("text2", elide=Elide.ElideRight)
WARNING_INK = Ink("text1", elide=Elide.ElideRight)
SIGN_PX = 16


class AdminRow(QueueRow, frozen=True, kw_only=True):
    """The cells of a line under their columns; `warning` takes the last cell."""

    cells: tuple[str, ...]
    columns: tuple[Column, ...]
    warning: str | None = None


def row_of(entry: Entry, columns: tuple[Column, ...]) -> AdminRow:
    """A line, ready to paint and to be read aloud."""
    spoken = [*entry.cells, *((entry.warning,) if entry.warning else ())]
    return AdminRow(
        record=entry.key, kind="", priority=0, time_left="", time_tone=TimeTone.NONE,
        type_text=spoken[0], subject_text=spoken[1], place_text=" · ".join(spoken[2:]),
        cells=entry.cells, columns=columns, warning=entry.warning, chip=entry.chip,
    )  # fmt: skip


@lru_cache(maxsize=64)
def spans_for(columns: tuple[Column, ...], width: int, scale: float) -> dict[str, Span]:
    """Where the columns of a line lie, by their shares of the width."""
    pad, gap = PAD_PX * scale, GAP_PX * scale
    room = width - 2 * pad - gap * (len(columns) - 1)
    whole = sum(share for _, share in columns)
    spans, x = {}, pad
    for name, share in columns:
        spans[name] = Span(x, max(0.0, room * share / whole))
        x += spans[name].width + gap
    return spans


class AdminDelegate(RecordDelegate):
    """Paints prepared cells."""

    def paint_row(self, painter: QPainter, rect: QRectF, row: QueueRow) -> None:
        if not isinstance(row, AdminRow):
            return
        spans = spans_for(row.columns, int(rect.width()), theme().scale).values()
        places = [span.within(rect) for span in spans]
        for at, (place, words) in enumerate(zip(places, row.cells, strict=True)):
            is_last = at == len(places) - 1
            if is_last and row.chip is not None:
                paint_chip(painter, place, row.chip)
            elif is_last and row.warning:
                _paint_warning(painter, place, row.warning)
            else:
                draw_text(painter, place, words, REST_INK if at else FIRST_INK)


def _paint_warning(painter: QPainter, place: QRectF, words: str) -> None:
    size = px(SIGN_PX)
    sign = icon_pixmap("alert-triangle", "text1", size, painter.device().devicePixelRatioF())
    painter.drawPixmap(round(place.x()), round(place.center().y() - size / 2), sign)
    draw_text(painter, place.adjusted(size + px(4), 0, 0, 0), words, WARNING_INK)


class Page(QWidget):
    """The list of one section under the names of its columns."""

    def __init__(self, section: AdminSection, text: Text) -> None:
        super().__init__()
        self.view = RecordListView(AdminDelegate())
        self.view.setAccessibleName(text(f"admin.section.{section.name}"))
        titles = {name: text(f"admin.column.{name}") for name, _ in section.columns}
        header = ColumnHeader(titles, partial(spans_for, section.columns), {})
        header.set_right_margin(self.view.scroll_bar_width())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.view, 1)
        self._empty = EmptyState("")
        self._empty.hide()
        column.addWidget(self._empty, 1)
        self.setFocusProxy(self.view)

    def say_empty(self, sentence: str) -> None:
        """Why no line is listed; nothing: there are some."""
        self._empty.set_text(sentence)
        self._empty.setVisible(bool(sentence))


class EntryRows(PreparedRows[AdminRow]):
    """Lines that are no records."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()

    def show_entries(self, entries: Sequence[Entry], columns: tuple[Column, ...]) -> None:
        """Other lines, or the same ones anew."""
        self.entries = tuple(entries)
        self.set_rows([row_of(one, columns) for one in entries])

    def said(self, row: AdminRow) -> str:
        return " · ".join(one for one in (*row.cells, row.warning or "") if one)

    def key_of(self, row: AdminRow) -> str:
        return row.record

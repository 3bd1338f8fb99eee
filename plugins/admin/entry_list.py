"""The lists of the panel: one row type and one delegate for rows of settings, accounts and records.

RecordDesk ─ RecordListModel ─┐
                              ├─ RecordListView ─ AdminDelegate (cells by their share of width)
EntryModel ───────────────────┘
"""

from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from plugins.admin.entries import Entry
from ui.records import ROW_ROLE, QueueRow, TimeTone
from ui.records.columns import GAP_PX, PAD_PX
from ui.records.delegate import RecordDelegate
from ui.records.header import HEIGHT_PX, TITLE_INK
from ui.theme.chips import paint_chip
from ui.theme.icons import icon_pixmap
from ui.theme.textrun import Elide, Ink, draw_text
from ui.theme.theme import colour, px
from ui.widgets import Painted
from xiuzhou_desktop.plugin_api.context import Text

NO_INDEX = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
FIRST_INK = Ink("text1", elide=Elide.ElideRight)
REST_INK = Ink("text2", elide=Elide.ElideRight)
WARNING_INK = Ink("text1", elide=Elide.ElideRight)
SIGN_PX = 16


class AdminRow(QueueRow, frozen=True, kw_only=True):
    """The cells of a line with their shares of the width; `warning` takes the last cell."""

    cells: tuple[str, ...]
    shares: tuple[int, ...]
    warning: str | None = None


def row_of(entry: Entry, shares: tuple[int, ...]) -> AdminRow:
    """A line, ready to paint and to be read aloud."""
    spoken = [*entry.cells, *((entry.warning,) if entry.warning else ())]
    return AdminRow(
        record=entry.key, kind="", priority=0, time_left="", time_tone=TimeTone.NONE,
        type_text=spoken[0], subject_text=spoken[1], place_text=" · ".join(spoken[2:]),
        cells=entry.cells, shares=shares, warning=entry.warning, chip=entry.chip,
    )  # fmt: skip


def cells_in(rect: QRectF, shares: tuple[int, ...]) -> list[QRectF]:
    """Where the cells of a line lie."""
    pad, gap = px(PAD_PX), px(GAP_PX)
    room = rect.width() - 2 * pad - gap * (len(shares) - 1)
    whole = sum(shares)
    starts = [0, *accumulate(shares)]
    return [
        QRectF(
            rect.x() + pad + gap * at + room * starts[at] / whole, rect.y(),
            room * share / whole, rect.height(),
        )
        for at, share in enumerate(shares)
    ]  # fmt: skip


class AdminDelegate(RecordDelegate):
    """Paints prepared cells."""

    def paint_row(self, painter: QPainter, rect: QRectF, row: QueueRow) -> None:
        if not isinstance(row, AdminRow):
            return
        places = cells_in(rect, row.shares)
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


class AdminHeader(Painted):
    """Names of the columns, on the lines of the rows."""

    def __init__(self, text: Text) -> None:
        super().__init__()
        self._text = text
        self._columns: tuple[tuple[str, int], ...] = ()
        self._right_margin = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_columns(self, columns: tuple[tuple[str, int], ...], right_margin: int) -> None:
        """Another section; leave room for the list's scroll bar."""
        self._columns, self._right_margin = columns, right_margin
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, px(HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("bg2"))
        rect = QRectF(self.rect()).adjusted(0, 0, -self._right_margin, 0)
        places = cells_in(rect, tuple(share for _, share in self._columns))
        for place, (name, _) in zip(places, self._columns, strict=True):
            draw_text(painter, place, self._text(f"admin.column.{name}"), TITLE_INK)


class EntryModel(QAbstractListModel):
    """Lines that are no records."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()
        self._rows: tuple[AdminRow, ...] = ()

    def show_entries(self, entries: Sequence[Entry], shares: tuple[int, ...]) -> None:
        """Other lines, or the same ones anew."""
        same = [one.key for one in entries] == [one.key for one in self.entries]
        if not same:
            self.beginResetModel()
        self.entries = tuple(entries)
        self._rows = tuple(row_of(one, shares) for one in entries)
        if not same:
            self.endResetModel()
        elif self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        spoken = (*row.cells, row.warning or "")
        is_spoken = role == Qt.ItemDataRole.AccessibleTextRole
        return " · ".join(one for one in spoken if one) if is_spoken else None

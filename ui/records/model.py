"""The table model over engine queries: heads and records of several sections, of which only a few
pages are loaded.

`data()` looks up a prepared row or asks for its page by `wanted`; it never computes and never waits
(style.md rule 20).
"""

from collections.abc import Callable, Iterable

import msgspec
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ui.records.pages import PAGE_ROWS, Line, PageKey, Pages
from ui.records.rows import ROW_ROLE, GroupRow, QueueRow, Row
from ui.records.sections import Extent, Section, Spot, row_of, rows_of, spot_at
from xiuzhou_desktop.client.views import RecordView

NO_INDEX = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
MakeRow = Callable[[RecordView], QueueRow]


class RecordListModel(QAbstractListModel):
    """Rows of a list."""

    wanted = Signal(object)  # PageKey that somebody looked at and that is not loaded

    def __init__(self, make_row: MakeRow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_row = make_row
        self._extents: tuple[Extent, ...] = ()
        self._pages = Pages()

    # reading

    @property
    def extents(self) -> tuple[Extent, ...]:
        return self._extents

    def sections(self) -> tuple[Section, ...]:
        return tuple(extent.section for extent in self._extents)

    def spot(self, row: int) -> Spot | None:
        return spot_at(self._extents, row) if 0 <= row < rows_of(self._extents) else None

    def row_at(self, spot: Spot) -> int:
        return row_of(self._extents, spot)

    def line(self, row: int) -> Line | None:
        """The loaded record at a row; None for a head and for what is not loaded."""
        spot = self.spot(row)
        if spot is None or spot.offset is None:
            return None
        return self._pages.line(spot.section, spot.offset)

    def find(self, record: str) -> int | None:
        """The row of a loaded record in an open section."""
        for section, offset, line in self._pages.each():
            extent = self._extents[section]
            if line.view.record.id == record and extent.section.is_open and offset < extent.total:
                return self.row_at(Spot(section, offset))
        return None

    def pages_of_rows(self, first: int, last: int) -> tuple[PageKey, ...]:
        """The pages that a run of rows lies in."""
        keys: dict[PageKey, None] = {}
        for row in range(max(0, first), min(last + 1, self.rowCount())):
            spot = spot_at(self._extents, row)
            if spot.offset is not None:
                keys[spot.section, spot.offset // PAGE_ROWS] = None
        return tuple(keys)

    # changing

    def load(self, key: PageKey, views: Iterable[RecordView]) -> None:
        self._pages.put(key, self._lines(views))
        section, number = key
        if self._extents[section].section.is_open:
            first = self.row_at(Spot(section, number * PAGE_ROWS))
            self._changed(first, first + PAGE_ROWS - 1)

    def reshape(
        self, extents: tuple[Extent, ...], pages: dict[PageKey, tuple[RecordView, ...]]
    ) -> None:
        """Take new totals and pages. Rows are added and removed at the ends of sections, so that
        nothing is reset."""
        if len(extents) != len(self._extents):
            self.beginResetModel()
            self._extents = extents
            self._pages.replace({key: self._lines(views) for key, views in pages.items()})
            self.endResetModel()
            return
        for number, extent in enumerate(extents):
            self._resize(number, extent)
        self._pages.replace({key: self._lines(views) for key, views in pages.items()})
        self._changed(0, self.rowCount() - 1)

    def drop(self, row: int) -> None:
        """Take one record out at once, before the engine has been asked again."""
        spot = self.spot(row)
        if spot is None or spot.offset is None:
            return
        kept = self._without(spot)
        extent = self._extents[spot.section]
        less = msgspec.structs.replace(extent, total=extent.total - 1)
        first = row - (extent.head_rows - less.head_rows)  # its head may go with the last record
        self.beginRemoveRows(NO_INDEX, first, row)
        self._set_extent(spot.section, less)
        for key, lines in kept.items():
            self._pages.put(key, lines)
        self.endRemoveRows()
        head = self.row_at(Spot(spot.section, None))
        self._changed(head, head)

    def reprepare(self, first: int, last: int) -> None:
        """Prepare loaded rows again: the time that is left has moved on."""
        for key in self.pages_of_rows(first, last):
            section, number = key
            start = self.row_at(Spot(section, number * PAGE_ROWS))
            lines = [self.line(row) for row in range(start, start + PAGE_ROWS)]
            self._pages.put(key, self._lines(line.view for line in lines if line is not None))
        self._changed(first, last)

    def _without(self, spot: Spot) -> dict[PageKey, tuple[Line, ...]]:
        offset = spot.offset or 0
        loaded = {
            place: line
            for section, place, line in self._pages.each()
            if section == spot.section and place != offset
        }
        moved = {place - 1 if place > offset else place: line for place, line in loaded.items()}
        pages: dict[PageKey, list[Line]] = {}
        for place in sorted(moved):
            page = pages.setdefault((spot.section, place // PAGE_ROWS), [])
            if len(page) == place % PAGE_ROWS:  # a gap ends what is known of a page
                page.append(moved[place])
        return {key: tuple(lines) for key, lines in pages.items()}

    def _resize(self, number: int, extent: Extent) -> None:
        old = self._extents[number]
        start = self.row_at(Spot(number, None))
        if extent.rows > old.rows:
            self.beginInsertRows(NO_INDEX, start + old.rows, start + extent.rows - 1)
            self._set_extent(number, extent)
            self.endInsertRows()
        elif extent.rows < old.rows:
            self.beginRemoveRows(NO_INDEX, start + extent.rows, start + old.rows - 1)
            self._set_extent(number, extent)
            self.endRemoveRows()
        else:
            self._set_extent(number, extent)

    def _set_extent(self, number: int, extent: Extent) -> None:
        self._extents = (*self._extents[:number], extent, *self._extents[number + 1 :])

    def _lines(self, views: Iterable[RecordView]) -> tuple[Line, ...]:
        return tuple(Line(view, self._make_row(view)) for view in views)

    def _changed(self, first: int, last: int) -> None:
        last = min(last, self.rowCount() - 1)
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, 0))

    def _row(self, number: int) -> Row | None:
        spot = self.spot(number)
        if spot is None:
            return None
        extent = self._extents[spot.section]
        if spot.offset is None:
            return GroupRow(
                title=extent.section.title or "", count=extent.total, is_open=extent.section.is_open
            )
        line = self._pages.line(spot.section, spot.offset)
        if line is None:
            self.wanted.emit((spot.section, spot.offset // PAGE_ROWS))
            return None
        return line.row

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else rows_of(self._extents)

    def flags(self, index: Index) -> Qt.ItemFlag:
        spot = self.spot(index.row())
        if spot is None or spot.offset is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in (ROW_ROLE, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self._row(index.row())
        if role == ROW_ROLE or row is None:
            return row
        return _spoken(row)


def _spoken(row: Row) -> str:
    """A row for a screen reader: its cells in order."""
    if isinstance(row, GroupRow):
        return f"{row.title} {row.count}"
    cells = (str(row.priority), row.type_text, row.plate or row.subject_text, row.place_text)
    state = row.chip.text if row.chip else row.holder
    return " · ".join(cell for cell in (*cells, row.time_left, state) if cell)

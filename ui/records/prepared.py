"""Lists that are no queues: rows prepared before they are painted, looked up by number.

What such a list adds is how a row is read aloud, what makes it the same row as before, and its
delegate. Queues, which are read in pages, have model.py and view.py.
"""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QListView

from ui.records.rows import ROW_ROLE

RowT = TypeVar("RowT")
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class PreparedRows(QAbstractListModel, Generic[RowT]):
    """Rows as they are painted: ROW_ROLE gives one."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[RowT, ...] = ()

    def said(self, row: RowT) -> str:
        """How a row is read aloud."""
        raise NotImplementedError

    def key_of(self, row: RowT) -> object:
        """What makes two rows the same line; what else differs is painted anew."""
        return row

    def set_rows(self, rows: Sequence[RowT]) -> None:
        """The same lines stay where they are, under the hand, too; others make the list anew."""
        is_same = [self.key_of(one) for one in rows] == [self.key_of(one) for one in self.rows]
        if not is_same:
            self.beginResetModel()
        self.rows = tuple(rows)
        if not is_same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def row(self, number: int) -> RowT | None:
        return self.rows[number] if 0 <= number < len(self.rows) else None

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index.row())
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        return self.said(row) if role == Qt.ItemDataRole.AccessibleTextRole else None


class PreparedList(QListView):
    """Takes no input method, so that letters and digits are keys. A subclass sets its delegate."""

    def __init__(self, rows: PreparedRows) -> None:
        super().__init__()
        self.rows = rows
        rows.setParent(self)
        self.setModel(rows)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def go(self, number: int) -> None:
        """Put the hand on a row, if there is one of that number."""
        if 0 <= number < self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(number))

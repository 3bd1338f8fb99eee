"""Keeps the selected row where the eye has it while rows above it come and go."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractItemView


def rows_in_sight(view: QAbstractItemView) -> tuple[int, int]:
    """First and last row that can be seen; an empty range without rows."""
    model = view.model()
    count = model.rowCount() if model is not None else 0
    if not count:
        return 0, -1
    area = view.viewport().rect()
    first = view.indexAt(QPoint(1, 1))
    last = view.indexAt(QPoint(1, area.height() - 1))
    top = first.row() if first.isValid() else 0
    return top, last.row() if last.isValid() else min(count - 1, top + 60)


class Anchor:
    """The height of the current row before a change; `restore` scrolls it back there."""

    def __init__(self, view: QAbstractItemView) -> None:
        self._view = view
        index = view.currentIndex()
        rect = view.visualRect(index) if index.isValid() else None
        is_in_sight = rect is not None and view.viewport().rect().intersects(rect)
        self._top = rect.top() if rect is not None and is_in_sight else None

    def restore(self, row: int) -> None:
        if self._top is None:
            return
        index = self._view.model().index(row, 0)
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + self._view.visualRect(index).top() - self._top)

"""Rows marked by X: the next digit is the answer to all of them at once."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.domain.ids import RecordId


class Marks(QObject):
    """The marked items, in the order of marking, each as it was seen then."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._views: dict[RecordId, RecordView] = {}

    @property
    def views(self) -> tuple[RecordView, ...]:
        return tuple(self._views.values())

    def __len__(self) -> int:
        return len(self._views)

    def __contains__(self, record: object) -> bool:
        return record in self._views

    def toggle(self, view: RecordView) -> None:
        """Mark, or unmark."""
        if self._views.pop(view.record.id, None) is None:
            self._views[view.record.id] = view
        self.changed.emit()

    def take(self, views: Iterable[RecordView]) -> None:
        """Mark these and no others."""
        self._views = {view.record.id: view for view in views}
        self.changed.emit()

    def clear(self) -> None:
        """None is marked."""
        if self._views:
            self._views = {}
            self.changed.emit()

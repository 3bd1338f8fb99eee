"""The one record of a list that was asked for by name: where no open group holds it, it gets a
group of its own, the last of the list.
"""

from datetime import datetime

from PySide6.QtCore import QObject, Signal

from ui.records.desk import RecordDesk
from ui.records.sections import Section
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Engine

FOUND = "found"
NOBODY = RecordId("")  # no record has it: the group is empty, and has no head


class FoundGroup(QObject):
    """`changed` when the list is to be given its sections anew, with `section` among them."""

    changed = Signal()

    def __init__(
        self, desk: RecordDesk, engine: Engine, kinds: tuple[Kind, ...], title: str
    ) -> None:
        super().__init__(desk)
        self._desk, self._engine = desk, engine
        self._kinds, self._title = kinds, title
        self._record: RecordId | None = None

    def section(self, at: datetime | None = None) -> Section:
        """The group as it stands now, or stood at that instant."""
        query = RecordQuery(kinds=self._kinds, ids=(self._record or NOBODY,), at=at)
        return Section(key=FOUND, title=self._title, query=query, hides_when_empty=True)

    def forget(self) -> None:
        """Other groups are wanted: nobody asks by name any more."""
        self._record = None

    def go_to(self, record: RecordId) -> None:
        """Bring it under the hand, wherever it lies."""
        self._desk.select(record, self._make_room)

    async def _make_room(self, record: RecordId) -> None:
        found = None if await self._is_listed(record) else record
        if found != self._record:
            self._record = found
            self.changed.emit()

    async def _is_listed(self, record: RecordId) -> bool:
        for one in self._desk.model.sections():
            is_asked = one.is_open and one.key != FOUND
            if is_asked and await self._engine.position(one.query, record) is not None:
                return True
        return False

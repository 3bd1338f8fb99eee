"""What a demonstration may do with the running backend (hooks.DemoHands): the same doors that
devices and officers use.
"""

import asyncio
from datetime import datetime

from sqlalchemy import Connection, func, select

from xiuzhou_desktop.backend import feed
from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.commands import Sender
from xiuzhou_desktop.backend.hooks import FailureSwitch
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.sms_gateway import DemoGateway
from xiuzhou_desktop.backend.store import records
from xiuzhou_desktop.backend.store.schema import record
from xiuzhou_desktop.contract.ingest import IngestAnswer, IngestFlag
from xiuzhou_desktop.contract.sync import CommandResult
from xiuzhou_desktop.domain.canonical import format_instant, parse_instant
from xiuzhou_desktop.domain.command import Command
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import RecordId, Scope


class Hands:
    """Bound to one backend."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.clock = parts.clock

    @property
    def sms(self) -> FailureSwitch:
        """The switch of the gateway `demo`. Raises ProblemError where there is another."""
        if not isinstance(self._parts.sms, DemoGateway):
            raise ProblemError("not-now", "no demonstration gateway")
        return self._parts.sms

    async def ingest(self, source: str, flag: IngestFlag, image: bytes | None) -> IngestAnswer:
        """A flag as a device would send it."""
        return await asyncio.to_thread(self._parts.intake.take, source, flag, image)

    async def execute(self, user: str, command: Command) -> CommandResult:
        """A command as that officer would send it; `system` is the backend itself."""
        return await self._parts.store.write(lambda: self._execute(user, command))

    def hear(self, town: Scope) -> None:
        """A workstation of that town asks something."""
        self._parts.platforms.heard_from(town)

    async def record(self, record: RecordId) -> Record | None:
        """A record as it stands."""
        return await self._parts.store.read(lambda c: records.find(c, record))

    async def next_deadline(self) -> datetime | None:
        """The next instant at which a record's limit ends or a timer is due."""
        now = self.clock.now()
        return await self._parts.store.read(lambda c: _next_deadline(c, now))

    def _execute(self, user: str, command: Command) -> CommandResult:
        store = self._parts.store
        if user == SYSTEM.user:
            return self._execute_as_system(command)
        with store.reading() as tables:
            epoch = tables.meta().epoch
        sender = Sender(user=user, client_id="demonstration", epoch=epoch)
        judged = self._parts.desk.execute(sender, command)
        with store.reading() as tables:
            grants = tables.person(user).grants
            return feed.told(tables, judged.result, grants, is_new=judged.is_new)

    def _execute_as_system(self, command: Command) -> CommandResult:
        with self._parts.store.writing() as tables:
            judged = self._parts.desk.execute_as(tables, SYSTEM, command)
            return feed.told(tables, judged.result, SYSTEM.grants, is_new=judged.is_new)


def _next_deadline(connection: Connection, now: datetime) -> datetime | None:
    at = format_instant(now)
    due = select(func.min(record.c.due_at)).where(record.c.due_at > at, record.c.is_open == 1)
    found = [connection.execute(due).scalar_one_or_none(), records.next_timer(connection, now)]
    return min((parse_instant(one) for one in found if one), default=None)

"""What the panel knows, kept fresh: this computer's records at once, links when the server answers.

refresh ─► records: one reading at a time, what moves meanwhile is read after it ─► told
        └► links: one question at a time, however long its answer takes ──────────► told
"""

import asyncio

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from plugins.platforms.standing import Local, Seen
from ui.start import start
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, grant_for
from xiuzhou_desktop.plugin_api.context import PanelContext

PAST = 6
WORK = (Kind.FLAG, Kind.ORDER)
STANDING = RecordQuery(kinds=(Kind.CUSTODY,), is_open=True)
ENDED = RecordQuery(kinds=(Kind.CUSTODY,), is_open=False, order=Order.NEWEST, limit=PAST)


class Reading(QObject):
    """`seen` is the newest picture; `told` says that it is another."""

    told = Signal()

    def __init__(self, panel: QWidget, context: PanelContext) -> None:
        super().__init__(panel)
        self._engine, self._clock = context.engine, context.clock
        self._is_reading = self._reads_again = False
        self._asking: asyncio.Task[object] | None = None
        self.seen = Seen()

    def refresh(self) -> None:
        """Read again, and ask again unless the server still owes an answer."""
        self.read()
        if self._asking is None or self._asking.done():
            self._asking = start(self._ask(), owner=self)

    def read(self) -> None:
        """The records of this computer have moved."""
        self._reads_again = self._is_reading
        if not self._is_reading:
            self._is_reading = True
            start(self._read(), owner=self)

    async def _read(self) -> None:
        try:
            local = await self._local()
        finally:
            self._is_reading = False
        self._see(msgspec.structs.replace(self.seen, local=local))
        if self._reads_again:
            self.read()

    async def _local(self) -> Local:
        engine = self._engine
        standing, ended = await engine.query(STANDING), await engine.query(ENDED)
        readable = [s for s in SCOPES if grant_for(s, KindGroup.DISPATCH) in engine.signed.grants]
        counts = await engine.counts(
            tuple(RecordQuery(kinds=WORK, is_open=True, scopes=(one,)) for one in readable)
        )
        waiting = dict(zip(readable, counts, strict=True))
        return Local(custodies=standing.views, ended=ended.views, waiting=waiting)

    async def _ask(self) -> None:
        try:
            answer = await self._engine.platforms()
        except ClientError as error:
            self._see(msgspec.structs.replace(self.seen, fault=error))
            return
        links = {one.scope: one for one in answer.platforms}
        told_at = self._clock.now()
        self._see(msgspec.structs.replace(self.seen, links=links, told_at=told_at, fault=None))

    def _see(self, seen: Seen) -> None:
        self.seen = seen
        self.told.emit()

"""A simulated workstation: the shipped protocol core (sans-I/O) and the shipped calls, driven by a
few coroutines in place of engine, disk and window.

    hear    /v1/events ──poke──► wake
    follow  wake, jitter as in the product ──► pull until at the horizon ──► flags to judge
    work    a flag, some thought, a note or not, a verdict ──► wave ──► answer, settled
"""

import asyncio
import itertools
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from zlib import crc32

import msgspec

from tests.load.doors import Doors
from tests.load.plan import CONFIRMED, NOTED
from tests.load.tally import Tally, is_unanswered
from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.engine.pulling import JITTER_S
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.sync.bootstrap import Bootstrap, Purpose
from xiuzhou_desktop.client.sync.entry import Entry
from xiuzhou_desktop.client.sync.memory_store import MemoryCache, MemoryJournal
from xiuzhou_desktop.client.sync.outbox import Outbox
from xiuzhou_desktop.client.sync.pull import Feed
from xiuzhou_desktop.client.sync.push import Push, records_in
from xiuzhou_desktop.client.sync.save import Moment, Saver
from xiuzhou_desktop.client.sync.view import Rules, View
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.contract.sync import Poke, SyncSession
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.command import FieldChange
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.ids import RecordId, Scope
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import WorkCalendar
from xiuzhou_desktop.domain.workflow import Actor

THOUGHT_S = 2.0  # at most, before a verdict
AGAIN_S = 1.0  # at most, before a stream that ended is asked for again
MOST_CLOSED = 300  # beyond that the longest closed become stubs, so that 200 fit into one process
EVICT_EVERY = 20  # pulls: to look at each closed record costs more than a page
VALID = timedelta(hours=8)


class Desk(Struct, frozen=True, kw_only=True):
    """Which flags are this workstation's to judge: its share of those of some scopes."""

    scopes: frozenset[Scope]
    place: int
    desks: int  # that share the same scopes

    def judges(self, record: RecordId, scope: Scope) -> bool:
        return scope in self.scopes and crc32(record.encode()) % self.desks == self.place


class Station:
    """One workstation, signed in."""

    def __init__(self, desk: Desk, doors: Doors[Api], tally: Tally, random: Random) -> None:
        self._desk, self._doors, self._tally, self._random = desk, doors, tally, random
        self.cache = MemoryCache()
        self.outbox = Outbox(MemoryJournal(), self.cache)
        self._rules: Rules | None = None
        self._moved = asyncio.Event()
        self._flags: asyncio.Queue[RecordId] = asyncio.Queue()
        self._told: set[RecordId] = set()
        self.is_idle = True
        self._pulled = 0
        self._feed, self._push = Feed(self.cache), Push(self.cache, self.outbox)
        view, ids = View(self.cache, self.outbox, self._known_rules), _ids(random)
        self._saver = Saver(self.cache, self.outbox, view, lambda: next(ids))

    async def connect(self) -> None:
        """Learn who we are, and load every grant. Raises ClientError."""
        session, _ = await self._doors.ask(lambda api: api.session())
        self._rules = _rules(session)
        load = Bootstrap(
            self.cache, self._feed, session.grants, Purpose.RESYNC, session.version_base
        )
        while (asked := load.next_request()) is not None:
            load.accept(await self._doors.ask(lambda api, asked=asked: api.snapshot(asked)))
        await self._catch_up()

    async def hear(self) -> None:
        """Pokes, for ever."""
        while True:
            door = self._doors.now
            try:
                await self._hear_one_stream(door)
            except ClientError as error:
                if not is_unanswered(error):
                    self._tally.failed("events", error)
                self._doors.cross(door, error)
            self._moved.set()
            await asyncio.sleep(self._random.uniform(0, AGAIN_S))

    async def follow(self) -> None:
        """Pulls, for ever."""
        while True:
            await self._moved.wait()
            self._moved.clear()
            await asyncio.sleep(self._random.uniform(0, JITTER_S))
            try:
                await self._catch_up()
            except ClientError as error:
                self._tally.failed("pull", error)
                self._moved.set()

    async def work(self) -> None:
        """Verdicts, for ever."""
        while True:
            flag = await self._flags.get()
            self.is_idle = False
            await asyncio.sleep(self._random.uniform(0, THOUGHT_S))
            for draft in self._drafts(flag):
                await self._submit(draft)
            self.is_idle = self._flags.empty()

    @property
    def settled(self) -> bool:
        """Whether nothing is left to judge or to send."""
        return self.is_idle and self._flags.empty() and not self.outbox.pending()

    # -- parts ------------------------------------------------------------------------------------

    def _known_rules(self) -> Rules:
        assert self._rules is not None
        return self._rules

    async def _hear_one_stream(self, door: Api) -> None:
        async for event in door.stream("/v1/events"):
            poke = msgspec.json.decode(event.data, type=Poke)
            if poke.horizon > self.cache.meta().cursor_seq:
                self._moved.set()

    async def _catch_up(self) -> None:
        has_more = True
        while has_more:
            cursor = self.cache.meta().cursor or ""
            page = await self._doors.ask(lambda api, cursor=cursor: api.pull(cursor))
            self._tally.pulls += 1
            moved = self._feed.page(page, datetime.now(UTC))
            has_more = moved.has_more
            if moved.mismatched:
                self._tally.errors["digest-mismatch"] += 1
            for record in moved.records:
                self._notice(record)
        self._pulled += 1
        if self._pulled % EVICT_EVERY == 0:
            closed = len(self.cache.oldest_closed(sys.maxsize))
            self._feed.evict(max(0, closed - MOST_CLOSED))

    def _notice(self, record: RecordId) -> None:
        found = self.cache.record(record)
        if found is None or found.state != FlagState.DETECTED or record in self._told:
            return
        if self._desk.judges(record, found.scope):
            self._told.add(record)
            self._flags.put_nowait(record)

    def _drafts(self, flag: RecordId) -> Iterator[Draft]:
        if self._random.random() < NOTED:
            change = FieldChange(base=None, new="车内无人")
            yield Draft(kind=Kind.FLAG, record=flag, transition="annotate", fields={"note": change})
        verdict = "confirm" if self._random.random() < CONFIRMED else "dismiss"
        yield Draft(kind=Kind.FLAG, record=flag, transition=verdict)

    async def _submit(self, draft: Draft) -> None:
        now = datetime.now(UTC)
        told = self._saver.save(draft, Moment(business=now, wall=now, valid=VALID))
        if told.refusal is not None:
            self._tally.errors[f"forecast {told.refusal.slug}"] += 1
        began = time.perf_counter()
        while (wave := self._push.wave(lambda _: True)) is not None:
            try:
                answer = await self._doors.ask(lambda api, wave=wave: api.push(wave.request()))
            except ClientError as error:
                self._tally.failed("push", error)
                await asyncio.sleep(self._random.uniform(0, AGAIN_S))
                continue
            self._tally.commands_ms.append((time.perf_counter() - began) * 1_000)
            began = time.perf_counter()
            self._feed.answer(wave.epoch, records_in(answer))
            done = self._push.settle(wave.epoch, answer, datetime.now(UTC))
            self._tally.answered.update((one.id, _written(one)) for one in done.applied)
            for one in (*done.failed, *done.held):
                slug = one.problem.slug if one.problem else "held"
                self._tally.errors[f"{one.command.transition} {slug}"] += 1


def _written(applied: Entry) -> frozenset[RecordId]:
    """The command's record, and what else the server says it wrote."""
    named = applied.receipt.versions if applied.receipt else ()
    return frozenset({applied.command.record, *named})


def _rules(session: SyncSession) -> Rules:
    account = session.account
    actor = Actor(
        user=account.user, name=account.name, officer=account.officer,
        roles=frozenset(account.roles), grants=frozenset(session.grants),
    )  # fmt: skip
    return Rules(actor=actor, policy=Policy(), calendar=WorkCalendar(), scopes=frozenset(SCOPES))


def _ids(random: Random) -> Iterator[str]:
    """Of form UUIDv7, by this workstation's own dice."""
    stamp = int(time.time() * 1_000)
    for _ in itertools.count():
        tail = f"{random.getrandbits(76):019x}"
        yield f"{stamp >> 16:08x}-{stamp & 0xFFFF:04x}-7{tail[:3]}-8{tail[3:6]}-{tail[6:18]}"

"""A workstation over memory stores: the shipped protocol core, with the network drawn by the test.

`crash()` is a new core over the same stores. `fault` of a step says where the way to the server, or
this process, breaks.
"""

import itertools
from datetime import timedelta
from random import Random
from typing import TypeVar

import msgspec

from tests.sync.district_server import DistrictServer, Forbidden, Resync, crossed
from xiuzhou_desktop.client.sync.bootstrap import Bootstrap, EpochMovedError, Purpose
from xiuzhou_desktop.client.sync.memory_store import MemoryCache, MemoryJournal
from xiuzhou_desktop.client.sync.outbox import Outbox
from xiuzhou_desktop.client.sync.pull import Feed
from xiuzhou_desktop.client.sync.push import Push, Wave, records_in
from xiuzhou_desktop.client.sync.resolve import Resolver
from xiuzhou_desktop.client.sync.save import Moment, Saver
from xiuzhou_desktop.client.sync.view import Rules, View
from xiuzhou_desktop.client.views import Draft, Submitted
from xiuzhou_desktop.contract.sync import PullPage, PullRequest, PushAnswer, SnapshotPage
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import Grant, RecordId
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import WorkCalendar

SNAPSHOT_LIMIT = 8  # so that a grant takes several pages


T = TypeVar("T")


class Crash(Exception):
    """The process ends here."""


class Workstation:
    """One officer's computer."""

    def __init__(self, user: str, server: DistrictServer, random: Random | None = None) -> None:
        self.user, self.server = user, server
        self.random = random or Random(0)
        self.ids = (f"{user}-{n:06d}" for n in itertools.count())
        self.cache, self.journal = MemoryCache(), MemoryJournal()
        self.late: list[tuple[str, PushAnswer]] = []
        self.late_requests: list[Wave] = []
        self.valid = timedelta(hours=72)
        self.alarms = 0
        self.open()

    def open(self) -> None:
        """Start the process over what lies on the disk."""
        self.outbox = Outbox(self.journal, self.cache)
        self.view = View(self.cache, self.outbox, self.rules)
        self.saver = Saver(self.cache, self.outbox, self.view, lambda: next(self.ids))
        self.resolver = Resolver(self.outbox, self.view, self.saver)
        self.push_core = Push(self.cache, self.outbox)
        self.feed = Feed(self.cache)

    def rules(self) -> Rules:
        actor = self.server.actors[self.user]
        grants = self.server.grants_of[self.user]
        return Rules(
            actor=msgspec.structs.replace(actor, grants=grants), policy=Policy(),
            calendar=WorkCalendar(), scopes=frozenset(SCOPES),
        )  # fmt: skip

    def moment(self) -> Moment:
        return Moment(business=self.server.now, wall=self.server.now, valid=self.valid)

    def save(
        self, kind: Kind, record: RecordId | None, transition: str, **args: object
    ) -> Submitted:
        draft = Draft(kind=kind, record=record, transition=transition, args=args)  # type: ignore[arg-type]
        return self.saver.save(draft, self.moment())

    def state(self, record: RecordId) -> str | None:
        """What the officer sees; None where the server decides."""
        found = self.view.find(record)
        return None if found is None or found.is_undecided else str(found.record.state)

    # -- network --------------------------------------------------------------------------------

    def sync(self) -> None:
        """Pull, push, pull, until nothing moves."""
        for _ in range(12):
            self.pull_all()
            if not self.push():
                break
        self.pull_all()

    def pull_all(self) -> None:
        while self.pull("ok", 100):
            continue

    def pull(self, fault: str, limit: int) -> bool:
        """One page. Returns whether there is more to do."""
        meta = self.cache.meta()
        if meta.cursor is None:
            return self.load(self.server.grants_of[self.user], Purpose.RESYNC, fault)
        try:
            page = self.server.pull(self.user, PullRequest(cursor=meta.cursor, limit=limit))
        except Resync:
            return self.load(self.server.grants_of[self.user], Purpose.RESYNC, fault)
        if fault in ("drop_request", "drop_answer"):
            return True
        moved = self.feed.page(self.carried(page, PullPage), self.server.now)
        if moved.grants is not None:
            done = not moved.to_load or not self.load(moved.to_load, Purpose.ADD, fault)
            if done and moved.to_load and moved.cursor:
                self.feed.settle(moved)
            return True
        if moved.mismatched:
            self.alarms += 1
            return self.load(moved.mismatched, Purpose.REPAIR, fault)
        return moved.has_more

    def load(self, grants: frozenset[Grant], purpose: Purpose, fault: str) -> bool:
        """Whole grants. Returns True where it has to be begun again."""
        run = Bootstrap(
            self.cache,
            self.feed,
            tuple(grants),
            purpose,
            self.server.session(self.user).version_base,
        )
        while asked := run.next_request():
            part = "open" if asked.is_open else "closed"
            try:
                page = self.server.snapshot(
                    self.user, asked.grant, part, asked.after_id, SNAPSHOT_LIMIT
                )
                run.accept(self.carried(page, SnapshotPage))
            except (Forbidden, EpochMovedError):
                return True
            if fault == "crash":
                raise Crash
        return False

    def push(self, fault: str = "ok", most: int = 50) -> bool:
        """One wave. Returns whether anything was ready."""
        wave = self.push_core.wave(lambda entry: True, most)
        if wave is None:
            return False
        if fault == "drop_request":
            return True
        if fault == "delay":
            self.late_requests.append(wave)
            return True
        answer = self._send(wave)
        if fault == "duplicate":
            answer = self._send(wave)
        if answer is None or fault == "drop_answer":
            return True
        if fault == "late_answer":
            self.late.append((wave.epoch, answer))
            return True
        self.accept(wave.epoch, answer, fault)
        return True

    def accept(self, epoch: str, answer: PushAnswer, fault: str = "ok") -> None:
        self.feed.answer(epoch, records_in(answer))
        if fault == "crash":
            raise Crash
        self.push_core.settle(epoch, answer, self.server.now)

    def deliver_late(self) -> None:
        """Requests and answers that were under way reach their end."""
        for wave in self.late_requests:
            self._send(wave)
        for epoch, answer in self.late:
            self.accept(epoch, answer)
        self.late_requests, self.late = [], []

    def _send(self, wave: Wave) -> PushAnswer | None:
        try:
            return self.carried(self.server.push(self.user, wave.request()), PushAnswer)
        except Resync:
            return None

    def carried(self, value: T, form: type[T]) -> T:
        """What was answered, as it is decoded here."""
        return crossed(value, form)

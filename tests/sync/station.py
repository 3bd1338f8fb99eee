"""A workstation of a simulated schedule: each write to journal or cache may be the process's last,
rights are learnt as the product learns them, and what the officer was told is noted.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

import msgspec

from tests.sync.outside import Fuse, Wire
from tests.sync.real_district import ALL_TOWNS, RealDistrict
from tests.sync.workstation import Crash, Workstation
from xiuzhou_desktop.client.sync.bootstrap import Purpose
from xiuzhou_desktop.client.sync.entry import Entry
from xiuzhou_desktop.client.sync.memory_store import MemoryCache, MemoryJournal
from xiuzhou_desktop.client.sync.outbox import Outbox
from xiuzhou_desktop.client.sync.save import Moment
from xiuzhou_desktop.client.sync.store import CacheBatch
from xiuzhou_desktop.client.sync.stored import read_envelope
from xiuzhou_desktop.client.sync.view import Rules, View
from xiuzhou_desktop.client.views import Draft, Forecast, Submitted
from xiuzhou_desktop.contract.sync import PullPage, PullRequest, PushAnswer, SnapshotPage
from xiuzhou_desktop.domain.command import Command, Outcome
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import Grant, RecordId, is_id, spawned_ids
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import WorkCalendar

T = TypeVar("T")
COUNTERFACTUALS = 0.15  # of the saved commands; each costs as much as a step


class Head(msgspec.Struct):
    """What an onlooker reads of a record, by no type of the code under test."""

    kind: str
    id: str
    scope: str
    state: str


class FusedJournal(MemoryJournal):
    """The journal, with a fuse."""

    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self.fuse = fuse

    def write(self, entries: Sequence[Entry]) -> None:
        self.fuse.before()
        super().write(entries)
        self.fuse.after()


class FusedCache(MemoryCache):
    """The cache, with the same fuse."""

    fuse = Fuse(Crash)

    def write(self, batch: CacheBatch) -> None:
        self.fuse.before()
        super().write(batch)
        self.fuse.after()


class Station(Workstation):  # noqa: PLR0904 - all that an officer and a network do
    """One officer's computer in a schedule."""

    def __init__(self, user: str, server: RealDistrict, random: Random, place: int) -> None:
        self.real, self.fuse = server, Fuse(Crash)
        self.saved: list[str] = []
        self.withdrawn: set[str] = set()
        self.seen: dict[str, str | None] = {}
        self.matter: dict[str, set[str]] = {}  # what each saved command was about
        self.truth: list[tuple[str, str]] = []
        self.told: dict[str, str] = {}
        self.told_states: dict[tuple[str, str], str] = {}
        self.tops: dict[str, int] = {}  # the highest seq of each cached record
        self.tops_of: str | None = None  # the epoch of those
        self.outside: list[str] = []
        self.late_pages: list[PullPage] = []
        self.late_fetches: list[tuple[str, bytes]] = []
        self.known: Rules | None = None
        self.wire = Wire()
        self.stalled = 0  # steps for which the connection stays half open
        self.skew = timedelta(0)
        self.is_old = False  # the server speaks a newer schema
        self.left: dict[str, tuple[str, int]] = {}
        super().__init__(user, server, random)  # type: ignore[arg-type]  # speaks the same words
        self.ids = (f"{n:08x}-0000-7000-8000-{place:012x}" for n in range(1, 2**31))
        self.cache, self.journal = FusedCache(), FusedJournal(self.fuse)
        self.cache.fuse = self.fuse
        self.open()

    def rules(self) -> Rules:
        """As of the last session: rights change on the server first."""
        if self.known is None:
            self.learn()
        assert self.known is not None
        return self.known

    def learn(self) -> None:
        actor = self.real.actor(self.user)
        self.known = Rules(actor=actor, policy=Policy(), calendar=WorkCalendar(), scopes=ALL_TOWNS)
        self.view.forget()

    # -- the officer ------------------------------------------------------------------------------

    def decide(self, draft: Draft) -> Submitted:
        """Save, and note what only an onlooker can say of it."""
        seen = self.state(draft.record) if draft.record else None
        before = self._beside(draft.record)
        told = self.saver.save(draft, self.moment())
        if told.command is not None:
            self.saved.append(told.command)
            self.matter[told.command] = before | self._matter(told.command)
            self.seen[told.command] = seen
            if self.random.random() < COUNTERFACTUALS:
                self._note_dependences(told.command)
        return told

    def settle(self, entry: Entry, *, mine: bool) -> None:
        """What a person does with a refused or parked command."""
        chain = (entry, *self.outbox.below(entry.id))
        if not mine:
            self.withdrawn.add(entry.id)
            self.resolver.theirs(entry)
            return
        self.withdrawn |= {one.id for one in chain}
        told = self.resolver.mine(entry, self.moment())
        self.saved += [one.command for one in told if one.command]
        self.matter |= {one.command: self._matter(one.command) for one in told if one.command}
        taken = len(told) if told[0].forecast is not Forecast.REFUSED else 0
        for old, new in zip(chain, told, strict=False):
            if taken == 0 or new.forecast is Forecast.REFUSED:
                self.withdrawn.discard(old.id)

    def _matter(self, saved: str) -> set[str]:
        """Its record, those that it names or may make, what each lies under and whom it concerns:
        as the officer saw them then, since a restore may lose them and a correction move them.
        """
        command = next(one.command for one in self.outbox if one.id == saved)
        ids = {str(command.record), *(str(one) for one in command.args.values() if is_id(one))}
        ids |= {str(one) for one in spawned_ids(command.id)}
        return ids.union(*map(self._beside, ids))

    def _beside(self, record: str | None) -> set[str]:
        found = self.view.find(RecordId(record)) if record else None
        names = (found.record.parent_id, found.record.subject_key) if found else ()
        return {str(name) for name in names if name}

    def _note_dependences(self, saved: str) -> None:
        """Would this command's forecast be another if an earlier one had not been saved?"""
        entry = next(one for one in self.outbox if one.id == saved)
        earlier = [one for one in self.outbox.active() if one.id != saved]
        if not earlier:
            return
        as_it_is = self._forecast_without(entry.command, saved)
        other = self.random.choice(earlier)
        if self._forecast_without(entry.command, saved, other.id) != as_it_is:
            self.truth.append((other.id, saved))

    def _forecast_without(self, command: Command, *left_out: str) -> object:
        journal = MemoryJournal()
        journal.write([one for one in self.outbox if one.id not in left_out])
        view = View(self.cache, Outbox(journal, self.cache), self.rules)
        judgement = view.forecast(command, command.issued_at).judgement
        if isinstance(judgement, Outcome):
            states = tuple((one.id, str(one.state)) for one in judgement.written)
            return "outcome", states, tuple(effect.kind for effect in judgement.effects)
        return type(judgement).__name__

    # -- network ----------------------------------------------------------------------------------

    def load(self, grants: frozenset[Grant], purpose: Purpose, fault: str) -> bool:
        self.learn()
        grants = self.real.grants(self.user) if purpose is Purpose.RESYNC else grants
        return super().load(grants, purpose, fault)

    def pull_late(self, limit: int) -> None:
        """A page that comes when others have been applied since."""
        cursor = self.cache.meta().cursor
        if cursor is not None:
            page = self.real.pull(self.user, PullRequest(cursor=cursor, limit=limit))
            self.late_pages.append(self.carried(page, PullPage))

    def carried(self, value: T, form: type[T]) -> T:
        """What left the server is looked at whole. Raises Cut where its body ends early."""
        for head in _heads(value):
            if not self.real.may_read(self.user, head.kind, head.scope):
                self.outside.append(head.id)
        return self.wire.carried(value, form)

    def moment(self) -> Moment:
        """By this computer's own clock, which is a few minutes wrong."""
        at = self.real.now + self.skew
        return Moment(business=at, wall=at, valid=self.valid)

    def deliver_one(self) -> None:
        """Something that was under way reaches its end, in no order."""
        waiting = [
            (deliver, queue)
            for deliver, queue in (
                (self._late_page, self.late_pages), (self._late_fetch, self.late_fetches),
                (self._send, self.late_requests), (self._late_answer, self.late),
            )
            if queue
        ]  # fmt: skip
        if waiting:
            deliver, queue = self.random.choice(waiting)
            deliver(queue.pop(self.random.randrange(len(queue))))

    def deliver_late(self) -> None:
        while self.late_pages or self.late_fetches or self.late_requests or self.late:
            self.deliver_one()

    def _late_page(self, page: PullPage) -> None:
        self.feed.page(page, self.real.now)

    def _late_fetch(self, fetched: tuple[str, bytes]) -> None:
        self.feed.fetched(*fetched)

    def _late_answer(self, answered: tuple[str, PushAnswer]) -> None:
        self.accept(*answered)

    def accept(self, epoch: str, answer: PushAnswer, fault: str = "ok") -> None:
        super().accept(epoch, answer, fault)
        if epoch != self.cache.meta().epoch:
            return
        for result in answer.results:
            if result.receipt is not None:
                self.told.setdefault(result.id, result.receipt.digest)
                for head in map(_head, result.records):
                    self.told_states.setdefault((result.id, head.id), head.state)
            for stored in map(read_envelope, result.records):
                if stored.grant in self.cache.meta().cursor_grants:  # else it is still loading
                    one = stored.envelope
                    self.left[one.id] = (epoch, one.state_version)

    def flickers(self) -> str | None:
        """I4: a record that fell behind what this officer was told that it had become. I5: one
        whose seq fell.
        """
        epoch = self.cache.meta().epoch
        if fallen := self._fallen(epoch):
            return f"I5 seq of {fallen} fell at {self.user}"
        for record, (told_under, version) in self.left.items():
            cached = self.cache.record(RecordId(record)) if told_under == epoch else None
            if cached is not None and cached.state_version < version:
                return f"I4 {record} went back at {self.user}"
        return None

    def _fallen(self, epoch: str | None) -> str | None:
        if epoch != self.tops_of:
            self.tops, self.tops_of = {}, epoch
        ids = self.cache.ids_of(frozenset(self.cache.parts()))
        for i, brief in self.cache.briefs(ids).items():
            if brief.seq < self.tops.get(i, 0):
                return i
            self.tops[i] = brief.seq
        return None

    def restart(self) -> None:
        """The process begins again over what lies on the disk."""
        self.fuse.left = None
        self.known = None
        self.late_pages, self.late_fetches = [], []
        self.late, self.stalled = [], 0
        self.open()

    def upgrade(self) -> None:
        """A newer program: its cache is rebuilt, its journal is kept."""
        self.is_old = False
        self.cache, self.left = FusedCache(), {}
        self.cache.fuse = self.fuse
        self.restart()

    def records(self) -> list[tuple[Kind, RecordId]]:
        """Everything that the officer could point at."""
        grants = frozenset(self.cache.parts())
        found = {i: self.cache.record(i) for i in self.cache.ids_of(grants)}
        kinds = {i: record.kind for i, record in found.items() if record is not None}
        kinds |= {i: one.record.kind for i, one in self.view.overlay().items()}
        return [(kind, i) for i, kind in sorted(kinds.items())]


def _heads(answer: object) -> Iterator[Head]:
    """Of every record in an answer."""
    if isinstance(answer, PullPage):
        raws = [change.record for change in answer.changes]
    elif isinstance(answer, SnapshotPage):
        raws = [*answer.records]
    elif isinstance(answer, PushAnswer):
        raws = [raw for one in answer.results for raw in (*one.records, one.current)]
    return (_head(raw) for raw in raws if isinstance(raw, msgspec.Raw))


def _head(raw: msgspec.Raw) -> Head:
    return msgspec.json.decode(raw, type=Head)

"""Lists and single records as this workstation believes them to be: the cache's window merged with
the overlay.

    base      cache without the ids that forecasts touch       SQL, one index
    overlay   the few records that pending commands changed    plain Python (sync/lists.py)
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from xiuzhou_desktop.client.sync.entry import Entry
from xiuzhou_desktop.client.sync.lists import sort_key, wants
from xiuzhou_desktop.client.sync.store import Ranked, SortKey
from xiuzhou_desktop.client.sync.view import Overlaid
from xiuzhou_desktop.client.views import (
    Offer,
    Order,
    OutboxStatus,
    Page,
    PendingMark,
    RecordQuery,
    RecordView,
)
from xiuzhou_desktop.domain.command import Command, Refusal, Undecided
from xiuzhou_desktop.domain.envelope import Kind, Record, Struct, grant_for
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.domain.judge import transitions_for
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.workflow import Transition

from .spine import Spine

FEW_AND_MANY: tuple[tuple[dict[str, object], dict[str, object]], ...] = (
    ({"snoozed": True}, {"snoozed": False}),
    ({"due": "passed"}, {"due": "ahead"}),
)
MOMENT = timedelta(milliseconds=1)  # the cache tells no two instants apart within it
PROBE = CommandId("00000000-0000-7000-8000-000000000000")  # a question to the judge, never saved


class Marks:
    """Which commands of ours hang on which record."""

    def __init__(self, spine: Spine) -> None:
        self._spine = spine
        self._of: dict[RecordId, dict[CommandId, Entry]] = defaultdict(dict)
        self._causes = spine.outbox.causes()
        for entry in spine.outbox.unsettled():
            self._of[entry.command.record][entry.id] = entry
        for record, over in spine.view.overlay().items():
            for command in over.commands:
                held = spine.outbox.get(command)
                if held:
                    self._of[record][command] = held

    def records(self) -> frozenset[RecordId]:
        """Every record with something unconfirmed or unsettled."""
        return frozenset(self._of)

    def of(self, record: RecordId) -> tuple[PendingMark, ...]:
        """Its marks, oldest first."""
        return tuple(self._mark(entry) for entry in self._of.get(record, {}).values())

    def _mark(self, entry: Entry) -> PendingMark:
        return PendingMark(
            command=entry.id,
            transition=entry.command.transition,
            status=shown_status(entry, self._causes),
            saved_at=entry.command.issued_at,
            undo_until=undo_until(entry),
        )


class _Split(Struct, frozen=True, kw_only=True):
    """A query's two halves."""

    base: RecordQuery | None  # None: nothing of the cache is wanted
    without: frozenset[RecordId]
    over: tuple[tuple[SortKey, Overlaid], ...]


class _Totals:
    """Counts, for as long as what was counted stands as it stood."""

    def __init__(self) -> None:
        self._kept: dict[bytes, int] = {}
        self._at: object = None

    def of(self, query: RecordQuery, at: object, count: Callable[[], int]) -> int:
        """The count of a query, asked for once while `at` is the same."""
        if at != self._at:
            self._kept, self._at = {}, at
        key = msgspec.json.encode(query)
        if key not in self._kept:
            self._kept[key] = count()
        return self._kept[key]


class Reading:
    """Questions that need no network."""

    def __init__(self, spine: Spine) -> None:
        self._spine = spine
        self._totals, self._few_totals = _Totals(), _Totals()
        self._known_marks: tuple[int, tuple[CommandId, ...], Marks] | None = None

    def query(self, query: RecordQuery) -> Page:
        """A window of the list."""
        now, marks = self._spine.clock.now(), self._marks()
        split = self._split(query, marks, now)
        total = self._total(split, now) + len(split.over)
        rows = self._window(query, split, now)
        views = tuple(_view(over, marks) for over in rows)
        return Page(views=views, total=total, offset=query.offset)

    def counts(self, queries: tuple[RecordQuery, ...]) -> tuple[int, ...]:
        """Totals of several queries over the cache."""
        now, marks = self._spine.clock.now(), self._marks()
        splits = [self._split(query, marks, now) for query in queries]
        return tuple(self._total(split, now) + len(split.over) for split in splits)

    def position(self, query: RecordQuery, record: RecordId) -> int | None:
        """Its place in the query's order."""
        now, marks = self._spine.clock.now(), self._marks()
        found = self._spine.view.find(record)
        split = self._split(query, marks, now)
        if found is None or not wants(query, found.record, now):
            return None
        if query.pending is not None and (record in marks.records()) != query.pending:
            return None
        key = sort_key(found.record, query.order)
        before = sum(one < key for one, _ in split.over)
        return before + self._rank(split, key, now)

    def search(
        self, words: str, kinds: tuple[Kind, ...], limit: int
    ) -> dict[Kind, tuple[RecordView, ...]]:
        """Of each kind the newest that hold the words, uncounted: the store keeps the one answer
        of a search from which all kinds are read."""
        now, marks = self._spine.clock.now(), self._marks()
        found = {}
        for kind in kinds:
            query = RecordQuery(kinds=(kind,), text=words, order=Order.NEWEST, limit=limit)
            rows = self._window(query, self._split(query, marks, now), now)
            found[kind] = tuple(_view(over, marks) for over in rows)
        return found

    def find(self, record: RecordId) -> RecordView | None:
        """One record; None if it is not here."""
        found = self._spine.view.find(record)
        if found is None or found.is_placeholder:
            return None
        return _view(found, self._marks())

    def offers(self, record: RecordId) -> tuple[Offer, ...]:
        """What may be done with it now."""
        found = self._spine.view.find(record)
        if found is None or found.is_placeholder:
            return ()
        actor = self._spine.rules().actor
        if grant_for(found.record.scope, KINDS[found.record.kind].group) not in actor.grants:
            return ()
        rows = transitions_for(found.record, frozenset(actor.roles))
        return tuple(self._offer(found.record, row) for row in rows)

    # -- parts ----------------------------------------------------------------------------------

    def _marks(self) -> Marks:
        """Made anew when cache or outbox moved: the outbox names its active commands anew, too."""
        stamp, active = self._spine.cache.stamp(), self._spine.outbox.active_ids()
        known = self._known_marks
        if known is None or known[0] != stamp or known[1] is not active:
            known = self._known_marks = (stamp, active, Marks(self._spine))
        return known[2]

    def _offer(self, record: Record, row: Transition) -> Offer:
        required = required_arguments(row)
        if required:
            return Offer(transition=row.name, required=required)
        now = self._spine.clock.now()
        probe = Command(
            id=PROBE, client_seq=0, kind=record.kind, record=record.id, transition=row.name,
            issued_at=now, not_after=now,
        )  # fmt: skip
        judgement = self._spine.view.forecast(probe, now).judgement
        return Offer(
            transition=row.name,
            required=(),
            refusal=judgement if isinstance(judgement, Refusal) else None,
            is_undecided=isinstance(judgement, Undecided),
        )

    def _split(self, query: RecordQuery, marks: Marks, now: datetime) -> _Split:
        kinds = frozenset(query.kinds)
        overlay = {
            record: one
            for record, one in self._spine.view.overlay().items()
            if not kinds or one.record.kind in kinds
        }
        over = [
            (sort_key(one.record, query.order), one)
            for one in overlay.values()
            if not one.is_placeholder and wants(query, one.record, now)
        ]
        base: RecordQuery | None = msgspec.structs.replace(query, without=())
        without = frozenset(overlay) | frozenset(query.without)
        if query.pending is True:
            ids = marks.records() - without
            wanted = ids & frozenset(query.ids) if query.ids else ids
            narrowed = msgspec.structs.replace(query, ids=tuple(sorted(wanted)), without=())
            base = narrowed if wanted else None
        elif query.pending is False:
            without, over = without | marks.records(), []
        over.sort(key=lambda one: one[0])
        return _Split(base=base, without=without, over=tuple(over))

    def _total(self, split: _Split, now: datetime) -> int:
        """What the cache holds, without the few that the overlay has taken over."""
        if split.base is None:
            return 0
        apart = _narrowed(split.base, split.without)
        taken = self._counted(apart, now) if apart else 0
        return self._counted(split.base, now) - taken

    def _counted(self, query: RecordQuery, now: datetime) -> int:
        """Counted once until the cache moves; what time alone moves is few, and is taken off."""
        query = msgspec.structs.replace(query, limit=0, offset=0)
        for few, many in FEW_AND_MANY:
            if all(getattr(query, name) == value for name, value in many.items()):
                whole = msgspec.structs.replace(query, **dict.fromkeys(many))
                part = msgspec.structs.replace(query, **few)
                return self._counted(whole, now) - self._counted(part, now)
        if query.opened_to is not None and query.opened_from is None:  # after it came few
            later = query.opened_to + MOMENT
            whole = msgspec.structs.replace(query, opened_to=None)
            part = msgspec.structs.replace(whole, opened_from=later)
            return self._counted(whole, now) - self._counted(part, now)
        if query.due is not None or query.snoozed is not None:
            return self._spine.cache.total(query, frozenset(), now)
        cache = self._spine.cache
        stamp = cache.stamp()
        if query.ids:  # of the overlay: other ones, and as many names more, after each saved act
            at = (stamp, self._spine.outbox.active_ids())
            return self._few_totals.of(query, at, lambda: cache.total(query, frozenset(), now))
        return self._totals.of(query, stamp, lambda: cache.total(query, frozenset(), now))

    def _rank(self, split: _Split, key: SortKey, now: datetime) -> int:
        """How many of the cache come before this key."""
        if split.base is None:
            return 0
        apart = _narrowed(split.base, split.without)
        taken = self._spine.cache.rank(apart, key, frozenset(), now) if apart else 0
        return self._spine.cache.rank(split.base, key, frozenset(), now) - taken

    def _window(self, query: RecordQuery, split: _Split, now: datetime) -> list[Overlaid]:
        """Merge: at most len(over) rows of the cache more than the window are looked at."""
        start = max(0, query.offset - len(split.over))
        base: tuple[Ranked, ...] = ()
        if split.base is not None:
            wider = msgspec.structs.replace(
                split.base, offset=start, limit=query.offset + query.limit - start
            )
            base = self._spine.cache.window(wider, split.without, now)
        rows = [(one.key, Overlaid(record=one.record)) for one in base]
        first = rows[0][0] if rows and start else None
        before = 0 if first is None else sum(key < first for key, _ in split.over)
        if start and not rows:  # the merged list ends before the window
            return []
        merged = sorted([*rows, *split.over[before:]], key=lambda one: one[0])
        skip = query.offset - (start + before)
        return [one for _, one in merged[skip : skip + query.limit]]


def required_arguments(row: Transition) -> tuple[str, ...]:
    """Names of arguments without a default."""
    return tuple(field.encode_name for field in msgspec.structs.fields(row.form) if field.required)


def shown_status(entry: Entry, causes: dict[CommandId, CommandId]) -> OutboxStatus:
    """Its place in its life as people see it."""
    if entry.id in causes:
        return OutboxStatus.PARKED
    if entry.status is OutboxStatus.APPLIED:
        return OutboxStatus.QUEUED  # to be replayed after a restore
    return entry.status


def undo_until(entry: Entry) -> datetime | None:
    """Business time until which it may be undone; None once it was sent."""
    is_held = entry.status is OutboxStatus.QUEUED and entry.first_epoch is None
    return entry.hold_until if is_held else None


def _narrowed(query: RecordQuery, ids: frozenset[RecordId]) -> RecordQuery | None:
    """The same query over these ids only: far cheaper than to leave them out of 200,000."""
    wanted = ids & frozenset(query.ids) if query.ids else ids
    return msgspec.structs.replace(query, ids=tuple(sorted(wanted))) if wanted else None


def _view(over: Overlaid, marks: Marks) -> RecordView:
    return RecordView(
        record=over.record,
        pending=marks.of(over.record.id),
        is_undecided=over.is_undecided,
        is_local=over.is_local,
    )

"""What this workstation believes: cache ⊕ forecasts of what is pending, in order (sync.md §4.4
"Save").

    cache ──► command 1's forecast ──► command 2's forecast ──► …

The overlay holds only the records that a forecast touched.

The overlay is laid anew when cache or outbox moved, and extended by one step at a save: O(pending),
never O(cache). A forecast is asked for again only if something moved that it read or wrote; what it
writes then has moved for those after it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from xiuzhou_desktop.domain.command import Command, Judgement, Outcome, Refusal, Undecided
from xiuzhou_desktop.domain.envelope import Body, Kind, Record, Struct, grant_for
from xiuzhou_desktop.domain.ids import CommandId, Grant, RecordId, Scope, spawned_id
from xiuzhou_desktop.domain.judge import judge
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import WorkCalendar
from xiuzhou_desktop.domain.workflow import (
    Actor,
    Context,
    Fact,
    FactKey,
    Transition,
    Unsure,
    decode_args,
)

from .keys import Key, fact_key, is_record_key, keys_of, record_key
from .outbox import Outbox
from .store import CacheStore, GrantState


class Rules(Struct, frozen=True, kw_only=True):
    """What surrounds every judgement here; read anew when rights or a ruling record change."""

    actor: Actor
    policy: Policy
    calendar: WorkCalendar
    scopes: frozenset[Scope]  # all there are: a fact may find records in any of them
    custodies: tuple[Record, ...] = ()


class Overlaid(Struct, frozen=True, kw_only=True):
    """A record as the forecasts leave it."""

    record: Record
    is_undecided: bool = False  # its state is the server's to say
    is_placeholder: bool = False  # may come to exist; has no body yet
    is_local: bool = False  # exists in the outbox only
    commands: tuple[CommandId, ...] = ()


class Forecasted(Struct, frozen=True, kw_only=True):
    """What the judge says on this computer, with the footprints."""

    judgement: Judgement
    reads: frozenset[Key] = frozenset()
    writes: frozenset[Key] = frozenset()
    loose: frozenset[Key] = frozenset()
    unsure: tuple[RecordId, ...] = ()
    spawned: tuple[Record, ...] = ()
    lacking: frozenset[RecordId] = frozenset()  # written, and not in the cache


class _Step(Struct, frozen=True):
    """A pending command's forecast, and the keys that it rests on: what it read, and the very
    records that it writes. What else lies under a written record's keys is nothing to it.
    """

    command: Command
    forecasted: Forecasted
    rests_on: frozenset[Key]


class View:
    """The overlay, and forecasts upon it."""

    def __init__(self, cache: CacheStore, outbox: Outbox, rules: Callable[[], Rules]) -> None:
        self._cache = cache
        self._outbox = outbox
        self._rules = rules
        self._overlay: dict[RecordId, Overlaid] = {}
        self._by_key: dict[Key, set[RecordId]] = defaultdict(set)
        self._stamp: tuple[int, tuple[CommandId, ...]] | None = None
        self._steps: dict[CommandId, _Step] = {}
        self._steps_know: object = None  # how whole the cache was for them
        self._known: tuple[object, frozenset[Grant], frozenset[Grant], frozenset[Kind]] | None = (
            None
        )
        self.prints: dict[CommandId, Forecasted] = {}

    # -- reading --------------------------------------------------------------------------------

    def overlay(self) -> dict[RecordId, Overlaid]:
        """Every record that a pending command touches."""
        self._freshen()
        return self._overlay

    def find(self, record: RecordId) -> Overlaid | None:
        """One record as it is believed to be."""
        self._freshen()
        return self._find(record)

    def forecast(self, command: Command, now: datetime) -> Forecasted:
        """Ask the judge, upon everything that is pending."""
        self._freshen()
        return self._forecast(command, now)

    def extend(self, command: Command, forecasted: Forecasted) -> None:
        """The next step, just saved: cheaper than to lay all before it anew."""
        self._take(command, forecasted)
        if self._stamp:
            self._stamp = (self._stamp[0], self._outbox.active_ids())

    def forget(self) -> None:
        """Ask for every forecast again at the next look: rights, settings or outbox changed."""
        self._stamp = None

    # -- recomputing ----------------------------------------------------------------------------

    def _freshen(self) -> None:
        stamp = (self._cache.stamp(), self._outbox.active_ids())
        if stamp == self._stamp:
            return
        steps, moved = self._still_good()
        self._stamp = stamp
        self._overlay.clear()
        self._by_key.clear()
        self.prints.clear()
        self._steps = {}
        for entry in self._outbox.active():
            step = steps.get(entry.id)
            is_same = step is not None and step.command is entry.command
            if step and is_same and moved.isdisjoint(step.rests_on):
                self._apply(step)
                continue
            forecasted = self._forecast(entry.command, entry.command.issued_at)
            moved |= forecasted.writes | (step.forecasted.writes if step else frozenset())
            self._take(entry.command, forecasted)

    def _still_good(self) -> tuple[dict[CommandId, _Step], set[Key]]:
        """Steps that may stand, and the keys under which something moved since they were taken."""
        know = (self._rules(), self._knowledge())
        is_known = self._stamp is not None and know == self._steps_know
        moved = self._cache.moved_since(self._stamp[0]) if self._stamp and is_known else None
        self._steps_know = know
        if moved is None:
            return {}, set()
        left = self._steps.keys() - set(self._outbox.active_ids())
        return self._steps, {*moved, *(k for c in left for k in self._steps[c].forecasted.writes)}

    def _take(self, command: Command, forecasted: Forecasted) -> None:
        judgement = forecasted.judgement
        written = judgement.written if isinstance(judgement, Outcome) else ()
        lacking = frozenset(
            one.id
            for one in written
            if one.id not in self._overlay and self._cache.record(one.id) is None
        )
        records = {key for key in forecasted.writes if is_record_key(key)}
        rests_on = forecasted.reads | forecasted.loose | records | {record_key(command.record)}
        step = _Step(command, msgspec.structs.replace(forecasted, lacking=lacking), rests_on)
        self._apply(step)

    def _apply(self, step: _Step) -> None:
        command, forecasted = step.command, step.forecasted
        self._steps[command.id] = step
        judgement = forecasted.judgement
        if isinstance(judgement, Refusal):
            return
        self.prints[command.id] = forecasted
        if isinstance(judgement, Outcome):
            for record in judgement.written:
                self._lay(command, record, forecasted.lacking)
            return
        for record_id in forecasted.unsure:
            self._doubt(command, record_id)
        for record in forecasted.spawned:
            placeholder = Overlaid(
                record=record, is_undecided=True, is_placeholder=True, is_local=True,
                commands=(command.id,),
            )  # fmt: skip
            self._put(placeholder)

    def _lay(self, command: Command, record: Record, lacking: frozenset[RecordId]) -> None:
        old = self._overlay.get(record.id)
        commands = (*old.commands, command.id) if old else (command.id,)
        is_local = old.is_local if old else record.id in lacking
        self._put(Overlaid(record=record, is_local=is_local, commands=commands))

    def _doubt(self, command: Command, record_id: RecordId) -> None:
        old = self._find(record_id)
        if old:
            commands = (*old.commands, command.id)
            self._put(msgspec.structs.replace(old, is_undecided=True, commands=commands))

    def _put(self, overlaid: Overlaid) -> None:
        record = overlaid.record
        old = self._overlay.get(record.id)
        for key in keys_of(old.record) if old else ():
            self._by_key[key].discard(record.id)
        self._overlay[record.id] = overlaid
        for key in keys_of(record):
            self._by_key[key].add(record.id)

    def _find(self, record: RecordId) -> Overlaid | None:
        over = self._overlay.get(record)
        if over:
            return over
        cached = self._cache.record(record)
        return Overlaid(record=cached) if cached else None

    # -- forecasting ----------------------------------------------------------------------------

    def _forecast(self, command: Command, now: datetime) -> Forecasted:
        rules, reads = self._rules(), set[Key]()
        found = self._find(command.record)
        target: Record | Unsure | None = found.record if found else None
        if found and found.is_undecided:
            target = Unsure(record=found.record)

        def rows(fact: Fact, value: str) -> tuple[Record, ...] | None:
            reads.add(fact_key(fact.kind, fact.by, value))
            return self._answer(fact, value, rules)

        context = Context(
            now=now, actor=rules.actor, calendar=rules.calendar, policy=rules.policy, rows=rows,
            custodies=rules.custodies,
        )  # fmt: skip
        judgement = judge(command, target, context)
        if isinstance(judgement, Outcome):
            return Forecasted(
                judgement=judgement, reads=frozenset(reads), writes=self._written(judgement)
            )
        if isinstance(judgement, Undecided):
            return self._declared(command, found, judgement, frozenset(reads))
        return Forecasted(judgement=judgement, reads=frozenset(reads))

    def _answer(self, fact: Fact, value: str, rules: Rules) -> tuple[Record, ...] | None:
        """Every record that the fact may find, or None where this computer cannot know (sync.md
        §0.2).
        """
        found = self._matching(fact, value)
        if any(one.is_undecided for one in found):
            return None
        is_whole = fact.by is FactKey.ID and bool(found)
        if not is_whole and not self._is_known(fact, rules):
            return None
        return tuple(one.record for one in found)

    def _matching(self, fact: Fact, value: str) -> list[Overlaid]:
        cached = self._cache.rows(fact, value)
        over = self._by_key.get(fact_key(fact.kind, fact.by, value), set())
        found = [Overlaid(record=record) for record in cached if record.id not in self._overlay]
        for record_id in over:
            one = self._overlay[record_id]
            if one.record.kind is fact.kind and (
                fact.closed or one.is_undecided or one.record.is_open
            ):
                found.append(one)
        return sorted(found, key=lambda one: one.record.id)

    def _is_known(self, fact: Fact, rules: Rules) -> bool:
        open_, ready, stub_kinds = self._knowledge()
        need = {grant_for(scope, KINDS[fact.kind].group) for scope in rules.scopes}
        if fact.closed:
            return need <= ready and fact.kind not in stub_kinds
        return need <= open_

    def _knowledge(self) -> tuple[frozenset[Grant], frozenset[Grant], frozenset[Kind]]:
        stamp = self._cache.stamp()
        if self._known is None or self._known[0] != stamp:
            parts = self._cache.parts()
            ready = frozenset(g for g, part in parts.items() if part.state is GrantState.READY)
            open_ = frozenset(
                g for g, part in parts.items() if part.state is not GrantState.LOADING
            )
            self._known = (stamp, open_, ready, self._cache.stub_kinds())
        return self._known[1:]

    def _written(self, outcome: Outcome) -> frozenset[Key]:
        """Keys before and after: a record may have been taken out of an answer (R11)."""
        keys = set[Key]()
        for record in outcome.written:
            keys |= keys_of(record)
            before = self._find(record.id)
            keys |= keys_of(before.record) if before else set()
        return frozenset(keys)

    def _declared(
        self, command: Command, found: Overlaid | None, judgement: Undecided, reads: frozenset[Key]
    ) -> Forecasted:
        """The footprint of what this computer cannot judge: what its transition declares."""
        row = KINDS[command.kind].transition(command.transition)
        target = found.record if found else None
        if row is None:
            return Forecasted(judgement=judgement, reads=reads)
        unsure = {command.record} if target else set()
        loose = set(keys_of(target)) - {record_key(target.id)} if target else set()
        for fact, value in self._touched(row, command, found):
            loose.add(fact_key(fact.kind, fact.by, value))
            unsure |= {one.record.id for one in self._matching(fact, value)}
        spawned = _placeholders(row, command, target)
        loose |= {key for record in spawned for key in keys_of(record)}
        if row.creates:  # where it will lie is what it asked about
            loose |= {key for key in reads if key.startswith(f"k:{command.kind.value}:")}
        writes = frozenset(
            loose | {record_key(one) for one in unsure} | {record_key(command.record)}
        )
        return Forecasted(
            judgement=judgement, reads=reads, writes=writes, loose=frozenset(loose),
            unsure=tuple(sorted(unsure)), spawned=spawned,
        )  # fmt: skip

    def _touched(
        self, row: Transition, command: Command, found: Overlaid | None
    ) -> Iterable[tuple[Fact, str]]:
        """Keys of what it may touch; a record yet to come names none but the one it comes from."""
        args = decode_args(row.form, command.args)
        target = found.record if found else None
        for name in row.footprint.touches:
            fact = row.facts[name]
            if found and found.is_placeholder:
                value: str | None = found.record.parent_id
            else:
                value = fact.key(target, args, self._rules().actor)
            if value is not None:
                yield fact, value


def _placeholders(row: Transition, command: Command, target: Record | None) -> tuple[Record, ...]:
    """Records that an undecided command may make, with the keys under which they would lie."""
    if target is None:
        return () if not row.creates else (_to_come(row, command),)
    return tuple(
        Record(
            kind=kind, id=spawned_id(command.id, index), scope=target.scope, state=state,
            parent_id=target.id, subject_key=target.subject_key, area=target.area,
            category=target.category, opened_at=command.issued_at, title=target.title, body=Body(),
        )
        for kind, index, state in row.footprint.spawns
    )  # fmt: skip


def _to_come(row: Transition, command: Command) -> Record:
    return Record(
        kind=command.kind, id=command.record, state=row.targets[0].value,
        opened_at=command.issued_at, body=Body(),
    )  # fmt: skip

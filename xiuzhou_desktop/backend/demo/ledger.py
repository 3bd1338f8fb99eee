"""Records made as they are made in life: by commands, judged, in the order of time.

    Deed ─► judge ─► written records, stamped as the backend stamps them, and effects that are owed
    time passes ─► what timers would have done, by actor `system`

The seed of the demonstration is the outcome of some hundred such deeds before the shift opens, so
it cannot hold anything that the workflow would not allow.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.store.numbers import parts, series
from xiuzhou_desktop.domain.canonical import Json, format_instant, to_json
from xiuzhou_desktop.domain.command import Command, Effect, Outcome, Refusal, Undecided
from xiuzhou_desktop.domain.envelope import LOG_LENGTH, Kind, LogEntry, Record, Struct
from xiuzhou_desktop.domain.ids import CommandId, RecordId, derived_id, timer_command_id
from xiuzhou_desktop.domain.judge import judge
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import WorkCalendar
from xiuzhou_desktop.domain.workflow import Actor, Context, Fact, FactKey, Moves, Timer

TIMED = (Kind.FLAG, Kind.TASK, Kind.ORDER)


class Deed(Struct, frozen=True, kw_only=True):
    """What somebody did to a record at a time."""

    at: datetime
    actor: Actor
    kind: Kind
    record: RecordId
    transition: str
    args: Mapping[str, Json] = {}
    id: CommandId | None = None  # None: follows from the others


class OwedEffect(Struct, frozen=True, kw_only=True):
    """What a deed owes the world outside."""

    command: CommandId
    record: RecordId
    effects: tuple[Effect, ...]
    at: datetime


class RefusedDeedError(Exception):
    """The workflow does not allow what the script says: a defect of the script."""


class Ledger:
    """Records in memory, and what was done to them."""

    def __init__(self, policy: Policy, calendar: WorkCalendar) -> None:
        self.policy = policy
        self.calendar = calendar
        self.records: dict[RecordId, Record] = {}
        self.owed: list[OwedEffect] = []
        self._of_subject: dict[str, dict[RecordId, None]] = defaultdict(dict)
        self._timed: dict[RecordId, None] = {}
        self._carried: set[CommandId] = set()
        self._numbers: Counter[str] = Counter()  # by series, of the records that came numbered

    def take(self, records: Iterable[Record]) -> None:
        """Complete records from elsewhere, for the facts of later deeds."""
        for record in records:
            self._keep(record)
            if record.number:
                name, count = parts(record.number)
                self._numbers[name] = max(self._numbers[name], count)

    def enact(self, deed: Deed) -> Record:
        """Do it; returns the target. Raises RefusedDeedError."""
        refusal = self._attempt(deed)
        if refusal is not None:
            raise RefusedDeedError(f"{deed.transition} of {deed.record} at {deed.at}: {refusal}")
        return self.records[deed.record]

    def pass_time(self, until: datetime) -> None:
        """Carry out the timers that are due up to then, the earliest first."""
        while (due := self._next_timer(until)) is not None:
            at, record, timer = due
            command = timer_command_id(record.id, timer.name, at)
            self._carried.add(command)
            args = to_json(timer.args(record)) if timer.args else {}
            # A refusal is an answer here: the backend's own timers are refused likewise.
            self._attempt(
                Deed(
                    at=at, actor=SYSTEM, kind=record.kind, record=record.id,
                    transition=timer.transition, id=command,
                    args=args if isinstance(args, dict) else {},
                )
            )  # fmt: skip

    def _next_timer(self, until: datetime) -> tuple[datetime, Record, Timer] | None:
        found: tuple[datetime, Record, Timer] | None = None
        for record_id in self._timed:
            record = self.records[record_id]
            for timer in KINDS[record.kind].timers:
                due = timer.due(record, self.policy, self.calendar)
                if due is None or due > until or (found and found[0] <= due):
                    continue
                if timer_command_id(record.id, timer.name, due) not in self._carried:
                    found = (due, record, timer)
        return found

    def _attempt(self, deed: Deed) -> Refusal | Undecided | None:
        command = _command(deed)
        context = Context(
            now=deed.at, actor=deed.actor, calendar=self.calendar, policy=self.policy,
            rows=self._rows,
        )  # fmt: skip
        told = judge(command, self.records.get(deed.record), context)
        if not isinstance(told, Outcome):
            return told
        for new in told.written:
            self._keep(self._stamped(command, deed, told, new))
        if told.effects:
            owed = OwedEffect(
                command=command.id, record=deed.record, effects=told.effects, at=deed.at
            )
            self.owed.append(owed)
        return None

    def _rows(self, fact: Fact, value: str) -> tuple[Record, ...]:
        if fact.by is FactKey.ID:
            one = self.records.get(RecordId(value))
            found = [one] if one else []
        elif fact.by is FactKey.SUBJECT:
            found = [self.records[one] for one in self._of_subject[value]]
        else:
            name = fact.by.value
            found = [one for one in self.records.values() if getattr(one, name) == value]
        return tuple(one for one in found if one.kind is fact.kind and (fact.closed or one.is_open))

    def _keep(self, record: Record) -> None:
        self.records[record.id] = record
        if record.subject_key:
            self._of_subject[record.subject_key][record.id] = None
        if record.kind in TIMED and record.is_open:
            self._timed[record.id] = None
        else:
            self._timed.pop(record.id, None)

    def _stamped(self, command: Command, deed: Deed, told: Outcome, new: Record) -> Record:
        """Counters and log as the backend's own writing gives them."""
        old = self.records.get(new.id)
        entry = LogEntry(
            at=deed.at, actor=deed.actor.user, actor_name=deed.actor.name, name=deed.transition,
            from_state=str(old.state) if old else None, to_state=str(new.state),
            command=command.id, reason=told.reason,
        )  # fmt: skip
        past = old.log if old else ()
        return msgspec.structs.replace(
            new, number=new.number or self._number(new),
            version=(old.version if old else 0) + 1, log=(*past, entry)[-LOG_LENGTH:],
            state_version=(old.state_version if old else 0) + _moves(command, old, new),
        )  # fmt: skip

    def _number(self, new: Record) -> str | None:
        """Papers carry their case's number, so a case has one before it is loaded; all else is
        numbered then.
        """
        if new.kind is not Kind.CASE:
            return None
        name = series(KINDS[new.kind].number_prefix, new.opened_at)
        self._numbers[name] += 1
        return f"{name}-{self._numbers[name]:04d}"


def _moves(command: Command, old: Record | None, new: Record) -> bool:
    if old is None or old.state != new.state:
        return True
    row = KINDS[command.kind].transition(command.transition)
    return new.id == command.record and row is not None and row.moves is Moves.WORKFLOW


def _command(deed: Deed) -> Command:
    made = derived_id("deed", deed.record, deed.transition, format_instant(deed.at))
    return Command(
        id=deed.id or CommandId(made), client_seq=0, kind=deed.kind, record=deed.record,
        transition=deed.transition, args=deed.args, issued_at=deed.at, not_after=deed.at,
    )  # fmt: skip

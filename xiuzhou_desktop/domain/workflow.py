"""A workflow is data (architecture.md rule 3): the types of the tables that each kind's file
fills in.

    KindSpec ── states, body, transitions, timers, phases
    Transition ── sources → targets, roles, form, facts, guard, writes
    Situation ── what a guard may look at: target, args, facts, now, actor, calendar, policy

Nothing here or in a kind's file does I/O, reads a clock or draws a random number; the same tables
serve the backend (the judge), the client (the forecast) and the screen (what is offered, and its
form).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

import msgspec

from .command import Command, Effect, Refusal
from .envelope import Args, Body, Kind, KindGroup, NoArgs, Record, Struct
from .ids import Grant, RecordId, spawned_id
from .policy import Policy
from .workcalendar import WorkCalendar

ArgsT = TypeVar("ArgsT", bound=Args)


class Role(StrEnum):
    """Who may act. SYSTEM is the backend's timers and effects; DEVICE is a source of ingested
    flags.
    """

    DUTY_OFFICER = "duty_officer"
    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"
    CLERK = "clerk"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"
    DEVICE = "device"


class Actor(Struct, frozen=True, kw_only=True):
    """Who asks: an account with its roles and grants. `officer` is the officer record that holds
    the certificates.
    """

    user: str
    name: str
    officer: RecordId | None = None
    roles: frozenset[Role]
    grants: frozenset[Grant]


class FactKey(StrEnum):
    """The column by which a fact is looked up. Its value is the read set: not the rows it
    happened to find (R11).
    """

    ID = "id"
    SUBJECT = "subject_key"
    PARENT = "parent_id"
    AREA = "area"


class Fact(Struct, frozen=True, kw_only=True):
    """A typed query that a transition declares: records of one kind under one key.

    `key` gives the key's value from the target, the arguments and who asks, or None where the
    question does not arise (answer: no records). `where` narrows the rows in the judge, the same
    on both sides. `closed` says whether closed records count, too: these may be evicted from a
    cache, so such a fact is more often Undecided on a workstation.
    """

    kind: Kind
    by: FactKey
    key: "Callable[[Record | None, Args, Actor], str | None]"
    where: "Callable[[Record, Situation[Args]], bool] | None" = None
    closed: bool = False


class Situation(Struct, Generic[ArgsT], frozen=True, kw_only=True):
    """All that a guard or a `writes` may look at."""

    command: Command
    target: Record | None
    args: ArgsT
    now: datetime
    actor: Actor
    calendar: WorkCalendar
    policy: Policy
    facts: Mapping[str, tuple[Record, ...]]

    def spawn_id(self, index: int) -> RecordId:
        """The id of the index-th record that this command makes besides its target."""
        return spawned_id(self.command.id, index)


class Changes(Struct, frozen=True, kw_only=True):
    """What a transition writes. `target` carries its new state; `others` are touched or spawned
    records, in a fixed order.
    """

    target: Record
    others: tuple[Record, ...] = ()
    effects: tuple[Effect, ...] = ()
    reason: str | None = None


class Moves(StrEnum):
    """Which counter of the target a transition moves: an alarm or a note must not break a
    colleague's command (R16).
    """

    WORKFLOW = "workflow"  # state_version and version
    CONTENT = "content"  # version only


class Footprint(Struct, frozen=True, kw_only=True):
    """What a transition may write beyond its target: declared, so that an Undecided command is
    tracked, too (sync.md §4.4).

    `spawns`: (kind, index, state) of records that it may make. `touches`: names of its facts
    whose records it may write.
    """

    spawns: tuple[tuple[Kind, int, str], ...] = ()
    touches: tuple[str, ...] = ()


class Transition(Struct, frozen=True, kw_only=True):
    """One row of a workflow table.

    `sources` empty: the transition makes the record. `targets`: the states in which it may end,
    the usual one first; equal to the sources where it stays. `guard` refuses by law or rule;
    `writes` says what changes and may assume that the guard passed. `verdict_key` 1–9: the digit
    that asks for it where the item is judged.
    """

    name: str
    sources: frozenset[StrEnum]
    targets: tuple[StrEnum, ...]
    roles: frozenset[Role]
    form: type[Args] = NoArgs
    facts: Mapping[str, Fact] = {}
    guard: "Callable[[Situation[Args]], Refusal | None] | None" = None
    writes: "Callable[[Situation[Args]], Changes]"
    footprint: Footprint = Footprint()
    moves: Moves = Moves.WORKFLOW
    seals: "Mapping[str, Callable[[str], str]]" = {}

    def sealed_args(self, args: Mapping[str, object]) -> dict[str, str]:
        """The arguments that the backend keeps sealed, each in the one form by which it is found
        again: no record shows them.
        """
        given = {name: args.get(name) for name in self.seals}
        return {name: self.seals[name](one) for name, one in given.items() if isinstance(one, str)}

    @property
    def creates(self) -> bool:
        """Whether it makes the record (the target must be absent)."""
        return not self.sources


class Timer(Struct, frozen=True, kw_only=True):
    """What must happen at a time: the backend issues `transition` as actor `system` once `due`
    has passed (architecture.md rule 4). After a restore it rests for `rests`: what cannot be taken
    back waits for officers' commands that come again late.
    """

    name: str
    transition: str
    due: "Callable[[Record, Policy, WorkCalendar], datetime | None]"
    args: "Callable[[Record], Args] | None" = None
    rests: timedelta = timedelta()


class Phase(Struct, frozen=True, kw_only=True):
    """A name for (record, now), never stored: `second_look_due`, `overdue`, `exempt`."""

    name: str
    holds: "Callable[[Record, datetime, Policy], bool]"


class KindSpec(Struct, frozen=True, kw_only=True, dict=True):
    """Everything that the rest of the product knows of a kind. `dict`: room for what is derived."""

    kind: Kind
    group: KindGroup
    body: type[Body]
    states: type[StrEnum]
    closed: frozenset[StrEnum]
    transitions: tuple[Transition, ...]
    timers: tuple[Timer, ...] = ()
    phases: tuple[Phase, ...] = ()
    number_prefix: str = ""  # "XZ-F": the backend numbers records XZ-F-20261124-0001
    merge_fields: frozenset[str] = (
        frozenset()
    )  # body texts which `fields` of a command may edit three-way
    body_v: int = 1
    sought: "Mapping[str, Callable[[str], str]]" = {}  # body texts found by a blind index
    upcasters: "Mapping[int, Callable[[dict[str, object]], dict[str, object]]]" = {}

    def transition(self, name: str) -> Transition | None:
        """The row of that name."""
        return self._rows.get(name)

    @cached_property
    def _rows(self) -> Mapping[str, Transition]:
        return {row.name: row for row in self.transitions}

    def lifted(self, body: dict[str, object], version: int) -> Body:
        """A body of an older version, raised step by step to `body_v`.

        Raises msgspec.ValidationError where it is newer than this program, or a step is not known:
        to read it as ours would be to guess.
        """
        if version > self.body_v:
            raise msgspec.ValidationError(
                f"{self.kind} body_v {version} is newer than {self.body_v}"
            )
        while version < self.body_v:
            step = self.upcasters.get(version)
            if step is None:
                raise msgspec.ValidationError(f"{self.kind} body_v {version} has no upcaster")
            body, version = step(body), version + 1
        return msgspec.convert(body, self.body)

    def state(self, name: str) -> StrEnum:
        """The state of that name. Raises ValueError."""
        return self.states(name)


class Context(Struct, frozen=True, kw_only=True):
    """What surrounds a judgement. `rows` answers a fact: None means that this computer cannot
    know.

    `rows(kind, by, value, closed)` returns every matching record (all scopes on the backend; on a
    client None unless the cache is sure to hold them all), among them records that the command
    under judgement will change. `custodies`: the towns that the hub keeps (custody.py).
    """

    now: datetime
    actor: Actor
    calendar: WorkCalendar
    policy: Policy
    rows: "Callable[[Fact, str], tuple[Record, ...] | None]"
    custodies: tuple[Record, ...] = ()


class Unsure(Struct, frozen=True, kw_only=True):
    """A record whose state an Undecided command before this one has left open."""

    record: Record


def decode_args(form: type[ArgsT], args: Mapping[str, object]) -> ArgsT:
    """The typed arguments. Raises msgspec.ValidationError with the field's name in it.

    They are read in one order at every depth: of several errors both sides name the same one, here
    and where a value that may be any JSON (a setting's) is looked at later.
    """
    return msgspec.convert(_in_order(args), form, strict=True)


def _in_order(value: object) -> object:
    if isinstance(value, (str, int, float)):  # most arguments
        return value
    if isinstance(value, (dict, Mapping)):  # to ask whether it is a Mapping costs more than a sort
        return {name: _in_order(part) for name, part in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        return [_in_order(part) for part in value]
    return value

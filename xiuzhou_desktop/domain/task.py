"""On-site work 现场处置 at level 3: one patrol, one flag (domain.md §2.3).

    DISPATCHED ─accept─► ACCEPTED ─arrive (≤ 100 m)─► ARRIVED ─done─► DONE
         └────────────────┴──────return_──────────────┴──► RETURNED        withdraw ─► RETURNED

`accept`, `arrive` and `return_` are commands on the task and touch the flag; `done` and
`withdraw` follow the flag's own verdicts.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from xiuzhou_desktop.geo import Point, metres_between

from .command import Refusal
from .envelope import Args, Body, Kind, KindGroup, Place, Record
from .fields import LatE7, Line, LonE7, Notes
from .flag_body import FlagState, OnsiteReason
from .ids import RecordId
from .policy import Policy
from .roles import NOBODY, OFFICERS, OFFICERS_AND_SYSTEM, SYSTEM
from .workcalendar import WorkCalendar
from .workflow import (
    Actor,
    Changes,
    Fact,
    FactKey,
    Footprint,
    KindSpec,
    Moves,
    Phase,
    Situation,
    Timer,
    Transition,
)
from .writing import args_of, body_of, fact_of, is_news, target_of, with_body, with_columns


class TaskState(StrEnum):
    """How far the patrol is."""

    DISPATCHED = "DISPATCHED"
    ACCEPTED = "ACCEPTED"
    ARRIVED = "ARRIVED"
    DONE = "DONE"
    RETURNED = "RETURNED"


class ReturnReason(StrEnum):
    """Why a patrol gives a task back."""

    NOT_OURS = "not_ours"
    BUSY = "busy"
    CANNOT_REACH = "cannot_reach"
    NO_POWER = "no_power"
    OTHER = "other"


class TaskBody(Body, frozen=True, kw_only=True):
    """What the patrol is sent for, and when it did what."""

    flag: RecordId
    reason: OnsiteReason
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    arrived_at: datetime | None = None
    arrived_place: Place | None = None
    distance_m: int | None = None
    photos: tuple[str, ...] = ()
    return_reason: ReturnReason | None = None
    return_note: str | None = None
    ended_at: datetime | None = None
    outcome: str | None = None  # the flag's verdict that ended it
    alarmed_at: datetime | None = None
    disposed_at: datetime | None = None  # its photos were destroyed with its flag's pictures
    note: str | None = None


class Arrive(Args, frozen=True, kw_only=True):
    """Where the patrol stands; without a fix the desk says so on its word."""

    lon_e7: LonE7 | None = None
    lat_e7: LatE7 | None = None


class ReturnTask(Args, frozen=True, kw_only=True):
    """Given back to the desk."""

    reason: ReturnReason = ReturnReason.OTHER
    note: Notes | None = None


class TaskAlarm(Args, frozen=True, kw_only=True):
    """A limit has passed; nothing else changes."""

    name: Line


S = TaskState
OPEN = frozenset({S.DISPATCHED, S.ACCEPTED, S.ARRIVED})


def _flag_id(target: Record | None, _args: Args, _actor: Actor) -> str | None:
    return body_of(target, TaskBody).flag if target else None


FLAG = Fact(kind=Kind.FLAG, by=FactKey.ID, key=_flag_id, closed=True)
EXPECTED = {
    "accept": frozenset({FlagState.L3_DISPATCHED}),
    "arrive": frozenset({FlagState.ACCEPTED}),
    "return_": frozenset({FlagState.L3_DISPATCHED, FlagState.ACCEPTED, FlagState.ARRIVED}),
}


def _flag_stands(s: Situation[Args]) -> Refusal | None:
    flag = fact_of(s, "flag")
    if flag is None:
        return Refusal(slug="no-flag")
    if flag.state not in EXPECTED[s.command.transition]:
        return Refusal(slug="state", facts={"state": flag.state, "kind": flag.kind.value})
    return None


def _is_near(s: Situation[Args]) -> Refusal | None:
    refusal = _flag_stands(s)
    if refusal:
        return refusal
    distance = _distance_m(s)
    if distance is not None and distance > s.policy.onsite_radius_m:
        limit = s.policy.onsite_radius_m
        return Refusal(slug="too-far", facts={"metres": distance, "limit_m": limit})
    return None


def _distance_m(s: Situation[Args]) -> int | None:
    args, flag = args_of(s, Arrive), fact_of(s, "flag")
    if args.lon_e7 is None or args.lat_e7 is None or flag is None or flag.place is None:
        return None
    here = Point.from_e7(args.lon_e7, args.lat_e7)
    there = Point.from_e7(flag.place.lon_e7, flag.place.lat_e7)
    return round(metres_between(here, there))


def _touched(s: Situation[Args], state: FlagState, **body: object) -> tuple[Record, ...]:
    flag = fact_of(s, "flag")
    if flag is None:
        return ()
    return (with_body(with_columns(flag, state=state.value), **body),)


def _accept(s: Situation[Args]) -> Changes:
    due = s.now + timedelta(minutes=s.policy.arrive_within_min)
    task = with_columns(
        target_of(s),
        state=S.ACCEPTED.value,
        due_at=due,
        assignee=target_of(s).assignee or s.actor.user,
    )
    task = with_body(task, accepted_at=s.now, accepted_by=s.actor.name)
    flags = tuple(with_columns(one, due_at=due) for one in _touched(s, FlagState.ACCEPTED))
    return Changes(target=task, others=flags)


def _arrive(s: Situation[Args]) -> Changes:
    args = args_of(s, Arrive)
    place = None
    if args.lon_e7 is not None and args.lat_e7 is not None:
        place = Place(lon_e7=args.lon_e7, lat_e7=args.lat_e7)
    task = with_columns(target_of(s), state=S.ARRIVED.value, due_at=None)
    task = with_body(task, arrived_at=s.now, arrived_place=place, distance_m=_distance_m(s))
    # the limit to arrive is met; the next is set on the spot (serve_order)
    flags = tuple(with_columns(one, due_at=None) for one in _touched(s, FlagState.ARRIVED))
    return Changes(target=task, others=flags)


def _return(s: Situation[Args]) -> Changes:
    args = args_of(s, ReturnTask)
    task = with_columns(target_of(s), state=S.RETURNED.value, closed_at=s.now)
    task = with_body(task, return_reason=args.reason, return_note=args.note, ended_at=s.now)
    others = _touched(s, FlagState.L3_DISPATCHED, task=None)
    return Changes(target=task, others=others, reason=args.note or args.reason.value)


def _alarm(s: Situation[Args]) -> Changes:
    args = args_of(s, TaskAlarm)
    return Changes(target=with_body(target_of(s), alarmed_at=s.now), reason=args.name)


def _unchanged(s: Situation[Args]) -> Changes:
    return Changes(target=target_of(s))


def _late(record: Record, policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    """Nobody has accepted it, or it was accepted and nobody came."""
    body = body_of(record, TaskBody)
    waits = record.state in (S.DISPATCHED, S.ACCEPTED)
    return record.due_at if waits and is_news(record.due_at, body.alarmed_at) else None


def _late_args(_record: Record) -> Args:
    return TaskAlarm(name="late")


def _is_overdue(record: Record, now: datetime, _policy: Policy) -> bool:
    return record.state in OPEN and record.due_at is not None and record.due_at <= now


SPEC = KindSpec(
    kind=Kind.TASK,
    group=KindGroup.DISPATCH,
    body=TaskBody,
    states=TaskState,
    closed=frozenset({S.DONE, S.RETURNED}),
    number_prefix="XZ-T",
    merge_fields=frozenset({"note"}),
    transitions=(
        Transition(
            name="accept", sources=frozenset({S.DISPATCHED}), targets=(S.ACCEPTED,), roles=OFFICERS,
            facts={"flag": FLAG}, guard=_flag_stands, writes=_accept,
            footprint=Footprint(touches=("flag",)),
        ),
        Transition(
            name="arrive", sources=frozenset({S.ACCEPTED}), targets=(S.ARRIVED,), roles=OFFICERS,
            form=Arrive, facts={"flag": FLAG}, guard=_is_near, writes=_arrive,
            footprint=Footprint(touches=("flag",)),
        ),
        Transition(
            name="return_", sources=OPEN, targets=(S.RETURNED,), roles=OFFICERS, form=ReturnTask,
            facts={"flag": FLAG}, guard=_flag_stands, writes=_return,
            footprint=Footprint(touches=("flag",)),
        ),
        Transition(
            name="done", sources=OPEN, targets=(S.DONE,), roles=NOBODY, writes=_unchanged
        ),
        Transition(
            name="withdraw", sources=OPEN, targets=(S.RETURNED,), roles=NOBODY, writes=_unchanged
        ),
        Transition(
            name="annotate", sources=frozenset(S), targets=tuple(S), roles=OFFICERS_AND_SYSTEM,
            writes=_unchanged, moves=Moves.CONTENT,
        ),
        Transition(
            name="alarm", sources=OPEN, targets=tuple(OPEN), roles=SYSTEM, form=TaskAlarm,
            writes=_alarm, moves=Moves.CONTENT,
        ),
    ),
    timers=(Timer(name="late", transition="alarm", due=_late, args=_late_args),),
    phases=(Phase(name="overdue", holds=_is_overdue),),
)  # fmt: skip

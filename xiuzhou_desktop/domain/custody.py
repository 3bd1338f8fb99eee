"""A town in the district's hands 代管: the hub takes over a town's scope, for a reason and a time
(一主五副; decision 0016).

    take_over ─► HELD ─hand_back─► RETURNED
                   └──── lapse ───► LAPSED       by timer, once `until` has passed

While it is held `kept_from` refuses what somebody of that town asks for anew; what he had asked for
before it began was his to decide and is judged like any command. It lies with the shared settings:
everybody reads it, only a role held in the district changes it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from .areas import SHARED, TOWNS
from .canonical import format_instant
from .command import OFFLINE_HOURS, Command, Refusal
from .envelope import Args, Body, Kind, KindGroup, Record, grant_for
from .fields import Instant, Notes, Reason
from .ids import DISTRICT, AreaCode, Scope
from .policy import Policy
from .roles import OFFICERS, SYSTEM
from .workcalendar import WorkCalendar
from .workflow import Actor, Changes, Context, Fact, FactKey, KindSpec, Situation, Timer, Transition
from .writing import args_of, body_of, fact_of, target_of, with_body, with_columns


class CustodyState(StrEnum):
    """Whether it holds, and how it ended."""

    HELD = "HELD"
    RETURNED = "RETURNED"
    LAPSED = "LAPSED"


class CustodyBody(Body, frozen=True, kw_only=True):
    """`holder` is the name of who took over; it began when the record was opened."""

    town: Scope
    until: datetime
    reason: str
    holder: str
    note: str | None = None


class TakeOver(Args, frozen=True, kw_only=True):
    """Which town, why, and for how long."""

    town: Scope
    reason: Reason
    until: Instant


class HandBack(Args, frozen=True, kw_only=True):
    """Before its time; what the town should know."""

    note: Notes = ""


S = CustodyState


def custody_of(town: str, custodies: Iterable[Record], now: datetime) -> Record | None:
    """The one that holds for that town now; its timer may be late, its time is not."""
    for one in custodies:
        body = body_of(one, CustodyBody)
        if one.is_open and body.town == town and now < body.until:
            return one
    return None


def custody_over(actor: Actor, custodies: Iterable[Record], now: datetime) -> Record | None:
    """The one that holds for the town of that officer; nobody keeps the hub's own."""
    if is_of_district(actor):
        return None
    towns = (town for town in TOWNS if grant_for(town, KindGroup.BASE) in actor.grants)
    kept = tuple(custodies)
    return next((one for town in towns if (one := custody_of(town, kept, now))), None)


def is_of_district(actor: Actor) -> bool:
    """Whether somebody works for the hub, whose towns lie within reach, too."""
    return grant_for(DISTRICT, KindGroup.BASE) in actor.grants


def kept_from(scope: Scope, command: Command, context: Context) -> Refusal | None:
    """Why this may not be done to records of that scope by who asks, or None."""
    held = custody_of(scope, context.custodies, context.now)
    if held is None or is_of_district(context.actor) or _is_from_before(held, command, context.now):
        return None
    body = body_of(held, CustodyBody)
    until = format_instant(body.until)
    return Refusal(
        slug="custody",
        facts={"scope": body.town, "until": until, "name": body.holder, "why": body.reason},
    )  # fmt: skip


def _is_from_before(held: Record, command: Command, now: datetime) -> bool:
    """As its workstation says; no work that is lawfully late is older than `OFFLINE_HOURS`."""
    oldest = now - timedelta(hours=OFFLINE_HOURS)
    return oldest <= command.issued_at < held.opened_at


def _of_hub(s: Situation[Args]) -> Refusal | None:
    return None if is_of_district(s.actor) else Refusal(slug="custody-of-hub")


def _may_take_over(s: Situation[Args]) -> Refusal | None:
    args = args_of(s, TakeOver)
    if foreign := _of_hub(s):
        return foreign
    if args.town not in TOWNS:
        return Refusal(slug="custody-of-a-town")
    longest = s.now + timedelta(minutes=s.policy.custody_most_min)
    if not s.now < args.until <= longest:
        return Refusal(slug="custody-time", facts={"until": format_instant(longest)})
    held = fact_of(s, "held")
    if held is None:
        return None
    body = body_of(held, CustodyBody)
    until = format_instant(body.until)
    return Refusal(
        slug="custody-stands", facts={"scope": body.town, "until": until, "name": body.holder}
    )  # fmt: skip


def _take_over(s: Situation[Args]) -> Changes:
    args = args_of(s, TakeOver)
    body = CustodyBody(
        town=args.town, until=args.until, reason=args.reason, holder=s.actor.name
    )  # fmt: skip
    record = Record(
        kind=Kind.CUSTODY, id=s.command.record, scope=SHARED, state=S.HELD.value, opened_at=s.now,
        area=AreaCode(args.town), due_at=args.until, title=_named(args.town, s.policy), body=body,
    )  # fmt: skip
    return Changes(target=record, reason=args.reason)


def _named(town: Scope, policy: Policy) -> str:
    area = policy.areas.get(town)
    return area.name if area else town


def _hand_back(s: Situation[Args]) -> Changes:
    note = args_of(s, HandBack).note or None
    record = with_columns(target_of(s), state=S.RETURNED.value, closed_at=s.now)
    return Changes(target=with_body(record, note=note), reason=note)


def _lapse(s: Situation[Args]) -> Changes:
    return Changes(target=with_columns(target_of(s), state=S.LAPSED.value, closed_at=s.now))


def _until(record: Record, _policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    return body_of(record, CustodyBody).until if record.is_open else None


def _asked_for(_target: Record | None, args: Args, _actor: Actor) -> str | None:
    return args.town if isinstance(args, TakeOver) else None


def _holds(record: Record, s: Situation[Args]) -> bool:
    return s.now < body_of(record, CustodyBody).until


SPEC = KindSpec(
    kind=Kind.CUSTODY,
    group=KindGroup.BASE,
    body=CustodyBody,
    states=CustodyState,
    closed=frozenset({S.RETURNED, S.LAPSED}),
    number_prefix="XZ-D",
    transitions=(
        Transition(
            name="take_over", sources=frozenset(), targets=(S.HELD,), roles=OFFICERS, form=TakeOver,
            facts={
                "held": Fact(kind=Kind.CUSTODY, by=FactKey.AREA, key=_asked_for, where=_holds)
            },
            guard=_may_take_over, writes=_take_over,
        ),
        Transition(
            name="hand_back", sources=frozenset({S.HELD}), targets=(S.RETURNED,), roles=OFFICERS,
            form=HandBack, guard=_of_hub, writes=_hand_back,
        ),
        Transition(
            name="lapse", sources=frozenset({S.HELD}), targets=(S.LAPSED,), roles=SYSTEM,
            writes=_lapse,
        ),
    ),
    timers=(Timer(name="end", transition="lapse", due=_until),),
)  # fmt: skip

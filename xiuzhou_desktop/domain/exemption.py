"""A lawful exemption 豁免: 外摆区, 市集, 临时占道许可, loading window, ambulance, 抢险 (domain.md
§2.3).

    GRANTED ─revoke─► REVOKED ─restore─► GRANTED       amend says its particulars anew
        ends by itself with `valid_to`: phase `expired`

It covers a zone, a plate or a shop, in daily hours, between two days. A flag inside one says so
and sorts last.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from xiuzhou_desktop.geo import Point, is_in_ring

from .areas import scope_of
from .command import Refusal
from .envelope import Args, Body, Kind, KindGroup, Place, Record
from .fields import DayEnd, DayMinute, LatE7, Line, LonE7, Reason
from .ids import AreaCode, CategoryCode, SubjectKey
from .policy import Policy
from .roles import ADMINISTRATORS, SUPERVISORS
from .workcalendar import LOCAL, minute_of_day
from .workflow import Changes, KindSpec, Phase, Situation, Transition
from .writing import args_of, body_of, target_of, with_body, with_columns


class ExemptionState(StrEnum):
    """Whether it was taken back."""

    GRANTED = "GRANTED"
    REVOKED = "REVOKED"


class ExemptionType(StrEnum):
    """What kind of permission it is."""

    OUTDOOR_ZONE = "outdoor_zone"
    MARKET = "market"
    ROAD_PERMIT = "road_permit"
    LOADING = "loading"
    AMBULANCE = "ambulance"
    EMERGENCY = "emergency"


class ExemptionBody(Body, frozen=True, kw_only=True):
    """`from_min` and `to_min` are minutes of the local day; `zone` a ring of (lon_e7, lat_e7)."""

    type: ExemptionType
    permit_no: str
    holder: str = ""
    categories: tuple[CategoryCode, ...] = ()  # none named: every category
    valid_from: date
    valid_to: date
    from_min: int = 0
    to_min: int = 24 * 60
    zone: tuple[tuple[int, int], ...] = ()
    revoke_reason: str | None = None


class GrantExemption(Args, frozen=True, kw_only=True):
    """A zone, or a plate's or shop's subject key, or both."""

    type: ExemptionType
    permit_no: Line
    title: Line
    area: AreaCode
    valid_from: date
    valid_to: date
    from_min: DayMinute = 0
    to_min: DayEnd = 24 * 60
    holder: str = ""
    categories: tuple[CategoryCode, ...] = ()
    subject_key: SubjectKey | None = None
    zone: tuple[tuple[LonE7, LatE7], ...] = ()


class AmendExemption(GrantExemption, frozen=True, kw_only=True):
    """The same particulars again, with what is otherwise now; the permit's number stays."""


class Revoke(Args, frozen=True, kw_only=True):
    """Taken back before its end."""

    reason: Reason


S = ExemptionState
Whom = tuple[str | None, Place | None]


def covers(exemption: Record, at: datetime, category: str | None, whom: Whom) -> bool:
    """Whether that subject or place is exempt at that time for that category."""
    body = body_of(exemption, ExemptionBody)
    subject, place = whom
    if body.categories and category not in body.categories:
        return False
    if not is_in_hours(body, at):
        return False
    if exemption.subject_key is not None:
        return exemption.subject_key == subject
    return place is not None and len(body.zone) >= 3 and is_in_ring(_point(place), _ring(body))


def is_in_hours(body: ExemptionBody, at: datetime) -> bool:
    """Whether the exemption holds at that time of that day; hours past midnight belong to the day
    they began.
    """
    day, minute = at.astimezone(LOCAL).date(), minute_of_day(at)
    in_hours = body.from_min <= minute < body.to_min
    if body.to_min <= body.from_min:
        in_hours = minute >= body.from_min or minute < body.to_min
    return body.valid_from <= day <= body.valid_to and in_hours


def ends_at(exemption: Record, at: datetime) -> datetime:
    """When the exemption that covers `at` ends that day."""
    body = body_of(exemption, ExemptionBody)
    local = at.astimezone(LOCAL)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    minutes = (body.to_min - minute_of_day(at)) % (24 * 60) or 24 * 60
    if body.to_min == 24 * 60:
        minutes = 24 * 60 - minute_of_day(at)
    return midnight + timedelta(minutes=minute_of_day(at) + minutes)


def _ring(body: ExemptionBody) -> list[Point]:
    return [Point(lon / 1e7, lat / 1e7) for lon, lat in body.zone]


def _point(place: Place) -> Point:
    return Point(place.lon_e7 / 1e7, place.lat_e7 / 1e7)


def _is_sound(s: Situation[Args]) -> Refusal | None:
    args = args_of(s, GrantExemption)
    if args.valid_from > args.valid_to:
        return Refusal(slug="dates-reversed")
    if not (0 <= args.from_min < 1440 and 0 < args.to_min <= 1440):
        return Refusal(slug="bad-hours")
    if args.subject_key is None and len(args.zone) < 3:
        return Refusal(slug="exempts-nothing")
    return None


def _grant(s: Situation[Args]) -> Changes:
    args = args_of(s, GrantExemption)
    record = Record(
        kind=Kind.EXEMPTION, id=s.command.record, state=S.GRANTED.value, opened_at=s.now,
        source="permit", external_id=args.permit_no, scope=scope_of(args.area), body=_body(args),
    )  # fmt: skip
    return Changes(target=with_columns(record, **_columns(args)))


def _keeps_number(s: Situation[Args]) -> Refusal | None:
    args = args_of(s, AmendExemption)
    if args.permit_no != target_of(s).external_id:
        return Refusal(slug="permit-number-stays", facts={"number": target_of(s).external_id})
    return _is_sound(s)


def _amend(s: Situation[Args]) -> Changes:
    args = args_of(s, AmendExemption)
    record = with_columns(target_of(s), **_columns(args))
    return Changes(target=with_columns(record, body=_body(args)))


def _body(args: GrantExemption) -> ExemptionBody:
    return ExemptionBody(
        type=args.type, permit_no=args.permit_no, holder=args.holder, categories=args.categories,
        valid_from=args.valid_from, valid_to=args.valid_to, from_min=args.from_min,
        to_min=args.to_min, zone=args.zone,
    )  # fmt: skip


def _columns(args: GrantExemption) -> dict[str, object]:
    """All but the scope: a record stays with those who hold it."""
    return {
        "area": args.area, "subject_key": args.subject_key, "title": args.title,
        "place": _centre(args.zone),
    }  # fmt: skip


def _centre(zone: tuple[tuple[int, int], ...]) -> Place | None:
    if not zone:
        return None
    lons, lats = zip(*zone, strict=True)
    return Place(lon_e7=sum(lons) // len(lons), lat_e7=sum(lats) // len(lats))


def _revoke(s: Situation[Args]) -> Changes:
    reason = args_of(s, Revoke).reason
    record = with_columns(target_of(s), state=S.REVOKED.value, closed_at=s.now)
    return Changes(target=with_body(record, revoke_reason=reason), reason=reason)


def _restore(s: Situation[Args]) -> Changes:
    record = with_columns(target_of(s), state=S.GRANTED.value, closed_at=None)
    return Changes(target=with_body(record, revoke_reason=None))


def _is_expired(record: Record, now: datetime, _policy: Policy) -> bool:
    return now.astimezone(LOCAL).date() > body_of(record, ExemptionBody).valid_to


SPEC = KindSpec(
    kind=Kind.EXEMPTION,
    group=KindGroup.BASE,
    body=ExemptionBody,
    states=ExemptionState,
    closed=frozenset({S.REVOKED}),
    number_prefix="XZ-X",
    transitions=(
        Transition(
            name="grant", sources=frozenset(), targets=(S.GRANTED,),
            roles=SUPERVISORS | ADMINISTRATORS, form=GrantExemption, guard=_is_sound, writes=_grant,
        ),
        Transition(
            name="revoke", sources=frozenset({S.GRANTED}), targets=(S.REVOKED,),
            roles=SUPERVISORS | ADMINISTRATORS, form=Revoke, writes=_revoke,
        ),
        Transition(
            name="amend", sources=frozenset({S.GRANTED}), targets=(S.GRANTED,),
            roles=SUPERVISORS | ADMINISTRATORS, form=AmendExemption, guard=_keeps_number,
            writes=_amend,
        ),
        Transition(
            name="restore", sources=frozenset({S.REVOKED}), targets=(S.GRANTED,),
            roles=SUPERVISORS | ADMINISTRATORS, writes=_restore,
        ),
    ),
    phases=(Phase(name="expired", holds=_is_expired),),
)  # fmt: skip

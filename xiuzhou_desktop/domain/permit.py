"""A muck permit 渣土处置核准: which trucks may drive which route in which hours (domain.md §6.3).

    GRANTED ─revoke─► REVOKED       ends by itself with `valid_to`: phase `expired`

The route is a line with a tolerance of metres on both sides; who leaves it for longer than
`after_s` is off route ([ZJ-SR] 28). 50 m and 60 s are the usual values; a permit may say others.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from .areas import scope_of
from .command import Refusal
from .envelope import Args, Body, Kind, KindGroup, Record
from .fields import LatE7, Line, LonE7, Reason
from .ids import AreaCode, SubjectKey
from .policy import Policy
from .roles import ADMINISTRATORS, SUPERVISORS
from .workcalendar import LOCAL, minute_of_day
from .workflow import Changes, KindSpec, Phase, Situation, Transition
from .writing import args_of, body_of, target_of, with_body, with_columns

OffRouteMetres = Annotated[int, Meta(ge=10, le=1_000)]
OffRouteSeconds = Annotated[int, Meta(ge=10, le=3_600)]
DayMinutes = Annotated[int, Meta(ge=0, le=24 * 60)]
PointE7 = tuple[LonE7, LatE7]


class PermitState(StrEnum):
    """Whether it was taken back."""

    GRANTED = "GRANTED"
    REVOKED = "REVOKED"


class PermitBody(Body, frozen=True, kw_only=True):
    """`route` is a line of (lon_e7, lat_e7) from site to disposal; `windows` are pairs of minutes
    of the local day; `trucks` are subject keys.
    """

    permit_no: str
    company: str
    site: str
    disposal_site: str
    trucks: tuple[SubjectKey, ...]
    route: tuple[tuple[int, int], ...]
    windows: tuple[tuple[int, int], ...]
    valid_from: date
    valid_to: date
    buffer_m: int = 50
    after_s: int = 60
    revoke_reason: str | None = None


class GrantPermit(Args, frozen=True, kw_only=True):
    """As it was decided."""

    permit_no: Line
    company: Line
    site: Line
    disposal_site: Line
    area: AreaCode
    trucks: tuple[SubjectKey, ...]
    route: tuple[PointE7, ...]
    windows: tuple[tuple[DayMinutes, DayMinutes], ...]
    valid_from: date
    valid_to: date
    buffer_m: OffRouteMetres = 50
    after_s: OffRouteSeconds = 60


class RevokePermit(Args, frozen=True, kw_only=True):
    """Taken back before its end."""

    reason: Reason


S = PermitState


def is_in_window(body: PermitBody, at: datetime) -> bool:
    """Whether it permits driving at that time of that day."""
    day, minute = at.astimezone(LOCAL).date(), minute_of_day(at)
    in_hours = any(start <= minute < end for start, end in body.windows)
    return body.valid_from <= day <= body.valid_to and in_hours


def _is_sound(s: Situation[Args]) -> Refusal | None:
    args = args_of(s, GrantPermit)
    if args.valid_from > args.valid_to:
        return Refusal(slug="dates-reversed")
    if not args.windows or any(start >= end for start, end in args.windows):
        return Refusal(slug="bad-hours")
    if len(args.route) < 2 or not args.trucks:
        return Refusal(slug="permits-nothing")
    return None


def _grant(s: Situation[Args]) -> Changes:
    args = args_of(s, GrantPermit)
    body = PermitBody(
        permit_no=args.permit_no, company=args.company, site=args.site,
        disposal_site=args.disposal_site, trucks=args.trucks, route=args.route,
        windows=args.windows, valid_from=args.valid_from, valid_to=args.valid_to,
        buffer_m=args.buffer_m, after_s=args.after_s,
    )  # fmt: skip
    record = Record(
        kind=Kind.PERMIT, id=s.command.record, scope=scope_of(args.area), area=args.area,
        state=S.GRANTED.value, opened_at=s.now, source="permit", external_id=args.permit_no,
        title=f"{args.permit_no} {args.site}", body=body,
    )  # fmt: skip
    return Changes(target=record)


def _revoke(s: Situation[Args]) -> Changes:
    reason = args_of(s, RevokePermit).reason
    record = with_columns(target_of(s), state=S.REVOKED.value, closed_at=s.now)
    return Changes(target=with_body(record, revoke_reason=reason), reason=reason)


def _is_expired(record: Record, now: datetime, _policy: Policy) -> bool:
    return now.astimezone(LOCAL).date() > body_of(record, PermitBody).valid_to


SPEC = KindSpec(
    kind=Kind.PERMIT,
    group=KindGroup.BASE,
    body=PermitBody,
    states=PermitState,
    closed=frozenset({S.REVOKED}),
    number_prefix="XZ-Z",
    transitions=(
        Transition(
            name="grant", sources=frozenset(), targets=(S.GRANTED,),
            roles=SUPERVISORS | ADMINISTRATORS, form=GrantPermit, guard=_is_sound, writes=_grant,
        ),
        Transition(
            name="revoke", sources=frozenset({S.GRANTED}), targets=(S.REVOKED,),
            roles=SUPERVISORS | ADMINISTRATORS, form=RevokePermit, writes=_revoke,
        ),
    ),
    phases=(Phase(name="expired", holds=_is_expired),),
)  # fmt: skip

"""A law-enforcement officer 执法人员 and the certificates 执法证 that make an act lawful (APL 42,
55).

    ACTIVE ─disable─► DISABLED ─enable─► ACTIVE        certify adds or renews a certificate;
        correct says name, unit and certificates anew

The account (user, password) is the backend's; `user` names it here.
"""

from datetime import date, datetime
from enum import StrEnum

from .command import Refusal
from .envelope import Args, Body, Kind, KindGroup, Record, Struct
from .fields import Line
from .ids import DISTRICT, Scope
from .roles import ADMINISTRATORS
from .workcalendar import LOCAL
from .workflow import Changes, KindSpec, Situation, Transition
from .writing import args_of, body_of, target_of, with_body, with_columns


class OfficerState(StrEnum):
    """Whether this person still works here."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class Certificate(Struct, frozen=True, kw_only=True):
    """One certificate, valid on both of its days and on all between."""

    number: str
    valid_from: date
    valid_to: date


class OfficerBody(Body, frozen=True, kw_only=True):
    """Who it is, in which unit, with which certificates."""

    user: str
    name: str
    unit: str = ""
    certificates: tuple[Certificate, ...] = ()


class Enrol(Args, frozen=True, kw_only=True):
    """A new officer; the scope is the town's or the district's."""

    user: str
    name: str
    unit: str = ""
    scope: Scope = DISTRICT


class Certify(Args, frozen=True, kw_only=True):
    """A certificate; the same number again replaces its validity."""

    number: str
    valid_from: date
    valid_to: date


class CorrectOfficer(Args, frozen=True, kw_only=True):
    """The same particulars again, with what was wrong put right."""

    name: Line
    unit: str = ""
    certificates: tuple[Certificate, ...] = ()


S = OfficerState


def has_valid_certificate(officer: Record, at: datetime) -> bool:
    """Whether the officer works here and holds a certificate valid on that local day."""
    day = at.astimezone(LOCAL).date()
    body = body_of(officer, OfficerBody)
    valid = any(one.valid_from <= day <= one.valid_to for one in body.certificates)
    return officer.state == S.ACTIVE and valid


def _enrol(s: Situation[Args]) -> Changes:
    args = args_of(s, Enrol)
    record = Record(
        kind=Kind.OFFICER, id=s.command.record, scope=args.scope, state=S.ACTIVE.value,
        opened_at=s.now, title=args.name, external_id=args.user, source="officer",
        body=OfficerBody(user=args.user, name=args.name, unit=args.unit),
    )  # fmt: skip
    return Changes(target=record)


def _dates_in_order(s: Situation[Args]) -> Refusal | None:
    args = args_of(s, Certify)
    if args.valid_from > args.valid_to:
        return Refusal(slug="dates-reversed")
    return None


def _certify(s: Situation[Args]) -> Changes:
    args, record = args_of(s, Certify), target_of(s)
    kept = tuple(
        one for one in body_of(record, OfficerBody).certificates if one.number != args.number
    )
    new = Certificate(number=args.number, valid_from=args.valid_from, valid_to=args.valid_to)
    return Changes(target=with_body(record, certificates=(*kept, new)))


def _certificates_in_order(s: Situation[Args]) -> Refusal | None:
    args = args_of(s, CorrectOfficer)
    if any(one.valid_from > one.valid_to for one in args.certificates):
        return Refusal(slug="dates-reversed")
    return None


def _correct(s: Situation[Args]) -> Changes:
    args, record = args_of(s, CorrectOfficer), target_of(s)
    told = with_body(record, name=args.name, unit=args.unit, certificates=args.certificates)
    return Changes(target=with_columns(told, title=args.name))


def _disable(s: Situation[Args]) -> Changes:
    return Changes(target=with_columns(target_of(s), state=S.DISABLED.value, closed_at=s.now))


def _enable(s: Situation[Args]) -> Changes:
    return Changes(target=with_columns(target_of(s), state=S.ACTIVE.value, closed_at=None))


SPEC = KindSpec(
    kind=Kind.OFFICER,
    group=KindGroup.BASE,
    body=OfficerBody,
    states=OfficerState,
    closed=frozenset({S.DISABLED}),
    transitions=(
        Transition(
            name="enrol", sources=frozenset(), targets=(S.ACTIVE,), roles=ADMINISTRATORS,
            form=Enrol, writes=_enrol,
        ),
        Transition(
            name="certify", sources=frozenset({S.ACTIVE}), targets=(S.ACTIVE,),
            roles=ADMINISTRATORS, form=Certify, guard=_dates_in_order, writes=_certify,
        ),
        Transition(
            name="correct", sources=frozenset({S.ACTIVE}), targets=(S.ACTIVE,),
            roles=ADMINISTRATORS, form=CorrectOfficer, guard=_certificates_in_order,
            writes=_correct,
        ),
        Transition(
            name="disable", sources=frozenset({S.ACTIVE}), targets=(S.DISABLED,),
            roles=ADMINISTRATORS, writes=_disable,
        ),
        Transition(
            name="enable", sources=frozenset({S.DISABLED}), targets=(S.ACTIVE,),
            roles=ADMINISTRATORS, writes=_enable,
        ),
    ),
)  # fmt: skip

"""A party 当事人 of a case: sealed, so it has a kind group of its own (PARTY).

    ACTIVE ─update─► ACTIVE        retire ─► RETIRED

A resident identity number is checked when it is entered (GB 11643); the record holds its mask and
the day of birth, by which age is judged (APL 30), and of a telephone number its mask. The numbers
themselves the backend keeps sealed (`seals`); each look at them says what it is for (PIPL 28). Name
and address are of the record, which lies sealed as a whole, and are found exactly (`sought`).
"""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from .command import Refusal
from .envelope import Args, Body, Kind, KindGroup, Record
from .fields import Line, Notes
from .ids import DISTRICT, Scope, SubjectKey
from .mobile import is_mobile, mask_mobile, normalise_mobile
from .resident_id import birth_date, is_resident_id, mask_resident_id
from .uscc import is_uscc
from .workflow import Changes, KindSpec, Role, Situation, Transition
from .writing import args_of, body_of, target_of, with_body, with_columns


class PartyState(StrEnum):
    """Whether the entry is in use."""

    ACTIVE = "ACTIVE"
    RETIRED = "RETIRED"


class PartyType(StrEnum):
    """A citizen or an organisation: limits and publication differ."""

    CITIZEN = "citizen"
    ORGANISATION = "organisation"


class AgeClass(StrEnum):
    """Full age; 14–18, to be dealt with more lightly; under 14, not punished (APL 30)."""

    ADULT = "adult"
    MINOR = "minor"
    CHILD = "child"


class PartyBody(Body, frozen=True, kw_only=True):
    """`uscc_doubtful`: its check character does not fit; real codes that fail exist, so it warns
    and does not block.
    """

    type: PartyType
    name: str
    masked_id: str | None = None
    uscc: str | None = None
    uscc_doubtful: bool = False
    born_on: date | None = None
    address: str | None = None
    masked_phone: str | None = None
    note: str | None = None


class Register(Args, frozen=True, kw_only=True):
    """Who it is: a citizen by resident identity number, an organisation by its code."""

    type: PartyType
    name: Line
    uscc: Line | None = None
    resident_id: Line | None = None
    masked_id: Line | None = None
    address: Line | None = None
    phone: Line | None = None
    scope: Scope = DISTRICT


class Update(Args, frozen=True, kw_only=True):
    """Other particulars."""

    name: Line
    uscc: Line | None = None
    phone: Line | None = None
    note: Notes | None = None


def as_sought(text: str) -> str:
    """The one form by which a name or an address is found: whatever its spaces, width and case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


S = PartyState
CHILD_UNTIL, FULL_AGE = 14, 18  # years, APL 30
SEALED: Mapping[str, Callable[[str], str]] = {
    "resident_id": str.upper, "phone": normalise_mobile,
}  # fmt: skip
SOUGHT: Mapping[str, Callable[[str], str]] = {"name": as_sought, "address": as_sought}
KEEPERS = frozenset({Role.SUPERVISOR, Role.REVIEWER, Role.CLERK})


def age_class(born_on: date | None, day: date) -> AgeClass | None:
    """The person's age class on that day, None where the birth is unknown."""
    if born_on is None:
        return None
    age = day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
    if age < CHILD_UNTIL:
        return AgeClass.CHILD
    return AgeClass.MINOR if age < FULL_AGE else AgeClass.ADULT


def _has_sound_number(s: Situation[Args]) -> Refusal | None:
    args = args_of(s, Register)
    if args.resident_id is not None and not is_resident_id(args.resident_id):
        return Refusal(slug="bad-resident-id", article="GB 11643")
    if args.masked_id is not None and "*" not in args.masked_id:
        return Refusal(slug="id-not-masked")
    return _unless_mobile(args.phone)


def _has_sound_phone(s: Situation[Args]) -> Refusal | None:
    return _unless_mobile(args_of(s, Update).phone)


def _unless_mobile(phone: str | None) -> Refusal | None:
    return None if phone is None or is_mobile(phone) else Refusal(slug="bad-phone")


def _register(s: Situation[Args]) -> Changes:
    args = args_of(s, Register)
    number = args.resident_id
    body = PartyBody(
        type=args.type, name=args.name, uscc=args.uscc, address=args.address,
        uscc_doubtful=args.uscc is not None and not is_uscc(args.uscc),
        masked_id=mask_resident_id(number) if number else args.masked_id,
        born_on=birth_date(number) if number else None,
        masked_phone=mask_mobile(args.phone) if args.phone else None,
    )  # fmt: skip
    record = Record(
        kind=Kind.PARTY, id=s.command.record, scope=args.scope, state=S.ACTIVE.value,
        subject_key=SubjectKey(f"uscc:{args.uscc}") if args.uscc else None, opened_at=s.now,
        title=args.name, body=body,
    )  # fmt: skip
    return Changes(target=record)


def _update(s: Situation[Args]) -> Changes:
    args, record = args_of(s, Update), target_of(s)
    body = body_of(record, PartyBody)
    uscc = args.uscc or body.uscc
    phone = mask_mobile(args.phone) if args.phone else body.masked_phone
    doubtful = uscc is not None and not is_uscc(uscc)
    record = with_columns(record, title=args.name)
    return Changes(
        target=with_body(
            record,
            name=args.name,
            uscc=uscc,
            uscc_doubtful=doubtful,
            masked_phone=phone,
            note=args.note,
        )
    )


def _retire(s: Situation[Args]) -> Changes:
    return Changes(target=with_columns(target_of(s), state=S.RETIRED.value, closed_at=s.now))


SPEC = KindSpec(
    kind=Kind.PARTY,
    group=KindGroup.PARTY,
    body=PartyBody,
    states=PartyState,
    closed=frozenset({S.RETIRED}),
    number_prefix="XZ-P",
    sought=SOUGHT,
    transitions=(
        Transition(
            name="register", sources=frozenset(), targets=(S.ACTIVE,), roles=KEEPERS,
            form=Register, guard=_has_sound_number, writes=_register,
            seals=SEALED,
        ),
        Transition(
            name="update", sources=frozenset({S.ACTIVE}), targets=(S.ACTIVE,), roles=KEEPERS,
            form=Update, guard=_has_sound_phone, writes=_update,
            seals=SEALED,
        ),
        Transition(
            name="retire", sources=frozenset({S.ACTIVE}), targets=(S.RETIRED,), roles=KEEPERS,
            writes=_retire,
        ),
    ),
)  # fmt: skip

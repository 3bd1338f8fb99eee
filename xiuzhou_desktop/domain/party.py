"""A party 当事人 of a case: sealed, so it has a kind group of its own (PARTY).

    ACTIVE ─update─► ACTIVE        retire ─► RETIRED

Whole numbers never reach a list: `masked_id` is what is shown, `sealed` names the backend's vault
entry.
"""

from enum import StrEnum

from .command import Refusal
from .envelope import Args, Body, Kind, KindGroup, Record
from .fields import Line, Notes
from .ids import DISTRICT, Scope, SubjectKey
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


class PartyBody(Body, frozen=True, kw_only=True):
    """`uscc_doubtful`: its check character does not fit; real codes that fail exist, so it warns
    and does not block.
    """

    type: PartyType
    name: str
    masked_id: str | None = None
    uscc: str | None = None
    uscc_doubtful: bool = False
    sealed: str | None = None
    note: str | None = None


class Register(Args, frozen=True, kw_only=True):
    """Who it is."""

    type: PartyType
    name: Line
    uscc: Line | None = None
    masked_id: Line | None = None
    sealed: Line | None = None
    scope: Scope = DISTRICT


class Update(Args, frozen=True, kw_only=True):
    """Other particulars."""

    name: Line
    uscc: Line | None = None
    note: Notes | None = None


S = PartyState
KEEPERS = frozenset({Role.SUPERVISOR, Role.REVIEWER, Role.CLERK})


def _is_masked(s: Situation[Args]) -> Refusal | None:
    masked = args_of(s, Register).masked_id
    if masked is not None and "*" not in masked:
        return Refusal(slug="id-not-masked")
    return None


def _register(s: Situation[Args]) -> Changes:
    args = args_of(s, Register)
    body = PartyBody(
        type=args.type, name=args.name, masked_id=args.masked_id, uscc=args.uscc,
        uscc_doubtful=args.uscc is not None and not is_uscc(args.uscc), sealed=args.sealed,
    )  # fmt: skip
    record = Record(
        kind=Kind.PARTY, id=s.command.record, scope=args.scope, state=S.ACTIVE.value,
        subject_key=SubjectKey(f"uscc:{args.uscc}") if args.uscc else None, opened_at=s.now,
        title=args.name, body=body,
    )  # fmt: skip
    return Changes(target=record)


def _update(s: Situation[Args]) -> Changes:
    args, record = args_of(s, Update), target_of(s)
    uscc = args.uscc or body_of(record, PartyBody).uscc
    doubtful = uscc is not None and not is_uscc(uscc)
    record = with_columns(record, title=args.name)
    return Changes(
        target=with_body(record, name=args.name, uscc=uscc, uscc_doubtful=doubtful, note=args.note)
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
    transitions=(
        Transition(
            name="register", sources=frozenset(), targets=(S.ACTIVE,), roles=KEEPERS,
            form=Register, guard=_is_masked, writes=_register,
        ),
        Transition(
            name="update", sources=frozenset({S.ACTIVE}), targets=(S.ACTIVE,), roles=KEEPERS,
            form=Update, writes=_update,
        ),
        Transition(
            name="retire", sources=frozenset({S.ACTIVE}), targets=(S.RETIRED,), roles=KEEPERS,
            writes=_retire,
        ),
    ),
)  # fmt: skip

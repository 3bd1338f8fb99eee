"""What the ledger of publication holds, and how a decision becomes the notice that everybody may
read (domain.md §3.4).

    case ─original─► the decision's own words ─public_notice─► whitelisted fields, masked

Fields are chosen by a whitelist: what has no field in `PublicNotice` cannot be published. Pictures
have none.
"""

from datetime import date, datetime
from enum import StrEnum

from .canonical import digest
from .case_body import CaseBody, Penalty, PenaltyKind, Procedure
from .case_master import CaseMaster
from .envelope import Body, Struct
from .fields import Fen
from .ids import RecordId
from .party import AgeClass, PartyType
from .redaction import Hidden, Mask, MaskRule, as_published, leaks, masks_in


class PublicationState(StrEnum):
    """Where a decision stands on its way to the portal."""

    DUE = "DUE"
    MASKED = "MASKED"
    CONFIRMED = "CONFIRMED"
    PUBLISHED = "PUBLISHED"
    FAILED = "FAILED"
    MISSING = "MISSING"
    RETRACTING = "RETRACTING"
    RETRACTED = "RETRACTED"
    EXEMPT = "EXEMPT"


OWED = frozenset(  # what the public has a right to see: not what is kept back or was taken down
    {
        PublicationState.DUE, PublicationState.MASKED, PublicationState.CONFIRMED,
        PublicationState.PUBLISHED, PublicationState.FAILED, PublicationState.MISSING,
    }
)  # fmt: skip


class ExemptGround(StrEnum):
    """Why a decision is not published at all (浙江省行政处罚结果信息网上公开暂行办法)."""

    MINOR = "minor"
    STATE_SECRET = "state_secret"
    PRIVACY = "privacy"
    SECURITY = "security"
    PROVINCIAL = "provincial"


class FailureCause(StrEnum):
    """Why a confirmed notice is not on the portal."""

    REFUSED = "refused"
    NO_RECEIPT = "no_receipt"


class PublicNotice(Struct, frozen=True, kw_only=True):
    """The whitelist: everything that may be published, and nothing else."""

    decision_no: str
    party: str
    uscc: str | None
    facts: str
    basis: str
    penalty: PenaltyKind
    fine_fen: Fen
    penalty_text: str
    decided_on: date


MASKED_FIELDS = ("party", "facts", "basis", "penalty_text")  # free text of the whitelist


class PublicationBody(Body, frozen=True, kw_only=True):
    """One decision on its way. `source` is the digest of the words that were masked: a case that
    changes under a signature takes the signature back. `listed` counts it in the portal's listing.
    """

    case: RecordId
    decision_no: str
    decided_on: date
    publish_by: datetime
    master: CaseMaster
    procedure: Procedure
    ground: ExemptGround | None = None
    by_hand: tuple[str, ...] = ()
    notice: PublicNotice | None = None
    source: str | None = None
    masked_by: str | None = None
    masked_by_name: str | None = None
    masked_at: datetime | None = None
    return_reason: str | None = None
    confirmed_by: str | None = None
    confirmed_by_name: str | None = None
    confirmed_at: datetime | None = None
    listed: int = 0
    listed_at: datetime | None = None
    receipt: str | None = None
    cause: FailureCause | None = None
    detail: str | None = None
    public_reason: str | None = None
    retract_by: datetime | None = None
    retracted_at: datetime | None = None
    alarmed_at: datetime | None = None
    note: str | None = None


def original(case: CaseBody) -> PublicNotice:
    """The decision's own words, for the eyes of the office only."""
    penalty = case.penalty or Penalty(kind=PenaltyKind.WARNING)
    return PublicNotice(
        decision_no=case.decision_no or "", party=case.party_name or "", uscc=case.party_uscc,
        facts=case.facts, basis=case.basis or "", penalty=penalty.kind, fine_fen=penalty.fine_fen,
        penalty_text=penalty.text, decided_on=case.decided_on or date.min,
    )  # fmt: skip


def source_digest(case: CaseBody) -> str:
    """Names the words that a person had before him when masking."""
    return digest(original(case))


def hidden_in(case: CaseBody, by_hand: tuple[str, ...] = ()) -> Hidden:
    """A citizen's name is hidden, an organisation's is public."""
    person = case.party_name if case.party_type is not PartyType.ORGANISATION else None
    return Hidden(person=person, by_hand=by_hand)


def masks_of(case: CaseBody, by_hand: tuple[str, ...] = ()) -> dict[str, tuple[Mask, ...]]:
    """Field → its masks, for the fields with free text."""
    words, hidden = original(case), hidden_in(case, by_hand)
    return {name: masks_in(getattr(words, name), hidden) for name in MASKED_FIELDS}


def public_notice(case: CaseBody, by_hand: tuple[str, ...] = ()) -> PublicNotice:
    """The notice as everybody may read it."""
    words = original(case)
    masked = {
        name: as_published(getattr(words, name), masks)
        for name, masks in masks_of(case, by_hand).items()
    }
    plain = {name: getattr(words, name) for name in PublicNotice.__struct_fields__}
    return PublicNotice(**plain | masked)


def leaks_in(notice: PublicNotice, hidden: Hidden) -> dict[MaskRule, int]:
    """What the second scan still finds in the notice, over all its fields."""
    found: dict[MaskRule, int] = {}
    for name in MASKED_FIELDS:
        for rule, count in leaks(getattr(notice, name), hidden).items():
            found[rule] = found.get(rule, 0) + count
    return found


def ground_of(case: CaseBody) -> ExemptGround | None:
    """Minors are not published; every other ground is for a person to find."""
    is_minor = case.party_age in (AgeClass.MINOR, AgeClass.CHILD)
    return ExemptGround.MINOR if is_minor else None

"""What each act on a case asks (the table is in `case.py`).

Every form field carries its own limits, so that a fine of half a fen or a date in the year 1 is
refused before any rule is asked.
"""

from datetime import date

from .case_body import (
    CaseState,
    PenaltyKind,
    RemedyKind,
    RemedyOutcome,
    ServiceMethod,
)
from .envelope import Args
from .fields import Fen, Instant, Line, Notes, Reason
from .ids import AreaCode, CategoryCode, RecordId


class RegisterLead(Args, frozen=True, kw_only=True):
    """A lead 线索 entered by hand: what was done, where, on which day."""

    title: Line
    category: CategoryCode
    facts: Reason
    area: AreaCode | None = None
    occurred_on: date | None = None


class FileLead(Args, frozen=True, kw_only=True):
    """立案 (54): two officers whose certificates are valid today."""

    second_officer: RecordId
    basis: Line | None = None


class RecordOnTheSpot(Args, frozen=True, kw_only=True):
    """简易程序 (51, 52): decided, handed over and signed on the spot, then filed."""

    title: Line
    category: CategoryCode
    facts: Reason
    second_officer: RecordId
    document_no: Line
    party_name: Line
    fine_fen: Fen = 0
    is_organisation: bool = False
    area: AreaCode | None = None


class NameParty(Args, frozen=True, kw_only=True):
    """Against whom: a party record."""

    party: RecordId


class Establish(Args, frozen=True, kw_only=True):
    """What the investigation found, and what penalty it proposes."""

    facts: Reason
    basis: Line
    kind: PenaltyKind = PenaltyKind.FINE
    fine_fen: Fen = 0
    penalty_text: Notes = ""
    is_major: bool = False
    harms_persons: bool = False


class Admit(Args, frozen=True, kw_only=True):
    """当事人认错认罚, signed on that day."""

    signed_on: date


class AssignOfficers(Args, frozen=True, kw_only=True):
    """Other officers take the case over."""

    first_officer: RecordId
    second_officer: RecordId


class PassReview(Args, frozen=True, kw_only=True):
    """审核通过并签名."""

    opinion: Notes = ""


class ReturnReview(Args, frozen=True, kw_only=True):
    """退回: what is missing."""

    reason: Reason


class SendNotice(Args, frozen=True, kw_only=True):
    """行政处罚事先告知书 (44); where a hearing may be asked for it must say so (63)."""

    dated: date
    hearing_told: bool = False


class NoticeReceived(Args, frozen=True, kw_only=True):
    """The party has it: the time for a statement starts."""

    received_on: date


class MakeStatement(Args, frozen=True, kw_only=True):
    """陈述、申辩 (45)."""

    text: Reason
    made_on: date


class AnswerStatement(Args, frozen=True, kw_only=True):
    """What was made of it; no heavier penalty for having spoken (45¶2)."""

    is_accepted: bool
    answer: Reason


class WaiveStatement(Args, frozen=True, kw_only=True):
    """Given up in writing."""

    signed_on: date


class RequestHearing(Args, frozen=True, kw_only=True):
    """要求听证, within five working days of the notice (64)."""

    requested_on: date


class SetHearing(Args, frozen=True, kw_only=True):
    """The party was told of time and place on that day."""

    told_on: date
    chair: RecordId


class HoldHearing(Args, frozen=True, kw_only=True):
    """The hearing took place; its record counts in the decision (65)."""

    held_on: date
    record: Reason


class Discuss(Args, frozen=True, kw_only=True):
    """负责人集体讨论 (57¶2)."""

    discussed_on: date
    conclusion: Reason


class Decide(Args, frozen=True, kw_only=True):
    """行政处罚决定书 (57, 59): sealed, and naming the ways and limits of remedy."""

    dated: date
    kind: PenaltyKind = PenaltyKind.FINE
    fine_fen: Fen = 0
    penalty_text: Notes = ""
    is_sealed: bool = False
    names_remedies: bool = False


class Serve(Args, frozen=True, kw_only=True):
    """送达 (61)."""

    method: ServiceMethod
    served_on: date
    receipt: Line | None = None
    consented_on: date | None = None


class RecordPayment(Args, frozen=True, kw_only=True):
    """What the bank confirmed (67); cash on the spot only as 68 allows."""

    amount_fen: Fen
    paid_on: date


class Urge(Args, frozen=True, kw_only=True):
    """催告 (行政强制法 54)."""

    urged_on: date


class Enforce(Args, frozen=True, kw_only=True):
    """The court carried it out."""

    enforced_on: date
    court_no: Line


class OpenRemedy(Args, frozen=True, kw_only=True):
    """复议 or 诉讼 was accepted."""

    kind: RemedyKind
    since: date


class EndRemedy(Args, frozen=True, kw_only=True):
    """How it ended."""

    outcome: RemedyOutcome
    ended_on: date


class GiveReason(Args, frozen=True, kw_only=True):
    """An act that leaves the usual way says why."""

    reason: Reason


class TransferOut(Args, frozen=True, kw_only=True):
    """移送 to the body that has jurisdiction (25–27)."""

    to: Line
    reason: Reason


class AskRecusal(Args, frozen=True, kw_only=True):
    """申请回避 (43)."""

    officer: RecordId
    reason: Reason


class SettleRecusal(Args, frozen=True, kw_only=True):
    """Granted or not."""

    officer: RecordId
    is_granted: bool


class AlarmCase(Args, frozen=True, kw_only=True):
    """A limit has passed."""

    name: Line


class Mirror(Args, frozen=True, kw_only=True):
    """What the province's system says of its case (domain.md §3): its state is the state."""

    state: CaseState
    at: Instant
    provincial_no: Line
    document_no: Line | None = None
    dated: date | None = None

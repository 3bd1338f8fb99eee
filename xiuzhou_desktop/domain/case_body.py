"""What a penalty case 案件 holds: its states, its penalty, its documents, who looked at it
(domain.md §3).

    LEAD → FILED → INVESTIGATING → INVESTIGATION_DONE → NOTICE_SENT → STATEMENT_WINDOW
         → [HEARING] → [COLLECTIVE] → DECIDED → SERVED → PAID | ENFORCED → CLOSED

Dates of documents are days of the local calendar, instants are acts in this system, money is fen.
"""

from datetime import date, datetime
from enum import StrEnum

from .case_master import CaseMaster
from .envelope import Body, Struct
from .fields import Fen
from .ids import RecordId
from .party import AgeClass, PartyType


class CaseState(StrEnum):
    """Where a case stands; 复议/诉讼 is `CaseBody.remedy` beside it, for execution goes on (73)."""

    LEAD = "LEAD"
    FILED = "FILED"
    INVESTIGATING = "INVESTIGATING"
    INVESTIGATION_DONE = "INVESTIGATION_DONE"
    LEGAL_REVIEW = "LEGAL_REVIEW"
    NOTICE_SENT = "NOTICE_SENT"
    STATEMENT_WINDOW = "STATEMENT_WINDOW"
    HEARING = "HEARING"
    COLLECTIVE = "COLLECTIVE"
    DECIDED = "DECIDED"
    SERVED = "SERVED"
    PAID = "PAID"
    ENFORCED = "ENFORCED"
    CLOSED = "CLOSED"
    CORRECTED = "CORRECTED"
    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    NO_PENALTY = "NO_PENALTY"
    NOT_ESTABLISHED = "NOT_ESTABLISHED"
    TRANSFERRED_OUT = "TRANSFERRED_OUT"
    CRIMINAL_TRANSFER = "CRIMINAL_TRANSFER"
    WITHDRAWN = "WITHDRAWN"
    TERMINATED = "TERMINATED"


class Procedure(StrEnum):
    """普通程序 (54–62), 简案快办 (a sped-up ordinary one), 简易程序 (51–52, on the spot)."""

    ORDINARY = "ordinary"
    FAST_TRACK = "fast_track"
    SIMPLE = "simple"


class PenaltyKind(StrEnum):
    """Kinds of penalty (APL 9)."""

    WARNING = "warning"
    FINE = "fine"
    CONFISCATION = "confiscation"
    SUSPENSION = "suspension"
    REVOCATION = "revocation"


class Penalty(Struct, frozen=True, kw_only=True):
    """What is proposed or decided; `fine_fen` is 0 where there is no fine."""

    kind: PenaltyKind
    fine_fen: Fen = 0
    text: str = ""


class DocumentKind(StrEnum):
    """Legal documents 法律文书 made from templates."""

    NOTICE = "notice"
    DECISION = "decision"
    ON_THE_SPOT = "on_the_spot"


class IssuedDocument(Struct, frozen=True, kw_only=True):
    """A document that left the drawer, under the number that the backend gave."""

    kind: DocumentKind
    number: str
    dated: date


class ReviewStage(StrEnum):
    """What a reviewer was asked about."""

    NOTICE = "notice"
    DECISION = "decision"


class Verdict(StrEnum):
    """A reviewer's answer."""

    PASSED = "passed"
    RETURNED = "returned"


class Review(Struct, frozen=True, kw_only=True):
    """Who looked, and what came of it: signed, or returned with a reason."""

    stage: ReviewStage
    by: str
    by_name: str
    at: datetime
    verdict: Verdict
    opinion: str = ""


class Statement(Struct, frozen=True, kw_only=True):
    """陈述申辩: what the party said, and how it was answered (APL 45)."""

    text: str
    made_on: date
    is_accepted: bool | None = None
    answer: str = ""


class Hearing(Struct, frozen=True, kw_only=True):
    """听证 (63, 64): asked for, set with notice, held under somebody who did not investigate."""

    requested_on: date
    told_on: date | None = None
    held_on: date | None = None
    chair: RecordId | None = None
    record: str = ""


class ServiceMethod(StrEnum):
    """How a decision reached the party (61; 民事诉讼法)."""

    IN_PERSON = "in_person"
    ELECTRONIC = "electronic"
    POST = "post"
    LEFT_BEHIND = "left_behind"
    PUBLIC_NOTICE = "public_notice"


class Service(Struct, frozen=True, kw_only=True):
    """The service 送达 of the decision."""

    method: ServiceMethod
    served_on: date
    receipt: str = ""


class RemedyKind(StrEnum):
    """行政复议 or 行政诉讼."""

    RECONSIDERATION = "reconsideration"
    LITIGATION = "litigation"


class RemedyOutcome(StrEnum):
    """How the remedy ended; a decision that fell may have to leave the public list."""

    UPHELD = "upheld"
    CHANGED = "changed"
    ANNULLED = "annulled"
    WITHDRAWN = "withdrawn"


class Remedy(Struct, frozen=True, kw_only=True):
    """A remedy that the party sought; the surcharge stands still in it (73)."""

    kind: RemedyKind
    since: date
    ended_on: date | None = None
    outcome: RemedyOutcome | None = None


class Recusal(Struct, frozen=True, kw_only=True):
    """回避 (43): pending it does not stop the investigation, but holds the decision."""

    officer: RecordId
    reason: str
    is_granted: bool | None = None


class Lock(Struct, frozen=True, kw_only=True):
    """锁定: the files are kept beyond their time."""

    by: str
    at: datetime
    reason: str


class Submission(Struct, frozen=True, kw_only=True):
    """A step handed over to the province, which answers with the new state."""

    step: str
    to_state: CaseState
    at: datetime


class CaseBody(Body, frozen=True, kw_only=True):
    """The file. `party_*` are the party's particulars as they stood when it was named; `notified`
    is the penalty in the notice, `penalty` the one decided.
    """

    flag: RecordId | None = None
    master: CaseMaster = CaseMaster.PROVINCIAL
    provincial_no: str | None = None
    procedure: Procedure = Procedure.ORDINARY
    officers: tuple[RecordId, ...] = ()
    basis: str | None = None
    facts: str = ""
    party: RecordId | None = None
    party_name: str | None = None
    party_type: PartyType | None = None
    party_masked_id: str | None = None
    party_uscc: str | None = None
    party_age: AgeClass | None = None
    evidence: tuple[RecordId, ...] = ()
    occurred_on: date | None = None
    filed_at: datetime | None = None
    decide_by: datetime | None = None
    proposed: Penalty | None = None
    admitted_on: date | None = None
    is_major: bool = False
    harms_persons: bool = False
    review_stage: ReviewStage | None = None
    reviews: tuple[Review, ...] = ()
    return_reason: str | None = None
    resumes: CaseState | None = None
    notified: Penalty | None = None
    notice_on: date | None = None
    hearing_told: bool = False
    received_on: date | None = None
    statement_until: datetime | None = None
    statement: Statement | None = None
    waived_on: date | None = None
    hearing: Hearing | None = None
    collective_on: date | None = None
    recusals: tuple[Recusal, ...] = ()
    penalty: Penalty | None = None
    decided_on: date | None = None
    decision_no: str | None = None
    documents: tuple[IssuedDocument, ...] = ()
    service: Service | None = None
    pay_by: date | None = None
    paid_fen: int = 0
    paid_on: date | None = None
    urged_on: date | None = None
    remedy: Remedy | None = None
    exit_reason: str | None = None
    submission: Submission | None = None
    lock: Lock | None = None
    disposed_at: datetime | None = None  # its files were destroyed in due time
    alarmed_at: datetime | None = None
    note: str | None = None

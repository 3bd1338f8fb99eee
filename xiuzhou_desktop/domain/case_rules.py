"""What the law asks of a case before a step, as one table: the guard refuses with the first rule
that is broken, the panel shows all of them as the step's checklist.

    Rule ── slug, article, steps (names of transitions), broken(file) → facts | None

Rules look at the file alone; what a form says (a date, an amount) is judged in `case_acts.py`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from . import case_law as law
from .canonical import Json
from .case_body import CaseBody, Penalty, PenaltyKind, Procedure, ReviewStage, Verdict
from .case_dates import local_day
from .command import Refusal
from .envelope import Record, Struct
from .evidence import EvidenceBody, announcer_of
from .officer import has_valid_certificate
from .party import AgeClass, PartyType
from .policy import Policy
from .two_officers import TWO_OFFICERS
from .writing import body_of

Broken = Callable[["CaseFile"], Mapping[str, Json] | None]
NO_FACTS: Mapping[str, Json] = {}
HEARING_KINDS = frozenset({PenaltyKind.SUSPENSION, PenaltyKind.REVOCATION})
LIMITATION_YEARS, LIMITATION_YEARS_HARM = 2, 5  # 36


class CaseFile(Struct, frozen=True, kw_only=True):
    """What the rules look at: the case, its two officers, its proof, and the evidence whose files
    are still on their way, at one instant.
    """

    record: Record
    body: CaseBody
    officers: tuple[Record, ...] = ()
    proofs: tuple[Record, ...] = ()
    awaited: tuple[Record, ...] = ()
    now: datetime
    policy: Policy

    @property
    def today(self) -> date:
        """The local day."""
        return local_day(self.now)


class Rule(Struct, frozen=True, kw_only=True):
    """One requirement, of these steps."""

    slug: str
    article: str
    steps: frozenset[str]
    broken: Broken


class Check(Struct, frozen=True, kw_only=True):
    """A requirement as it stands now; `facts` say what is missing."""

    slug: str
    article: str
    is_met: bool
    facts: Mapping[str, Json] = {}


def checklist(step: str, file: CaseFile) -> tuple[Check, ...]:
    """Every requirement of that step, the unmet ones first."""
    found = []
    for rule in RULES:
        if step in rule.steps:
            facts = rule.broken(file)
            found.append(
                Check(
                    slug=rule.slug, article=rule.article, is_met=facts is None, facts=facts or {}
                )  # fmt: skip
            )
    return tuple(sorted(found, key=lambda check: check.is_met))


def first_broken(step: str, file: CaseFile) -> Refusal | None:
    """The refusal of the first rule that this step breaks."""
    for rule in RULES:
        facts = rule.broken(file) if step in rule.steps else None
        if facts is not None:
            return Refusal(slug=rule.slug, facts=facts, article=rule.article)
    return None


def is_hearing_grade(penalty: Penalty | None, party: PartyType | None, policy: Policy) -> bool:
    """Whether the party may ask for a hearing (63): by kind, or by the configured amount."""
    if penalty is None:
        return False
    if penalty.kind in HEARING_KINDS:
        return True
    is_citizen = party is PartyType.CITIZEN
    limit = policy.hearing_citizen_fen if is_citizen else policy.hearing_organisation_fen
    return penalty.fine_fen >= limit


def has_passed(body: CaseBody, stage: ReviewStage) -> bool:
    """Whether the last answer of a reviewer on that stage was a pass."""
    answers = [one.verdict for one in body.reviews if one.stage is stage]
    return answers[-1:] == [Verdict.PASSED]


def needs_legal_review(file: CaseFile) -> bool:
    """58: heard cases, complex ones and those of major public interest."""
    return file.body.hearing is not None or file.body.is_major


def _unless(holds: Callable[[CaseFile], bool]) -> Broken:
    return lambda file: None if holds(file) else NO_FACTS


def _certificates(file: CaseFile) -> Mapping[str, Json] | None:
    for officer in file.officers:
        if not has_valid_certificate(officer, file.now):
            return {"name": officer.title}
    return None


def _in_limitation(file: CaseFile) -> bool:
    done = file.body.occurred_on
    years = LIMITATION_YEARS_HARM if file.body.harms_persons else LIMITATION_YEARS
    return done is None or local_day(file.record.opened_at) - done <= timedelta(days=365 * years)


def _statement_over(file: CaseFile) -> Mapping[str, Json] | None:
    body = file.body
    if body.statement_until is None or body.statement is not None or body.waived_on is not None:
        return None
    if file.now > body.statement_until:
        return None
    return {"until": local_day(body.statement_until).isoformat()}


def _files_awaited(file: CaseFile) -> Mapping[str, Json] | None:
    if not file.awaited:
        return None
    bodies = [body_of(one, EvidenceBody) for one in file.awaited]
    where = dict.fromkeys(f"{announcer_of(one)} ({one.workstation})" for one in bodies)
    return {"count": len(bodies), "where": "、".join(sorted(where))}


def _no_recusal(file: CaseFile) -> bool:
    return all(one.is_granted is not None for one in file.body.recusals)


def _notice_reviewed(file: CaseFile) -> bool:
    asked = file.policy.review_notice and file.body.procedure is Procedure.ORDINARY
    return not asked or has_passed(file.body, ReviewStage.NOTICE)


def _hearing_told(file: CaseFile) -> bool:
    body = file.body
    return body.hearing_told or not is_hearing_grade(body.notified, body.party_type, file.policy)


def _hearing_held(file: CaseFile) -> bool:
    return file.body.hearing is None or file.body.hearing.held_on is not None


def _answered(file: CaseFile) -> bool:
    return file.body.statement is None or file.body.statement.is_accepted is not None


def _reviewed(file: CaseFile) -> bool:
    return not needs_legal_review(file) or has_passed(file.body, ReviewStage.DECISION)


def _light(file: CaseFile) -> bool:
    body = file.body
    return not is_hearing_grade(body.proposed, body.party_type, file.policy)


def _rule(slug: str, article: str, steps: str, broken: Broken) -> Rule:
    return Rule(slug=slug, article=article, steps=frozenset(steps.split()), broken=broken)


SUBSTANCE = "finish_investigation send_notice decide"
FAST = "fast_track"
HANDED_OVER = "send_notice decide serve record_payment close no_penalty"
RULES: tuple[Rule, ...] = (
    _rule(
        "with-the-province", "省统一行政处罚办案系统", HANDED_OVER,
        _unless(lambda file: file.body.submission is None),
    ),
    _rule(
        "case-one-officer", TWO_OFFICERS, SUBSTANCE,
        _unless(lambda file: len({one.id for one in file.officers}) > 1),
    ),
    _rule("case-certificate", TWO_OFFICERS, SUBSTANCE, _certificates),
    _rule(
        "no-party", law.DOCUMENT, SUBSTANCE,
        _unless(lambda file: file.body.party_name is not None),
    ),
    _rule(
        "nothing-established", law.CLEAR_FACTS, f"{SUBSTANCE} {FAST}",
        _unless(lambda file: bool(file.body.facts) and file.body.proposed is not None),
    ),
    _rule(
        "no-proof", law.PROOF, SUBSTANCE, _unless(lambda file: bool(file.proofs)),
    ),
    _rule("files-awaited", law.PROOF, "close", _files_awaited),
    _rule("limitation-passed", law.LIMITATION, "send_notice decide", _unless(_in_limitation)),
    _rule(
        "party-is-child", law.MINOR, "send_notice decide",
        _unless(lambda file: file.body.party_age is not AgeClass.CHILD),
    ),
    _rule("notice-not-reviewed", law.LOCAL_RULE, "send_notice", _unless(_notice_reviewed)),
    _rule(
        "no-notice", law.NOTICE, "decide", _unless(lambda file: file.body.notified is not None)
    ),
    _rule("hearing-not-told", law.HEARING, "decide", _unless(_hearing_told)),
    _rule("statement-running", law.STATEMENT, "decide", _statement_over),
    _rule("statement-unanswered", law.NOT_HEAVIER, "decide", _unless(_answered)),
    _rule("hearing-not-held", law.HEARING_TIMES, "decide", _unless(_hearing_held)),
    _rule("review-missing", law.LEGAL_REVIEW, "decide", _unless(_reviewed)),
    _rule(
        "collective-missing", law.COLLECTIVE, "decide",
        _unless(lambda file: not file.body.is_major or file.body.collective_on is not None),
    ),
    _rule("recusal-pending", law.RECUSAL, "decide pass_review", _unless(_no_recusal)),
    _rule(
        "fast-track-item", law.FAST_TRACK, FAST,
        _unless(lambda file: file.record.category in file.policy.fast_track_items),
    ),
    _rule(
        "fast-track-admission", law.FAST_TRACK, FAST,
        _unless(lambda file: file.body.admitted_on is not None),
    ),
    _rule(
        "fast-track-minor", law.FAST_TRACK, FAST,
        _unless(lambda file: file.body.party_age in (None, AgeClass.ADULT)),
    ),
    _rule("fast-track-hearing", law.FAST_TRACK, FAST, _unless(_light)),
    _rule(
        "fast-track-review", law.FAST_TRACK, FAST,
        _unless(lambda file: not needs_legal_review(file)),
    ),
)  # fmt: skip

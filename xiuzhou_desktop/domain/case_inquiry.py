"""Acts from the lead to the end of the investigation, and the reviewer's answer."""

from datetime import datetime, timedelta

import msgspec

from . import case_forms as forms
from . import case_law as law
from .areas import scope_of
from .case_body import (
    CaseBody,
    CaseState,
    DocumentKind,
    IssuedDocument,
    Penalty,
    PenaltyKind,
    Procedure,
    Review,
    ReviewStage,
    Service,
    ServiceMethod,
    Verdict,
)
from .case_dates import due_of, end_of, local_day
from .case_master import CaseMaster
from .case_steps import case_of, changed, lawful, now_in, package
from .command import Refusal
from .envelope import Args, Kind, KindGroup, Priority, Record
from .fields import FEN_PER_YUAN
from .flag_forms import PenaliseSimple
from .flag_rules import SIMPLE_CITIZEN_FEN, SIMPLE_ORGANISATION_FEN
from .grants import home_scope
from .party import PartyBody, PartyType, age_class
from .two_officers import two_officers
from .workflow import Changes, Situation
from .writing import args_of, body_of, fact_of, target_of, with_columns

S = CaseState


def is_sound_lead(s: Situation[Args]) -> Refusal | None:
    """A known violation that has happened already."""
    args = args_of(s, forms.RegisterLead)
    if args.category not in s.policy.categories:
        return Refusal(slug="unknown-category", facts={"category": args.category})
    if args.occurred_on is not None and args.occurred_on > local_day(s.now):
        return Refusal(slug="date-in-future", facts={"date": args.occurred_on.isoformat()})
    return None


def register_lead(s: Situation[Args]) -> Changes:
    """A lead by hand."""
    args = args_of(s, forms.RegisterLead)
    body = CaseBody(
        master=s.policy.master_of(args.category), basis=s.policy.category(args.category).base,
        facts=args.facts, occurred_on=args.occurred_on or local_day(s.now),
    )  # fmt: skip
    return Changes(target=_new(s, args, (S.LEAD, body)))


def file_lead(s: Situation[Args]) -> Changes:
    """立案: the 90 days start."""
    args, body = args_of(s, forms.FileLead), case_of(s)
    officers = tuple(one for one in (s.actor.officer, args.second_officer) if one is not None)
    decide_by = end_of(local_day(s.now) + _days(s))
    record = now_in(
        s, S.FILED, officers=officers, basis=args.basis or body.basis, filed_at=s.now,
        decide_by=decide_by,
    )  # fmt: skip
    record = with_columns(record, assignee=s.actor.user)
    is_provincial = body.master is CaseMaster.PROVINCIAL
    return Changes(target=record, effects=(package(record, "file"),) if is_provincial else ())


def is_simple_enough(s: Situation[Args]) -> Refusal | None:
    """简易程序: known violation, fine within 51, two officers."""
    args = args_of(s, forms.RecordOnTheSpot)
    if args.category not in s.policy.categories:
        return Refusal(slug="unknown-category", facts={"category": args.category})
    limit = SIMPLE_ORGANISATION_FEN if args.is_organisation else SIMPLE_CITIZEN_FEN
    if args.fine_fen > limit:
        return Refusal(
            slug="over-simple-limit", facts={"limit_yuan": limit // FEN_PER_YUAN},
            article=law.SIMPLE,
        )  # fmt: skip
    return two_officers(s)


def record_on_the_spot(s: Situation[Args]) -> Changes:
    """Decided and served on the spot; what is left is payment and the file."""
    args = args_of(s, forms.RecordOnTheSpot)
    return Changes(target=_new(s, args, (S.SERVED, penalised_on_the_spot(s, args, args.category))))


def penalised_on_the_spot(
    s: Situation[Args], args: forms.RecordOnTheSpot | PenaliseSimple, category: str | None
) -> CaseBody:
    """The case of a decision that was handed over at once (52)."""
    today = local_day(s.now)
    officers = tuple(one for one in (s.actor.officer, args.second_officer) if one is not None)
    kind = PenaltyKind.FINE if args.fine_fen else PenaltyKind.WARNING
    party = PartyType.ORGANISATION if args.is_organisation else PartyType.CITIZEN
    number = IssuedDocument(kind=DocumentKind.ON_THE_SPOT, number=args.document_no, dated=today)
    return CaseBody(
        master=CaseMaster.LOCAL, procedure=Procedure.SIMPLE, officers=officers,
        basis=s.policy.category(category).base, facts=args.facts, occurred_on=today,
        party_name=args.party_name, party_type=party, filed_at=s.now, decided_on=today,
        penalty=Penalty(kind=kind, fine_fen=args.fine_fen), decision_no=args.document_no,
        documents=(number,),
        service=Service(method=ServiceMethod.IN_PERSON, served_on=today),
    )  # fmt: skip


def investigate(s: Situation[Args]) -> Changes:
    """调查取证."""
    return Changes(target=now_in(s, S.INVESTIGATING))


def is_party(s: Situation[Args]) -> Refusal | None:
    """A party that is on record."""
    return Refusal(slug="gone") if fact_of(s, "party") is None else None


def name_party(s: Situation[Args]) -> Changes:
    """The party's particulars as they are today go into the file."""
    party = fact_of(s, "party")
    assert party is not None  # the guard asked
    body = with_party(case_of(s), party, s.now)
    record = with_columns(target_of(s), body=body)
    return Changes(target=with_columns(record, subject_key=record.subject_key or party.subject_key))


def with_party(body: CaseBody, party: Record, now: datetime) -> CaseBody:
    """The case against that party; its age is that of the day of the act (30)."""
    who = body_of(party, PartyBody)
    return msgspec.structs.replace(
        body, party=party.id, party_name=who.name, party_type=who.type,
        party_masked_id=who.masked_id, party_uscc=who.uscc,
        party_age=age_class(who.born_on, body.occurred_on or local_day(now)),
    )  # fmt: skip


def is_penalty(s: Situation[Args]) -> Refusal | None:
    """A fine has an amount, and no other kind of penalty alone has one."""
    args = args_of(s, forms.Establish)
    return fine_refusal(args.kind, args.fine_fen)


def fine_refusal(kind: PenaltyKind, fine_fen: int) -> Refusal | None:
    """What is wrong with an amount for that kind of penalty."""
    if kind is PenaltyKind.FINE and fine_fen == 0:
        return Refusal(slug="fine-without-amount")
    if kind is PenaltyKind.WARNING and fine_fen > 0:
        return Refusal(slug="warning-with-amount")
    return None


def establish(s: Situation[Args]) -> Changes:
    """Facts, basis and the penalty proposed."""
    args = args_of(s, forms.Establish)
    proposed = Penalty(kind=args.kind, fine_fen=args.fine_fen, text=args.penalty_text)
    record = changed(
        s, facts=args.facts, basis=args.basis, proposed=proposed, is_major=args.is_major,
        harms_persons=args.harms_persons,
    )  # fmt: skip
    return Changes(target=record)


def admit(s: Situation[Args]) -> Changes:
    """认错认罚 signed."""
    return Changes(target=changed(s, admitted_on=args_of(s, forms.Admit).signed_on))


def withdraw_admission(s: Situation[Args]) -> Changes:
    """The party takes it back: the ordinary procedure goes on."""
    return Changes(target=changed(s, admitted_on=None, procedure=Procedure.ORDINARY))


def go_fast(s: Situation[Args]) -> Changes:
    """简案快办."""
    return Changes(target=changed(s, procedure=Procedure.FAST_TRACK))


def assign_officers(s: Situation[Args]) -> Changes:
    """Others take it over."""
    args = args_of(s, forms.AssignOfficers)
    return Changes(target=changed(s, officers=(args.first_officer, args.second_officer)))


def finish_investigation(s: Situation[Args]) -> Changes:
    """调查终结."""
    return Changes(target=now_in(s, S.INVESTIGATION_DONE, return_reason=None))


def reopen_investigation(s: Situation[Args]) -> Changes:
    """Once more: what was notified falls, and is notified anew."""
    record = now_in(
        s, S.INVESTIGATING, notified=None, notice_on=None, hearing_told=False, received_on=None,
        statement_until=None, statement=None, waived_on=None, hearing=None, collective_on=None,
    )  # fmt: skip
    return Changes(target=record, reason=args_of(s, forms.GiveReason).reason)


def submit_review(s: Situation[Args]) -> Changes:
    """To the reviewer: about the notice before it, about the decision after it."""
    came_from = CaseState(target_of(s).state)
    is_notice = came_from is S.INVESTIGATION_DONE
    stage = ReviewStage.NOTICE if is_notice else ReviewStage.DECISION
    return Changes(
        target=now_in(
            s, S.LEGAL_REVIEW, resumes=came_from, review_stage=stage, return_reason=None
        )  # fmt: skip
    )


def may_review(s: Situation[Args]) -> Refusal | None:
    """Not by who investigated (58, local rule), not while a recusal is open."""
    if s.actor.officer is not None and s.actor.officer in case_of(s).officers:
        return Refusal(slug="reviewer-investigated", article=law.LEGAL_REVIEW)
    return lawful(s)


def pass_review(s: Situation[Args]) -> Changes:
    """审核通过并签名: the case is back where it was, with the signature."""
    body, opinion = case_of(s), args_of(s, forms.PassReview).opinion
    reviews = (*body.reviews, _review(s, Verdict.PASSED, opinion))
    record = now_in(s, body.resumes or S.INVESTIGATION_DONE, reviews=reviews)
    return Changes(target=record, reason=opinion or None)


def return_review(s: Situation[Args]) -> Changes:
    """退回: a notice goes back to the investigation, a decision to where it came from."""
    body, reason = case_of(s), args_of(s, forms.ReturnReview).reason
    is_notice = body.review_stage is ReviewStage.NOTICE
    state = S.INVESTIGATING if is_notice else body.resumes or S.STATEMENT_WINDOW
    reviews = (*body.reviews, _review(s, Verdict.RETURNED, reason))
    return Changes(target=now_in(s, state, reviews=reviews, return_reason=reason), reason=reason)


def _review(s: Situation[Args], verdict: Verdict, opinion: str) -> Review:
    return Review(
        stage=case_of(s).review_stage or ReviewStage.NOTICE, by=s.actor.user,
        by_name=s.actor.name, at=s.now, verdict=verdict, opinion=opinion,
    )  # fmt: skip


def _days(s: Situation[Args]) -> timedelta:
    return timedelta(days=s.policy.case_days)


def _new(
    s: Situation[Args],
    args: forms.RegisterLead | forms.RecordOnTheSpot,
    what: tuple[CaseState, CaseBody],
) -> Record:
    state, body = what
    scope = scope_of(args.area) if args.area else home_scope(s.actor.grants, KindGroup.CASE)
    record = Record(
        kind=Kind.CASE, id=s.command.record, scope=scope, state=state.value,
        category=args.category, area=args.area, priority=Priority.MEDIUM, opened_at=s.now,
        title=args.title, assignee=s.actor.user, source="hand", body=body,
    )  # fmt: skip
    return with_columns(record, due_at=due_of(record, s.policy, s.calendar))

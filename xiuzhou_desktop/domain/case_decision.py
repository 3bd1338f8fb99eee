"""Acts from the notice to the payment: what a form says is judged here, what the file lacks in
`case_rules.py`.
"""

from datetime import date, timedelta

from . import case_forms as forms
from . import case_law as law
from .case_body import (
    CaseState,
    DocumentKind,
    Hearing,
    Penalty,
    Service,
    ServiceMethod,
    Statement,
)
from .case_dates import end_of, local_day
from .case_inquiry import fine_refusal
from .case_rules import is_hearing_grade
from .case_steps import case_of, changed, issued, lawful, now_in, stepped
from .command import Refusal
from .envelope import Args
from .money import yuan
from .workflow import Changes, Situation
from .writing import args_of, fact_of

S = CaseState


def not_future(s: Situation[Args], day: date) -> Refusal | None:
    """A document or an act dated after today."""
    if day > local_day(s.now):
        return Refusal(slug="date-in-future", facts={"date": day.isoformat()})
    return None


def before(day: date, earlier: date | None, slug: str, article: str) -> Refusal | None:
    """An act dated before the one that it rests on."""
    if earlier is not None and day < earlier:
        facts = {"date": day.isoformat(), "earlier": earlier.isoformat()}
        return Refusal(slug=slug, facts=facts, article=article)
    return None


def may_send_notice(s: Situation[Args]) -> Refusal | None:
    """Where a hearing may be asked for, the notice says so (63)."""
    args, body = args_of(s, forms.SendNotice), case_of(s)
    refusal = lawful(s) or not_future(s, args.dated)
    if refusal is not None:
        return refusal
    if is_hearing_grade(body.proposed, body.party_type, s.policy) and not args.hearing_told:
        return Refusal(slug="hearing-not-told", article=law.HEARING)
    return None


def send_notice(s: Situation[Args]) -> Changes:
    """行政处罚事先告知书."""
    args, body = args_of(s, forms.SendNotice), case_of(s)
    return stepped(
        s, S.NOTICE_SENT, notified=body.proposed, notice_on=args.dated,
        hearing_told=args.hearing_told, documents=issued(s, DocumentKind.NOTICE, args.dated),
    )  # fmt: skip


def may_receive(s: Situation[Args]) -> Refusal | None:
    """Not before the notice's own date, nor tomorrow."""
    day = args_of(s, forms.NoticeReceived).received_on
    return not_future(s, day) or before(
        day, case_of(s).notice_on, "received-before-notice", law.NOTICE
    )


def notice_received(s: Situation[Args]) -> Changes:
    """The time for a statement runs."""
    day = args_of(s, forms.NoticeReceived).received_on
    last = s.calendar.add_workdays(day, s.policy.statement_workdays)
    return Changes(
        target=now_in(s, S.STATEMENT_WINDOW, received_on=day, statement_until=end_of(last))
    )


def make_statement(s: Situation[Args]) -> Changes:
    """陈述、申辩."""
    args = args_of(s, forms.MakeStatement)
    statement = Statement(text=args.text, made_on=args.made_on)
    return Changes(target=changed(s, statement=statement, waived_on=None))


def may_answer(s: Situation[Args]) -> Refusal | None:
    """Nothing to answer where nothing was said."""
    return None if case_of(s).statement is not None else Refusal(slug="no-statement")


def answer_statement(s: Situation[Args]) -> Changes:
    """复核 of what the party said."""
    args, said = args_of(s, forms.AnswerStatement), case_of(s).statement
    assert said is not None  # the guard asked
    answered = Statement(
        text=said.text, made_on=said.made_on, is_accepted=args.is_accepted, answer=args.answer
    )
    return Changes(target=changed(s, statement=answered))


def waive_statement(s: Situation[Args]) -> Changes:
    """Given up in writing: the decision need not wait."""
    return Changes(target=changed(s, waived_on=args_of(s, forms.WaiveStatement).signed_on))


def may_request_hearing(s: Situation[Args]) -> Refusal | None:
    """Only where 63 gives the right, and within five working days (64)."""
    body, day = case_of(s), args_of(s, forms.RequestHearing).requested_on
    if not is_hearing_grade(body.notified, body.party_type, s.policy):
        return Refusal(slug="no-hearing-right", article=law.HEARING)
    start = body.received_on or local_day(s.now)
    last = s.calendar.add_workdays(start, s.policy.hearing_request_workdays)
    if day > last:
        return Refusal(
            slug="hearing-too-late", facts={"until": last.isoformat()}, article=law.HEARING_TIMES
        )
    return not_future(s, day)


def request_hearing(s: Situation[Args]) -> Changes:
    """要求听证."""
    day = args_of(s, forms.RequestHearing).requested_on
    return Changes(target=now_in(s, S.HEARING, hearing=Hearing(requested_on=day)))


def may_set_hearing(s: Situation[Args]) -> Refusal | None:
    """The chair did not investigate (64(四))."""
    chair = args_of(s, forms.SetHearing).chair
    if fact_of(s, "chair") is None:
        return Refusal(slug="gone")
    if chair in case_of(s).officers:
        return Refusal(slug="chair-investigated", article=law.HEARING_TIMES)
    return None


def set_hearing(s: Situation[Args]) -> Changes:
    """Time and place were told."""
    args, asked = args_of(s, forms.SetHearing), case_of(s).hearing
    assert asked is not None  # every row into HEARING sets it
    hearing = Hearing(requested_on=asked.requested_on, told_on=args.told_on, chair=args.chair)
    return Changes(target=changed(s, hearing=hearing))


def may_hold_hearing(s: Situation[Args]) -> Refusal | None:
    """Seven working days after it was told (64)."""
    args, hearing = args_of(s, forms.HoldHearing), case_of(s).hearing
    if hearing is None or hearing.told_on is None:
        return Refusal(slug="hearing-not-set", article=law.HEARING_TIMES)
    first = s.calendar.add_workdays(hearing.told_on, s.policy.hearing_notice_workdays)
    return not_future(s, args.held_on) or before(
        args.held_on, first, "hearing-too-soon", law.HEARING_TIMES
    )


def hold_hearing(s: Situation[Args]) -> Changes:
    """The record of the hearing."""
    args, told = args_of(s, forms.HoldHearing), case_of(s).hearing
    assert told is not None  # the guard asked
    hearing = Hearing(
        requested_on=told.requested_on, told_on=told.told_on, chair=told.chair,
        held_on=args.held_on, record=args.record,
    )  # fmt: skip
    return Changes(target=changed(s, hearing=hearing))


def discuss(s: Situation[Args]) -> Changes:
    """负责人集体讨论."""
    args = args_of(s, forms.Discuss)
    record = now_in(s, S.COLLECTIVE, collective_on=args.discussed_on)
    return Changes(target=record, reason=args.conclusion)


def may_decide(s: Situation[Args]) -> Refusal | None:
    """The date, the amount, the seal and the ways of remedy of the decision itself."""
    args, body = args_of(s, forms.Decide), case_of(s)
    return (
        lawful(s)
        or not_future(s, args.dated)
        or before(args.dated, body.notice_on, "decision-before-notice", law.NOTICE)
        or fine_refusal(args.kind, args.fine_fen)
        or _not_heavier(s, args)
        or _complete(args)
    )


def _not_heavier(s: Situation[Args], args: forms.Decide) -> Refusal | None:
    told = case_of(s).notified
    if told is None or args.fine_fen <= told.fine_fen:
        return None
    before_it, now = yuan(told.fine_fen), yuan(args.fine_fen)
    if case_of(s).statement is not None or case_of(s).hearing is not None:
        return Refusal(
            slug="heavier-after-statement", facts={"told_yuan": before_it, "fine_yuan": now},
            article=law.NOT_HEAVIER,
        )  # fmt: skip
    return Refusal(
        slug="more-than-notified", facts={"told_yuan": before_it, "fine_yuan": now},
        article=law.NOTICE,
    )  # fmt: skip


def _complete(args: forms.Decide) -> Refusal | None:
    if not args.is_sealed:
        return Refusal(slug="no-seal", article=law.DOCUMENT)
    if not args.names_remedies:
        return Refusal(slug="no-remedies-named", article=law.REMEDIES)
    return None


def decide(s: Situation[Args]) -> Changes:
    """行政处罚决定书."""
    args = args_of(s, forms.Decide)
    documents = issued(s, DocumentKind.DECISION, args.dated)
    penalty = Penalty(kind=args.kind, fine_fen=args.fine_fen, text=args.penalty_text)
    return stepped(
        s, S.DECIDED, penalty=penalty, decided_on=args.dated, documents=documents,
        decision_no=documents[-1].number,
    )  # fmt: skip


def may_serve(s: Situation[Args]) -> Refusal | None:
    """After the decision; electronically only with signed consent (61)."""
    args = args_of(s, forms.Serve)
    refusal = (
        lawful(s)
        or not_future(s, args.served_on)
        or before(args.served_on, case_of(s).decided_on, "served-before-decision", law.SERVICE)
    )
    if refusal is None and args.method is ServiceMethod.ELECTRONIC and args.consented_on is None:
        return Refusal(slug="no-consent", article=law.SERVICE)
    return refusal


def serve(s: Situation[Args]) -> Changes:
    """送达: 15 days to pay."""
    args = args_of(s, forms.Serve)
    service = Service(method=args.method, served_on=args.served_on, receipt=args.receipt or "")
    pay_by = args.served_on + timedelta(days=s.policy.payment_days)
    return stepped(s, S.SERVED, service=service, pay_by=pay_by)


def may_record_payment(s: Situation[Args]) -> Refusal | None:
    """Something is owed, and no more than that."""
    args, body = args_of(s, forms.RecordPayment), case_of(s)
    owed = body.penalty.fine_fen - body.paid_fen if body.penalty else 0
    refusal = lawful(s) or not_future(s, args.paid_on)
    if refusal is not None:
        return refusal
    if args.amount_fen == 0 or args.amount_fen > owed + surcharge_fen(s, args.paid_on):
        return Refusal(
            slug="payment-not-owed", facts={"owed_yuan": yuan(owed)}, article=law.PAYMENT
        )
    return None


def surcharge_fen(s: Situation[Args], day: date) -> int:
    """3 % of the fine a day after the limit, never more than the fine, none during a remedy (72,
    73).
    """
    body = case_of(s)
    if body.penalty is None or body.pay_by is None or body.remedy is not None:
        return 0
    days = max((day - body.pay_by).days, 0)
    return min(body.penalty.fine_fen * 3 * days // 100, body.penalty.fine_fen)


def record_payment(s: Situation[Args]) -> Changes:
    """Whole or in part."""
    args, body = args_of(s, forms.RecordPayment), case_of(s)
    paid = body.paid_fen + args.amount_fen
    is_paid = body.penalty is not None and paid >= body.penalty.fine_fen
    state = S.PAID if is_paid else S.SERVED
    return stepped(s, state, paid_fen=paid, paid_on=args.paid_on)


def urge(s: Situation[Args]) -> Changes:
    """催告."""
    return Changes(target=changed(s, urged_on=args_of(s, forms.Urge).urged_on))


def may_enforce(s: Situation[Args]) -> Refusal | None:
    """Ten working days after the reminder (行政强制法 54)."""
    args, urged = args_of(s, forms.Enforce), case_of(s).urged_on
    if urged is None:
        return Refusal(slug="not-urged", article=law.ENFORCEMENT)
    first = s.calendar.add_workdays(urged, s.policy.urge_workdays)
    return before(args.enforced_on, first, "enforced-too-soon", law.ENFORCEMENT)


def enforce(s: Situation[Args]) -> Changes:
    """The court carried it out."""
    args = args_of(s, forms.Enforce)
    return Changes(target=now_in(s, S.ENFORCED), reason=args.court_no)

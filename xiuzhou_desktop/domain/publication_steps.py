"""What acts on a publication ask and write."""

from datetime import UTC, date, datetime, time

from .case_body import CaseBody, CaseState, Procedure
from .case_dates import end_of, local_day
from .case_table import AFTER_DECISION
from .command import Refusal
from .envelope import Args, Kind, Priority, Record
from .ids import RecordId
from .publication_body import (
    PublicationBody,
    PublicationState,
    ground_of,
    hidden_in,
    leaks_in,
    public_notice,
    source_digest,
)
from .publication_forms import (
    AlarmPublication,
    Exempt,
    Listed,
    MaskNotice,
    NotListed,
    Owe,
    Retract,
    Return,
)
from .workcalendar import LOCAL
from .workflow import Actor, Changes, Fact, FactKey, Situation
from .writing import args_of, body_of, fact_of, target_of, with_body, with_columns

S = PublicationState
PUBLISHING_DUTY = "浙江省行政处罚结果信息网上公开暂行办法; 国办发〔2018〕118号"
SECOND_PERSON = "国办发〔2018〕118号"
DECIDED = AFTER_DECISION | {CaseState.CLOSED}


def _case_id(target: Record | None, args: Args, _actor: Actor) -> str | None:
    if isinstance(args, Owe):
        return args.case
    return body_of(target, PublicationBody).case if target else None


CASE = {"case": Fact(kind=Kind.CASE, by=FactKey.ID, key=_case_id, closed=True)}


def is_owed(case: Record) -> bool:
    """Whether this case's decision belongs on the portal: the results of the simple procedure are
    not published.
    """
    body = body_of(case, CaseBody)
    has_decision = body.decision_no is not None and body.decided_on is not None
    return case.state in DECIDED and has_decision and body.procedure is not Procedure.SIMPLE


def may_owe(s: Situation[Args]) -> Refusal | None:
    """A decision that stands."""
    case = fact_of(s, "case")
    if case is None:
        return Refusal(slug="gone")
    return None if is_owed(case) else Refusal(slug="not-decided")


def owe(s: Situation[Args]) -> Changes:
    """The ledger learns of a decision: seven working days, counted from its date."""
    case = _case(s)
    body = body_of(case, CaseBody)
    decided = body.decided_on or local_day(s.now)
    due = end_of(s.calendar.add_workdays(decided, s.policy.publish_workdays))
    ground = ground_of(body)
    record = Record(
        kind=Kind.PUBLICATION, id=s.command.record, scope=case.scope, area=case.area,
        category=case.category, parent_id=case.id, subject_key=case.subject_key,
        state=(S.EXEMPT if ground else S.DUE).value, priority=Priority.MEDIUM,
        opened_at=_start_of(decided), due_at=None if ground else due,
        closed_at=s.now if ground else None, title=public_notice(body).party,
        body=PublicationBody(
            case=RecordId(case.id), decision_no=body.decision_no or "", decided_on=decided,
            publish_by=due, master=body.master, procedure=body.procedure, ground=ground,
        ),
    )  # fmt: skip
    return Changes(target=record, reason=ground.value if ground else None)


def may_mask(s: Situation[Args]) -> Refusal | None:
    """The words are still those that were shown, and nothing personal is left in the notice."""
    args, case = args_of(s, MaskNotice), fact_of(s, "case")
    if case is None:
        return Refusal(slug="gone")
    body = body_of(case, CaseBody)
    if not is_owed(case):
        return Refusal(slug="not-decided")
    if source_digest(body) != args.source:
        return Refusal(slug="source-changed")
    return _leaking(body, args.by_hand)


def mask(s: Situation[Args]) -> Changes:
    """The first person's signature under the masked notice."""
    args, body = args_of(s, MaskNotice), body_of(_case(s), CaseBody)
    notice = public_notice(body, args.by_hand)
    record = with_columns(_now_in(s, S.MASKED), title=notice.party)
    record = with_body(
        record, by_hand=args.by_hand, notice=notice, source=args.source, masked_at=s.now,
        masked_by=s.actor.user, masked_by_name=s.actor.name, return_reason=None,
    )  # fmt: skip
    return Changes(target=record)


def may_confirm(s: Situation[Args]) -> Refusal | None:
    """Another person, over words that have not changed since, with nothing personal in them."""
    own, case = body_of(target_of(s), PublicationBody), fact_of(s, "case")
    if own.masked_by == s.actor.user:
        return Refusal(
            slug="second-person", facts={"name": s.actor.name}, article=SECOND_PERSON
        )  # fmt: skip
    if case is None or not is_owed(case):
        return Refusal(slug="not-decided")
    body = body_of(case, CaseBody)
    if own.source != source_digest(body):
        return Refusal(slug="source-changed")
    return _leaking(body, own.by_hand)


def confirm(s: Situation[Args]) -> Changes:
    """It may go out; the ledger hands it over."""
    record = with_body(
        _now_in(s, S.CONFIRMED), confirmed_by=s.actor.user, confirmed_by_name=s.actor.name,
        confirmed_at=s.now, cause=None, detail=None,
    )  # fmt: skip
    return Changes(target=record)


def return_(s: Situation[Args]) -> Changes:
    """To be masked anew."""
    reason = args_of(s, Return).reason
    record = with_body(
        _now_in(s, S.DUE), return_reason=reason, notice=None, source=None, masked_by=None,
        masked_by_name=None, masked_at=None,
    )  # fmt: skip
    return Changes(target=record, reason=reason)


def may_send_again(s: Situation[Args]) -> Refusal | None:
    """Only what two people signed goes out again."""
    confirmed = body_of(target_of(s), PublicationBody).confirmed_at
    return None if confirmed is not None else Refusal(slug="not-confirmed", article=SECOND_PERSON)


def send_again(s: Situation[Args]) -> Changes:
    """Once more, under the same signatures."""
    record = with_body(_now_in(s, S.CONFIRMED), confirmed_at=s.now, cause=None, detail=None)
    return Changes(target=record)


def list_(s: Situation[Args]) -> Changes:
    """The portal shows it, late or twice as it may be."""
    args = args_of(s, Listed)
    record = with_columns(_now_in(s, S.PUBLISHED), closed_at=s.now, due_at=None)
    record = with_body(
        record, listed=args.count, listed_at=args.at, receipt=args.receipt, cause=None, detail=None
    )
    return Changes(target=record)


def count_again(s: Situation[Args]) -> Changes:
    """The portal lists it more than once, or once again."""
    args = args_of(s, Listed)
    return Changes(target=with_body(target_of(s), listed=args.count, receipt=args.receipt))


def fail(s: Situation[Args]) -> Changes:
    """Handed over, and not there."""
    args = args_of(s, NotListed)
    record = with_body(_now_in(s, S.FAILED), cause=args.cause, detail=args.detail)
    return Changes(target=record, reason=args.cause.value)


def miss(s: Situation[Args]) -> Changes:
    """It was on the portal, and no longer is: due again at once."""
    record = with_columns(_now_in(s, S.MISSING), closed_at=None, due_at=s.now)
    return Changes(target=with_body(record, listed=0))


def exempt(s: Situation[Args]) -> Changes:
    """Kept from the public, with the ground."""
    args = args_of(s, Exempt)
    record = with_columns(_now_in(s, S.EXEMPT), closed_at=s.now, due_at=None)
    return Changes(target=with_body(record, ground=args.ground, notice=None), reason=args.reason)


def retract(s: Situation[Args]) -> Changes:
    """撤回: three working days, with a public reason (APL 48). What was never out is done at
    once.
    """
    reason = args_of(s, Retract).public_reason
    due = end_of(s.calendar.add_workdays(local_day(s.now), s.policy.retract_workdays))
    if target_of(s).state in (S.DUE, S.MASKED, S.EXEMPT):
        record = with_columns(_now_in(s, S.RETRACTED), closed_at=s.now, due_at=None)
        return Changes(target=with_body(record, public_reason=reason), reason=reason)
    record = with_columns(_now_in(s, S.RETRACTING), closed_at=None, due_at=due)
    return Changes(target=with_body(record, public_reason=reason, retract_by=due), reason=reason)


def unlist(s: Situation[Args]) -> Changes:
    """The portal shows it no longer."""
    record = with_columns(_now_in(s, S.RETRACTED), closed_at=s.now, due_at=None)
    return Changes(target=with_body(record, listed=0, retracted_at=s.now))


def annotate(s: Situation[Args]) -> Changes:
    """The note travels in the command's `fields`."""
    return Changes(target=target_of(s))


def alarm(s: Situation[Args]) -> Changes:
    """A limit has passed: said once."""
    name = args_of(s, AlarmPublication).name
    return Changes(target=with_body(target_of(s), alarmed_at=s.now), reason=name)


def _leaking(body: CaseBody, by_hand: tuple[str, ...]) -> Refusal | None:
    found = leaks_in(public_notice(body, by_hand), hidden_in(body, by_hand))
    if not found:
        return None
    return Refusal(
        slug="personal-data-left", facts={"rules": [rule.value for rule in found]},
        article=PUBLISHING_DUTY,
    )  # fmt: skip


def _now_in(s: Situation[Args], state: PublicationState) -> Record:
    return with_columns(target_of(s), state=state.value)


def _case(s: Situation[Args]) -> Record:
    case = fact_of(s, "case")
    assert case is not None  # the guard asked
    return case


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL).astimezone(UTC)

"""What each transition of an order asks and writes (the table is in `order.py`)."""

from datetime import datetime, timedelta

from . import order_body as forms
from .areas import scope_of
from .canonical import format_instant
from .command import Refusal
from .envelope import Args, Kind, KindGroup, Record
from .flag_rules import UNKNOWN, place_of
from .grants import home_scope
from .keeping import due_after_end, kept
from .order_body import OrderBody, OrderState, SourceLevel
from .policy import Policy
from .workcalendar import LOCAL, WorkCalendar
from .workflow import Actor, Changes, Fact, FactKey, Situation
from .writing import args_of, body_of, fact_of, target_of, with_body, with_columns

S = OrderState
SUPERIORS = frozenset(
    {SourceLevel.PROVINCE, SourceLevel.CITY, SourceLevel.DISTRICT, SourceLevel.HOTLINE}
)


def _parent(_target: Record | None, args: Args, _actor: Actor) -> str | None:
    return args.parent if isinstance(args, forms.Merge) else None


PARENT = Fact(kind=Kind.ORDER, by=FactKey.ID, key=_parent, closed=True)


def is_sound_report(s: Situation[Args]) -> Refusal | None:
    """A known category, not from the future; a superior's order says whose."""
    args = args_of(s, forms.ReportOrder)
    if args.category not in s.policy.categories:
        return Refusal(slug="unknown-category", facts={"category": args.category})
    at = args.reported_at
    if at is not None and at > s.now + timedelta(minutes=s.policy.future_tolerance_min):
        return Refusal(slug="from-future", facts={"at": format_instant(at)})
    return None


def report(s: Situation[Args]) -> Changes:
    """A report, by whatever channel."""
    args = args_of(s, forms.ReportOrder)
    at = args.reported_at or s.now
    priority = args.priority or s.policy.category(args.category).priority
    scope = scope_of(args.area) if args.area else home_scope(s.actor.grants, KindGroup.DISPATCH)
    within = s.policy.judge_within_min.get(str(priority), 60)
    body = OrderBody(
        source_level=args.source_level, channel=args.channel, ordered_by=args.ordered_by,
        needs_reply=args.source_level in SUPERIORS or args.ordered_by is not None,
        description=args.description, address=args.address, still=args.still,
        reporter_masked=args.reporter_masked, reported_by=s.actor.name,
    )  # fmt: skip
    record = Record(
        kind=Kind.ORDER, id=s.command.record, scope=args.scope or scope, state=S.REPORTED.value,
        category=args.category, area=args.area, place=place_of(args.lon_e7, args.lat_e7),
        priority=priority, opened_at=at, due_at=at + timedelta(minutes=within),
        title=args.address, source=args.source or "hand", external_id=args.external_id, body=body,
    )  # fmt: skip
    return Changes(target=record)


def _now_in(s: Situation[Args], state: OrderState, **body: object) -> Record:
    record = with_columns(target_of(s), state=state.value)
    return with_body(record, snoozed_until=None, **body)


def _ended_in(s: Situation[Args], state: OrderState, **body: object) -> Record:
    return with_columns(_now_in(s, state, **body), closed_at=s.now)


def verify(s: Situation[Args]) -> Changes:
    """核实: it is so."""
    return Changes(target=_now_in(s, S.VERIFIED))


def reject(s: Situation[Args]) -> Changes:
    """Not followed, with the reason."""
    args = args_of(s, forms.Reject)
    target = _ended_in(s, S.REJECTED, reject_reason=args.reason)
    return Changes(target=target, reason=args.note or args.reason.value)


def may_merge(s: Situation[Args]) -> Refusal | None:
    """Into another order that is still followed, of the same category."""
    parent = fact_of(s, "parent")
    if parent is None or parent.id == target_of(s).id:
        return Refusal(slug="no-parent", facts={"parent": args_of(s, forms.Merge).parent})
    if parent.state in (S.REJECTED, S.MERGED):
        return Refusal(slug="parent-settled", facts={"state": parent.state, "kind": "order"})
    if parent.category != target_of(s).category:
        return Refusal(slug="other-category")
    return None


def merge(s: Situation[Args]) -> Changes:
    """Goes on in the parent; the nearer deadline and the duty to reply go with it."""
    parent = fact_of(s, "parent")
    assert parent is not None  # the guard asked
    own = target_of(s)
    target = with_columns(_ended_in(s, S.MERGED, merged_into=parent.id), parent_id=parent.id)
    due = min((at for at in (own.due_at, parent.due_at) if at is not None), default=None)
    replies = body_of(own, OrderBody).needs_reply or body_of(parent, OrderBody).needs_reply
    taken = with_body(with_columns(parent, due_at=due), needs_reply=replies)
    return Changes(target=target, others=() if taken == parent else (taken,))


def file_order(s: Situation[Args]) -> Changes:
    """立案."""
    return Changes(target=_now_in(s, S.FILED, filed_at=s.now))


def dispatch(s: Situation[Args]) -> Changes:
    """派遣: the category's limit starts, counted in its own unit."""
    args = args_of(s, forms.Dispatch)
    limit = s.policy.category(target_of(s).category).limit
    due = s.calendar.due_at(s.now, limit)
    body = body_of(target_of(s), OrderBody)
    target = _now_in(
        s, S.DISPATCHED, unit=args.unit, dispatched_at=s.now, is_estimated=due.is_estimated,
        first_due_at=body.first_due_at or due.at,
    )  # fmt: skip
    return Changes(target=with_columns(target, due_at=due.at, assignee=args.unit))


def accept(s: Situation[Args]) -> Changes:
    """The unit takes it."""
    return Changes(target=_now_in(s, S.ACCEPTED, accepted_at=s.now))


def return_order(s: Situation[Args]) -> Changes:
    """退单: the desk dispatches anew."""
    reason = args_of(s, forms.ReturnOrder).reason
    returns = body_of(target_of(s), OrderBody).returns + 1
    target = _now_in(s, S.RETURNED, return_reason=reason, returns=returns)
    return Changes(target=target, reason=reason)


def start(s: Situation[Args]) -> Changes:
    """Somebody is at it."""
    return Changes(target=_now_in(s, S.IN_PROGRESS))


def has_photo(s: Situation[Args]) -> Refusal | None:
    """Without a picture nobody can check it."""
    return None if args_of(s, forms.Feedback).photos else Refusal(slug="photo-needed")


def give_feedback(s: Situation[Args]) -> Changes:
    """Done, says the unit."""
    args = args_of(s, forms.Feedback)
    photos = (*body_of(target_of(s), OrderBody).photos, *args.photos)
    return Changes(
        target=_now_in(s, S.FEEDBACK, photos=photos, feedback=args.text, feedback_at=s.now)
    )


def check(s: Situation[Args]) -> Changes:
    """核查: somebody looks whether it is so."""
    return Changes(target=_now_in(s, S.CHECKING))


def is_answered(s: Situation[Args]) -> Refusal | None:
    """Whoever ordered it has been told."""
    body = body_of(target_of(s), OrderBody)
    if body.needs_reply and not body.reply:
        return Refusal(slug="reply-needed", facts={"ordered_by": body.ordered_by or UNKNOWN})
    return None


def close(s: Situation[Args]) -> Changes:
    """结案."""
    return Changes(target=_ended_in(s, S.CLOSED))


def rework(s: Situation[Args]) -> Changes:
    """返工: the unit does it once more."""
    reason = args_of(s, forms.Rework).reason
    reworks = body_of(target_of(s), OrderBody).reworks + 1
    return Changes(
        target=_now_in(s, S.REWORK, reworks=reworks, rework_reason=reason), reason=reason
    )


def may_suspend(s: Situation[Args]) -> Refusal | None:
    """Until a day that is still to come."""
    if args_of(s, forms.Suspend).until <= s.now:
        return Refusal(slug="until-passed")
    return None


def suspend(s: Situation[Args]) -> Changes:
    """挂账."""
    args = args_of(s, forms.Suspend)
    target = _now_in(
        s, S.SUSPENDED, resumes=OrderState(target_of(s).state), suspended_at=s.now,
        suspended_until=args.until, side_reason=args.reason,
    )  # fmt: skip
    return Changes(target=target, reason=args.reason)


def resume(s: Situation[Args]) -> Changes:
    """Goes on where it stood; the limit moves by the time that it waited."""
    body, due = body_of(target_of(s), OrderBody), target_of(s).due_at
    waited = s.now - body.suspended_at if body.suspended_at else timedelta()
    target = _now_in(
        s, body.resumes or S.IN_PROGRESS, resumes=None, suspended_at=None, suspended_until=None
    )
    return Changes(target=with_columns(target, due_at=due + waited if due else None))


def may_extend(s: Situation[Args]) -> Refusal | None:
    """Once only."""
    if body_of(target_of(s), OrderBody).is_extended:
        return Refusal(slug="extended-already")
    return None


def extend(s: Situation[Args]) -> Changes:
    """延期, in working days after the limit that it had."""
    args = args_of(s, forms.Extend)
    due = target_of(s).due_at or s.now
    later = _workdays_later(s, due, args.workdays)
    target = _now_in(s, S.EXTENDED, is_extended=True, side_reason=args.reason)
    return Changes(target=with_columns(target, due_at=later), reason=args.reason)


def _workdays_later(s: Situation[Args], due: datetime, count: int) -> datetime:
    local = due.astimezone(LOCAL)
    day = s.calendar.add_workdays(local.date(), count)
    return datetime.combine(day, local.timetz()).astimezone(due.tzinfo)


def escalate(s: Situation[Args]) -> Changes:
    """督办."""
    reason = args_of(s, forms.Escalate).reason
    target = _now_in(s, S.ESCALATED, is_escalated=True, side_reason=reason)
    return Changes(target=with_columns(target, priority=1), reason=reason)


def reply(s: Situation[Args]) -> Changes:
    """Whoever ordered it is told."""
    text = args_of(s, forms.ReplyToSource).text
    return Changes(target=with_body(target_of(s), reply=text, replied_at=s.now))


def reopen(s: Situation[Args]) -> Changes:
    """Judged once more."""
    reason = args_of(s, forms.ReopenOrder).reason
    target = with_columns(_now_in(s, S.VERIFIED), closed_at=None, parent_id=None)
    target = with_body(target, reply=None, merged_into=None, disposed_at=None)
    return Changes(target=target, reason=reason)


def dispose_at(record: Record, policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    """When the time of its pictures is over; None where it has none."""
    body = body_of(record, OrderBody)
    return due_after_end(record, policy) if body.still or body.photos else None


def may_dispose(s: Situation[Args]) -> Refusal | None:
    """Not a day too early."""
    return kept(dispose_at(target_of(s), s.policy, s.calendar), s.now)


def dispose(s: Situation[Args]) -> Changes:
    """依期销毁."""
    return Changes(target=with_body(target_of(s), still=None, photos=(), disposed_at=s.now))


def may_snooze(s: Situation[Args]) -> Refusal | None:
    """Only by the steps that the district allows."""
    allowed = s.policy.snooze_min
    if args_of(s, forms.SnoozeOrder).minutes not in allowed:
        return Refusal(slug="bad-snooze", facts={"allowed": ", ".join(map(str, allowed))})
    return None


def snooze(s: Situation[Args]) -> Changes:
    """Out of sight for some minutes; its deadline runs on."""
    until = s.now + timedelta(minutes=args_of(s, forms.SnoozeOrder).minutes)
    return Changes(target=with_body(target_of(s), snoozed_until=until))


def annotate(s: Situation[Args]) -> Changes:
    """The note travels in the command's `fields`."""
    return Changes(target=target_of(s))


def alarm(s: Situation[Args]) -> Changes:
    """A limit has passed: said once, nothing else changes."""
    args = args_of(s, forms.AlarmOrder)
    return Changes(target=with_body(target_of(s), alarmed_at=s.now), reason=args.name)

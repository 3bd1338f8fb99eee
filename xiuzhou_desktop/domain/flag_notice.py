"""Level 1, 短信通知: confirming a flag, what the gateway answers, and the notice's way back."""

from datetime import datetime, timedelta

from .canonical import format_instant
from .command import Effect, EffectKind
from .envelope import Args, Priority, Record
from .flag_body import FlagState, OnsiteReason
from .flag_children import (
    dispatched,
    notice_for,
    order_for,
    touched_notice,
    touched_order,
    touched_task,
)
from .flag_forms import Confirm, NoticeDelivered, NoticeFailed, NoticeSent, Reply, VoidNotice
from .notice_body import NoticeFailure, NoticeState
from .policy import Policy
from .rectification_order import RectificationOrderBody, RectificationState, ServedBy
from .task import TaskState
from .workcalendar import minute_of_day, next_minute_of_day
from .workflow import Changes, Situation
from .writing import args_of, body_of, fact_of, target_of, with_body, with_columns

S = FlagState
FAILURES = {
    NoticeFailure.NO_CONTACT: OnsiteReason.NO_CONTACT,
    NoticeFailure.SMS_FAILED: OnsiteReason.SMS_FAILED,
    NoticeFailure.NO_RECEIPT: OnsiteReason.NO_RECEIPT,
}


def confirm(s: Situation[Args]) -> Changes:
    """It rests CONFIRMED while the backend finds whom to tell; needs no contact itself."""
    flag, reason = target_of(s), args_of(s, Confirm).reason
    held = held_until(flag, s.now, s.policy)
    receipt_by = (held or s.now) + timedelta(minutes=s.policy.receipt_within_min)
    notice, order = notice_for(s, flag, held), order_for(s, flag, 1)
    flag = with_columns(flag, state=S.CONFIRMED.value, due_at=receipt_by)
    flag = with_body(
        flag, confirmed_at=s.now, confirm_reason=reason, notice=notice.id, held_until=held,
        rectification_order=order.id, receipt_by=receipt_by, snoozed_until=None,
    )  # fmt: skip
    sms = _sms("notice", flag, notice, held)
    return Changes(target=flag, others=(notice, order), effects=(sms,), reason=reason)


def held_until(flag: Record, now: datetime, policy: Policy) -> datetime | None:
    """At night a notice waits for the morning unless urgent; then it goes out, and level 3 with
    it.
    """
    minute = minute_of_day(now)
    is_night = minute >= policy.night_from_min or minute < policy.night_to_min
    if not is_night or flag.priority == Priority.URGENT:
        return None
    return next_minute_of_day(now, policy.night_to_min)


def notice_sent(s: Situation[Args]) -> Changes:
    """The gateway took it: the minutes for its receipt run from now."""
    args, flag = args_of(s, NoticeSent), target_of(s)
    at = args.sent_at or s.now
    notice = touched_notice(s, "sent", NoticeState.SENT, sent_at=at, provider_id=args.provider_id)
    if flag.state == S.CONFIRMED:
        receipt_by = at + timedelta(minutes=s.policy.receipt_within_min)
        flag = with_body(with_columns(flag, due_at=receipt_by), receipt_by=receipt_by)
    return Changes(target=flag, others=notice)


def notice_delivered(s: Situation[Args]) -> Changes:
    """The limit to correct counts from delivery; a repeat offender gets a patrol at once."""
    flag = target_of(s)
    at = args_of(s, NoticeDelivered).delivered_at or s.now
    correct_by = at + timedelta(minutes=s.policy.minutes_to_correct(flag.category))
    others = _delivered(s, at, correct_by)
    if flag.state != S.CONFIRMED:
        return Changes(target=flag, others=others)
    flag = with_body(flag, correct_by=correct_by, look_from=correct_by, receipt_by=None)
    if len(s.facts["history"]) >= s.policy.repeat_threshold:
        flag, task = dispatched(s, flag, OnsiteReason.REPEAT)
        return Changes(target=flag, others=(*others, task), reason=OnsiteReason.REPEAT.value)
    flag = with_columns(flag, state=S.L1_NOTIFIED.value, due_at=correct_by)
    return Changes(target=flag, others=others)


def _delivered(s: Situation[Args], at: datetime, correct_by: datetime) -> tuple[Record, ...]:
    """The notice, and the order that it served unless an officer had served it on the spot."""
    notice = touched_notice(
        s, "delivered", NoticeState.DELIVERED, delivered_at=at, correct_by=correct_by
    )
    order = fact_of(s, "rectification_order")
    if order is None or body_of(order, RectificationOrderBody).served_at is not None:
        return notice
    served = {"served_by": ServedBy.SMS, "served_at": at, "correct_by": correct_by}
    return (*notice, *touched_order(s, "served", RectificationState.ISSUED, **served))


def notice_failed(s: Situation[Args]) -> Changes:
    """Nobody was reached: level 3, unless somebody is on the way already."""
    args, flag = args_of(s, NoticeFailed), target_of(s)
    notice = touched_notice(
        s, "failed", NoticeState.FAILED, failure=args.cause, failure_detail=args.detail
    )
    if flag.state != S.CONFIRMED:
        return Changes(target=flag, others=notice, reason=args.cause.value)
    flag, task = dispatched(s, flag, FAILURES[args.cause])
    return Changes(target=flag, others=(*notice, task), reason=args.cause.value)


def reply(s: Situation[Args]) -> Changes:
    """What the person answered; it holds a penalty until somebody has read it."""
    text = args_of(s, Reply).text
    return Changes(target=with_body(target_of(s), statement=text, statement_unread=True))


def read_reply(s: Situation[Args]) -> Changes:
    """An officer has read the answer."""
    return Changes(target=with_body(target_of(s), statement_unread=False))


def void_notice(s: Situation[Args]) -> Changes:
    """更正: to the number first reached; levels 2 and 3 are halted and the flag is judged again."""
    return taken_back(s, args_of(s, VoidNotice).reason)


def taken_back(s: Situation[Args], reason: str) -> Changes:
    """The flag is judged once more and nothing of the levels stands: whoever was told something is
    told that it no longer holds, so that a second notice is never one too many.
    """
    notice = fact_of(s, "notice")
    effects: tuple[Effect, ...] = ()
    if notice is not None and notice.state in (NoticeState.SENT, NoticeState.DELIVERED):
        effects = (_sms("correction", target_of(s), notice, None),)
    others = (
        *touched_notice(s, "void", NoticeState.VOIDED, void_reason=reason),
        *touched_order(s, "void", RectificationState.VOIDED, void_reason=reason, ended_at=s.now),
        *touched_task(s, "withdraw", TaskState.RETURNED, return_note=reason, ended_at=s.now),
    )
    flag = judged_again(target_of(s), s)
    return Changes(target=flag, others=others, effects=effects, reason=reason)


def judged_again(flag: Record, s: Situation[Args]) -> Record:
    """The flag DETECTED once more: what the levels had set is gone, what was seen stays."""
    within = s.policy.judge_within_min.get(str(flag.priority), 60)
    due = s.now + timedelta(minutes=within)
    flag = with_columns(flag, state=S.DETECTED.value, due_at=due, closed_at=None)
    return with_body(
        flag, notice=None, rectification_order=None, task=None, receipt_by=None, held_until=None,
        correct_by=None, look_from=None, second_frame=None, looks=0, confirmed_at=None,
        onsite_reason=None, onsite_outcome=None, dismiss_category=None, duplicate_of=None,
        settled_at=None, snoozed_until=None, confirm_reason=None, case=None, fine_fen=None,
        document_no=None, second_officer=None, disposed_at=None,
    )  # fmt: skip


def _sms(template: str, flag: Record, notice: Record, held: datetime | None) -> Effect:
    return Effect(
        kind=EffectKind.SMS,
        args={
            "template": template, "notice": notice.id, "flag": flag.id,
            "subject_key": notice.subject_key, "not_before": format_instant(held) if held else None,
        },
    )  # fmt: skip

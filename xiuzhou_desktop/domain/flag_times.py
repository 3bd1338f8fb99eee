"""What happens to a flag by time: timers (commands of the backend) and phases (names for record
and now).
"""

from datetime import datetime, timedelta

from .envelope import Priority, Record
from .flag_body import FlagBody, FlagState, OnsiteReason
from .flag_forms import Alarm, FindUndetermined, NoticeFailed, SendOnsite
from .flag_keeping import dispose_at
from .keeping import RESTS
from .notice_body import NoticeFailure
from .policy import Policy
from .workcalendar import WorkCalendar
from .workflow import Phase, Timer
from .writing import body_of, is_news

S = FlagState
LOOKED_AT = frozenset({S.L1_NOTIFIED, S.UNDETERMINED})
WAITS_FOR_A_PERSON = frozenset({S.DETECTED, S.L1_NOTIFIED, S.UNDETERMINED, S.L3_DISPATCHED})


def _urgent(record: Record, _policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    is_urgent = record.state == S.CONFIRMED and record.priority == Priority.URGENT
    return body_of(record, FlagBody).confirmed_at if is_urgent else None


def _repeat(record: Record, policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    body = body_of(record, FlagBody)
    is_repeat = (body.repeat_count_30d or 0) >= policy.repeat_threshold
    waits = record.state == S.CONFIRMED and record.priority != Priority.URGENT
    return body.confirmed_at if waits and is_repeat else None


def _no_receipt(record: Record, _policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    return body_of(record, FlagBody).receipt_by if record.state == S.CONFIRMED else None


def _no_capture(record: Record, policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    """Nobody took a picture for the second look in time."""
    body = body_of(record, FlagBody)
    if record.state not in LOOKED_AT or body.second_frame is not None or body.look_from is None:
        return None
    return body.look_from + timedelta(minutes=policy.capture_within_min)


def _late_look(record: Record, policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    """A picture is there and nobody has judged it."""
    body = body_of(record, FlagBody)
    if record.state not in LOOKED_AT or body.look_from is None:
        return None
    due = body.look_from + timedelta(minutes=policy.look_alarm_min)
    return due if is_news(due, body.alarmed_at) else None


def _late_verdict(record: Record, _policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    is_new = is_news(record.due_at, body_of(record, FlagBody).alarmed_at)
    return record.due_at if record.state == S.DETECTED and is_new else None


def _close(record: Record, policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    settled_at = body_of(record, FlagBody).settled_at
    if record.state != S.SELF_CORRECTED or settled_at is None:
        return None
    return settled_at + timedelta(minutes=policy.close_after_min)


TIMERS = (
    Timer(
        name="urgent", transition="send_onsite", due=_urgent,
        args=lambda _record: SendOnsite(reason=OnsiteReason.URGENT),
    ),
    Timer(
        name="repeat", transition="send_onsite", due=_repeat,
        args=lambda _record: SendOnsite(reason=OnsiteReason.REPEAT),
    ),
    Timer(
        name="no_receipt", transition="notice_failed", due=_no_receipt,
        args=lambda _record: NoticeFailed(cause=NoticeFailure.NO_RECEIPT),
    ),
    Timer(
        name="no_capture", transition="find_undetermined", due=_no_capture,
        args=lambda _record: FindUndetermined(),
    ),
    Timer(
        name="late_look", transition="alarm", due=_late_look,
        args=lambda _record: Alarm(name="late_look"),
    ),
    Timer(
        name="late_verdict", transition="alarm", due=_late_verdict,
        args=lambda _record: Alarm(name="late_verdict"),
    ),
    Timer(name="close", transition="close", due=_close),
    Timer(name="dispose", transition="dispose", due=dispose_at, rests=RESTS),
)  # fmt: skip


def _second_look_due(record: Record, now: datetime, _policy: Policy) -> bool:
    look_from = body_of(record, FlagBody).look_from
    return record.state in LOOKED_AT and look_from is not None and look_from <= now


def _overdue(record: Record, now: datetime, _policy: Policy) -> bool:
    waits = record.state in WAITS_FOR_A_PERSON
    return waits and record.due_at is not None and record.due_at <= now


def _due_soon(record: Record, now: datetime, policy: Policy) -> bool:
    if record.state not in WAITS_FOR_A_PERSON or record.due_at is None:
        return False
    return now < record.due_at <= now + timedelta(minutes=policy.due_soon_min)


def _snoozed(record: Record, now: datetime, _policy: Policy) -> bool:
    until = body_of(record, FlagBody).snoozed_until
    return record.is_open and until is not None and now < until


def _exempt(record: Record, _now: datetime, _policy: Policy) -> bool:
    return body_of(record, FlagBody).exemption is not None


def _waiting_receipt(record: Record, now: datetime, _policy: Policy) -> bool:
    held = body_of(record, FlagBody).held_until
    return record.state == S.CONFIRMED and (held is None or held <= now)


def _held_for_morning(record: Record, now: datetime, _policy: Policy) -> bool:
    held = body_of(record, FlagBody).held_until
    return record.state == S.CONFIRMED and held is not None and now < held


def _repeat_offender(record: Record, _now: datetime, policy: Policy) -> bool:
    return (body_of(record, FlagBody).repeat_count_30d or 0) >= policy.repeat_threshold


def _statement_unread(record: Record, _now: datetime, _policy: Policy) -> bool:
    return body_of(record, FlagBody).statement_unread


PHASES = (
    Phase(name="second_look_due", holds=_second_look_due),
    Phase(name="overdue", holds=_overdue),
    Phase(name="due_soon", holds=_due_soon),
    Phase(name="snoozed", holds=_snoozed),
    Phase(name="exempt", holds=_exempt),
    Phase(name="waiting_receipt", holds=_waiting_receipt),
    Phase(name="held_for_morning", holds=_held_for_morning),
    Phase(name="repeat_offender", holds=_repeat_offender),
    Phase(name="statement_unread", holds=_statement_unread),
)

"""An order from a superior, a citizen or a colleague in its seven stages (domain.md §2.1).

REPORTED ─verify─► VERIFIED ─file─► FILED ─dispatch─► DISPATCHED ─accept─► ACCEPTED ─start─►
   │ reject ► REJECTED                                   │ return_ ► RETURNED ─dispatch─►
   │ merge  ► MERGED
IN_PROGRESS ─feedback (photo)─► FEEDBACK ─check─► CHECKING ─close (superior's: replied)─► CLOSED
                                                     │ rework ► REWORK ─start─► IN_PROGRESS
beside it: SUSPENDED 挂账 · EXTENDED 延期 · ESCALATED 督办
"""

from datetime import datetime, timedelta

from . import order_body as forms
from . import order_moves as does
from .envelope import Kind, KindGroup, Record
from .keeping import RESTS
from .order_body import OrderBody, OrderState
from .policy import Policy
from .roles import OFFICERS, OFFICERS_AND_SYSTEM, SUPERVISORS, SYSTEM
from .workcalendar import WorkCalendar
from .workflow import Footprint, KindSpec, Moves, Phase, Role, Timer, Transition
from .writing import body_of, is_news

S = OrderState
ENDED = frozenset({S.CLOSED, S.REJECTED, S.MERGED})
OPEN = tuple(state for state in S if state not in ENDED)
WORKED_ON = frozenset({S.ACCEPTED, S.IN_PROGRESS, S.REWORK, S.EXTENDED, S.ESCALATED})
BEING_DONE = frozenset({S.IN_PROGRESS, S.EXTENDED, S.ESCALATED})
WITH_A_LIMIT = WORKED_ON | {S.REPORTED, S.VERIFIED, S.FILED, S.DISPATCHED, S.RETURNED}
RECEIVERS = OFFICERS_AND_SYSTEM | {Role.DEVICE, Role.CLERK, Role.ADMINISTRATOR}


def _late(record: Record, _policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    is_new = is_news(record.due_at, body_of(record, OrderBody).alarmed_at)
    return record.due_at if record.state in WITH_A_LIMIT and is_new else None


def _end_of_suspension(record: Record, _policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    return body_of(record, OrderBody).suspended_until if record.state == S.SUSPENDED else None


def _overdue(record: Record, now: datetime, _policy: Policy) -> bool:
    has_limit = record.state in WITH_A_LIMIT
    return has_limit and record.due_at is not None and record.due_at <= now


def _due_soon(record: Record, now: datetime, policy: Policy) -> bool:
    if record.state not in WITH_A_LIMIT or record.due_at is None:
        return False
    return now < record.due_at <= now + timedelta(minutes=policy.due_soon_min)


def _snoozed(record: Record, now: datetime, _policy: Policy) -> bool:
    until = body_of(record, OrderBody).snoozed_until
    return record.is_open and until is not None and now < until


def _reply_needed(record: Record, _now: datetime, _policy: Policy) -> bool:
    body = body_of(record, OrderBody)
    return record.is_open and body.needs_reply and not body.reply


INTAKE = (
    Transition(
        name="report", sources=frozenset(), targets=(S.REPORTED,), roles=RECEIVERS,
        form=forms.ReportOrder, guard=does.is_sound_report, writes=does.report,
    ),
    Transition(
        name="verify", sources=frozenset({S.REPORTED}), targets=(S.VERIFIED,), roles=OFFICERS,
        writes=does.verify,
    ),
    Transition(
        name="reject", sources=frozenset({S.REPORTED, S.VERIFIED}), targets=(S.REJECTED,),
        roles=OFFICERS, form=forms.Reject, writes=does.reject,
    ),
    Transition(
        name="merge", sources=frozenset({S.REPORTED, S.VERIFIED, S.FILED}), targets=(S.MERGED,),
        roles=OFFICERS, form=forms.Merge, facts={"parent": does.PARENT}, guard=does.may_merge,
        writes=does.merge, footprint=Footprint(touches=("parent",)),
    ),
    Transition(
        name="file", sources=frozenset({S.VERIFIED}), targets=(S.FILED,), roles=OFFICERS,
        writes=does.file_order,
    ),
)  # fmt: skip

WORK = (
    Transition(
        name="dispatch", sources=frozenset({S.FILED, S.RETURNED}), targets=(S.DISPATCHED,),
        roles=OFFICERS, form=forms.Dispatch, writes=does.dispatch,
    ),
    Transition(
        name="accept", sources=frozenset({S.DISPATCHED}), targets=(S.ACCEPTED,), roles=OFFICERS,
        writes=does.accept,
    ),
    Transition(
        name="return_", sources=frozenset({S.DISPATCHED, S.ACCEPTED}), targets=(S.RETURNED,),
        roles=OFFICERS, form=forms.ReturnOrder, writes=does.return_order,
    ),
    Transition(
        name="start", sources=frozenset({S.ACCEPTED, S.REWORK}), targets=(S.IN_PROGRESS,),
        roles=OFFICERS, writes=does.start,
    ),
    Transition(
        name="feedback", sources=BEING_DONE, targets=(S.FEEDBACK,), roles=OFFICERS,
        form=forms.Feedback, guard=does.has_photo, writes=does.give_feedback,
    ),
    Transition(
        name="check", sources=frozenset({S.FEEDBACK}), targets=(S.CHECKING,), roles=OFFICERS,
        writes=does.check,
    ),
    Transition(
        name="close", sources=frozenset({S.CHECKING}), targets=(S.CLOSED,), roles=OFFICERS,
        guard=does.is_answered, writes=does.close,
    ),
    Transition(
        name="rework", sources=frozenset({S.CHECKING}), targets=(S.REWORK,), roles=OFFICERS,
        form=forms.Rework, writes=does.rework,
    ),
)  # fmt: skip

BESIDE = (
    Transition(
        name="suspend", sources=WORKED_ON, targets=(S.SUSPENDED,), roles=SUPERVISORS,
        form=forms.Suspend, guard=does.may_suspend, writes=does.suspend,
    ),
    Transition(
        name="resume", sources=frozenset({S.SUSPENDED}),
        targets=(S.IN_PROGRESS, S.ACCEPTED, S.REWORK, S.EXTENDED, S.ESCALATED),
        roles=OFFICERS_AND_SYSTEM, writes=does.resume,
    ),
    Transition(
        name="extend", sources=frozenset({S.IN_PROGRESS, S.ESCALATED}), targets=(S.EXTENDED,),
        roles=SUPERVISORS, form=forms.Extend, guard=does.may_extend, writes=does.extend,
    ),
    Transition(
        name="escalate", sources=frozenset({S.IN_PROGRESS, S.EXTENDED}), targets=(S.ESCALATED,),
        roles=SUPERVISORS | SYSTEM, form=forms.Escalate, writes=does.escalate,
    ),
    Transition(
        name="reopen", sources=ENDED, targets=(S.VERIFIED,), roles=SUPERVISORS,
        form=forms.ReopenOrder, writes=does.reopen,
    ),
    Transition(
        name="reply", sources=frozenset(OPEN), targets=OPEN, roles=OFFICERS,
        form=forms.ReplyToSource, writes=does.reply, moves=Moves.CONTENT,
    ),
    Transition(
        name="snooze", sources=frozenset(OPEN), targets=OPEN, roles=OFFICERS,
        form=forms.SnoozeOrder, guard=does.may_snooze, writes=does.snooze, moves=Moves.CONTENT,
    ),
    Transition(
        name="annotate", sources=frozenset(S), targets=tuple(S), roles=OFFICERS_AND_SYSTEM,
        writes=does.annotate, moves=Moves.CONTENT,
    ),
    Transition(
        name="alarm", sources=frozenset(OPEN), targets=OPEN, roles=SYSTEM, form=forms.AlarmOrder,
        writes=does.alarm, moves=Moves.CONTENT,
    ),
    Transition(
        name="dispose", sources=ENDED, targets=(S.CLOSED, S.REJECTED, S.MERGED), roles=SYSTEM,
        guard=does.may_dispose, writes=does.dispose, moves=Moves.CONTENT,
    ),
)  # fmt: skip

SPEC = KindSpec(
    kind=Kind.ORDER,
    group=KindGroup.DISPATCH,
    body=OrderBody,
    states=OrderState,
    closed=ENDED,
    number_prefix="XZ-O",
    merge_fields=frozenset({"note", "description"}),
    transitions=(*INTAKE, *WORK, *BESIDE),
    timers=(
        Timer(
            name="late", transition="alarm", due=_late,
            args=lambda _record: forms.AlarmOrder(name="late"),
        ),
        Timer(name="end_of_suspension", transition="resume", due=_end_of_suspension),
        Timer(name="dispose", transition="dispose", due=does.dispose_at, rests=RESTS),
    ),
    phases=(
        Phase(name="overdue", holds=_overdue),
        Phase(name="due_soon", holds=_due_soon),
        Phase(name="snoozed", holds=_snoozed),
        Phase(name="reply_needed", holds=_reply_needed),
    ),
)  # fmt: skip

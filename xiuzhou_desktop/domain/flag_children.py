"""The records that a flag makes and moves along: notice, rectification order, task."""

from datetime import datetime, timedelta

from .envelope import Args, Body, Kind, Record
from .flag_body import FlagState, OnsiteReason
from .notice import SPEC as NOTICE
from .notice_body import NoticeBody, NoticeState
from .rectification_order import SPEC as ORDER
from .rectification_order import RectificationOrderBody, RectificationState
from .task import SPEC as TASK
from .task import TaskBody, TaskState
from .workflow import KindSpec, Situation
from .writing import can_move, fact_of, moved, with_body, with_columns


def notice_for(s: Situation[Args], flag: Record, held: datetime | None) -> Record:
    """A notice about this flag, to whom its plate or shop belongs: spawned record 0."""
    body = NoticeBody(flag=flag.id, held_until=held)
    return _child(s, flag, (Kind.NOTICE, 0, NoticeState.QUEUED.value), body)


def order_for(s: Situation[Args], flag: Record, index: int) -> Record:
    """A rectification order, not served yet."""
    basis = s.policy.category(flag.category).base
    body = RectificationOrderBody(flag=flag.id, basis=basis)
    return _child(s, flag, (Kind.RECTIFICATION_ORDER, index, RectificationState.ISSUED.value), body)


def dispatched(
    s: Situation[Args], flag: Record, reason: OnsiteReason, unit: str | None = None
) -> tuple[Record, Record]:
    """The flag at level 3, and the patrol's task: spawned record 0 of this command."""
    due = s.now + timedelta(minutes=s.policy.accept_within_min)
    body = TaskBody(flag=flag.id, reason=reason)
    task = _child(s, flag, (Kind.TASK, 0, TaskState.DISPATCHED.value), body)
    task = with_columns(task, assignee=unit, due_at=due)
    flag = with_columns(flag, state=FlagState.L3_DISPATCHED.value, due_at=due)
    flag = with_body(flag, task=task.id, onsite_reason=reason, snoozed_until=None, receipt_by=None)
    return flag, task


def touched_notice(
    s: Situation[Args], row: str, state: NoticeState, **body: object
) -> tuple[Record, ...]:
    """The flag's notice moved along its own table, or nothing where it does not stand there."""
    return _touched(s, "notice", NOTICE, (row, state), body)


def touched_order(
    s: Situation[Args], row: str, state: RectificationState, **body: object
) -> tuple[Record, ...]:
    """The flag's rectification order moved along its own table."""
    return _touched(s, "rectification_order", ORDER, (row, state), body)


def touched_task(
    s: Situation[Args], row: str, state: TaskState, **body: object
) -> tuple[Record, ...]:
    """The flag's task moved along its own table."""
    return _touched(s, "task", TASK, (row, state), body)


def _touched(
    s: Situation[Args],
    fact: str,
    spec: KindSpec,
    step: tuple[str, NoticeState | RectificationState | TaskState],
    body: dict[str, object],
) -> tuple[Record, ...]:
    record = fact_of(s, fact)
    if record is None or not can_move(spec, record, step[0]):
        return ()
    return (with_body(moved(spec, record, step[0], step[1], s.now), **body),)


def _child(s: Situation[Args], flag: Record, what: tuple[Kind, int, str], body: Body) -> Record:
    kind, index, state = what
    return Record(
        kind=kind, id=s.spawn_id(index), scope=flag.scope, state=state, parent_id=flag.id,
        category=flag.category, area=flag.area, subject_key=flag.subject_key, place=flag.place,
        priority=flag.priority, opened_at=s.now, title=flag.title, body=body,
    )  # fmt: skip

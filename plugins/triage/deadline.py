"""The deadline as a sentence: when, counted from what and in which unit, and what happens then.

    08:34 前判定(发现后 5 分钟)。到时报警,不自动处理

One table from state to sentence; the numbers come from the district's own limits.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from ui.records import Sentences
from xiuzhou_desktop.domain.envelope import Record, Struct
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.order_body import OrderBody, OrderState
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.plugin_api.context import Text

Numbers = dict[str, object]


class Limit(Struct, frozen=True, kw_only=True):
    """Which sentence, until when, and the numbers in it."""

    name: str  # triage.limit.<name>
    until: datetime | None
    numbers: Numbers = {}


def deadline(record: Record, policy: Policy, now: datetime) -> Limit | None:
    """What an item's deadline is; None where nothing runs."""
    if isinstance(record.body, OrderBody):
        return _of_order(record, record.body, policy)
    if not isinstance(record.body, FlagBody):
        return None
    found = FLAG_LIMITS.get(record.state)
    return found(record, record.body, policy, now) if found else None


def deadline_text(
    record: Record, policy: Policy, now: datetime, words: tuple[Text, Sentences]
) -> str:
    """The sentence of an item's deadline; "" where nothing runs."""
    text, sentences = words
    limit = deadline(record, policy, now)
    if limit is None or limit.until is None:
        return ""
    said = text(
        f"triage.limit.{limit.name}", time=sentences.since(limit.until, now), **limit.numbers
    )
    if isinstance(record.body, OrderBody) and record.body.is_estimated:
        return text("triage.limit.estimated", sentence=said, year=limit.until.year)
    return said


def _judge(record: Record, _body: FlagBody, policy: Policy, _now: datetime) -> Limit:
    count = policy.judge_within_min.get(str(record.priority), 60)
    return Limit(name="judge", until=record.due_at, numbers={"count": count})


def _receipt(_record: Record, body: FlagBody, policy: Policy, now: datetime) -> Limit:
    if body.held_until is not None and body.held_until > now:
        return Limit(name="night", until=body.held_until)
    return Limit(
        name="receipt", until=body.receipt_by, numbers={"count": policy.receipt_within_min}
    )


def _correct(record: Record, body: FlagBody, policy: Policy, now: datetime) -> Limit:
    if body.correct_by is not None and now < body.correct_by:
        count = policy.minutes_to_correct(record.category)
        return Limit(name="correct", until=body.correct_by, numbers={"count": count})
    return _look(record, body, policy, now)


def _look(_record: Record, body: FlagBody, policy: Policy, now: datetime) -> Limit:
    start = body.look_from or body.correct_by
    if start is None:
        return Limit(name="look", until=None)
    if now < start:
        numbers: Numbers = {"looks": body.looks, "most": policy.looks_before_onsite}
        return Limit(name="again", until=start, numbers=numbers)
    waits_for_frame = body.second_frame is None
    count = policy.capture_within_min if waits_for_frame else policy.look_alarm_min
    name = "capture" if waits_for_frame else "look"
    return Limit(name=name, until=_later(start, count), numbers={"count": count})


def _accept(record: Record, body: FlagBody, policy: Policy, _now: datetime) -> Limit:
    if body.task is None:
        return Limit(name="send_again", until=record.due_at)
    return Limit(name="accept", until=record.due_at, numbers={"count": policy.accept_within_min})


def _arrive(record: Record, _body: FlagBody, policy: Policy, _now: datetime) -> Limit:
    return Limit(name="arrive", until=record.due_at, numbers={"count": policy.arrive_within_min})


def _on_the_spot(_record: Record, body: FlagBody, _policy: Policy, now: datetime) -> Limit | None:
    is_running = body.correct_by is not None and body.correct_by > now
    return Limit(name="order", until=body.correct_by) if is_running else None


def _close(record: Record, _body: FlagBody, policy: Policy, _now: datetime) -> Limit:
    return Limit(name="close", until=record.due_at, numbers={"count": policy.close_after_min})


FLAG_LIMITS: Mapping[str, Callable[[Record, FlagBody, Policy, datetime], Limit | None]] = {
    FlagState.DETECTED: _judge, FlagState.CONFIRMED: _receipt, FlagState.L1_NOTIFIED: _correct,
    FlagState.UNDETERMINED: _look, FlagState.L3_DISPATCHED: _accept, FlagState.ACCEPTED: _arrive,
    FlagState.ARRIVED: _on_the_spot, FlagState.SELF_CORRECTED: _close,
}  # fmt: skip


def _of_order(record: Record, body: OrderBody, policy: Policy) -> Limit | None:
    if not record.is_open:
        return None
    if record.state == OrderState.SUSPENDED:
        return Limit(name="suspended", until=body.suspended_until)
    if body.dispatched_at is None:
        count = policy.judge_within_min.get(str(record.priority), 60)
        return Limit(name="verify", until=record.due_at, numbers={"count": count})
    limit = policy.category(record.category).limit
    name = f"settle.{limit.unit.value}"
    return Limit(name=name, until=record.due_at, numbers={"count": limit.amount})


def _later(at: datetime, minutes: int) -> datetime:
    return at + timedelta(minutes=minutes)

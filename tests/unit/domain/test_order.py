"""An order's seven stages: what holds it back, and what stands beside them (domain.md §2.1)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.unit.domain.builders import (
    BLOB,
    DUTY,
    MORNING,
    SUPERVISOR,
    SYSTEM,
    District,
    an_actor,
    rid,
)
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import Scope
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.order_body import OrderBody
from xiuzhou_desktop.domain.phases import phases
from xiuzhou_desktop.domain.workflow import Role

REPORT = {"category": "01-02", "address": "洪兴西路 12 号", "channel": "citizen"}
STEPS = ("verify", "file", "dispatch", "accept", "start", "feedback", "check", "close")
ARGS: dict[str, dict[str, object]] = {
    "dispatch": {"unit": "新城街道保洁"},
    "feedback": {"photos": [BLOB]},
}


def order(transition: str) -> tuple[Kind, str, str]:
    return Kind.ORDER, rid(1), transition


def body(record: Record) -> OrderBody:
    assert isinstance(record.body, OrderBody)
    return record.body


def worked_to(last: str, **report: object) -> District:
    """An order that went its straight way up to and with that step."""
    district = District()
    district.do(DUTY, order("report"), **(REPORT | report))
    for step in STEPS[: STEPS.index(last) + 1]:
        district.do(DUTY, order(step), **ARGS.get(step, {}))
    return district


def test_the_straight_way_ends_closed() -> None:
    record = worked_to("close").records[rid(1)]
    assert (record.state, record.closed_at) == ("CLOSED", MORNING)


def test_the_limit_starts_at_dispatch_and_counts_duty_hours() -> None:
    district = worked_to("file")
    district.now = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 11:00
    record = district.do(DUTY, order("dispatch"), unit="保洁一队")
    # four hours: to 12:00, 13:30 to 16:30
    assert record.due_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert body(record).first_due_at == record.due_at


def test_feedback_needs_a_photo() -> None:
    assert worked_to("start").refuse(DUTY, order("feedback")).slug == "photo-needed"


@pytest.mark.parametrize("who", [{"source_level": "city"}, {"ordered_by": "张副区长"}])
def test_a_superiors_order_is_not_closed_without_a_reply(who: dict[str, object]) -> None:
    district = worked_to("check", **who)
    assert district.refuse(DUTY, order("close")).slug == "reply-needed"
    assert "reply_needed" in phases(district.records[rid(1)], MORNING, district.policy)
    district.do(DUTY, order("reply"), text="已清理,附照片")
    assert district.do(DUTY, order("close")).state == "CLOSED"


def test_rework_counts_and_goes_back_to_work() -> None:
    district = worked_to("check")
    record = district.do(DUTY, order("rework"), reason="未清理干净")
    assert (record.state, body(record).reworks) == ("REWORK", 1)
    assert district.do(DUTY, order("start")).state == "IN_PROGRESS"


def test_a_returned_order_is_dispatched_anew() -> None:
    district = worked_to("dispatch")
    record = district.do(DUTY, order("return_"), reason="不属本单位")
    assert body(record).returns == 1
    assert district.do(DUTY, order("dispatch"), unit="另一队").assignee == "另一队"


def test_a_suspended_order_keeps_the_time_that_it_had_left() -> None:
    district = worked_to("start")
    before = district.records[rid(1)].due_at
    assert before is not None
    until = (MORNING + timedelta(days=3)).isoformat()
    district.do(SUPERVISOR, order("suspend"), reason="等管线单位", until=until)
    (timer,) = [one for one in KINDS[Kind.ORDER].timers if one.name == "end_of_suspension"]
    record = district.records[rid(1)]
    assert timer.due(record, district.policy, district.calendar) == MORNING + timedelta(days=3)
    assert not phases(record, MORNING + timedelta(days=2), district.policy)
    district.later(24 * 60)
    record = district.do(SYSTEM, order("resume"))
    assert (record.state, record.due_at) == ("IN_PROGRESS", before + timedelta(days=1))


def test_an_order_is_extended_once_in_working_days() -> None:
    district = worked_to("start")
    district.now = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)  # a Friday
    due = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
    district.records[rid(1)] = msgspec.structs.replace(district.records[rid(1)], due_at=due)
    record = district.do(SUPERVISOR, order("extend"), reason="材料未到", workdays=2)
    assert (record.state, record.due_at) == ("EXTENDED", datetime(2026, 12, 1, 4, tzinfo=UTC))
    record = district.do(SUPERVISOR, order("escalate"), reason="督办")
    assert (record.state, record.priority) == ("ESCALATED", 1)
    refusal = district.refuse(SUPERVISOR, order("extend"), reason="再延")
    assert refusal.slug == "extended-already"


def test_merging_moves_deadline_and_duty_to_reply_to_the_parent() -> None:
    district = District()
    district.do(DUTY, order("report"), **REPORT, source_level="hotline")
    district.later(5)
    district.do(DUTY, (Kind.ORDER, rid(2), "report"), **REPORT)
    district.do(DUTY, order("merge"), parent=rid(2))
    parent = district.records[rid(2)]
    assert body(parent).needs_reply
    assert parent.due_at == MORNING + timedelta(minutes=30)
    assert district.records[rid(1)].parent_id == rid(2)
    assert district.do(SUPERVISOR, order("reopen"), reason="不是一件事").state == "VERIFIED"


def test_an_overdue_order_is_said_once() -> None:
    district = worked_to("dispatch")
    (timer,) = [one for one in KINDS[Kind.ORDER].timers if one.name == "late"]
    district.now = timer.due(district.records[rid(1)], district.policy, district.calendar)
    assert "overdue" in phases(district.records[rid(1)], district.now, district.policy)
    record = district.do(SYSTEM, order("alarm"), name="late")
    assert timer.due(record, district.policy, district.calendar) is None


def test_a_town_officer_reports_into_the_own_town() -> None:
    town = msgspec.structs.replace(
        an_actor(Role.DUTY_OFFICER), grants=frozenset({"330411103:dispatch"})
    )
    assert District().do(town, order("report"), **REPORT).scope == Scope("330411103")
    district = District()
    refusal = district.refuse(town, order("report"), **REPORT, area="330411101")
    assert refusal.slug == "grant-revoked"
    district.do(DUTY, order("report"), **REPORT, area="330411101")
    assert district.refuse(town, order("verify")).slug == "grant-revoked"

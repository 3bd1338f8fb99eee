"""The three levels, with their times and their ways back (domain.md §2.3)."""

from datetime import timedelta

import msgspec
import pytest

from tests.unit.domain.builders import (
    BLOB,
    DEVICE,
    DUTY,
    MORNING,
    SUPERVISOR,
    SYSTEM,
    District,
    a_flag,
    arrived,
    body,
    flag,
    notified,
    rid,
    with_second_frame,
)
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.command import Outcome
from xiuzhou_desktop.domain.envelope import Kind, Priority
from xiuzhou_desktop.domain.flag_body import FlagState, LookCause, OnsiteReason
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.phases import phases
from xiuzhou_desktop.domain.rectification_order import RectificationOrderBody
from xiuzhou_desktop.domain.workflow import Moves

S = FlagState


def due_timers(district: District) -> dict[str, int]:
    """Timer → minutes from now at which it is due, for the one flag."""
    record = district.records[rid(1)]
    found = {}
    for timer in KINDS[Kind.FLAG].timers:
        due = timer.due(record, district.policy, district.calendar)
        if due is not None:
            found[timer.name] = round((due - district.now).total_seconds() / 60)
    return found


def test_confirming_makes_notice_and_order_and_one_message() -> None:
    district = District(a_flag())
    record = district.do(DUTY, flag("confirm"))
    assert record.state == S.CONFIRMED
    assert district.of(Kind.NOTICE).state == "QUEUED"
    assert district.of(Kind.RECTIFICATION_ORDER).state == "ISSUED"
    assert isinstance(district.last, Outcome)
    (sms,) = district.last.effects
    assert sms.args["template"] == "notice"
    assert "number" not in " ".join(sms.args)  # the backend alone resolves it


def test_the_limit_counts_from_delivery_by_category() -> None:
    for category, minutes in (("05-05", 15), ("05-04", 30), ("01-02", 30)):
        district = District(msgspec.structs.replace(a_flag(), category=category))
        district.do(DUTY, flag("confirm"))
        district.later(4)
        record = district.do(SYSTEM, flag("notice_delivered"))
        expected = district.now + timedelta(minutes=minutes)
        assert record.state == S.L1_NOTIFIED
        assert record.due_at == body(record).correct_by == expected
        assert district.of(Kind.NOTICE).state == "DELIVERED"


@pytest.mark.parametrize("cause", ["no_contact", "sms_failed", "no_receipt"])
def test_a_notice_that_reaches_nobody_leads_to_level_3(cause: str) -> None:
    district = District(a_flag())
    district.do(DUTY, flag("confirm"))
    record = district.do(SYSTEM, flag("notice_failed"), cause=cause)
    assert record.state == S.L3_DISPATCHED
    assert body(record).onsite_reason == cause
    assert district.of(Kind.TASK).state == "DISPATCHED"
    assert district.of(Kind.NOTICE).state == "FAILED"


def test_a_receipt_that_comes_late_moves_the_notice_and_serves_the_order() -> None:
    district = District(msgspec.structs.replace(a_flag(), priority=Priority.URGENT))
    district.do(DUTY, flag("confirm"))
    district.do(SYSTEM, flag("send_onsite"), reason="urgent")
    district.do(SYSTEM, flag("notice_sent"))
    record = district.do(SYSTEM, flag("notice_delivered"))
    assert record.state == S.L3_DISPATCHED
    assert district.of(Kind.NOTICE).state == "DELIVERED"
    order = district.of(Kind.RECTIFICATION_ORDER).body
    assert isinstance(order, RectificationOrderBody)
    assert order.correct_by == MORNING + timedelta(minutes=15)
    assert district.refuse(SYSTEM, flag("notice_failed"), cause="sms_failed").slug == "notice-over"


def test_a_receipt_of_a_voided_notice_does_not_deliver_the_next_one() -> None:
    district = District(a_flag())
    first = body(district.do(DUTY, flag("confirm"))).notice
    district.do(SYSTEM, flag("notice_sent"), notice=first)
    district.do(DUTY, flag("void_notice"), reason="号牌错误")
    second = body(district.do(DUTY, flag("confirm"))).notice
    late = district.refuse(SYSTEM, flag("notice_delivered"), notice=first)
    assert late.slug == "notice-over"
    assert district.do(SYSTEM, flag("notice_delivered"), notice=second).state == S.L1_NOTIFIED


def test_no_receipt_is_due_ten_minutes_after_sending() -> None:
    district = District(a_flag())
    district.do(DUTY, flag("confirm"))
    assert due_timers(district)["no_receipt"] == 10
    district.later(3)
    district.do(SYSTEM, flag("notice_sent"), provider_id="p-1")
    assert due_timers(district)["no_receipt"] == 10
    assert "waiting_receipt" in phases(district.records[rid(1)], district.now, district.policy)


def test_at_night_a_notice_waits_for_seven_and_says_so() -> None:
    district = District(a_flag())
    district.now = MORNING + timedelta(hours=15)  # 23:30
    record = district.do(DUTY, flag("confirm"))
    seven = MORNING + timedelta(hours=22, minutes=30)
    assert body(record).held_until == seven
    assert isinstance(district.last, Outcome)
    assert district.last.effects[0].args["not_before"] == format_instant(seven)
    assert due_timers(district) == {"no_receipt": 7 * 60 + 30 + 10}
    assert "held_for_morning" in phases(record, district.now, district.policy)


def test_an_urgent_flag_goes_to_level_3_at_any_hour() -> None:
    district = District(msgspec.structs.replace(a_flag(), priority=Priority.URGENT))
    district.now = MORNING + timedelta(hours=15)
    record = district.do(DUTY, flag("confirm"))
    assert body(record).held_until is None
    assert due_timers(district)["urgent"] == 0
    record = district.do(SYSTEM, flag("send_onsite"), reason="urgent")
    assert record.state == S.L3_DISPATCHED


def test_the_third_time_in_thirty_days_a_patrol_comes() -> None:
    earlier = [
        msgspec.structs.replace(
            a_flag(S.CLOSED, confirmed_at=MORNING - timedelta(days=days)),
            id=rid(10 + days), closed_at=MORNING,
        )
        for days in (1, 5, 29, 40)
    ]  # fmt: skip
    district = District(a_flag(), *earlier)
    district.do(DUTY, flag("confirm"))
    record = district.do(SYSTEM, flag("notice_delivered"))
    assert record.state == S.L3_DISPATCHED
    assert body(record).onsite_reason is OnsiteReason.REPEAT
    two_only = District(a_flag(), *earlier[:2])
    two_only.do(DUTY, flag("confirm"))
    assert two_only.do(SYSTEM, flag("notice_delivered")).state == S.L1_NOTIFIED


def test_a_known_repeat_is_a_timer_of_the_confirmed_flag() -> None:
    district = District(a_flag(repeat_count_30d=3))
    record = district.do(DUTY, flag("confirm"))
    assert due_timers(district)["repeat"] == 0
    assert "repeat_offender" in phases(record, district.now, district.policy)


def test_the_second_look_is_due_when_the_limit_has_passed() -> None:
    district = notified(minutes_later=14)
    assert "second_look_due" not in _phases(district)
    assert district.refuse(DUTY, flag("find_corrected")).slug == "look-too-early"
    district.later(1)
    assert "second_look_due" in _phases(district)
    assert district.refuse(DUTY, flag("find_corrected")).slug == "no-second-frame"
    assert due_timers(district)["no_capture"] == 5
    assert due_timers(district)["late_look"] == 10


def test_an_alarm_sounds_once_and_breaks_no_command() -> None:
    district = notified(minutes_later=26)
    district.do(SYSTEM, flag("alarm"), name="late_look")
    assert "late_look" not in due_timers(district)
    rows = [KINDS[Kind.FLAG].transition(name) for name in ("alarm", "annotate", "snooze")]
    assert all(row is not None and row.moves is Moves.CONTENT for row in rows)


def test_a_person_sees_it_corrected() -> None:
    district = with_second_frame()
    record = district.do(DUTY, flag("find_corrected"))
    assert record.state == S.SELF_CORRECTED
    assert district.of(Kind.RECTIFICATION_ORDER).state == "CORRECTED"
    assert due_timers(district)["close"] == 10
    assert district.do(SYSTEM, flag("close")).closed_at == district.now


def test_a_person_sees_it_still_there() -> None:
    district = with_second_frame()
    record = district.do(DUTY, flag("find_present"))
    assert record.state == S.L3_DISPATCHED
    assert district.of(Kind.RECTIFICATION_ORDER).state == "NOT_CORRECTED"
    assert district.of(Kind.TASK).parent_id == record.id


@pytest.mark.parametrize(
    ("measured", "cause"),
    [
        ({"pts_advanced": False}, LookCause.FROZEN),
        ({"clock_changed": False}, LookCause.CLOCK_STOPPED),
        ({"clock_skew_ms": 5001}, LookCause.CLOCK_SKEW),
        ({"cause": "obstructed"}, LookCause.OBSTRUCTED),
    ],
)
def test_a_picture_that_does_not_count_is_never_still_present(
    measured: dict[str, object], cause: LookCause
) -> None:
    district = with_second_frame(**measured)
    refusal = district.refuse(DUTY, flag("find_present"))
    assert (refusal.slug, refusal.facts["cause"]) == ("second-frame-unusable", cause.value)
    record = district.do(DUTY, flag("find_undetermined"))
    assert record.state == S.UNDETERMINED
    assert body(record).past_looks[-1].cause is cause


def test_a_picture_of_another_camera_or_from_before_does_not_count() -> None:
    district = District(a_flag(S.L1_NOTIFIED, camera=rid(50), look_from=MORNING))
    at = (MORNING - timedelta(seconds=1)).isoformat()
    early = district.do(DUTY, flag("second_frame"), at=at, blob=BLOB, camera=rid(50))
    assert _cause(district) is LookCause.TOO_EARLY, early
    district.do(DUTY, flag("second_frame"), at=MORNING.isoformat(), blob=BLOB, camera=rid(51))
    assert _cause(district) is LookCause.WRONG_CAMERA


def test_two_retries_then_somebody_goes_there() -> None:
    district = notified()
    for _ in range(2):
        record = district.do(SYSTEM, flag("find_undetermined"))
        assert record.state == S.UNDETERMINED
        assert district.refuse(SYSTEM, flag("find_undetermined")).slug == "look-too-early"
        district.later(5)
    record = district.do(SYSTEM, flag("find_undetermined"))
    assert record.state == S.L3_DISPATCHED
    assert body(record).onsite_reason is OnsiteReason.UNDETERMINED


def test_arriving_counts_within_a_hundred_metres() -> None:
    district = District(a_flag())
    district.do(DUTY, flag("send_onsite"))
    task = district.of(Kind.TASK).id
    district.do(DUTY, (Kind.TASK, task, "accept"))
    assert district.records[rid(1)].state == S.ACCEPTED
    far = district.refuse(
        DUTY, (Kind.TASK, task, "arrive"), lon_e7=1_207_110_000, lat_e7=307_633_000
    )
    assert (far.slug, far.facts["limit_m"]) == ("too-far", 100)
    district.do(DUTY, (Kind.TASK, task, "arrive"), lon_e7=1_207_099_000, lat_e7=307_633_000)
    assert district.records[rid(1)].state == S.ARRIVED
    assert district.records[rid(1)].due_at is None  # no limit that is met runs on


def test_a_task_given_back_can_be_sent_again() -> None:
    district = arrived()
    assert district.refuse(DUTY, (Kind.TASK, rid(1), "accept")).slug == "gone"
    district.do(DUTY, (Kind.TASK, district.of(Kind.TASK).id, "return_"), reason="busy")
    assert district.records[rid(1)].state == S.L3_DISPATCHED
    assert district.do(DUTY, flag("send_onsite")).state == S.L3_DISPATCHED
    assert district.refuse(DUTY, flag("send_onsite")).slug == "task-running"


@pytest.mark.parametrize(("verdict", "state"), [("leave", "LEFT"), ("close", "CLOSED")])
def test_what_was_settled_on_the_spot_ends_the_task(verdict: str, state: str) -> None:
    district = arrived()
    district.do(DUTY, flag("leave"))
    assert district.of(Kind.TASK).state == "DONE"
    if verdict == "close":
        district.do(DUTY, flag("close"))
    assert district.records[rid(1)].state == state


def test_voiding_a_notice_tells_the_number_first_reached_and_halts_everything() -> None:
    district = with_second_frame()
    district.do(DUTY, flag("find_present"))
    record = district.do(DUTY, flag("void_notice"), reason="号牌识别错误")
    assert record.state == S.DETECTED
    assert isinstance(district.last, Outcome)
    assert [sms.args["template"] for sms in district.last.effects] == ["correction"]
    assert district.of(Kind.NOTICE).state == "VOIDED"
    assert district.of(Kind.RECTIFICATION_ORDER).state == "VOIDED"
    assert district.of(Kind.TASK).state == "RETURNED"


def test_a_notice_that_never_went_out_needs_no_correction() -> None:
    district = District(a_flag())
    district.do(DUTY, flag("confirm"))
    district.do(DUTY, flag("void_notice"), reason="点错")
    assert isinstance(district.last, Outcome)
    assert district.last.effects == ()
    assert district.refuse(SYSTEM, flag("notice_sent")).slug == "state"


def test_a_corrected_plate_keeps_its_first_reading() -> None:
    district = District(a_flag())
    district.do(DUTY, flag("correct_plate"), plate="浙f·d8k37", colour="green")
    record = district.do(DUTY, flag("correct_plate"), plate="浙FD8K39")
    assert (body(record).plate, body(record).first_plate) == ("浙FD8K39", "浙FD8K31")
    assert record.subject_key == "plate:浙FD8K39/green"
    assert record.title == "浙FD8K39 中山西路"
    assert body(record).plate_corrections == 2
    assert district.refuse(DUTY, flag("correct_plate"), plate="🚗🚗").slug == "bad-plate"


def test_a_plate_is_not_corrected_under_a_running_notice() -> None:
    assert (
        notified().refuse(DUTY, flag("correct_plate"), plate="浙FD8K37").slug == "void-notice-first"
    )


def test_a_supervisor_reopens_and_it_is_judged_anew() -> None:
    district = District(a_flag())
    district.do(DUTY, flag("dismiss"), category="poor_picture")
    record = district.do(SUPERVISOR, flag("reopen"), reason="复核")
    assert (record.state, record.closed_at) == (S.DETECTED, None)
    assert record.due_at is not None
    assert record.due_at > district.now


def test_who_was_told_hears_that_it_no_longer_holds_when_a_supervisor_reopens() -> None:
    district = with_second_frame()
    district.do(DUTY, flag("find_corrected"))
    record = district.do(SUPERVISOR, flag("reopen"), reason="画面看错")
    assert isinstance(district.last, Outcome)
    assert [sms.args["template"] for sms in district.last.effects] == ["correction"]
    assert district.of(Kind.NOTICE).state == "VOIDED"
    assert body(record).notice is None
    district.do(DUTY, flag("confirm"))
    notices = [one for one in district.records.values() if one.kind is Kind.NOTICE]
    assert sorted(str(one.state) for one in notices) == ["QUEUED", "VOIDED"]


def test_snoozing_takes_only_the_steps_that_are_allowed() -> None:
    district = District(a_flag())
    record = district.do(DUTY, flag("snooze"), minutes=10)
    assert "snoozed" in phases(record, district.now, district.policy)
    assert district.refuse(DUTY, flag("snooze"), minutes=7).slug == "bad-snooze"
    district.later(10)
    assert "snoozed" not in _phases(district)


def test_a_note_is_merged_field_by_field() -> None:
    district = District(a_flag())
    record = district.do(DUTY, flag("annotate"), _fields={"note": "车主已电话联系"})
    assert body(record).note == "车主已电话联系"
    refusal = district.refuse(DUTY, flag("annotate"), _fields={"note": "另一条"})
    assert refusal.slug == "field-conflict"
    assert district.refuse(DUTY, flag("annotate"), _fields={"plate": "x"}).slug == "bad-argument"


def test_a_report_by_hand_needs_category_place_and_channel_only() -> None:
    district = District()
    record = district.do(
        DUTY, flag("report"), category="05-04", address="中山西路 158 号", channel="phone"
    )
    assert (record.state, record.source, record.scope) == (S.DETECTED, "hand", "330411")
    refusal = district.refuse(
        DUTY, (Kind.FLAG, rid(2), "report"), category="01-04", address="x", channel="phone"
    )
    assert refusal.slug == "not-a-violation"


def test_a_source_is_refused_what_cannot_be() -> None:
    base = {
        "source": "ai", "external_id": "1", "category": "05-05",
        "captured_at": MORNING.isoformat(),
    }  # fmt: skip
    for change, slug in (
        ({"captured_at": "2027-11-23T08:30:00+08:00"}, "from-future"),
        ({"plate": "🚗🚗🚗"}, "bad-plate"),
        ({"box_e4": [5000, 0, 100, 10]}, "bad-box"),
        ({"category": "99-99"}, "unknown-category"),
        ({"confidence_e4": 10001}, "bad-argument"),
        ({"captured_at": "2026-11-23T08:30:00"}, "bad-argument"),
    ):
        assert District().refuse(DEVICE, flag("detect"), **(base | change)).slug == slug, change
    assert District().do(DEVICE, flag("detect"), **base).state == S.DETECTED


def _phases(district: District) -> tuple[str, ...]:
    return phases(district.records[rid(1)], district.now, district.policy)


def _cause(district: District) -> LookCause | None:
    frame = body(district.records[rid(1)]).second_frame
    assert frame is not None
    return frame.cause

"""The rules of judging: one transaction, one seq, one receipt (sync.md §4.2, §4.4)."""

from datetime import timedelta
from threading import Barrier, Thread

import msgspec
import pytest
import uuid_utils

from tests.backend.district import OTHER_TOWN, TOWN, District, note
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.contract.sync import Op, Status
from xiuzhou_desktop.domain.command import Expect
from xiuzhou_desktop.domain.ids import CommandId, spawned_id
from xiuzhou_desktop.domain.workflow import Role

THREADS, EACH = 8, 25


def test_an_applied_command_writes_every_record_with_one_seq(district: District) -> None:
    flag = district.reported(plate="浙F12345", plate_colour="blue")
    command = district.command("confirm", flag)

    result = district.send(command).result

    assert result.status is Status.APPLIED
    notice = district.record(spawned_id(command.id, 0))
    order = district.record(spawned_id(command.id, 1))
    assert notice and order
    assert {notice.seq, order.seq} == {result.seq}
    assert [entry.name for entry in notice.log] == ["confirm"]
    assert notice.number and notice.number.startswith("XZ-")


def test_a_second_send_is_answered_and_not_executed(district: District) -> None:
    command = district.report()
    first = district.send(command)

    again = district.send(command)

    assert (first.is_new, again.is_new) == (True, False)
    assert again.result == first.result
    # type: ignore[union-attr]
    assert [e.name for e in district.record(command.record).log] == ["report"]


def test_an_id_with_another_body_is_refused_and_the_first_stays(district: District) -> None:
    command = district.report()
    district.send(command)

    other = district.send(msgspec.structs.replace(command, args={**command.args, "address": "2"}))

    assert other.result.problem is not None
    assert other.result.problem.slug == "key-reused"
    assert district.send(command).result.status is Status.APPLIED


def test_who_saw_another_state_gets_a_conflict_with_the_record_as_it_stands(
    district: District,
) -> None:
    flag = district.reported()
    district.send(district.command("dismiss", flag))

    late = district.send(district.command("confirm", flag))

    told = district.told(late, "duty")
    assert told.status is Status.CONFLICT
    assert b"FALSE_ALARM" in bytes(told.current)  # type: ignore[arg-type]


def test_a_note_does_not_break_a_verdict(district: District) -> None:
    flag = district.reported()
    district.send(district.command("annotate", flag, fields=note(None, "看过")))

    verdict = district.send(district.command("confirm", flag))

    assert verdict.result.status is Status.APPLIED


def test_two_notes_on_one_base_conflict(district: District) -> None:
    flag = district.reported()
    district.send(district.command("annotate", flag, fields=note(None, "甲")))

    second = district.send(district.command("annotate", flag, fields=note(None, "乙")))

    assert second.result.status is Status.CONFLICT
    assert second.result.problem is not None
    assert second.result.problem.slug == "field-conflict"


def test_a_command_waits_for_its_cause_and_nothing_is_recorded(district: District) -> None:
    cause = district.report()
    dependant = msgspec.structs.replace(district.report(), after=(cause.id,))

    held = district.send(dependant).result
    district.send(cause)
    done = district.send(dependant).result

    assert (held.status, done.status) == (Status.HELD, Status.APPLIED)


def test_a_command_past_its_time_is_expired_for_ever(district: District) -> None:
    command = district.report()
    district.wall.advance(hours=9)

    assert district.send(command).result.status is Status.EXPIRED
    assert district.record(command.record) is None


def test_another_epoch_refuses_the_whole_batch(district: District) -> None:
    sender = msgspec.structs.replace(district.sender("duty"), epoch="another")
    with pytest.raises(ProblemError) as refused:
        district.desk.execute(sender, district.report())
    assert refused.value.slug == "epoch-mismatch"


def test_nobody_forges_a_spawned_record(district: District) -> None:
    flag = district.reported(plate="浙F12345", plate_colour="blue")
    confirm = district.command("confirm", flag)
    forged = msgspec.structs.replace(district.report(), record=spawned_id(confirm.id, 0))

    refused = district.send(forged).result

    assert refused.problem is not None
    assert refused.problem.slug == "bad-argument"
    assert district.send(confirm).result.status is Status.APPLIED


def test_a_command_id_that_is_derived_is_not_a_persons(district: District) -> None:
    forged = msgspec.structs.replace(district.report(), id=CommandId(spawned_id("x", 0)))
    refused = district.send(forged).result
    assert refused.problem is not None
    assert refused.problem.slug == "bad-argument"


def test_a_town_officer_sees_and_changes_the_towns_records_only(district: District) -> None:
    district.add_officer("town", Role.DUTY_OFFICER, TOWN)
    own = district.reported("town", area=TOWN)
    foreign = district.reported("duty", area=OTHER_TOWN)

    page = district.pull(district.cursor("town"), "town")
    refused = district.send(district.command("dismiss", foreign), "town").result
    made = district.send(district.report(area=OTHER_TOWN), "town").result

    assert [change.id for change in page.changes] == [own.id]
    assert refused.problem is not None and made.problem is not None
    assert (refused.problem.slug, made.problem.slug) == ("grant-revoked", "grant-revoked")
    assert district.send(district.command("dismiss", own), "town").result.status is Status.APPLIED


def test_an_answer_holds_only_records_that_its_reader_may_see(district: District) -> None:
    flag = district.reported()
    judged = district.send(district.command("confirm", flag))
    district.add_officer("town", Role.DUTY_OFFICER, TOWN)

    assert len(district.told(judged, "duty").records) == 3
    assert district.told(judged, "town").records == ()


def test_a_record_id_of_another_kind_is_refused(district: District) -> None:
    flag = district.reported()
    wrong = msgspec.structs.replace(district.command("confirm", flag), kind="order")
    problem = district.send(wrong).result.problem
    assert problem is not None
    assert problem.slug == "bad-argument"


def test_a_record_that_never_was_is_gone(district: District) -> None:
    flag = district.reported()
    lost = msgspec.structs.replace(
        district.command("confirm", flag), record=str(uuid_utils.uuid7())
    )
    assert district.send(lost).result.status is Status.GONE


@pytest.mark.parametrize(
    ("field", "value"),
    [("area", "9" * 400), ("category", "x" * 400), ("plate", "🚗🚗🚗🚗🚗🚗🚗"), ("address", 5.5)],
)
def test_what_no_column_can_hold_is_refused(
    district: District, field: str, value: str | float
) -> None:
    result = district.send(district.report(**{field: value})).result  # type: ignore[arg-type]
    assert result.status is Status.REFUSED


def test_a_command_without_expectation_is_refused(district: District) -> None:
    blind = msgspec.structs.replace(district.report(), expect=None)
    empty = msgspec.structs.replace(district.report(), expect=Expect())
    assert district.send(blind).result.status is Status.REFUSED
    assert district.send(empty).result.status is not Status.APPLIED


def test_eight_threads_lose_no_record_to_a_cursor_that_follows_them(district: District) -> None:
    start, seen, cursor = Barrier(THREADS + 1), set(), district.cursor()
    made: list[str] = []

    def work() -> None:
        start.wait()
        for _ in range(EACH):
            command = district.report()
            district.send(command)
            made.append(command.record)

    threads = [Thread(target=work) for _ in range(THREADS)]
    for one in threads:
        one.start()
    start.wait()
    while any(one.is_alive() for one in threads):
        page = district.pull(cursor, limit=7)
        seen |= {change.id for change in page.changes}
        cursor = page.cursor
    for one in threads:
        one.join()
    has_more = True
    while has_more:
        page = district.pull(cursor)
        seen |= {change.id for change in page.changes if change.op is Op.PUT}
        cursor, has_more = page.cursor, page.has_more

    assert len(made) == THREADS * EACH
    assert seen >= set(made)


def test_one_state_has_one_winner_among_eight_threads(district: District) -> None:
    flag = district.reported()
    start, statuses = Barrier(THREADS), []

    def judge() -> None:
        command = district.command("dismiss", flag)
        start.wait()
        statuses.append(district.send(command).result.status)

    threads = [Thread(target=judge) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(statuses).count(Status.APPLIED) == 1
    assert statuses.count(Status.CONFLICT) == THREADS - 1


def test_numbers_for_people_run_through_a_day_without_a_gap(small_district: District) -> None:
    numbers = [small_district.reported().number for _ in range(3)]
    small_district.wall.advance(days=1)
    numbers.append(small_district.reported().number)
    assert [one and one[-13:] for one in numbers] == [
        "20261123-0001", "20261123-0002", "20261123-0003", "20261124-0001",
    ]  # fmt: skip


def test_time_that_has_no_zone_or_no_end_is_refused(small_district: District) -> None:
    command = small_district.report()
    naive = msgspec.structs.replace(command, issued_at=command.issued_at.replace(tzinfo=None))
    assert small_district.send(naive).result.status is Status.REFUSED
    past = command.not_after - timedelta(days=400)
    expired = msgspec.structs.replace(command, not_after=past)
    assert small_district.send(expired).result.status is Status.EXPIRED

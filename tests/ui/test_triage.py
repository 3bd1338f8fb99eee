"""The triage panel under an officer's keys, over the fake engine with the real judge."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.e2e.sight import words
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import running_loop
from tests.ui.triage_parts import Shift, flag
from tests.unit.domain.builders import MORNING, District, arrived, rid, with_second_frame
from xiuzhou_desktop.client.views import OutboxStatus
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.order_body import OrderBody, OrderState
from xiuzhou_desktop.plugin_api.context import Selected

THREE = (flag(1), flag(2), flag(3))
FIRST, SECOND, THIRD = (one.id for one in THREE)


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def shift(qtbot: QtBot, tmp_path: Path) -> Shift:
    """Three flags before the officer, the most urgent one selected."""
    found = Shift(qtbot, FakeEngine(*THREE), tmp_path)
    found.until_selected(FIRST)
    found.until_offers()
    return found


def a_shift(qtbot: QtBot, tmp_path: Path, district: District) -> Shift:
    """Before a district that has moved on."""
    engine = FakeEngine(*district.records.values())
    engine.district.now = engine.truth.now = district.now
    found = Shift(qtbot, engine, tmp_path)
    found.until_selected(rid(1))
    found.until_offers()
    return found


class TestJudging:
    def test_1_saves_and_the_next_item_is_there(self, shift: Shift) -> None:
        shift.press("1")
        shift.until_selected(SECOND)
        shift.until_saved("confirm")
        assert shift.state(FIRST) == FlagState.CONFIRMED
        shift.qtbot.waitUntil(shift.sight.undo_bar.isVisible)

    def test_u_takes_it_back_and_the_item_is_under_the_hand_again(self, shift: Shift) -> None:
        shift.press("1")
        shift.until_saved("confirm")
        shift.press("U")
        shift.until_selected(FIRST)
        assert not shift.engine.entries
        assert shift.state(FIRST) == FlagState.DETECTED
        shift.qtbot.waitUntil(lambda: not shift.sight.undo_bar.isVisible())

    def test_2_asks_why_and_a_digit_answers(self, shift: Shift) -> None:
        shift.press("2")
        asked = shift.question()
        assert asked.accessibleName() == "误报的原因"
        assert shift.state(FIRST) == FlagState.DETECTED
        shift.press("4")
        shift.until_saved("dismiss")
        body = shift.engine.district.records[FIRST].body
        assert isinstance(body, FlagBody)
        assert body.dismiss_category == "gone"
        shift.until_selected(SECOND)

    def test_the_question_is_left_by_esc_without_a_word_to_the_engine(self, shift: Shift) -> None:
        shift.press("2")
        shift.question()
        shift.press("Esc")
        shift.qtbot.waitUntil(lambda: shift.sight.question() is None)
        assert not shift.engine.entries
        assert shift.sight.current_id() == FIRST

    def test_it_stands_over_the_stage_and_not_over_the_queue(self, shift: Shift) -> None:
        shift.press("2")
        sheet, queue = shift.question(), shift.sight.queue
        left = sheet.mapTo(shift.window, sheet.rect().topLeft()).x()
        right = queue.mapTo(shift.window, queue.rect().topRight()).x()
        assert left > right

    def test_4_puts_it_off_into_a_group_of_its_own(self, shift: Shift) -> None:
        shift.press("4")
        shift.question()
        shift.press("1")
        shift.until_saved("snooze")
        shift.qtbot.waitUntil(lambda: shift.sight.section_of(FIRST) == "snoozed")
        assert shift.chip(FIRST) == "稍后"
        shift.engine.deliver()
        shift.qtbot.waitUntil(lambda: shift.chip(FIRST) == "至 08:35")

    def test_a_refusal_is_said_and_the_item_is_back(self, shift: Shift) -> None:
        shift.engine.district.records[FIRST] = msgspec.structs.replace(
            THREE[0], state=FlagState.CLOSED.value, closed_at=MORNING
        )
        shift.press("1")
        shift.until_says("现为“已办结”,你的操作未生效")
        assert not shift.engine.entries
        shift.until_selected(FIRST)

    def test_what_moved_between_paint_and_key_is_said_and_nothing_is_saved(
        self, shift: Shift
    ) -> None:
        before = shift.engine.district.records[FIRST]
        moved = msgspec.structs.replace(before, state_version=before.state_version + 2)
        shift.engine.district.records[FIRST] = moved  # the panel has not been told yet
        shift.press("1")
        shift.until_says("你决定时看到的画面已过时")
        assert not shift.engine.entries

    def test_what_is_not_sent_yet_wears_its_verdict(self, shift: Shift) -> None:
        shift.engine.unplug()
        shift.press("1")
        shift.until_saved("confirm")
        shift.qtbot.waitUntil(lambda: shift.sight.section_of(FIRST) == "just_handled")
        assert shift.chip(FIRST) == "属实"

    def test_what_a_colleague_overtook_says_refused(self, shift: Shift) -> None:
        shift.engine.unplug()
        shift.press("1")
        shift.until_saved("confirm")
        shift.engine.overtake(FIRST, "dismiss")
        shift.engine.plug()
        shift.engine.deliver()
        (entry,) = shift.engine.entries.values()
        assert entry.status is OutboxStatus.CONFLICT
        shift.qtbot.waitUntil(lambda: shift.chip(FIRST) == "被拒")


class TestTheItem:
    def test_its_deadline_says_what_happens_then_and_the_unit(self, shift: Shift) -> None:
        said = words(shift.sight.stage)
        assert "09:01 前判定(发现后 30 分钟)。到时报警,不自动处理" in said

    def test_an_exempt_one_asks_a_reason(self, qtbot: QtBot, tmp_path: Path) -> None:
        body = msgspec.structs.replace(
            THREE[0].body, exemption=rid(77), exempt_until=MORNING + timedelta(hours=2)
        )
        exempt = msgspec.structs.replace(THREE[0], body=body)
        shift = Shift(qtbot, FakeEngine(exempt), tmp_path)
        shift.until_selected(FIRST)
        shift.until_offers()
        assert "许可" in words(shift.sight.stage)
        assert shift.chip(FIRST) == "豁免"
        shift.press("1")
        shift.form()
        shift.type("商户超出许可边界")
        moved = msgspec.structs.replace(exempt, state_version=exempt.state_version + 1)
        shift.engine.district.records[FIRST] = moved
        shift.press("Ctrl+Return")
        shift.until_says("你决定时看到的画面已过时")
        assert not shift.transitions()
        shift.press("Ctrl+Return")  # what it says now was seen
        shift.until_saved("confirm")
        stored = shift.engine.district.records[FIRST].body
        assert isinstance(stored, FlagBody)
        assert stored.confirm_reason == "商户超出许可边界"

    def test_the_second_look_shows_both_pictures(self, qtbot: QtBot, tmp_path: Path) -> None:
        district = with_second_frame()
        record = district.records[rid(1)]
        still = msgspec.structs.replace(record.body, still="sha256:" + "b" * 64)
        district.records[rid(1)] = msgspec.structs.replace(record, body=still)
        shift = a_shift(qtbot, tmp_path, district)
        assert shift.sight.section_of(rid(1)) == "second_look"
        assert shift.sight.pair.isVisible()
        assert not shift.sight.still.isVisible()
        shift.press("1")
        shift.until_saved("find_present")
        assert shift.state(rid(1)) == FlagState.L3_DISPATCHED

    def test_a_case_is_filed_with_a_second_officer(self, qtbot: QtBot, tmp_path: Path) -> None:
        shift = a_shift(qtbot, tmp_path, arrived())
        shift.press("3")
        form = shift.form()
        assert next(iter(form.editors)) == "second_officer"
        assert len([one for one in shift.sight.digits() if one.kind.value == "primary"]) == 0
        shift.press("1", "Ctrl+Return")
        shift.until_saved("file")
        assert shift.state(rid(1)) == FlagState.CASE_FILED

    def test_one_digit_that_has_no_meaning_does_nothing(self, qtbot: QtBot, tmp_path: Path) -> None:
        closed = msgspec.structs.replace(
            flag(1), state=FlagState.LEFT.value, due_at=None, body=THREE[0].body
        )
        shift = Shift(qtbot, FakeEngine(closed, flag(2)), tmp_path)
        shift.until_selected(SECOND)
        shift.sight.window.open_record(_selected(FIRST))
        shift.until_selected(FIRST)
        assert shift.sight.section_of(FIRST) == "found"
        shift.until_offers()
        shift.press("5")
        assert shift.sight.current_id() == FIRST
        shift.press("1")
        shift.until_saved("close")
        assert shift.transitions() == ["close"]

    def test_an_order_is_told_in_words(self, qtbot: QtBot, tmp_path: Path) -> None:
        body = OrderBody(
            address="洪高路", description="井盖破损", ordered_by="市数字城管", needs_reply=True
        )
        order = msgspec.structs.replace(
            flag(9), kind=Kind.ORDER, state=OrderState.REPORTED.value, body=body
        )
        shift = Shift(qtbot, FakeEngine(order), tmp_path)
        shift.until_selected(order.id)
        said = words(shift.sight.stage)
        assert "井盖破损" in said
        assert "市数字城管" in said
        assert "尚未回复" in said
        shift.until_offers()
        shift.press("1")
        shift.until_saved("verify")


class TestTheQueue:
    def test_the_selected_row_keeps_its_place_when_a_more_urgent_one_comes(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        shift = Shift(qtbot, FakeEngine(*(flag(number) for number in range(1, 80))), tmp_path)
        shift.until_selected(FIRST)
        shift.press("J", "J")
        shift.until_selected(THIRD)
        before = shift.sight.current_y()
        urgent = flag(0, priority=1, opened_at=MORNING - timedelta(minutes=1))
        shift.engine.arrive(urgent)
        shift.qtbot.waitUntil(lambda: shift.sight.model.find(urgent.id) == 1)
        assert shift.sight.current_id() == THIRD
        assert shift.sight.current_y() == before

    def test_one_that_was_just_found_waits_behind_the_bar(self, shift: Shift) -> None:
        late = flag(0, priority=1, opened_at=MORNING + timedelta(minutes=1))
        shift.engine.district.now += timedelta(minutes=2)
        shift.engine.arrive(late)
        shift.until_says("新到 1 条")
        assert shift.sight.model.find(late.id) is None
        shift.press("Home")
        shift.until_selected(late.id)

    def test_empty_groups_take_no_room(self, shift: Shift) -> None:
        heads = [
            row
            for row in range(shift.sight.model.rowCount())
            if (spot := shift.sight.model.spot(row)) is not None and spot.offset is None
        ]
        assert heads == [0]

    def test_words_find_and_esc_shows_all_again(self, shift: Shift) -> None:
        shift.press("/")
        shift.type("00003")
        shift.press("Return")
        shift.qtbot.waitUntil(lambda: [v.record.id for v in shift.sight.rows()] == [THIRD])
        shift.until_selected(THIRD)
        shift.sight.queue.setFocus()
        shift.press("Esc")
        shift.qtbot.waitUntil(lambda: len(shift.sight.rows()) == len(THREE))

    def test_keys_reach_a_queue_in_which_nothing_was_found(self, shift: Shift) -> None:
        shift.press("/")
        shift.type("no such words")
        shift.press("Return")
        shift.until_says("当前筛选下没有结果")
        assert "浙F·00001" not in words(shift.sight.stage)
        shift.press("Esc")
        shift.qtbot.waitUntil(lambda: len(shift.sight.rows()) == len(THREE))
        shift.until_says("浙F·00001")
        shift.press("/")
        shift.type("no such words")
        shift.press("Esc", "J")
        shift.qtbot.waitUntil(lambda: len(shift.sight.rows()) == len(THREE))
        assert shift.sight.queue.hasFocus()

    def test_no_open_group_walks_over_what_has_ended(self, shift: Shift) -> None:
        for section in shift.sight.model.sections():
            query = section.query
            assert query.is_open or query.pending or query.ids, section.key


class TestByHand:
    def test_a_report_takes_few_keys(self, shift: Shift) -> None:
        shift.press("Ctrl+N")
        shift.form()
        shift.type("违停")
        shift.press("Tab")
        shift.type("新塍大道")
        shift.press("Ctrl+Return")
        shift.until_saved("report")
        (made,) = shift.new_records(Kind.FLAG)
        assert (made.category, made.title) == ("05-05", "新塍大道")
        body = made.body
        assert isinstance(body, FlagBody)
        assert (body.channel, body.plate_colour) == ("phone", None)
        shift.until_selected(made.id)

    def test_the_number_of_a_category_is_enough(self, shift: Shift) -> None:
        shift.press("Ctrl+Shift+N")
        shift.form()
        shift.type("1")
        shift.press("Tab")
        shift.type("洪高路")
        shift.press("Tab", "3", "Ctrl+Return")
        shift.until_saved("report")
        (made,) = shift.new_records(Kind.ORDER)
        assert made.category == "05-05"
        assert isinstance(made.body, OrderBody)
        assert made.body.channel == "patrol"

    def test_a_report_without_a_place_stays_before_the_hand(self, shift: Shift) -> None:
        shift.press("Ctrl+N")
        form = shift.form()
        shift.type("违停")
        shift.press("Ctrl+Return")
        assert shift.sight.form() is form
        assert not shift.engine.entries

    def test_a_verdict_throws_away_nothing_that_is_being_written(self, shift: Shift) -> None:
        shift.until_offers()
        shift.press("N")
        form = shift.form()
        chosen = shift.sight.current
        assert chosen is not None
        assert chosen.record.title
        assert chosen.record.title in form.accessibleName()
        shift.type("看过")
        shift.sight.queue.setFocus()
        shift.press("1")
        focus = QApplication.focusWidget()
        assert focus is not None
        assert form.isAncestorOf(focus)
        shift.press("Ctrl+Return")
        shift.until_saved("annotate")
        assert shift.transitions() == ["annotate"]

    def test_a_form_keeps_the_keyboard_while_the_window_becomes_narrow(self, shift: Shift) -> None:
        shift.press("Ctrl+N")
        form = shift.form()
        shift.window.resize(1366, 768)
        shift.qtbot.waitUntil(lambda: shift.window.width() == 1366)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert form.isAncestorOf(focus)
        shift.press("Esc")
        shift.qtbot.waitUntil(lambda: shift.sight.form() is None)

    def test_a_note_is_edited_three_ways(self, shift: Shift) -> None:
        shift.press("N")
        shift.form()
        shift.type("车主在场")
        shift.press("Ctrl+Return")
        shift.until_saved("annotate")
        (entry,) = shift.engine.entries.values()
        change = entry.command.fields["note"]
        assert (change.base, change.new) == (None, "车主在场")
        shift.qtbot.waitUntil(lambda: shift.sight.form() is None)
        assert shift.sight.current_id() == FIRST


def _selected(record: RecordId) -> Selected:
    return Selected(kind=Kind.FLAG, record=record)

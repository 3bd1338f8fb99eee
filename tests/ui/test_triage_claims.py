"""Claims and marks under an officer's keys: who holds an item, what is lost, one for many."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.e2e.sight import words
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import running_loop
from tests.ui.triage_parts import Shift, flag
from tests.unit.domain.builders import MORNING
from ui.widgets import KeyButton, QuestionSheet
from xiuzhou_desktop.client.views import Lease
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.workflow import Role

FOUR = tuple(flag(number) for number in (1, 2, 3, 4))
FIRST, SECOND, THIRD, FOURTH = (one.id for one in FOUR)


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def at_work(qtbot: QtBot, folder: Path, role: Role = Role.DUTY_OFFICER) -> Shift:
    found = Shift(qtbot, FakeEngine(*FOUR, roles=(role,)), folder)
    found.until_selected(FIRST)
    found.until_offers()
    return found


@pytest.fixture
def shift(qtbot: QtBot, tmp_path: Path) -> Shift:
    return at_work(qtbot, tmp_path)


def held(record: RecordId, holder: str | None = "li", *, lost: str = "") -> Lease:
    return Lease(
        record=record, holder=holder, holder_name="李强" if holder else None,
        until=MORNING + timedelta(minutes=11), is_lost=bool(lost),
    )  # fmt: skip


def sheets(shift: Shift) -> list[QuestionSheet]:
    return [one for one in shift.sight.panel.findChildren(QuestionSheet) if one.isVisible()]


class TestClaims:
    def test_who_holds_an_item_is_said_at_it_and_in_the_queue(self, shift: Shift) -> None:
        shift.engine.hold(held(FIRST))
        shift.until_says("李强处理中 · 至 08:41")
        shift.engine.hold(held(FIRST, None))
        shift.qtbot.waitUntil(lambda: "李强处理中" not in str(words(shift.sight.panel)))

    def test_b_on_what_a_colleague_holds_says_who_does(self, shift: Shift) -> None:
        shift.engine.hold(held(FIRST))
        shift.press("B")
        shift.until_says("李强正在处理这条记录,本次操作未保存")

    def test_a_lost_claim_is_said_and_what_was_typed_stays(self, shift: Shift) -> None:
        shift.press("N")
        form = shift.form()
        shift.type("gate open")
        shift.engine.hold(held(FIRST, None, lost="broken"))
        shift.until_says("按 B 可重新领取")
        assert form.isVisible()
        shift.press("Ctrl+Return")
        shift.until_saved("annotate")
        (entry,) = shift.engine.entries.values()
        assert entry.command.fields["note"].new == "gate open"

    def test_a_supervisor_breaks_a_claim(self, qtbot: QtBot, tmp_path: Path) -> None:
        shift = at_work(qtbot, tmp_path, Role.SUPERVISOR)
        shift.engine.hold(held(FIRST))
        shift.press("Ctrl+Shift+B")
        shift.qtbot.waitUntil(lambda: f"break {FIRST}" in shift.engine.said)


class TestMarks:
    def test_one_digit_judges_all_that_is_marked(self, shift: Shift) -> None:
        shift.press("X", "X")
        shift.until_says("已标记 2 条")
        assert shift.chip(FIRST) == shift.chip(SECOND) == "已标记"
        shift.until_offers()
        shift.press("1")
        shift.qtbot.waitUntil(lambda: len(shift.engine.entries) == 2)
        assert shift.state(FIRST) == shift.state(SECOND) == FlagState.CONFIRMED
        assert shift.state(THIRD) == FlagState.DETECTED  # under the hand, and not marked
        shift.qtbot.waitUntil(shift.sight.undo_bar.isVisible)
        shift.press("U")
        shift.qtbot.waitUntil(lambda: not shift.engine.entries)
        assert shift.state(FIRST) == shift.state(SECOND) == FlagState.DETECTED

    def test_each_has_its_result_and_a_colleagues_is_left_to_him(self, shift: Shift) -> None:
        shift.press("X", "X")
        shift.engine.hold(held(SECOND))
        shift.until_offers()
        shift.press("1")
        shift.qtbot.waitUntil(lambda: bool(sheets(shift)))
        (sheet,) = sheets(shift)
        assert "1 条已保存,1 条没有" in str(words(sheet))
        (line,) = sheet.findChildren(KeyButton)
        assert "李强正在处理" in line.accessibleDescription()
        assert shift.state(FIRST) == FlagState.CONFIRMED
        assert shift.state(SECOND) == FlagState.DETECTED
        shift.press("1")  # goes to the one that was not judged
        shift.until_selected(SECOND)

    def test_a_question_is_asked_once_for_all(self, shift: Shift) -> None:
        shift.press("X", "X")
        shift.until_offers()
        shift.press("2")
        shift.question()
        shift.press("1")
        shift.qtbot.waitUntil(lambda: len(shift.engine.entries) == 2)
        assert shift.state(FIRST) == shift.state(SECOND) == FlagState.FALSE_ALARM

    def test_x_again_and_esc_take_marks_away(self, shift: Shift) -> None:
        shift.press("X", "X", "K", "X")  # the second is unmarked
        shift.until_says("已标记 1 条")
        shift.press("Esc")
        shift.qtbot.waitUntil(lambda: "已标记" not in str(words(shift.sight.panel)))
        assert not shift.engine.entries

"""The demonstration's bar and its walk: what a button asks for, and steps that end when their thing
has happened."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import LABEL_PANEL, a_folder_of_panels, a_window, running_loop
from tests.unit.domain.builders import a_flag, rid
from ui.shell.demo_bar import DemoBar
from ui.shell.window import ShellWindow
from ui.start import start
from xiuzhou_desktop.client.views import Draft, OutboxStatus, Remedy
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.plugin_api.context import Selected


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def flag(number: int) -> Record:
    return msgspec.structs.replace(a_flag(), id=rid(number), title=f"违停 {number}")


class Shift:
    """A window of a demonstration with its bar."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.engine = FakeEngine(*(flag(n) for n in range(1, 9)))
        panels = a_folder_of_panels(folder / "panels", queue=LABEL_PANEL)
        self.window: ShellWindow = a_window(self.engine, folder, panels=panels)
        qtbot.addWidget(self.window)
        self.window.show()
        self.bar = DemoBar(self.window.place, None)
        self.window.insert_bar(self.bar)

    def select(self, number: int) -> None:
        self.window.place.selection.select(Selected(kind=Kind.FLAG, record=rid(number)))

    def save(self, number: int, transition: str, **args: object) -> None:
        count = len(self.engine.entries)
        draft = Draft(kind=Kind.FLAG, record=rid(number), transition=transition, args=args)
        start(self.engine.submit(draft), owner=self.window)
        self.qtbot.waitUntil(lambda: len(self.engine.entries) == count + 1)

    def report(self) -> None:
        count = len(self.engine.entries)
        args = {"category": "05-05", "address": "中山西路", "channel": "phone"}
        draft = Draft(kind=Kind.FLAG, record=None, transition="report", args=args)
        start(self.engine.submit(draft), owner=self.window)
        self.qtbot.waitUntil(lambda: len(self.engine.entries) == count + 1)

    def reaches(self, step: int) -> None:
        self.qtbot.waitUntil(lambda: self.bar.walk.step == step)


@pytest.fixture
def shift(qtbot: QtBot, tmp_path: Path) -> Shift:
    return Shift(qtbot, tmp_path)


def click(shift: Shift, name: str) -> None:
    shift.qtbot.mouseClick(getattr(shift.bar, name), Qt.MouseButton.LeftButton)


def test_buttons_ask_the_demonstration(shift: Shift) -> None:
    for name, act in (("deadline", "next_deadline"), ("burst", "burst"), ("sms", "sms_failure")):
        click(shift, name)
        shift.qtbot.waitUntil(lambda act=act: act in shift.engine.said)
    click(shift, "sms")
    shift.qtbot.waitUntil(lambda: "sms_works" in shift.engine.said)


def test_the_colleague_takes_what_was_judged_last_and_is_not_sent(shift: Shift) -> None:
    shift.select(3)
    click(shift, "colleague")
    shift.qtbot.waitUntil(lambda: f"colleague {rid(3)}" in shift.engine.said)
    shift.save(2, "confirm")
    click(shift, "colleague")
    shift.qtbot.waitUntil(lambda: f"colleague {rid(2)}" in shift.engine.said)


def test_without_a_flag_the_colleague_says_what_is_missing(shift: Shift) -> None:
    click(shift, "colleague")
    said = shift.bar._said  # noqa: SLF001 - what is shown
    shift.qtbot.waitUntil(lambda: "先选中一条线索" in said.text())


def test_the_walk_goes_through_its_seven_steps(shift: Shift) -> None:
    click(shift, "guide")
    shift.qtbot.waitUntil(lambda: "第 1 步" in shift.bar.walk._number.text())  # noqa: SLF001
    shift.select(1)
    shift.reaches(1)
    shift.save(1, "confirm")
    shift.reaches(2)
    shift.report()
    shift.reaches(3)
    shift.engine.unplug()
    shift.reaches(4)
    shift.save(2, "dismiss")
    shift.save(3, "dismiss")
    shift.reaches(5)
    shift.engine.deliver()
    shift.engine.plug()
    shift.reaches(6)
    shift.save(4, "confirm")
    shift.engine.overtake(rid(4), "dismiss")
    shift.engine.deliver()
    (refused,) = shift.engine.entries.values()
    assert refused.status is OutboxStatus.CONFLICT
    shift.qtbot.waitUntil(lambda: shift.bar.walk._then.refused == 1)  # noqa: SLF001
    start(shift.engine.resolve(refused.command.id, Remedy.THEIRS), owner=shift.window)
    shift.reaches(7)
    shift.qtbot.waitUntil(lambda: "完成" in shift.bar.walk._sentence.text())  # noqa: SLF001

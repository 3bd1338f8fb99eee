"""Lists of the administration panel that are empty, late, or not for everybody: each says why."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.e2e.hands import press
from tests.e2e.sight import words
from tests.ui.admin_parts import Desk, Office
from tests.ui.shell_parts import running_loop
from xiuzhou_desktop.client.views import Link
from xiuzhou_desktop.contract.sessions import EnrolmentLine, Enrolments, EnrolmentSay
from xiuzhou_desktop.domain.workflow import Role


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


class SlowOffice(Office):
    """Its list of workstations is late until `answers` is set."""

    def __init__(self) -> None:
        super().__init__(Role.ADMINISTRATOR)
        self.answers = asyncio.Event()
        self.asked = 0

    async def enrolments(self, said: EnrolmentSay | None = None) -> Enrolments:
        self.asked += 1
        await self.answers.wait()
        return await super().enrolments(said)


def test_a_supervisor_is_told_whose_list_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path, Role.SUPERVISOR)
    press("0")
    desk.until_says("这份名单只有管理员能查看")
    assert "登记一台" not in words(desk.panel)


def test_a_list_is_not_empty_before_it_was_read_and_is_asked_once_at_a_time(
    qtbot: QtBot, tmp_path: Path
) -> None:
    engine = SlowOffice()
    desk = Desk(qtbot, tmp_path, engine=engine)
    press("0")
    desk.until(lambda: engine.asked == 1)
    desk.until_says("正在读取")
    assert "还没有登记" not in words(desk.panel)
    press("0", "5", "0")
    assert engine.asked == 1
    engine.answers.set()
    desk.until_says("还没有登记的工作站")
    desk.until(lambda: engine.asked == 2)
    assert "正在读取" not in words(desk.panel)


def test_a_busy_server_is_not_offline_and_is_asked_again_by_itself(
    qtbot: QtBot, tmp_path: Path
) -> None:
    desk = Desk(qtbot, tmp_path)
    desk.engine.set_link(msgspec.structs.replace(desk.engine.link, link=Link.BUSY))
    press("0")
    desk.until_says("未能从服务器取得列表")
    assert "离线" not in words(desk.panel.lines)
    desk.engine.unplug()
    press("0")
    desk.until_says("离线,未能取得列表")
    desk.engine.plug()
    desk.until_says("还没有登记的工作站")


def test_a_workstation_says_who_is_signed_in_there_now(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path)
    desk.engine.enrolment_lines = (EnrolmentLine(workstation="ZB-07"),)
    press("0")
    desk.until_says("duty,最近 2026-11-23 08:30")
    desk.engine.session_lines = ()
    press("0")
    desk.until(lambda: "duty,最近" not in words(desk.panel))


@pytest.mark.parametrize(
    ("digit", "said"), [("2", "还没有执法人员"), ("8", "还没有豁免范围"), ("9", "还没有摄像机")]
)
def test_a_list_of_records_without_any_says_so(
    qtbot: QtBot, tmp_path: Path, digit: str, said: str
) -> None:
    engine = Office(Role.ADMINISTRATOR)
    engine.district.records.clear()
    desk = Desk(qtbot, tmp_path, engine=engine)
    press(digit)
    desk.until_says(said)

"""The platforms panel by keys: links and how old, take over with a reason, hand back; a town only
reads; a server that cannot be asked.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from plugins.platforms.panel import PlatformsPanel
from tests.e2e.hands import press, type_text
from tests.e2e.sight import words
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_window, in_front, running_loop
from tests.unit.domain.builders import MORNING, a_flag
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.contract.platforms import Link, PlatformLink, Platforms
from xiuzhou_desktop.domain.areas import SCOPES, TOWNS
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.ids import Scope
from xiuzhou_desktop.domain.workflow import Role

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
SILENT = TOWNS[0]


class Hub(FakeEngine):
    """One town has been silent for an hour, though its cameras report; the rest are online."""

    async def platforms(self) -> Platforms:
        if self.link.link.value == "offline":
            raise Unavailable("offline")
        return Platforms(platforms=tuple(self._link_of(scope) for scope in SCOPES))

    def _link_of(self, scope: Scope) -> PlatformLink:
        is_silent = scope == SILENT
        heard = self.now - (timedelta(hours=1) if is_silent else timedelta(seconds=4))
        return PlatformLink(
            scope=scope, link=Link.DEGRADED if is_silent else Link.ONLINE, heard_at=heard,
            device_at=self.now - timedelta(minutes=2),
        )  # fmt: skip


class Desk:
    """Somebody before the panel."""

    def __init__(self, qtbot: QtBot, folder: Path, engine: Hub, language: str = "zh_CN") -> None:
        self.qtbot, self.engine = qtbot, engine
        self.window = a_window(engine, folder, panels=PLUGINS, language=language)
        in_front(qtbot, self.window)
        qtbot.waitUntil(lambda: self.window.docks.frame("platforms") is not None)
        self.window.show_panel("platforms")
        qtbot.waitUntil(lambda: bool(self.window.findChildren(PlatformsPanel)))
        self.panel = self.window.findChildren(PlatformsPanel)[0]
        self.panel.setFocus()

    def until_says(self, sentence: str) -> None:
        self.qtbot.waitUntil(lambda: sentence in words(self.panel))

    def custodies(self) -> list[str]:
        found = self.engine.district.records.values()
        return [one.state for one in found if one.kind is Kind.CUSTODY]


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def engine() -> Hub:
    return Hub(msgspec.structs.replace(a_flag(), scope=SILENT, area=SILENT))


def test_a_silent_town_is_taken_over_and_handed_back(
    qtbot: QtBot, tmp_path: Path, engine: Hub
) -> None:
    desk = Desk(qtbot, tmp_path, engine)
    desk.until_says("五镇在线 4/5 · 代管 0")
    desk.until_says("07:30:00(1 小时前)")
    press("Return")
    qtbot.waitUntil(desk.panel.form.isVisible)
    press("Ctrl+Return")
    assert desk.panel.form.isVisible()  # a reason is asked
    type_text("光缆中断")
    press("Ctrl+Return")
    desk.until_says("原因:光缆中断")
    desk.until_says("五镇在线 4/5 · 代管 1")
    assert desk.custodies() == ["HELD"]
    engine.deliver()
    engine.tell({Kind.CUSTODY})
    desk.until_says("王敏代管至 10:30")

    press("Return")
    qtbot.waitUntil(desk.panel.form.isVisible)
    press("Ctrl+Return")
    desk.until_says("五镇在线 4/5 · 代管 0")
    assert desk.custodies() == ["RETURNED"]
    desk.until_says("以前的代管")


def test_a_take_over_is_taken_back_before_it_is_sent(
    qtbot: QtBot, tmp_path: Path, engine: Hub
) -> None:
    desk = Desk(qtbot, tmp_path, engine)
    desk.until_says("代管 0")
    press("Return")
    qtbot.waitUntil(desk.panel.form.isVisible)
    type_text("误按")
    press("Ctrl+Return")
    desk.until_says("代管 1")
    press("U")
    desk.until_says("代管 0")
    assert desk.custodies() == []


def test_the_hub_itself_and_a_towns_officer_take_nothing_over(
    qtbot: QtBot, tmp_path: Path, engine: Hub
) -> None:
    desk = Desk(qtbot, tmp_path, engine)
    desk.until_says("代管 0")
    press("K")
    assert desk.panel.primary.reason == "先选一个镇"
    press("J")
    assert desk.panel.primary.reason is None
    grants = grants_for([(Role.DUTY_OFFICER, SILENT)])
    engine.signed = msgspec.structs.replace(engine.signed, grants=tuple(grants))
    press("J")
    assert desk.panel.primary.reason == "只有区平台可以代管或交还"


def test_offline_it_says_of_when_the_links_are(qtbot: QtBot, tmp_path: Path, engine: Hub) -> None:
    desk = Desk(qtbot, tmp_path, engine, language="en_US")
    desk.until_says("4 of 5 towns online · 0 in custody")
    engine.unplug()
    engine.arrive()
    desk.panel.refresh()
    desk.until_says(f"Links as of {MORNING.hour + 8:02d}:30:00")

"""The platforms panel by keys: links and how old, take over with a reason, hand back; a town only
reads; a server that cannot be asked, owes its answer, or answers with no.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from plugins.platforms.card import PlatformCard
from plugins.platforms.panel import PlatformsPanel
from tests.e2e.hands import click, press, type_text
from tests.e2e.sight import words
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_window, in_front, running_loop
from tests.unit.domain.builders import DUTY, MORNING, a_flag, rid
from ui.widgets import BannerTone
from xiuzhou_desktop.client.errors import ClientError, ServerFailed, SignedOut, Unavailable
from xiuzhou_desktop.client.views import Page, RecordQuery
from xiuzhou_desktop.contract.platforms import Link, PlatformLink, Platforms
from xiuzhou_desktop.domain.areas import SCOPES, TOWNS
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.ids import RecordId, Scope
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.plugin_api.subjects import selected_record

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
SILENT, OTHER = TOWNS[:2]
READ = "五镇在线 4/5 · 代管 0"


class Hub(FakeEngine):
    """One town has been silent for an hour, though its cameras report; the rest are online.
    `answers` and `reads` are shut to leave a question, or a reading of custodies, outstanding.
    """

    def __init__(self) -> None:
        super().__init__(msgspec.structs.replace(a_flag(), scope=SILENT, area=SILENT))
        self.answers, self.reads = asyncio.Event(), asyncio.Event()
        self.answers.set()
        self.reads.set()
        self.fault: ClientError | None = None
        self.asked = 0

    async def query(self, query: RecordQuery) -> Page:
        if query.kinds == (Kind.CUSTODY,):
            await self.reads.wait()
        return await super().query(query)

    def keep(self, number: int, town: Scope, hours: int = 2) -> RecordId:
        """A colleague takes a town over."""
        until = (self.now + timedelta(hours=hours)).isoformat()
        take = (Kind.CUSTODY, rid(number), "take_over")
        record = self.truth.do(DUTY, take, town=town, until=until, reason="光缆中断")
        self.arrive(record)
        return record.id

    async def platforms(self) -> Platforms:
        self.asked += 1
        await self.answers.wait()
        if self.link.link.value == "offline":
            raise Unavailable("offline")
        if self.fault is not None:
            raise self.fault
        return Platforms(platforms=tuple(self._link_of(scope) for scope in SCOPES))

    def _link_of(self, scope: Scope) -> PlatformLink:
        is_silent = scope == SILENT
        heard = self.now - (timedelta(hours=1) if is_silent else timedelta(seconds=4))
        return PlatformLink(
            scope=scope, link=Link.DEGRADED if is_silent else Link.ONLINE, heard_at=heard,
            device_at=None if scope == OTHER else self.now - timedelta(minutes=2),
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

    def card(self, town: Scope) -> PlatformCard:
        found = self.panel.findChildren(PlatformCard)
        return next(one for one in found if one.scope == town)

    def begin(self) -> None:
        """Enter, and the form stands."""
        press("Return")
        self.qtbot.waitUntil(self.panel.form.isVisible)

    def custodies(self) -> list[str]:
        found = self.engine.district.records.values()
        return [one.state for one in found if one.kind is Kind.CUSTODY]


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def engine() -> Hub:
    return Hub()


def test_a_silent_town_is_taken_over_and_handed_back(
    qtbot: QtBot, tmp_path: Path, engine: Hub
) -> None:
    desk = Desk(qtbot, tmp_path, engine)
    desk.until_says(READ)
    desk.until_says("07:30:00(1 小时前)")
    desk.begin()
    press("Ctrl+Return")
    assert desk.panel.form.isVisible()  # a reason is asked
    type_text("光缆中断")
    press("Ctrl+Return")
    desk.until_says("原因:光缆中断")
    desk.until_says("五镇在线 4/5 · 代管 1 · 1 项待送达")
    assert desk.card(SILENT).kept.tone is BannerTone.PENDING
    assert desk.custodies() == ["HELD"]
    engine.deliver()
    engine.tell({Kind.CUSTODY})
    desk.until_says("王敏代管至 10:30 |")
    assert desk.card(SILENT).kept.tone is BannerTone.PAST

    desk.begin()
    press("Ctrl+Return")
    desk.until_says("五镇在线 4/5 · 代管 0 · 1 项待送达")
    desk.until_says("已交还(待送达)")
    desk.until_says("原因:光缆中断 待送达")
    assert desk.custodies() == ["RETURNED"]
    desk.until_says("以前的代管")
    engine.deliver()
    engine.tell({Kind.CUSTODY})
    qtbot.waitUntil(lambda: "待送达" not in words(desk.panel))
    assert "以前的代管" in words(desk.panel)


def test_a_take_over_is_taken_back_before_it_is_sent(
    qtbot: QtBot, tmp_path: Path, engine: Hub
) -> None:
    desk = Desk(qtbot, tmp_path, engine)
    desk.until_says(READ)
    desk.begin()
    type_text("误按")
    press("Ctrl+Return")
    desk.until_says("已保存:代管王江泾镇,5 秒内可撤销")
    desk.until_says("代管 1")
    press("U")
    desk.until_says(READ)
    assert desk.custodies() == []


def test_a_form_is_of_the_town_it_was_asked_for(qtbot: QtBot, tmp_path: Path, engine: Hub) -> None:
    asked, other = engine.keep(70, SILENT), engine.keep(71, OTHER)
    desk = Desk(qtbot, tmp_path, engine)
    desk.until_says("代管 2")
    desk.begin()
    click(desk.card(OTHER))
    type_text("线路已通")
    press("Ctrl+Return")
    desk.until_says("代管 1")
    states = {one: engine.district.records[one].state for one in (asked, other)}
    assert states == {asked: "RETURNED", other: "HELD"}
    assert desk.panel.standing.scope == SILENT


def test_a_refusal_stands_in_the_form_with_its_date(
    qtbot: QtBot, tmp_path: Path, engine: Hub
) -> None:
    desk = Desk(qtbot, tmp_path, engine)
    desk.until_says(READ)
    desk.begin()
    type_text("光缆中断")
    engine.keep(70, SILENT, hours=20)
    press("Ctrl+Return")
    desk.until_says("王江泾镇已由王敏代管至 11-24 04:30")
    assert desk.panel.form.isVisible()
    assert desk.custodies() == ["HELD"]


def test_before_anything_is_known_nothing_is_claimed(
    qtbot: QtBot, tmp_path: Path, engine: Hub
) -> None:
    engine.keep(70, SILENT)
    engine.reads.clear()
    engine.answers.clear()
    desk = Desk(qtbot, tmp_path, engine)
    qtbot.waitUntil(lambda: engine.asked == 1)
    desk.until_says("链路未知 · 代管 —")
    said = words(desk.panel)
    assert not [one for one in ("离线", "一直没有", "没有", "权限") if one in said]
    assert desk.panel.primary.reason == "正在读取本机所存的代管"
    engine.reads.set()
    desk.until_says("链路未知 · 代管 1")
    assert desk.panel.primary.text() == "交还王江泾镇"
    engine.answers.set()
    desk.until_says("五镇在线 4/5 · 代管 1")
    desk.until_says("24 小时内没有")


def test_what_is_saved_is_shown_while_the_server_owes_its_answer(
    qtbot: QtBot, tmp_path: Path, engine: Hub
) -> None:
    engine.answers.clear()
    desk = Desk(qtbot, tmp_path, engine)
    desk.until_says("链路未知 · 代管 0")
    desk.panel.refresh()
    desk.begin()
    type_text("光缆中断")
    press("Ctrl+Return")
    desk.until_says("链路未知 · 代管 1")
    assert engine.asked == 1


def test_what_moves_during_a_reading_is_read_after_it(
    qtbot: QtBot, tmp_path: Path, engine: Hub
) -> None:
    engine.reads.clear()
    desk = Desk(qtbot, tmp_path, engine)
    qtbot.waitUntil(lambda: engine.asked == 1)
    engine.keep(70, SILENT)
    engine.keep(71, OTHER)
    engine.reads.set()
    desk.until_says("五镇在线 4/5 · 代管 2")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (SignedOut(), "登录已失效,请重新登录。"),
        (ServerFailed(), "服务器内部出错,稍后重试"),
    ],
)
def test_a_server_that_says_no_is_not_called_offline(
    qtbot: QtBot, tmp_path: Path, engine: Hub, fault: ClientError, sentence: str
) -> None:
    engine.fault = fault
    desk = Desk(qtbot, tmp_path, engine)
    desk.until_says(sentence)
    assert "离线" not in words(desk.panel)
    engine.fault = None
    desk.panel.refresh()
    desk.until_says(READ)
    assert sentence not in words(desk.panel)


def test_a_custody_chosen_elsewhere_brings_its_town(
    qtbot: QtBot, tmp_path: Path, engine: Hub
) -> None:
    custody = engine.district.records[engine.keep(70, OTHER)]
    desk = Desk(qtbot, tmp_path, engine)
    desk.until_says("代管 1")
    assert desk.panel.standing.scope == SILENT
    desk.window.place.selection.select(selected_record(custody))
    qtbot.waitUntil(lambda: desk.panel.standing.scope == OTHER)


def test_the_hub_itself_and_a_towns_officer_take_nothing_over(
    qtbot: QtBot, tmp_path: Path, engine: Hub
) -> None:
    desk = Desk(qtbot, tmp_path, engine)
    desk.until_says(READ)
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

"""The status bar: what hinders the work with its remedy, and how long the first sync will take."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk import Desk, flag
from tests.ui.shell_parts import running_loop
from tests.unit.domain.builders import MORNING
from ui.shell.status_texts import link_text
from ui.shell.sync_pace import SyncPace
from ui.theme.theme import theme
from xiuzhou_desktop.client.views import Link, LinkState
from xiuzhou_desktop.client.watch import Concern
from xiuzhou_desktop.text.catalogue import Catalogue


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def test_the_most_urgent_concern_stands_with_its_remedy_until_it_is_over(
    qtbot: QtBot, tmp_path: Path
) -> None:
    desk = Desk(qtbot, tmp_path, flag(1))
    field = desk.window.status_bar.watch
    desk.engine.concerns = (
        Concern(check="stuck", is_alarm=True, facts={"attempts": 4, "count": 1}),
        Concern(check="clock", is_alarm=False, facts={"seconds": 300}),
    )
    desk.engine.tell()
    qtbot.waitUntil(field.isVisible)
    assert "送不出去" in field.accessibleName()
    assert "F8" in field.accessibleName()
    assert "300" in field.toolTip()
    desk.engine.concerns = ()
    desk.engine.tell()
    qtbot.waitUntil(lambda: not field.isVisible())


def test_opening_the_outbox_counts_as_having_seen_what_was_refused(
    qtbot: QtBot, tmp_path: Path
) -> None:
    desk = Desk(qtbot, tmp_path, flag(1))
    desk.open_outbox()
    qtbot.waitUntil(lambda: "seen" in desk.engine.said)


def test_the_first_sync_says_how_far_it_is_and_how_long_it_will_take() -> None:
    pace, text = SyncPace(), Catalogue("zh_CN")
    link = LinkState(link=Link.SYNCING, since=MORNING, done=0, total=200_000)
    assert pace.seconds_left(link, 100.0) is None
    later = msgspec.structs.replace(link, done=50_000)
    left_s = pace.seconds_left(later, 110.0)
    assert left_s == pytest.approx(30)
    said = link_text(later, 0, MORNING, text, left_s)
    assert said.strong == "首次同步 50,000/200,000"
    assert said.text == "约还需 30 秒"


def test_settings_are_set_by_digits_and_stay_open(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path, flag(1))
    before = theme().scale
    desk.press(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    sheet, bar = desk.window.settings.sheet, desk.window.key_bar
    assert sheet.isVisible()
    assert sheet.geometry().bottom() < bar.mapTo(desk.window, bar.rect().topLeft()).y()
    desk.press(Qt.Key.Key_2)
    assert theme().scale > before
    assert desk.window.settings.sheet.isVisible()
    desk.press(Qt.Key.Key_4)
    assert theme().scale == before
    desk.press(Qt.Key.Key_Escape)
    assert not desk.window.settings.sheet.isVisible()

"""The window by keys: bars, regions, workspaces, what it remembers, starts after failures."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import (
    LABEL_PANEL,
    a_folder_of_panels,
    a_window,
    in_front,
    running_loop,
)
from tests.unit.domain.builders import MORNING, a_flag, rid
from ui.actions.key_table import KeyTable
from ui.shell.window_store import WindowStore
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName
from xiuzhou_desktop.client.views import Link, LinkState
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.plugin_api.context import AWAKE, Action


def flags(count: int, priority: int = 3) -> list[Record]:
    return [
        msgspec.structs.replace(
            a_flag(), id=rid(100 * priority + n), priority=priority,
            due_at=MORNING + timedelta(minutes=n),
        )
        for n in range(count)
    ]  # fmt: skip


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    theme().apply(qapp, ThemeName.DARK)
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def panels(tmp_path: Path) -> Path:
    return a_folder_of_panels(tmp_path / "panels", one=LABEL_PANEL, two=LABEL_PANEL)


@pytest.mark.usefixtures("loop")
class TestBars:
    def test_title_begins_with_the_district(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        for language in ("zh_CN", "en_US"):
            window = a_window(FakeEngine(), tmp_path, panels=panels, language=language)
            qtbot.addWidget(window)
            assert window.windowTitle().startswith("秀洲")

    def test_open_records_are_counted_by_priority(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        engine = FakeEngine(*flags(2, priority=1), *flags(5, priority=2))
        window = in_front(qtbot, a_window(engine, tmp_path, panels=panels))
        numbers = window.top_bar.counts._numbers  # noqa: SLF001 - what is painted
        qtbot.waitUntil(lambda: [numbers[p].text() for p in (1, 2, 3)] == ["2", "5", "0"])

    def test_offline_says_since_when_and_that_work_goes_on(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        engine = FakeEngine()
        window = in_front(qtbot, a_window(engine, tmp_path, panels=panels))
        engine.unplug()
        engine.district.later(8)
        window.refresh()
        status = window.status_bar.link.status()
        assert status.strong == "离线 · 自 08:30(8 分钟)"
        assert status.text == "可继续工作,恢复后自动送出"
        assert window.status_bar.data.status().text == "数据为 08:30 的(8 分钟前)"

    def test_expired_session_names_the_key_and_what_is_kept(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        engine = FakeEngine()
        window = in_front(qtbot, a_window(engine, tmp_path, panels=panels))
        engine.set_link(LinkState(link=Link.SIGNED_OUT, since=MORNING))
        assert window.status_bar.link.status().key == "F10"
        assert "未送出的 0 项仍在" in window.status_bar.link.status().text

    def test_small_window_keeps_the_bars_and_moves_the_rest_to_a_tooltip(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels), 1366, 768)
        assert window.rail.width() == 48
        assert window.key_bar.height() == window.status_bar.height() == 28
        assert not window.status_bar.workstation.isVisible()
        assert "ZB-02" in window.status_bar.person.toolTip()

    def test_a_workspace_of_another_role_is_closed_and_says_who_may(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        window.enter("legal")
        assert window.workspace == "duty"
        tabs = window.top_bar._tabs  # noqa: SLF001 - what is painted
        assert not tabs.isTabEnabled(2)
        assert "你的角色不能执行此操作" in tabs.tabToolTip(2)

    def test_an_administrator_enters_every_workspace(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        engine = FakeEngine(roles=(Role.ADMINISTRATOR,))
        window = in_front(qtbot, a_window(engine, tmp_path, panels=panels))
        window.enter("legal")
        assert window.workspace == "legal"


@pytest.mark.usefixtures("loop")
class TestKeys:
    def test_ctrl_digits_show_panels(self, qtbot: QtBot, tmp_path: Path, panels: Path) -> None:
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        assert window.docks.current() == "two"
        qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        assert window.docks.current() == "one"

    def test_f1_shows_every_key_that_holds_everywhere(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        qtbot.keyClick(window, Qt.Key.Key_F1)
        assert window.sheet.isVisible()
        (everywhere,) = window.sheet.findChildren(KeyTable)
        assert everywhere.height() == everywhere.sizeHint().height()
        lines = everywhere.accessibleDescription().splitlines()
        assert {"F1 按键", "F8 发件箱", "Ctrl+= Ctrl++ 放大文字", "Ctrl+2 打开 two"} <= set(lines)
        qtbot.keyClick(window.sheet, Qt.Key.Key_Escape)
        assert not window.sheet.isVisible()

    def test_f1_leaves_out_what_the_panel_means_by_the_same_key(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        frame = window.docks.frame("one")
        assert frame is not None
        own = Action(id="one.own", text="action.sheet.leave", keys=("Ctrl+2",))
        window.place.actions.region(frame).register(own, lambda: None)
        qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(window, Qt.Key.Key_F1)
        here, everywhere = window.sheet.findChildren(KeyTable)
        assert "Ctrl+2" in here.accessibleDescription()
        assert "Ctrl+2" not in everywhere.accessibleDescription()

    def test_f6_walks_the_regions(self, qtbot: QtBot, tmp_path: Path, panels: Path) -> None:
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        qtbot.keyClick(window, Qt.Key.Key_F6)
        assert window.rail.isAncestorOf(QApplication.focusWidget())
        qtbot.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        frame = window.docks.frame("one")
        assert frame is not None
        assert frame.isAncestorOf(QApplication.focusWidget())

    def test_f5_pulls_and_pushes_now(self, qtbot: QtBot, tmp_path: Path, panels: Path) -> None:
        engine = FakeEngine()
        window = in_front(qtbot, a_window(engine, tmp_path, panels=panels))
        qtbot.keyClick(window, Qt.Key.Key_F5)
        qtbot.waitUntil(lambda: engine.said == ["retry"])

    def test_f9_silences_and_shows_it(self, qtbot: QtBot, tmp_path: Path, panels: Path) -> None:
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        qtbot.keyClick(window, Qt.Key.Key_F9)
        assert window.silence.mutes(2)
        assert not window.silence.mutes(1)
        assert "静音至" in window.top_bar._bell.toolTip()  # noqa: SLF001 - what is shown

    def test_zoom_and_theme_follow_their_keys(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        control = Qt.KeyboardModifier.ControlModifier
        qtbot.keyClick(window, Qt.Key.Key_Equal, control)
        assert theme().scale == pytest.approx(1.1)
        qtbot.keyClick(window, Qt.Key.Key_0, control)
        assert theme().scale == pytest.approx(1.0)
        qtbot.keyClick(window, Qt.Key.Key_T, control | Qt.KeyboardModifier.ShiftModifier)
        assert theme().name is ThemeName.LIGHT
        assert window.place.store.read("theme") == "light"

    def test_every_shortcut_comes_from_the_registry(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        registered = {key for one in window.place.actions.all() for key in one.action.keys}
        shortcuts = [s for s in window.findChildren(QShortcut) if s.isEnabled()]
        assert shortcuts
        assert {str(s.property("registered_key")) for s in shortcuts} <= registered
        assert [a.text() for a in window.findChildren(QAction) if not a.shortcut().isEmpty()] == []


CHOICE_PANEL = """
from PySide6.QtWidgets import QComboBox
from xiuzhou_desktop.plugin_api.context import Action

def create_panel(context):
    box = QComboBox()
    box.addItems(["a", "b", "c"])
    pressed = []
    for key in ("Down", "J"):
        action = Action(id="test." + key, text="action.keys", keys=(key,))
        context.actions.register(action, lambda key=key: pressed.append(key))
    box.pressed_keys = pressed
    return box
"""


@pytest.mark.usefixtures("loop")
class TestChoices:
    def test_arrows_belong_to_a_choice_that_has_the_focus(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        folder = a_folder_of_panels(tmp_path / "panels", choice=CHOICE_PANEL)
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=folder))
        box = window.panels()[0].panel
        assert isinstance(box, QComboBox)
        box.setFocus()
        qtbot.keyClick(box, Qt.Key.Key_Down)
        assert box.currentText() == "b"
        qtbot.keyClick(box, Qt.Key.Key_J)
        assert box.pressed_keys == ["J"]

    def test_keys_belong_to_a_list_that_is_open(self, qtbot: QtBot, tmp_path: Path) -> None:
        folder = a_folder_of_panels(tmp_path / "panels", choice=CHOICE_PANEL)
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=folder))
        box = window.panels()[0].panel
        assert isinstance(box, QComboBox)
        box.showPopup()
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
        qtbot.keyClick(box.view(), Qt.Key.Key_Down)
        qtbot.keyClick(box.view(), Qt.Key.Key_Return)
        assert box.currentText() == "b"
        assert box.pressed_keys == []


@pytest.mark.usefixtures("loop")
class TestMemory:
    def test_layout_comes_back(self, qtbot: QtBot, tmp_path: Path, panels: Path) -> None:
        first = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        qtbot.keyClick(first, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        first.setGeometry(40, 60, 1400, 800)
        first.close()
        first.place.store.flush()
        second = a_window(FakeEngine(), tmp_path, panels=panels)
        qtbot.addWidget(second)
        second.show()
        assert second.docks.current() == "two"
        assert second.geometry() == QRect(40, 60, 1400, 800)

    def test_a_torn_off_panel_comes_back_as_a_window_in_sight(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        first = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        first.docks.tear_off("two")
        floating = first.docks.manager.floatingWidgets()
        assert len(floating) == 1
        floating[0].move(9000, 9000)
        first.docks.rescue()
        assert first.screen().availableGeometry().intersects(floating[0].frameGeometry())
        first.docks.tear_off("two")
        assert first.docks.current() == "two"

    def test_third_failed_start_is_safe_and_leaves_the_culprit_out(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        store = WindowStore(tmp_path / "window")
        store.write_now("start", value={"failed": 3, "loading": "one"})
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        frame = window.docks.frame("one")
        assert frame is not None
        assert frame.panel is None
        assert "三次启动失败" in frame._card.accessibleName()  # noqa: SLF001 - what is shown
        frame.retry()
        assert frame.panel is not None

    def test_a_safe_start_wakes_nobody(self, qtbot: QtBot, tmp_path: Path, panels: Path) -> None:
        store = WindowStore(tmp_path / "window")
        store.write("panels", "two", AWAKE, value=True)
        store.write_now("start", value={"failed": 3, "loading": None})
        for is_built in (False, True):  # the start after a safe one is a usual one
            window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
            frame = window.docks.frame("two")
            assert frame is not None
            assert (frame.panel is not None) == is_built
            window.close()

    def test_a_start_counts_as_failed_until_it_has_lived(
        self, qtbot: QtBot, tmp_path: Path, panels: Path
    ) -> None:
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        assert window.place.store.read("start", "failed") == 1
        window.starts.proven()
        assert window.place.store.read("start", "failed") == 0

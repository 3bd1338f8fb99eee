"""Two monitors: what stands on the second is there again, and nothing is lost when it is not.

The screen of the tests is told to be two (RandR monitors): left and right, and one again.
"""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from plugins.wall.grid import TileGrid
from plugins.wall.panel import WallPanel
from plugins.wall.second import SecondWall, other_screen
from plugins.wall.tile import WallTile
from tests.e2e.hands import press
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import LABEL_PANEL, a_folder_of_panels, a_window, in_front, running_loop
from tests.ui.wall_parts import PLUGINS, WallEngine, camera, flag_at
from ui.shell.window import ShellWindow
from xiuzhou_desktop.media import MediaHub
from xiuzhou_desktop.media.clock import utc_now

LEFT, RIGHT = QRect(0, 0, 960, 1080), QRect(960, 0, 960, 1080)


def xrandr(*words: str) -> None:
    """Tell the X server which monitors there are."""
    subprocess.run(["xrandr", *words], check=True, timeout=180, stdout=subprocess.DEVNULL)


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def panels(tmp_path: Path) -> Path:
    return a_folder_of_panels(tmp_path / "panels", one=LABEL_PANEL, two=LABEL_PANEL)


class Desk:
    """A monitor, and a second one that can be taken away."""

    def __init__(self, qtbot: QtBot) -> None:
        self._until = qtbot.waitUntil

    def plug_in(self) -> None:
        xrandr("--setmonitor", "RIGHT", "960/254x1080/285+960+0", "none")
        self._until(lambda: {one.geometry() for one in QGuiApplication.screens()} >= {RIGHT})

    def take_away(self) -> None:
        xrandr("--delmonitor", "RIGHT")
        self._until(lambda: [one.geometry() for one in QGuiApplication.screens()] == [LEFT])


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    xrandr("--setmonitor", "LEFT", "960/254x1080/285+0+0", "screen")
    one = Desk(qtbot)
    one.plug_in()
    yield one
    one.take_away()
    xrandr("--delmonitor", "LEFT")
    qtbot.waitUntil(lambda: QGuiApplication.primaryScreen().geometry().width() == 2 * LEFT.width())


def words(key: str, **_: object) -> str:
    """A tile's sentences do not matter here."""
    return key


def is_on(screen: QRect, window: QWidget) -> bool:
    """By its place, and as Qt has heard of it."""
    return screen.contains(window.frameGeometry().center()) and window.screen().geometry() == screen


def torn_off(window: ShellWindow) -> QWidget:
    (floating,) = window.docks.manager.floatingWidgets()
    return floating


def test_a_panel_on_the_second_monitor_is_there_again_and_never_lost(
    qtbot: QtBot, tmp_path: Path, panels: Path, desk: Desk
) -> None:
    def start() -> ShellWindow:
        return in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels), 900, 800)

    window = start()
    window.docks.tear_off("two")
    floating = torn_off(window)
    floating.setGeometry(RIGHT.adjusted(100, 100, -100, -100))
    qtbot.waitUntil(lambda: is_on(RIGHT, floating))
    window.close()

    desk.take_away()
    alone = start()
    assert {frame.found.id for frame in alone.docks.frames()} == {"one", "two"}
    shown = (alone, *alone.docks.manager.floatingWidgets())
    qtbot.waitUntil(lambda: all(is_on(LEFT, one) for one in shown))
    alone.close()

    desk.plug_in()
    again = start()
    qtbot.waitUntil(lambda: is_on(RIGHT, torn_off(again)))
    again.close()


def test_a_monitor_that_goes_while_one_works_leaves_its_windows_on_the_other(
    qtbot: QtBot, tmp_path: Path, panels: Path, desk: Desk
) -> None:
    window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels), 900, 800)
    window.docks.tear_off("two")
    floating = torn_off(window)
    floating.setGeometry(RIGHT.adjusted(100, 100, -100, -100))
    qtbot.waitUntil(lambda: is_on(RIGHT, floating))
    desk.take_away()
    qtbot.waitUntil(lambda: is_on(LEFT, floating))
    window.close()


@pytest.mark.usefixtures("desk")
def test_the_wall_is_pushed_to_the_monitor_where_the_window_is_not(qtbot: QtBot) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    home.setGeometry(LEFT.adjusted(50, 50, -50, -50))
    home.show()
    hub = MediaHub()
    grid = TileGrid(lambda n: WallTile(hub, words, utc_now, n), lambda _tile, _camera: None)
    second = SecondWall(grid, "wall", home)
    second.push(other_screen(home))
    qtbot.waitUntil(lambda: second.geometry() == RIGHT)
    qtbot.keyClick(second, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not second.isVisible())
    hub.close()


def start_of_product(qtbot: QtBot, profile: Path) -> ShellWindow:
    engine = WallEngine(camera(1), flag_at(1))
    return in_front(qtbot, a_window(engine, profile, panels=PLUGINS), 900, 800)


def wall_of(window: ShellWindow) -> WallPanel | None:
    (frame,) = (one for one in window.panels() if one.found.id == "wall")
    return frame.panel


def is_arranged(window: ShellWindow) -> bool:
    wall = wall_of(window)
    return wall is not None and wall.is_arranged


def pushed(window: ShellWindow) -> SecondWall | None:
    return wall_of(window).second if is_arranged(window) else None


def test_a_pushed_wall_comes_again_at_the_next_start_or_waits_for_its_monitor(
    qtbot: QtBot, tmp_path: Path, desk: Desk
) -> None:
    def start() -> ShellWindow:
        return start_of_product(qtbot, tmp_path)

    window = start()
    window.show_panel("wall")
    qtbot.waitUntil(lambda: is_arranged(window))
    wall_of(window).grid.current_tile.setFocus()
    press("W")
    qtbot.waitUntil(lambda: pushed(window) is not None)
    window.show_panel("triage")  # the wall is not in front when the window closes
    window.close()

    desk.take_away()
    alone = start()
    alone.show_panel("wall")
    qtbot.waitUntil(lambda: is_arranged(alone))
    assert pushed(alone) is None
    alone.show_panel("triage")
    alone.close()

    desk.plug_in()
    again = start()
    qtbot.waitUntil(lambda: pushed(again) is not None)
    second = pushed(again)
    qtbot.waitUntil(lambda: second.geometry() == RIGHT)
    assert [one.code for one in second.grid.cameras if one] == ["C-0001"]
    second.activateWindow()
    qtbot.waitUntil(second.isActiveWindow)
    qtbot.keyClick(second, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: pushed(again) is None)
    again.close()

    pulled = start()
    pulled.show_panel("wall")
    qtbot.waitUntil(lambda: is_arranged(pulled))
    assert pushed(pulled) is None
    pulled.close()


@pytest.mark.usefixtures("desk")
def test_a_pushed_wall_never_covers_the_window_that_moved_to_its_monitor(
    qtbot: QtBot, tmp_path: Path
) -> None:
    window = start_of_product(qtbot, tmp_path)
    window.show_panel("wall")
    qtbot.waitUntil(lambda: is_arranged(window))
    wall_of(window).grid.current_tile.setFocus()
    press("W")
    qtbot.waitUntil(lambda: pushed(window) is not None)
    window.setGeometry(RIGHT.adjusted(30, 100, -30, -100))
    qtbot.waitUntil(lambda: is_on(RIGHT, window))
    window.close()

    moved = start_of_product(qtbot, tmp_path)
    assert is_on(RIGHT, moved)
    qtbot.waitUntil(lambda: is_arranged(moved))
    assert pushed(moved) is None
    moved.move(LEFT.topLeft())
    qtbot.waitUntil(lambda: is_on(LEFT, moved))
    moved.close()

    back = start_of_product(qtbot, tmp_path)
    qtbot.waitUntil(lambda: pushed(back) is not None)
    back.close()

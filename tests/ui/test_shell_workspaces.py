"""Where panels stand in a workspace until a person has arranged it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import LABEL_PANEL, a_folder_of_panels, a_window, running_loop
from ui.shell.docks import monitor_set
from ui.shell.window import ShellWindow
from ui.shell.window_store import WindowStore


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def panels(tmp_path: Path) -> Path:
    folder = a_folder_of_panels(
        tmp_path / "panels", one=LABEL_PANEL, two=LABEL_PANEL, three=LABEL_PANEL
    )
    for name, stand in (("two", "front"), ("three", "beside")):
        manifest = folder / name / "manifest.toml"
        more = f'stands = {{duty_officer = "{stand}"}}\n'
        manifest.write_text(manifest.read_text(encoding="utf-8") + more, encoding="utf-8")
    return folder


def opened(qtbot: QtBot, folder: Path, panels: Path, width: int) -> ShellWindow:
    place = {"x": 0, "y": 0, "width": width, "height": 900}
    WindowStore(folder / "window").write_now("layouts", monitor_set(), "window", value=place)
    window = a_window(FakeEngine(), folder, panels=panels)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    return window


def test_one_panel_stands_in_front_and_one_beside_it(
    qtbot: QtBot, tmp_path: Path, panels: Path
) -> None:
    window = opened(qtbot, tmp_path, panels, 1920)
    one, two, three = (window.docks.frame(name) for name in ("one", "two", "three"))
    qtbot.waitUntil(lambda: two.isVisible() and three.isVisible())
    assert not one.isVisible()
    assert window.docks.current() == "two"
    qtbot.waitUntil(lambda: two.isAncestorOf(QApplication.focusWidget()))
    left, right = (frame.mapTo(window, frame.rect().topLeft()).x() for frame in (two, three))
    assert left < right
    assert two.width() > three.width()


def test_a_narrow_window_has_one_place_for_all(qtbot: QtBot, tmp_path: Path, panels: Path) -> None:
    window = opened(qtbot, tmp_path, panels, 1366)
    qtbot.waitUntil(window.docks.frame("two").isVisible)
    assert not window.docks.frame("three").isVisible()


def test_what_a_person_has_arranged_stays(qtbot: QtBot, tmp_path: Path, panels: Path) -> None:
    window = opened(qtbot, tmp_path, panels, 1920)
    window.docks.arrange(("one", "two", "three"), None)
    window.docks.show("one")
    window.close()
    again = a_window(FakeEngine(), tmp_path, panels=panels)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(again.docks.frame("one").isVisible)
    assert not again.docks.frame("three").isVisible()


def test_a_window_made_narrow_has_one_place_until_it_is_wide_again(
    qtbot: QtBot, tmp_path: Path, panels: Path
) -> None:
    window = opened(qtbot, tmp_path, panels, 1920)
    two, three = (window.docks.frame(name) for name in ("two", "three"))
    qtbot.waitUntil(lambda: two.isVisible() and three.isVisible())
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: two.isVisible() and not three.isVisible())
    window.resize(1920, 900)
    qtbot.waitUntil(lambda: two.isVisible() and three.isVisible())
    assert window.docks.current() == "two"

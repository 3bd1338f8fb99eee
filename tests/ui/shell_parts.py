"""A shell for tests: a window over the fake engine, and a loop whose timers turn with pytest-qt's
waiting."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.fake_engine import FakeEngine
from ui.shell.clock import WindowClock
from ui.shell.keyed_window import keyed_window
from ui.shell.window import ShellWindow
from ui.shell.window_store import WindowStore
from ui.shell.workplace import Surroundings
from xiuzhou_desktop.media import MediaHub
from xiuzhou_desktop.plugin_api.context import Engine
from xiuzhou_desktop.text.catalogue import Catalogue

BUILT_IN = "plugins"


@contextmanager
def running_loop(app: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """A qasync loop that counts as running: Qt's own loop, which the test turns, drives it."""
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    asyncio.events._set_running_loop(loop)  # noqa: SLF001 - pytest-qt turns Qt, not asyncio
    try:
        yield loop
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        asyncio.events._set_running_loop(None)  # noqa: SLF001
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        asyncio.set_event_loop(None)


def a_folder_of_panels(folder: Path, **panels: str) -> Path:
    """A plugins folder with panels of one label each; the text of a panel is its code, or its
    label."""
    for number, (name, code) in enumerate(panels.items()):
        own = folder / name
        own.mkdir(parents=True)
        manifest = (
            f'api = 1\nid = "{name}"\ntitle = {{zh_CN = "{name}", en_US = "{name}"}}\n'
            f'icon = "flag"\nroles = ["duty_officer"]\norder = {number + 1}\n'
            f'kinds = ["flag"]\nentry = "panel:create_panel"\n'
        )
        (own / "manifest.toml").write_text(manifest, encoding="utf-8")
        (own / "panel.py").write_text(code, encoding="utf-8")
    return folder


LABEL_PANEL = '''
"""A label."""
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

def create_panel(context):
    label = QLabel("here")
    label.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return label
'''


def a_window(
    engine: Engine,
    folder: Path,
    *,
    panels: Path | None = None,
    workspace: str | None = None,
    language: str = "zh_CN",
) -> ShellWindow:
    """The window of a person at work; `folder` is the profile's."""
    now = engine.business_now if isinstance(engine, FakeEngine) else None
    assert now is not None
    around = Surroundings(
        engine=engine,
        clock=WindowClock(now),
        text=Catalogue(language),
        store=WindowStore(folder / "window"),
        media=MediaHub(),
        plugin_folders=(panels or folder / "none" / BUILT_IN, folder / "plugins"),
        log_path=folder / "window.log",
    )
    window = keyed_window(around, workspace)
    window.closing.connect(around.store.flush)  # as the application does at its end
    return window


def in_front(
    qtbot: QtBot, window: ShellWindow, width: int = 1920, height: int = 1080
) -> ShellWindow:
    """Shown on a desk's monitor, with the keyboard."""
    qtbot.addWidget(window)
    window.resize(width, height)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    return window

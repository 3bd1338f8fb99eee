"""A window at work over the fake engine, driven by keys."""

from pathlib import Path

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import LABEL_PANEL, a_folder_of_panels, a_window, in_front
from tests.unit.domain.builders import a_flag, rid
from ui.shell.window import ShellWindow
from ui.start import start
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.domain.envelope import Kind, Record


def flag(number: int) -> Record:
    return msgspec.structs.replace(a_flag(), id=rid(number), title=f"违停 中山西路 {number} 号")


class Desk:
    """A window at work."""

    def __init__(self, qtbot: QtBot, folder: Path, *records: Record) -> None:
        self.qtbot = qtbot
        self.engine = FakeEngine(*records)
        panels = a_folder_of_panels(folder / "panels", queue=LABEL_PANEL)
        self.window: ShellWindow = a_window(self.engine, folder, panels=panels)
        in_front(qtbot, self.window)

    def save(self, record: int, transition: str, **args: object) -> None:
        count = len(self.engine.entries)
        draft = Draft(kind=Kind.FLAG, record=rid(record), transition=transition, args=args)
        start(self.engine.submit(draft), owner=self.window)
        self.qtbot.waitUntil(lambda: len(self.engine.entries) == count + 1)

    def open_outbox(self) -> None:
        self.qtbot.keyClick(self.window, Qt.Key.Key_F8)
        outbox = self.window.outbox
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is outbox)
        self.qtbot.waitUntil(lambda: outbox.list.rows.rowCount() == len(self.engine.entries))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        if modifier is None:
            self.qtbot.keyClick(focus, key)
        else:
            self.qtbot.keyClick(focus, key, modifier)

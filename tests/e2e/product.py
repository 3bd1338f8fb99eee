"""The product in this process, opened and closed as `python main.py` does it.

open ──► Application.begin ──► the window stands, a record is selected
close ──► window closed, engine and media ended, backend stopped ──► open again
"""

import asyncio
import threading
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.e2e.waits import until
from ui.garbage import GarbageCollector
from ui.shell.application import Application
from ui.shell.arguments import read_arguments
from ui.shell.window import ShellWindow
from ui.theme.tokens import ThemeName

START_S = 1_200  # the demonstration is built meanwhile, on a machine that others may use, too
END_S = 180.0


class Ending:
    """What the product stops when it has ended: here not the loop, which goes on to the next
    start."""

    def __init__(self) -> None:
        self.has_ended = False

    def stop(self) -> None:
        self.has_ended = True


class Product:
    """One run after the other over the same profile root."""

    def __init__(self, root: Path, theme: ThemeName = ThemeName.DARK) -> None:
        self.root = root
        self._theme = theme
        self._ending = Ending()
        self._application: Application | None = None
        self.garbage: GarbageCollector | None = None

    @property
    def is_open(self) -> bool:
        """Whether a window stands."""
        return self._application is not None and self._application.window is not None

    @property
    def application(self) -> Application:
        """The run that goes on. Raises AssertionError between two runs."""
        assert self._application is not None, "the product is not open"
        return self._application

    @property
    def window(self) -> ShellWindow:
        """The window of the signed-in person. Raises AssertionError before it is there."""
        window = self.application.window
        assert window is not None, "the window is not there"
        return window

    def begin(self, *arguments: str) -> Application:
        """Start with a command line; the window comes later."""
        assert self._application is None, "the product is open already"
        line = ["--profile", str(self.root), "--theme", self._theme.value, *arguments]
        self._ending = Ending()
        qt = QApplication.instance()
        assert isinstance(qt, QApplication)
        given = read_arguments(line, self.root)
        self._application = Application(given, qt, self._ending)  # type: ignore[arg-type]
        if self.garbage is not None:
            queued = Qt.ConnectionType.QueuedConnection
            self._application.shown.connect(self.garbage.settle, queued)
        self._application.begin()
        return self._application

    async def open(self, *arguments: str) -> ShellWindow:
        """Start, and wait until the window stands."""
        application = self.begin(*arguments)
        await until(lambda: application.window is not None, "the window opens", START_S)
        return self.window

    async def close(self) -> None:
        """Close the window and wait until everything behind it has ended."""
        application, ending = self.application, self._ending
        application.end()
        await until(lambda: ending.has_ended, "the product ends", END_S)
        await until(lambda: not _engines(), "its engine lets go of the profile", END_S)
        self._application = None
        application.deleteLater()
        await asyncio.sleep(0)  # the loop deletes it


def _engines() -> list[threading.Thread]:
    """A window does not wait long for its engine, which holds the profile until it has ended."""
    return [one for one in threading.enumerate() if one.name == "engine"]

"""Runs the window: Qt, the loop, the look, signals of the system; returns the exit code."""

import asyncio
import logging
import signal
import sys
from types import TracebackType

import qasync
from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import QApplication

from ui.garbage import GarbageCollector
from ui.shell.application import Application
from ui.shell.arguments import Arguments
from ui.shell.logs import set_up_logging
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName
from xiuzhou_desktop.heaps import share_heaps

logger = logging.getLogger(__name__)


def data_home() -> str:
    """Where profiles live unless --profile says otherwise."""
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)


def run(arguments: Arguments) -> int:
    """Until the window is closed."""
    share_heaps()
    set_up_logging(arguments.profile_root)
    sys.excepthook = _log_defect
    qt = QApplication([sys.argv[0]])
    qt.setApplicationName("xiuzhou-desktop")
    qt.setQuitOnLastWindowClosed(False)
    garbage = GarbageCollector(qt)  # before any other thread
    theme().apply(qt, arguments.theme or ThemeName.DARK)
    loop = qasync.QEventLoop(qt)
    loop.set_exception_handler(_log_loop_error)
    asyncio.set_event_loop(loop)
    application = Application(arguments, qt, loop)
    application.shown.connect(garbage.settle, Qt.ConnectionType.QueuedConnection)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _Ending(application))
    wake = QTimer(qt, interval=500)  # lets Python see a signal while Qt waits
    wake.timeout.connect(_nothing)
    wake.start()
    loop.call_soon(application.begin)
    with loop:
        loop.run_forever()
    garbage.stop()
    return 0


class _Ending:
    """A signal of the system closes the window in order."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, _number: int, _frame: object) -> None:
        QTimer.singleShot(0, self._application, self._application.end)


def _nothing() -> None:
    """What the waking timer does."""


def _log_defect(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    logger.error("unexpected error", exc_info=(kind, error, trace))


def _log_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    error = context.get("exception")
    logger.error(
        "error in the loop",
        exc_info=error if isinstance(error, BaseException) else None,
        extra={"detail": context.get("message")},
    )

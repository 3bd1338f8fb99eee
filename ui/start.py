"""The one way to start a coroutine from a widget (style.md rule 16).

    start(coro, owner=widget)      kept while it runs, cancelled when the widget is destroyed

An error that escapes goes to the nearest ancestor that can show it (`show_defect`), which is the
panel's card; without one it is logged. A cancelled task says nothing.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Protocol, runtime_checkable

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

logger = logging.getLogger(__name__)


@runtime_checkable
class ShowsDefects(Protocol):
    """An ancestor that turns an escaped error into an error card."""

    def show_defect(self, error: BaseException) -> None: ...


class Tasks(QObject):
    """The running coroutines of one owner, as its child: they end with it."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._running: set[asyncio.Task[object]] = set()
        # A bound method of this object would be gone by the time it is destroyed.
        self.destroyed.connect(_Cancel(self._running))

    def add(self, coro: Coroutine[object, object, object]) -> asyncio.Task[object]:
        task: asyncio.Task[object] = asyncio.get_running_loop().create_task(coro)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[object]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            report(error, self.parent() if shiboken6.isValid(self) else None)


def start(coro: Coroutine[object, object, object], owner: QObject) -> asyncio.Task[object]:
    """Run a coroutine on the window's loop for as long as `owner` lives."""
    tasks = next((child for child in owner.children() if isinstance(child, Tasks)), None)
    return (tasks or Tasks(owner)).add(coro)


def report(error: BaseException, owner: QObject | None) -> None:
    """Show an escaped error on the nearest card, or log it where there is none."""
    at: QObject | None = owner
    while at is not None:
        if isinstance(at, ShowsDefects):
            at.show_defect(error)
            return
        at = _above(at)
    logger.error("error without a card", exc_info=error)


def _above(at: QObject) -> QObject | None:
    return at.parentWidget() if isinstance(at, QWidget) else at.parent()


class _Cancel:
    """Cancels what is left; holds the set, not the object that is being destroyed."""

    def __init__(self, running: set[asyncio.Task[object]]) -> None:
        self._running = running

    def __call__(self, *_: object) -> None:
        for task in [*self._running]:
            task.cancel()

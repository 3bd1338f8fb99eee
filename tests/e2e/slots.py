"""How long the UI thread is held by one event, in CPU time of that thread.

    MeasuredApplication.notify ──► thread_time before and after the outermost event

A long one is named by its receiver and event, and by the last coroutine that was stepped in it. No
other thread looks at this one's stack: a frame that it held would keep a painter alive.
"""

import asyncio
import threading
import time

import msgspec
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImageReader, QShortcut
from PySide6.QtWidgets import QApplication

LIMIT_S = 0.050
KEPT = 200
OWN = "walk_and_measure"  # the coroutine whose steps are the walker's, not the product's


class Slot(msgspec.Struct, frozen=True):
    """One event that held the thread."""

    seconds: float
    receiver: str
    event: str
    where: str

    def __str__(self) -> str:
        return f"{self.seconds * 1000:.0f} ms {self.event} → {self.receiver} {self.where}"


class MeasuredApplication(QApplication):
    """Measures each outermost event; nested ones belong to it."""

    def __init__(self, argv: list[str]) -> None:
        super().__init__(argv)
        load_picture_plugins()
        self._thread = threading.get_ident()
        self._depth = 0
        self._is_first_show = False
        self.long_slots: list[Slot] = []
        self.longest_s = 0.0
        self.is_measuring = False
        self._steps = _Steps()

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if threading.get_ident() != self._thread or not self._is_slot():
            return super().notify(receiver, event)
        self._depth += 1
        if self._depth == 1:
            self._steps.last, self._is_first_show = "", False
        names = _named(receiver), event.type().name
        begin = time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            took = time.thread_time() - begin
            self._depth -= 1
            if self._depth or self._steps.last != OWN:
                self._keep(took, names)

    def _is_slot(self) -> bool:
        """Whether an event counts: the outermost, and those that the walk itself sends."""
        if not self.is_measuring:
            return False
        return self._depth == 0 or (self._depth == 1 and self._steps.last == OWN)

    def _keep(self, took: float, names: tuple[str, str]) -> None:
        if not self.is_measuring or self._is_first_show:  # a window was opened in it, or a panel
            return
        self.longest_s = max(self.longest_s, took)
        if took > LIMIT_S and len(self.long_slots) < KEPT:
            self.long_slots.append(Slot(took, *names, self._steps.last))

    def first_show(self, _panel: str) -> None:
        """A panel was built in this slot; those in which it fills and paints are measured."""
        self._is_first_show = True

    def close_watch(self) -> None:
        """Name no more coroutines."""
        self._steps.close()


def load_picture_plugins() -> None:
    """Load them all on this thread, before any worker decodes.

    A worker that loads one tells the application, whose `notify` is Python here and waits for the
    interpreter; another worker holds that while it waits for the loading: both stand still.
    """
    QImageReader.supportedImageFormats()


def _named(receiver: QObject) -> str:
    """A shortcut by its key, any other object by its class."""
    if isinstance(receiver, QShortcut):
        return receiver.key().toString()
    return type(receiver).__name__


class _Steps:
    """Which coroutine or callback the loop stepped last, on the thread of this object."""

    def __init__(self) -> None:
        self.last = ""
        self._thread = threading.get_ident()
        self._run = run = asyncio.Handle._run  # noqa: SLF001 - asyncio has no hook for it
        steps = self

        def named(handle: asyncio.Handle) -> None:
            if threading.get_ident() == steps._thread:
                steps.last = _name(handle)
            run(handle)

        asyncio.Handle._run = named  # type: ignore[method-assign]  # noqa: SLF001

    def close(self) -> None:
        asyncio.Handle._run = self._run  # type: ignore[method-assign]  # noqa: SLF001


def _name(handle: asyncio.Handle) -> str:
    """Touches no Qt object, which may be gone."""
    callback = getattr(handle, "_callback", None)
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, asyncio.Task):
        callback = owner.get_coro()
    function = getattr(callback, "__func__", callback)
    return str(getattr(function, "__qualname__", type(function).__name__))

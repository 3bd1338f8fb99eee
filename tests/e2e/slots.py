"""How long the UI thread is held by one event, in CPU time of that thread.

MeasuredApplication.notify ──► thread_time before and after the outermost event
a watcher looks in while an event runs, so that a long one can be named by its place in the code
"""

import sys
import threading
import time
import traceback
from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QApplication

LIMIT_S = 0.050
LOOK_EVERY_S = 0.010
PLACES = 6
KEPT = 200


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
        self._watcher = Watcher(self._thread)
        self.long_slots: list[Slot] = []
        self.longest_s = 0.0
        self.is_measuring = False

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if not self.is_measuring or self._depth or threading.get_ident() != self._thread:
            return super().notify(receiver, event)
        self._depth = 1
        self._watcher.began()
        names = type(receiver).__name__, event.type().name
        begin = time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            took = time.thread_time() - begin
            self._depth = 0
            where = self._watcher.ended()
            self.longest_s = max(self.longest_s, took)
            if took > LIMIT_S and len(self.long_slots) < KEPT:
                self.long_slots.append(Slot(took, *names, where))

    def close_watch(self) -> None:
        """End the watcher's thread."""
        self._watcher.close()


def load_picture_plugins() -> None:
    """Load them all on this thread, before any worker decodes.

    A worker that loads one tells the application, whose `notify` is Python here and waits for the
    interpreter; another worker holds that while it waits for the loading: both stand still.
    """
    QImageReader.supportedImageFormats()


class Watcher:
    """Looks at the UI thread's stack while one event goes on for long."""

    def __init__(self, thread: int) -> None:
        self._watched = thread
        self._began = 0.0
        self._where = ""
        self._is_closing = threading.Event()
        self._looking = threading.Thread(target=self._look, name="slot-watcher", daemon=True)
        self._looking.start()

    def began(self) -> None:
        self._where = ""
        self._began = time.monotonic()

    def ended(self) -> str:
        self._began = 0.0
        return self._where

    def close(self) -> None:
        self._is_closing.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._is_closing.wait(LOOK_EVERY_S):
            began = self._began
            if began and not self._where and time.monotonic() - began > LIMIT_S / 2:
                frame = sys._current_frames().get(self._watched)  # noqa: SLF001 - no other way
                self._where = _places(traceback.extract_stack(frame)) if frame else ""


def _places(stack: Iterable[traceback.FrameSummary]) -> str:
    ours = [f for f in stack if "/.venv/" not in f.filename and "/tests/" not in f.filename]
    return " < ".join(
        f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno} {f.name}" for f in reversed(ours[-PLACES:])
    )

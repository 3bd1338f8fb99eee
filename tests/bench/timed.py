"""What the UI thread spends on each event, in CPU time of that thread, and when it ended.

    TimedApplication.notify ──► Spell(receiver, event, cpu_s, ended_s) ──► whoever listens

A frame is the window's UpdateRequest: everything that is due is painted and handed to the screen
before it ends.
"""

import threading
import time
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from tests.e2e.slots import load_picture_plugins


class Spell(msgspec.Struct, frozen=True):
    """One outermost event."""

    is_frame: bool
    cpu_s: float
    ended_s: float  # time.perf_counter


Listener = Callable[[Spell], None]


class TimedApplication(QApplication):
    """Measures each outermost event while somebody listens; nested ones belong to it."""

    def __init__(self, argv: list[str]) -> None:
        super().__init__(argv)
        load_picture_plugins()
        self._thread = threading.get_ident()
        self._depth = 0
        self.listener: Listener | None = None

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        listener = self.listener
        if listener is None or self._depth or threading.get_ident() != self._thread:
            return super().notify(receiver, event)
        is_frame = event.type() is QEvent.Type.UpdateRequest
        self._depth = 1
        begin = time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            self._depth = 0
            listener(Spell(is_frame, time.thread_time() - begin, time.perf_counter()))

"""F9: no sounds for sixty seconds, except for the most urgent."""

import time
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

SILENCE_S = 60
URGENT = 1


class Silence(QObject):
    """Counts down in real time, whatever the business clock does."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ends = 0.0
        self._end = QTimer(self, singleShot=True, interval=SILENCE_S * 1000)
        self._end.timeout.connect(self.changed)

    def start(self) -> None:
        self._ends = time.monotonic() + SILENCE_S
        self._end.start()
        self.changed.emit()

    def until(self, now: datetime) -> datetime | None:
        left = self._ends - time.monotonic()
        return now + timedelta(seconds=left) if left > 0 else None

    def mutes(self, priority: int) -> bool:
        return priority != URGENT and self._ends > time.monotonic()

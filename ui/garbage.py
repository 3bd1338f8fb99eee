"""Python's cyclic garbage is collected on the UI thread only.

CPython runs its collector in whichever thread happens to allocate. A widget or timer in a reference
cycle would then be destroyed by the engine's or a video thread, and Qt crashes ("Timers cannot be
stopped from another thread", then a segmentation fault). So automatic collection is off in the
window's process, and a timer of the UI thread collects by the usual thresholds.
"""

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 250


class GarbageCollector(QObject):
    """Lives as long as the application; made on the UI thread before any other thread starts."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        gc.disable()
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that is due."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return

    def settle(self) -> None:
        """A window stands: what is there now stays, and is not looked through again. The first one
        is not kept waiting (there is little to find); a later one has an earlier window behind it,
        which was set aside itself.
        """
        if gc.get_freeze_count():
            gc.unfreeze()
            gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Hand collection back to the interpreter: after the other threads have ended."""
        self._timer.stop()
        gc.enable()

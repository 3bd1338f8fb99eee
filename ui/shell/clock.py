"""The view clock of a window (plugin_api/view_clock.py), and what one panel sees of it.

    WindowClock   business time of the engine; the shown instant runs on the computer's own clock
    PanelClock    the same to a panel that it moves, always live to the others

Playing: shown = anchor + speed × (time passed since the anchor was set).
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from xiuzhou_desktop.plugin_api.observing import Observation
from xiuzhou_desktop.plugin_api.view_clock import View, ViewMode

LOOK_EVERY_MS = 100  # how soon playing that has reached the present becomes live


class WindowClock(QObject):
    """`plugin_api.view_clock.Clock` of the window."""

    changed = Signal(object)  # View: at each jump, start, pause, other speed, return to live

    def __init__(
        self, business_now: Callable[[], datetime], passed: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._business_now, self._passed = business_now, passed
        self._mode, self._speed = ViewMode.LIVE, 1.0
        self._anchor, self._anchored = business_now(), passed()
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        self._look.timeout.connect(self._catch_up)

    def now(self) -> datetime:
        return self._business_now()

    @property
    def view(self) -> View:
        return View(mode=self._mode, at=self._shown(), speed=self._speed)

    @property
    def view_at(self) -> datetime | None:
        return None if self._mode is ViewMode.LIVE else self._shown()

    def go_to(self, at: datetime) -> None:
        if at >= self.now():
            self.go_live()
            return
        mode = ViewMode.PLAYING if self._mode is ViewMode.PLAYING else ViewMode.PAUSED
        self._set(mode, at)

    def play(self, speed: float | None = None) -> None:
        if self._mode is not ViewMode.LIVE:
            at = self._shown()
            self._speed = speed or self._speed
            self._set(ViewMode.PLAYING, at)

    def pause(self) -> None:
        if self._mode is ViewMode.PLAYING:
            self._set(ViewMode.PAUSED, self._shown())

    def go_live(self) -> None:
        if self._mode is not ViewMode.LIVE:
            self._speed = 1.0
            self._set(ViewMode.LIVE, self.now())

    def observe(self, on_change: Callable[[View], None]) -> Observation:
        return _Following(self, on_change)

    def _shown(self) -> datetime:
        if self._mode is ViewMode.LIVE:
            return self.now()
        if self._mode is ViewMode.PAUSED:
            return self._anchor
        ran = timedelta(seconds=(self._passed() - self._anchored) * self._speed)
        return min(self._anchor + ran, self.now())

    def _set(self, mode: ViewMode, at: datetime) -> None:
        self._mode, self._anchor, self._anchored = mode, at, self._passed()
        if mode is ViewMode.PLAYING:
            self._look.start()
        else:
            self._look.stop()
        self.changed.emit(self.view)

    def _catch_up(self) -> None:
        if self._shown() >= self.now():
            self.go_live()


class PanelClock(QObject):
    """The window's clock as one panel has it.

    `is_moved` says whether the view clock moves this panel; steering it moves the window's.
    """

    changed = Signal(object)  # View, as this panel has it

    def __init__(self, window: WindowClock, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._is_moved = False
        window.changed.connect(self._tell)

    @property
    def is_moved(self) -> bool:
        return self._is_moved

    def move_along(self) -> None:
        """From now on this panel goes where the window's clock goes."""
        if not self._is_moved:
            self._is_moved = True
            self.changed.emit(self.view)

    def stay_live(self) -> None:
        if self._is_moved:
            self._is_moved = False
            self.changed.emit(self.view)

    def now(self) -> datetime:
        return self._window.now()

    @property
    def view(self) -> View:
        if self._is_moved:
            return self._window.view
        return View(mode=ViewMode.LIVE, at=self._window.now())

    @property
    def view_at(self) -> datetime | None:
        return self._window.view_at if self._is_moved else None

    def go_to(self, at: datetime) -> None:
        self._window.go_to(at)

    def play(self, speed: float | None = None) -> None:
        self._window.play(speed)

    def pause(self) -> None:
        self._window.pause()

    def go_live(self) -> None:
        self._window.go_live()

    def observe(self, on_change: Callable[[View], None]) -> Observation:
        return _Following(self, on_change)

    def _tell(self, view: View) -> None:
        if self._is_moved:
            self.changed.emit(view)


class _Following:
    """A subscription to one clock's changes."""

    def __init__(self, clock: WindowClock | PanelClock, on_change: Callable[[View], None]) -> None:
        self._clock, self._on_change = clock, on_change
        clock.changed.connect(on_change)

    def close(self) -> None:
        if self._on_change is not None:
            self._clock.changed.disconnect(self._on_change)
            self._on_change = None

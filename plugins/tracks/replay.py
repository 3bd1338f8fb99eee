"""Play, pause, speed and steps on the window's view clock, by the chosen vehicle's day."""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from plugins.tracks.opened import OpenedDay
from xiuzhou_desktop.plugin_api.view_clock import SPEEDS, Clock, ViewMode


class Replay:
    """The clock moves; whoever observes it shows."""

    def __init__(self, clock: Clock, day: Callable[[], OpenedDay | None]) -> None:
        self._clock, self._day = clock, day

    def toggle(self) -> None:
        """Play or pause; from live, the chosen day from its first fix."""
        mode = self._clock.view.mode
        if mode is ViewMode.PLAYING:
            self._clock.pause()
            return
        if mode is ViewMode.LIVE:
            day = self._day()
            if day is None or not len(day.track.honest):
                return
            self.go_to(int(day.track.honest.at_ms[0]))
        self._clock.play()

    def go_to(self, at_ms: int) -> None:
        """Show that instant."""
        self._clock.go_to(datetime.fromtimestamp(at_ms / 1000, UTC))

    def step(self, by: int) -> None:
        """To the next or previous fix."""
        day = self._day()
        if day is None or not len(day.track.honest):
            return
        at = day.track.honest.at_ms
        now_ms = round(self._clock.view.at.timestamp() * 1000)
        row = int(np.searchsorted(at, now_ms, side="right" if by > 0 else "left"))
        row = row if by > 0 else row - 1
        if 0 <= row < len(at):
            self.go_to(int(at[row]))

    def slower(self) -> None:
        """The next smaller of the speeds."""
        self._turn(-1)

    def faster(self) -> None:
        """The next larger one."""
        self._turn(1)

    def _turn(self, by: int) -> None:
        view = self._clock.view
        place = SPEEDS.index(view.speed) + by
        if view.mode is not ViewMode.LIVE and 0 <= place < len(SPEEDS):
            was_paused = view.mode is ViewMode.PAUSED
            self._clock.play(SPEEDS[place])
            if was_paused:
                self._clock.pause()

"""The view clock: business time that goes on, and the instant that is looked at.

              go_to(at) ┌────────┐ play ┌─────────┐
    LIVE ──────────────►│ PAUSED │◄────►│ PLAYING │ 0.25–64×
     ▲                  └────────┘ pause└─────────┘
     └── go_live, or playing that has reached the present ──┘

A window has one. Which panels it moves, their manifests say (`view_clock`): to the others it is
always live.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.plugin_api.observing import Observation

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


class ViewMode(StrEnum):
    """What the view clock does."""

    LIVE = "live"
    PAUSED = "paused"
    PLAYING = "playing"


class View(Struct, frozen=True, kw_only=True):
    """How the view clock stands.

    `at` is the instant to show, aware UTC: business time while live. `speed` is how many seconds
    of it pass in one of ours while it plays, one of SPEEDS; kept while paused.
    """

    mode: ViewMode
    at: datetime
    speed: float = 1.0


class Clock(Protocol):
    """Business time, and the instant that this panel shows."""

    def now(self) -> datetime:
        """Business time, aware UTC; deadlines and ages are reckoned by it, also in the past."""

    @property
    def view(self) -> View:
        """What to show now. While playing `at` moves by itself: ask again with each picture."""

    @property
    def view_at(self) -> datetime | None:
        """The past instant to show; None while live."""

    def go_to(self, at: datetime) -> None:
        """Show that instant; what was live is paused there, what played goes on from there. An
        instant that has not come yet is live."""

    def play(self, speed: float | None = None) -> None:
        """Let the shown instant run, at another of SPEEDS if one is given. Nothing while live."""

    def pause(self) -> None: ...

    def go_live(self) -> None: ...

    def observe(self, on_change: Callable[[View], None]) -> Observation:
        """Told at each jump, start, pause, change of speed and return to live; not while it
        merely runs."""

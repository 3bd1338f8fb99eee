"""Business time: what the server's clock says to everyone (architecture.md rule 4).

    business = anchor_business + (wall - anchor_wall) × rate

In service it is the wall clock. A demonstration sets it to its own day, may run it fast, and jumps
to the next limit; the anchor is kept in the data folder, so that a backend that was stopped comes
back at the right moment. It never runs backwards. Monotonic time (back-off, leases) is
`time.monotonic`, never this.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.domain.canonical import canonical, whole_ms
from xiuzhou_desktop.domain.envelope import Struct


class Anchor(Struct, frozen=True, kw_only=True):
    """One moment in both times, and how fast business time runs from there."""

    wall: datetime
    business: datetime
    rate: int = 1


def wall_clock() -> datetime:
    """The computer's own time."""
    return datetime.now(UTC)


class BusinessClock:
    """Business time of one backend; `file` None: the wall clock itself, which nobody can move."""

    def __init__(self, file: Path | None, wall: Callable[[], datetime] = wall_clock) -> None:
        self._file = file
        self._wall = wall
        self._lock = threading.Lock()
        self._anchor = _read(file) if file else None
        self._latest: datetime | None = None

    @property
    def rate(self) -> int:
        """How many business seconds a second has."""
        return self._anchor.rate if self._anchor else 1

    @property
    def is_set(self) -> bool:
        """Whether somebody gave it a time of its own."""
        return self._anchor is not None

    def now(self) -> datetime:
        """Business time in whole milliseconds, never earlier than it was said before."""
        with self._lock:
            at = self._business()
            if self._latest is not None and at < self._latest:
                at = self._latest
            self._latest = at
            return at

    def set(self, at: datetime, rate: int = 1) -> None:
        """Business time is `at` from now on. Raises ValueError in service and for a step back."""
        if self._file is None:
            raise ValueError("the clock of a district in service is not moved")
        if self._anchor and at < self.now():
            raise ValueError("business time does not run backwards")
        with self._lock:
            if self._anchor is None:
                self._latest = None  # what was said before was the wall clock's
            self._anchor = Anchor(wall=self._wall(), business=whole_ms(at), rate=rate)
            self._file.write_bytes(canonical(self._anchor))

    def jump(self, to: datetime) -> None:
        """Go to a later moment at the same rate."""
        self.set(to, self.rate)

    def _business(self) -> datetime:
        anchor = self._anchor
        if anchor is None:
            return whole_ms(self._wall())
        return whole_ms(anchor.business + (self._wall() - anchor.wall) * anchor.rate)


def open_clock(settings: Settings) -> BusinessClock:
    """Business time: the wall clock, or the demonstration's own where there is or was one."""
    file = settings.folder / "clock.json"
    return BusinessClock(file if settings.demo or file.exists() else None)


def _read(file: Path) -> Anchor | None:
    return msgspec.json.decode(file.read_bytes(), type=Anchor) if file.exists() else None

"""Three clocks, never mixed (architecture.md rule 4): business, wall, monotonic.

    business   the server's time as we estimate it: its last word + monotonic time since × its rate
    wall       this computer's clock, which may be an hour off: ages on this disk only
    monotonic  back-off, undo windows, timeouts

`Clocks` is the seam that tests replace; `BusinessClock` needs no other.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from xiuzhou_desktop.contract.sync import SyncSession
from xiuzhou_desktop.domain.canonical import whole_ms
from xiuzhou_desktop.domain.envelope import Struct

HALF_A_SECOND = timedelta(milliseconds=500)  # a header Date is cut to seconds


class Clocks(Protocol):
    """What this computer's clocks say."""

    def wall(self) -> datetime: ...

    def monotonic_s(self) -> float: ...


class SystemClocks:
    """The real ones."""

    def wall(self) -> datetime:
        return whole_ms(datetime.now(UTC))

    def monotonic_s(self) -> float:
        return time.monotonic()


class Anchor(Struct, frozen=True, kw_only=True):
    """What the server said when: kept, so that an offline start knows business time."""

    server_time: datetime
    wall: datetime
    rate: int = 1
    offset_ms: int | None = None  # this computer's clock minus the server's own


class BusinessClock:
    """An estimate that never asks twice: one answer sets it, monotonic time carries it on."""

    def __init__(self, clocks: Clocks, anchor: Anchor | None = None) -> None:
        self._clocks = clocks
        self.anchor = anchor or Anchor(server_time=clocks.wall(), wall=clocks.wall())
        passed = max(clocks.wall() - self.anchor.wall, timedelta())
        self._base = self.anchor.server_time + passed * self.anchor.rate
        self._from_s = clocks.monotonic_s()

    def now(self) -> datetime:
        """Business time now."""
        passed = timedelta(seconds=self._clocks.monotonic_s() - self._from_s)
        return whole_ms(self._base + passed * self.anchor.rate)

    def told(self, server_time: datetime, rate: int, round_trip_s: float = 0.0) -> Anchor:
        """The server's word, half a round trip old."""
        self._base = server_time + timedelta(seconds=round_trip_s / 2) * rate
        self._from_s = self._clocks.monotonic_s()
        self.anchor = Anchor(
            server_time=whole_ms(self._base), wall=self._clocks.wall(), rate=rate,
            offset_ms=self.anchor.offset_ms,
        )  # fmt: skip
        return self.anchor

    def compared(self, server: datetime, round_trip_s: float) -> None:
        """The server's own clock, half a round trip ago: how far this computer's is off."""
        off = self._clocks.wall() - (server + timedelta(seconds=round_trip_s / 2))
        offset_ms = round(off.total_seconds() * 1000)
        self.anchor = Anchor(
            server_time=self.anchor.server_time, wall=self.anchor.wall, rate=self.anchor.rate,
            offset_ms=offset_ms,
        )  # fmt: skip

    def introduced(
        self, session: SyncSession, date: datetime | None, round_trip_s: float
    ) -> Anchor:
        """All that the answer to the session call says of clocks.

        A demonstration's business time is not the server's own clock; its header Date is (whole
        seconds).
        """
        self.told(session.server_time, session.clock_rate, round_trip_s)
        if not session.demo:
            self.compared(session.server_time, round_trip_s)
        elif date is not None:
            self.compared(date + HALF_A_SECOND, round_trip_s)
        return self.anchor

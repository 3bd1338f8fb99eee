"""What a vehicle did between two instants, read off its honest fixes.

    honest fixes ──► gaps      nothing was heard: hatched, never bridged
                 ──► stops     it stood within 40 m for a minute and more
                 ──► trips     from one long stop or gap to the next
                 ──► seen(at)  where it was: between two fixes by interpolation, in a gap held

`read_track` is pure and takes some milliseconds for a day of 17,280 fixes.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from xiuzhou_desktop.geo.datums import Point
from xiuzhou_desktop.geo.tracks.fixes import UNKNOWN, Fixes, drifting
from xiuzhou_desktop.geo.tracks.plane import Floats, Mask

GAP_AT_LEAST_MS = 60_000
GAP_INTERVALS = 4
"""A silence this many times the terminal's usual interval is a gap."""
STOP_RADIUS_M = 40.0
STOP_AT_LEAST_MS = 60_000
TRIP_ENDS_AFTER_MS = 300_000
"""A stop of five minutes ends a trip."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one honest fix to another, by row and by time."""

    first: int
    last: int
    start_ms: int
    end_ms: int

    @property
    def seconds(self) -> int:
        """How long."""
        return (self.end_ms - self.start_ms) // 1000


@dataclass(frozen=True, slots=True)
class Stop(Span):
    """It stood here."""

    place: Point


@dataclass(frozen=True, slots=True)
class Trip(Span):
    """It drove."""

    metres: float
    fastest_kmh: float


class Sight(StrEnum):
    """How well the place at an instant is known."""

    MEASURED = "measured"  # at a fix, or between two honest ones
    HELD = "held"  # in a gap: the last place, and no claim beyond it
    NOWHERE = "nowhere"  # before the first fix


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a vehicle was at an instant; `since_ms` is the fix that says so."""

    sight: Sight
    place: Point | None = None
    speed_kmh: float = float(UNKNOWN)
    heading_deg: float = float(UNKNOWN)
    since_ms: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """`all` as sent, `drift` of it, and what the honest rest tells."""

    all: Fixes
    drift: Mask
    honest: Fixes
    speed_kmh: Floats  # of each honest fix: the terminal's, else from its neighbours
    gaps: tuple[Span, ...]
    stops: tuple[Stop, ...]
    trips: tuple[Trip, ...]
    metres: float
    silence_ms: int  # after so long without a fix nothing is claimed

    def seen(self, at_ms: int) -> Seen:
        """Where it was then."""
        fixes = self.honest
        row = int(np.searchsorted(fixes.at_ms, at_ms, side="right")) - 1
        if row < 0:
            return Seen(Sight.NOWHERE)
        since = int(fixes.at_ms[row])
        here = fixes.point(row)
        heading, speed = float(fixes.heading_deg[row]), float(self.speed_kmh[row])
        if at_ms == since:
            return Seen(Sight.MEASURED, here, speed, heading, since)
        if row + 1 == len(fixes) and at_ms - since <= self.silence_ms:
            return Seen(Sight.MEASURED, here, speed, heading, since)  # the next fix is on its way
        if row + 1 == len(fixes) or any(gap.start_ms <= at_ms < gap.end_ms for gap in self.gaps):
            return Seen(Sight.HELD, here, float(UNKNOWN), heading, since)
        share = (at_ms - since) / (int(fixes.at_ms[row + 1]) - since)
        there = fixes.point(row + 1)
        place = Point(
            here.lon + (there.lon - here.lon) * share, here.lat + (there.lat - here.lat) * share
        )
        return Seen(Sight.MEASURED, place, speed, heading, since)

    def parts(self) -> tuple[Span, ...]:
        """The stretches between gaps: what may be drawn as a line."""
        starts = [0, *(gap.last for gap in self.gaps)]
        ends = [*(gap.first for gap in self.gaps), len(self.honest) - 1]
        return tuple(
            self._span(first, last) for first, last in zip(starts, ends, strict=True) if last >= 0
        )

    def _span(self, first: int, last: int) -> Span:
        at = self.honest.at_ms
        return Span(first, last, int(at[first]), int(at[last]))


def read_track(fixes: Fixes) -> Track:
    """All that can be read off the fixes."""
    drift = drifting(fixes)
    honest = fixes.where(~drift)
    east, north = honest.metres()
    gaps = _gaps(honest)
    legs = np.hypot(np.diff(east), np.diff(north))
    for gap in gaps:
        legs[gap.first] = 0.0  # what happened in a gap is not known, so it is no way driven
    speed = _speeds(honest, legs)
    stops = _stops(honest, (east, north), gaps)
    trips = _trips(honest, legs, speed, (stops, gaps))
    silence_ms = gap_after_ms(honest)
    return Track(fixes, drift, honest, speed, gaps, stops, trips, float(legs.sum()), silence_ms)


def gap_after_ms(fixes: Fixes) -> int:
    """The silence from which on nothing is claimed, by the terminal's own interval."""
    if len(fixes) < 3:
        return GAP_AT_LEAST_MS
    return max(GAP_AT_LEAST_MS, GAP_INTERVALS * int(np.median(np.diff(fixes.at_ms))))


def _gaps(fixes: Fixes) -> tuple[Span, ...]:
    rows = np.flatnonzero(np.diff(fixes.at_ms) > gap_after_ms(fixes))
    at = fixes.at_ms
    return tuple(Span(int(r), int(r) + 1, int(at[r]), int(at[r + 1])) for r in rows)


def _speeds(fixes: Fixes, legs: Floats) -> Floats:
    """The terminal's own where it gives one; else the way since the fix before."""
    if not len(fixes):
        return fixes.speed_kmh
    seconds = np.maximum(np.diff(fixes.at_ms) / 1000.0, 0.001)
    driven = np.concatenate(([0.0], legs / seconds * 3.6))
    return np.where(fixes.speed_kmh >= 0, fixes.speed_kmh, driven)


def _stops(fixes: Fixes, spots: tuple[Floats, Floats], gaps: tuple[Span, ...]) -> tuple[Stop, ...]:
    """Rows that stay near the first of them; a gap ends a stop, for nobody saw it stand."""
    broken = {gap.last for gap in gaps}
    leaves = _leaves(spots)
    rows = list(zip(spots[0].tolist(), spots[1].tolist(), strict=True))
    found: list[Stop] = []
    first = 0
    while first < len(rows):
        row = first + 1
        while row < len(rows) and row not in broken and _is_near(rows[first], rows[row]):
            row += 1
        start, end = int(fixes.at_ms[first]), int(fixes.at_ms[row - 1])
        if end - start >= STOP_AT_LEAST_MS:
            found.append(Stop(first, row - 1, start, end, fixes.point((first + row - 1) // 2)))
        first = row if row < len(rows) and not leaves[row] else _next_near(leaves, row)
    return tuple(found)


def _leaves(spots: tuple[Floats, Floats]) -> Mask:
    """Fixes whose next one is beyond the radius already: none of them begins a stop."""
    far = np.hypot(np.diff(spots[0]), np.diff(spots[1])) > STOP_RADIUS_M
    return np.concatenate((far, [False]))


def _next_near(leaves: Mask, row: int) -> int:
    """The next row from which on something stays near."""
    later = np.flatnonzero(~leaves[row:])
    return row + int(later[0]) if len(later) else len(leaves)


def _is_near(start: tuple[float, float], end: tuple[float, float]) -> bool:
    return (end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2 <= STOP_RADIUS_M**2


def _trips(
    fixes: Fixes, legs: Floats, speed: Floats, breaks: tuple[tuple[Stop, ...], tuple[Span, ...]]
) -> tuple[Trip, ...]:
    stops, gaps = breaks
    long = [one for one in (*stops, *gaps) if one.end_ms - one.start_ms >= TRIP_ENDS_AFTER_MS]
    ends = sorted(long, key=lambda one: one.first)
    found: list[Trip] = []
    first = 0
    for last, following in [*((one.first, one.last) for one in ends), (len(fixes) - 1, 0)]:
        if last > first:
            metres = float(legs[first:last].sum())
            start, end = int(fixes.at_ms[first]), int(fixes.at_ms[last])
            fastest = float(speed[first : last + 1].max())
            found.append(Trip(first, last, start, end, metres, fastest))
        first = following
    return tuple(one for one in found if one.metres > STOP_RADIUS_M)

"""Fixes of one vehicle as columns, and which of them are honest.

    Fixes (as the terminal sent them) ── drifting() ─► mask: shown crossed, left out of the path

A fix drifts when no vehicle could have come there: faster than 150 km/h from the last honest one,
or by its own speedometer. The filter is a view and takes nothing away; alarms of a terminal stand
whatever the filter says of the fix that carries them (traccar #3285).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiuzhou_desktop.geo.datums import Point
from xiuzhou_desktop.geo.tracks.plane import Floats, Mask, Plane

Millis = NDArray[np.int64]
UNKNOWN = -1
"""Of speed and heading: the terminal did not say."""
FASTEST_KMH = 150.0
"""Beyond this no lorry drives (domain.md §4, ingest rules)."""
AGREEING = 5
"""So many fixes that agree among themselves are where the vehicle is, however it came there."""
KMH_A_MS = 3.6


@dataclass(frozen=True, slots=True, eq=False)
class Fixes:
    """By rising time, one row an instant. `at_ms` since 1970 UTC, degrees WGS-84, `speed_kmh` and
    `heading_deg` -1 where unknown, `alarm` the bits of JT/T 808.
    """

    at_ms: Millis
    lon: Floats
    lat: Floats
    speed_kmh: Floats
    heading_deg: Floats
    alarm: Millis

    def __len__(self) -> int:
        return len(self.at_ms)

    def where(self, chosen: "Mask | slice") -> "Fixes":
        """Some of the rows."""
        return Fixes(
            self.at_ms[chosen], self.lon[chosen], self.lat[chosen], self.speed_kmh[chosen],
            self.heading_deg[chosen], self.alarm[chosen],
        )  # fmt: skip

    def between(self, start_ms: int, end_ms: int) -> "Fixes":
        """From an instant until before another."""
        first, last = np.searchsorted(self.at_ms, [start_ms, end_ms])
        return self.where(slice(int(first), int(last)))

    def metres(self) -> tuple[Floats, Floats]:
        """East and north of the first fix."""
        if not len(self):
            return self.lon, self.lat
        return Plane(self.point(0)).metres(self.lon, self.lat)

    def point(self, row: int) -> Point:
        """Where one fix is."""
        return Point(float(self.lon[row]), float(self.lat[row]))


def drifting(fixes: Fixes) -> Mask:
    """Which fixes no vehicle can have made."""
    mask = np.asarray(fixes.speed_kmh > FASTEST_KMH, dtype=np.bool_)
    east, north = fixes.metres()
    if len(fixes) < 2 or (_kmh(east, north, fixes.at_ms).max() <= FASTEST_KMH and not mask.any()):
        return mask
    return _walked(east, north, fixes.at_ms, mask)


def _kmh(east: Floats, north: Floats, at_ms: Millis) -> Floats:
    seconds = np.maximum(np.diff(at_ms) / 1000.0, 0.001)
    return np.asarray(np.hypot(np.diff(east), np.diff(north)) / seconds * KMH_A_MS)


def _walked(east: Floats, north: Floats, at_ms: Millis, told: Mask) -> Mask:
    """One by one: each against the last honest fix; a run that agrees becomes the truth."""
    mask = told.copy()
    honest, doubted = -1, 0
    rows = list(zip(east.tolist(), north.tolist(), at_ms.tolist(), strict=True))
    for row, here in enumerate(rows):
        if mask[row]:
            continue
        if honest < 0 or _is_within_reach(rows[honest], here):
            honest, doubted = row, 0
            continue
        agrees = doubted > 0 and _is_within_reach(rows[row - 1], here)
        doubted = doubted + 1 if agrees else 1
        mask[row] = True
        if doubted >= AGREEING:
            mask[row - doubted + 1 : row + 1] = False
            honest, doubted = row, 0
    return mask


def _is_within_reach(start: tuple[float, float, int], end: tuple[float, float, int]) -> bool:
    metres = math.hypot(end[0] - start[0], end[1] - start[1])
    return metres * KMH_A_MS <= FASTEST_KMH * max((end[2] - start[2]) / 1000.0, 0.001)

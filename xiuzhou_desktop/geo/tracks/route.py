"""Whether a vehicle kept to a line, and whether its fixes lie on streets at all.

deviations()   runs of honest fixes farther from the route than its tolerance, for longer than
               allowed; a run ends 15 m inside it, so that it does not flutter; no run crosses
               a gap, for what happened there is not known
datum_doubt()  the fixes fit the streets only after the GCJ-02 shift is taken away: they were
               declared WGS-84 and are not
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xiuzhou_desktop.geo.datums import Point, gcj02_to_wgs84
from xiuzhou_desktop.geo.tracks.fixes import Fixes
from xiuzhou_desktop.geo.tracks.plane import Floats, Plane, metres_from_lines
from xiuzhou_desktop.geo.tracks.track import Span, Track

HYSTERESIS_M = 15.0
ON_A_STREET_M = 25.0
SAMPLES = 200
FITS = 0.8
BETTER_BY = 0.3
"""Shares of the sample that lie on a street: shifted back, and beyond what lies there as it is."""


@dataclass(frozen=True, slots=True)
class Deviation(Span):
    """Off the route from `start_ms` to `end_ms`; farthest at row `worst`."""

    worst: int
    metres: float
    is_over: bool


@dataclass(frozen=True, slots=True)
class DatumDoubt:
    """Shares in [0, 1] of the fixes on a street as declared and as GCJ-02."""

    as_declared: float
    as_gcj02: float


def deviations(
    track: Track, route: Sequence[Point], buffer_m: float, after_s: float
) -> tuple[Deviation, ...]:
    """Each time it left the route for longer than allowed."""
    fixes = track.honest
    if not len(fixes) or len(route) < 2:
        return ()
    away = metres_from_route(fixes, route)
    found: list[Deviation] = []
    for part in track.parts():
        rows = away[part.first : part.last + 1].tolist()
        for first, last, is_over in _runs(rows, buffer_m):
            one = _deviation(fixes, away, (part.first + first, part.first + last), is_over=is_over)
            if one.end_ms - one.start_ms >= after_s * 1000:
                found.append(one)
    return tuple(found)


def metres_from_route(fixes: Fixes, route: Sequence[Point]) -> Floats:
    """Of each fix."""
    plane = Plane(fixes.point(0))
    east, north = plane.metres(fixes.lon, fixes.lat)
    return metres_from_lines(east, north, _pieces(plane, [route]))


def datum_doubt(lon: Floats, lat: Floats, streets: Sequence[Sequence[Point]]) -> DatumDoubt | None:
    """Whether these fixes are GCJ-02 in truth; None: nothing speaks for it, or too few to say."""
    if len(lon) < SAMPLES // 10 or not streets:
        return None
    rows = np.linspace(0, len(lon) - 1, min(SAMPLES, len(lon))).astype(np.int64)
    points = [Point(float(lon[row]), float(lat[row])) for row in rows]
    plane = Plane(points[0])
    pieces = _pieces(plane, streets)
    declared = _share_on_streets(plane, points, pieces)
    shifted = _share_on_streets(plane, [gcj02_to_wgs84(one) for one in points], pieces)
    if shifted >= FITS and shifted - declared >= BETTER_BY:
        return DatumDoubt(declared, shifted)
    return None


def _runs(away: list[float], buffer_m: float) -> list[tuple[int, int, bool]]:
    """First and last row of each run beyond the tolerance, and whether it came back."""
    found: list[tuple[int, int, bool]] = []
    first: int | None = None
    for row, metres in enumerate(away):
        if first is None and metres > buffer_m:
            first = row
        elif first is not None and metres < buffer_m - HYSTERESIS_M:
            found.append((first, row, True))
            first = None
    if first is not None:
        found.append((first, len(away) - 1, False))
    return found


def _deviation(fixes: Fixes, away: Floats, rows: tuple[int, int], *, is_over: bool) -> Deviation:
    first, last = rows
    worst = first + int(np.argmax(away[first : last + 1]))
    return Deviation(
        first, last, int(fixes.at_ms[first]), int(fixes.at_ms[last]), worst, float(away[worst]),
        is_over,
    )  # fmt: skip


def _pieces(plane: Plane, lines: Sequence[Sequence[Point]]) -> Floats:
    rows: list[Floats] = []
    for line in lines:
        east, north = plane.metres(
            np.array([one.lon for one in line]), np.array([one.lat for one in line])
        )
        rows.append(np.stack([east[:-1], north[:-1], east[1:], north[1:]], axis=1))
    return np.concatenate(rows)


def _share_on_streets(plane: Plane, points: Sequence[Point], pieces: Floats) -> float:
    east, north = plane.metres(
        np.array([one.lon for one in points]), np.array([one.lat for one in points])
    )
    return float((metres_from_lines(east, north, pieces) <= ON_A_STREET_M).mean())

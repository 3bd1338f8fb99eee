"""Tracks: what drifts, what is a gap, where it stood, where it was, whether it kept its route."""

import numpy as np
import pytest

from xiuzhou_desktop.geo import Point, destination, metres_between, wgs84_to_gcj02
from xiuzhou_desktop.geo.tracks import (
    UNKNOWN,
    Fixes,
    Sight,
    datum_doubt,
    deviations,
    drifting,
    read_track,
)

HERE = Point(120.709, 30.7633)
EAST = 90.0
BEGIN_MS = 1_795_395_600_000
EVERY_MS = 10_000


def a_drive(points: list[Point], every_ms: int = EVERY_MS, speed_kmh: float = UNKNOWN) -> Fixes:
    """One fix a point."""
    n = len(points)
    return Fixes(
        np.arange(n, dtype=np.int64) * every_ms + BEGIN_MS,
        np.array([one.lon for one in points]),
        np.array([one.lat for one in points]),
        np.full(n, float(speed_kmh)),
        np.full(n, float(UNKNOWN)),
        np.zeros(n, np.int64),
    )


def eastward(count: int, step_m: float = 100.0, start: Point = HERE) -> list[Point]:
    return [destination(start, EAST, step_m * one) for one in range(count)]


def test_a_plain_drive_has_no_drift_no_gap_and_its_length() -> None:
    track = read_track(a_drive(eastward(60)))
    assert not track.drift.any()
    assert not track.gaps
    assert track.metres == pytest.approx(5_900, rel=1e-3)
    assert len(track.trips) == 1
    assert track.trips[0].fastest_kmh == pytest.approx(36, rel=1e-2)


def test_a_jump_of_a_kilometre_is_drift_and_both_its_ways_are_no_way_driven() -> None:
    points = eastward(30)
    points[12] = destination(points[12], 0, 1_000)
    track = read_track(a_drive(points))
    assert np.flatnonzero(track.drift).tolist() == [12]
    assert track.metres == pytest.approx(2_900, rel=1e-3)


def test_four_hundred_kilometres_an_hour_is_drift() -> None:
    fixes = a_drive(eastward(10), speed_kmh=40)
    fixes.speed_kmh[4] = 400
    assert np.flatnonzero(drifting(fixes)).tolist() == [4]


def test_a_vehicle_that_came_elsewhere_is_there_after_five_fixes_that_agree() -> None:
    points = eastward(5) + eastward(20, start=destination(HERE, 0, 9_000))
    assert drifting(a_drive(points)).sum() == 0
    lonely = eastward(5) + eastward(3, start=destination(HERE, 0, 9_000)) + eastward(5, start=HERE)
    assert np.flatnonzero(drifting(a_drive(lonely))).tolist() == [5, 6, 7]


def test_nothing_is_claimed_in_a_gap() -> None:
    fixes = a_drive(eastward(40))
    fixes.at_ms[20:] += 216_000
    track = read_track(fixes)
    assert [gap.seconds for gap in track.gaps] == [226]
    held = track.seen(int(fixes.at_ms[19]) + 100_000)
    assert held.sight is Sight.HELD
    assert held.place == fixes.point(19)
    assert held.speed_kmh == UNKNOWN
    assert track.metres == pytest.approx(3_800, rel=1e-3)  # the leg across the gap is not counted
    assert [(part.first, part.last) for part in track.parts()] == [(0, 19), (20, 39)]


def test_between_two_honest_fixes_it_is_where_the_time_says() -> None:
    fixes = a_drive(eastward(5))
    seen = read_track(fixes).seen(BEGIN_MS + 2_500)
    assert seen.sight is Sight.MEASURED
    assert seen.place is not None
    assert metres_between(HERE, seen.place) == pytest.approx(25, rel=1e-2)
    assert read_track(fixes).seen(BEGIN_MS - 1).sight is Sight.NOWHERE
    assert read_track(fixes).seen(BEGIN_MS + 3_600_000).sight is Sight.HELD


def test_it_stood_where_it_did_not_leave_forty_metres() -> None:
    points = eastward(20)
    points[10:10] = [destination(points[10], one * 40.0, 6.0) for one in range(30)]
    track = read_track(a_drive(points))
    assert len(track.stops) == 1
    assert track.stops[0].seconds == pytest.approx(300, abs=20)
    assert metres_between(track.stops[0].place, points[10]) < 20
    assert len(track.trips) == 2  # five minutes of standing end a trip


def test_off_its_route_for_longer_than_allowed_and_back() -> None:
    route = [HERE, destination(HERE, EAST, 6_000)]
    points = eastward(60)
    points[20:32] = [destination(one, 0, 300) for one in points[20:32]]
    points[50:53] = [destination(one, 0, 300) for one in points[50:53]]  # half a minute: no event
    found = deviations(read_track(a_drive(points)), route, buffer_m=50, after_s=60)
    assert len(found) == 1
    assert found[0].is_over
    assert found[0].metres == pytest.approx(300, abs=2)
    assert found[0].seconds == 120


def test_a_drift_is_never_a_deviation() -> None:
    route = [HERE, destination(HERE, EAST, 6_000)]
    points = eastward(60)
    for row in range(20, 32):
        points[row] = destination(points[row], 0, 3_000 + 2_000 * (row % 2))
    assert not deviations(read_track(a_drive(points)), route, buffer_m=50, after_s=60)


def test_gcj02_declared_as_wgs84_is_found_by_the_streets() -> None:
    streets = [eastward(2, 6_000), [HERE, destination(HERE, 0, 4_000)]]
    drive = eastward(60) + [destination(HERE, 0, 60.0 * one) for one in range(60)]
    true = a_drive(drive)
    assert datum_doubt(true.lon, true.lat, streets) is None
    shifted = a_drive([wgs84_to_gcj02(one) for one in drive])
    doubt = datum_doubt(shifted.lon, shifted.lat, streets)
    assert doubt is not None
    assert doubt.as_gcj02 > 0.95 > doubt.as_declared
    nowhere = a_drive([destination(one, 45, 700) for one in drive])  # a field is no evidence
    assert datum_doubt(nowhere.lon, nowhere.lat, streets) is None


def test_no_fixes_tell_nothing() -> None:
    track = read_track(a_drive([]))
    assert (track.gaps, track.stops, track.trips, track.metres) == ((), (), (), 0.0)
    assert track.parts() == ()
    assert track.seen(BEGIN_MS).sight is Sight.NOWHERE

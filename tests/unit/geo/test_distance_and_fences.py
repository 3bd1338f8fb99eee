"""Distances, directions and fences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuzhou_desktop.geo import (
    Point,
    bearing_deg,
    destination,
    is_in_multipolygon,
    is_in_polygon,
    metres_between,
)

POINTS = st.builds(Point, st.floats(120.4, 121.0), st.floats(30.4, 31.1))
SHELL = [Point(0, 0), Point(10, 0), Point(10, 10), Point(0, 10)]
HOLE = [Point(4, 4), Point(6, 4), Point(6, 6), Point(4, 6)]


def test_a_minute_of_latitude_is_a_nautical_mile() -> None:
    gone = metres_between(Point(120, 30), Point(120, 30 + 1 / 60))
    assert gone == pytest.approx(1853, abs=1)


@given(POINTS, st.floats(0, 359.99), st.floats(1, 20_000))
def test_destination_lies_at_its_distance_and_bearing(start: Point, way: float, far: float) -> None:
    end = destination(start, way, far)
    assert metres_between(start, end) == pytest.approx(far, rel=1e-6, abs=1e-3)
    turn = abs(bearing_deg(start, end) - way) % 360
    assert min(turn, 360 - turn) < 0.05


def test_bearing_counts_clockwise_from_north() -> None:
    here = Point(120, 30)
    assert bearing_deg(here, Point(120, 31)) == pytest.approx(0)
    assert bearing_deg(here, Point(121, 30)) == pytest.approx(89.75, abs=0.1)
    assert bearing_deg(here, Point(120, 29)) == pytest.approx(180)


@pytest.mark.parametrize(
    ("point", "inside"),
    [(Point(2, 2), True), (Point(5, 5), False), (Point(11, 5), False), (Point(-1, 0.5), False)],
)
def test_a_hole_is_outside(point: Point, inside: bool) -> None:
    assert is_in_polygon(point, [SHELL, HOLE]) is inside


def test_any_part_of_a_multipolygon_counts() -> None:
    island = [Point(20, 20), Point(21, 20), Point(21, 21), Point(20, 21)]
    assert is_in_multipolygon(Point(20.5, 20.5), [[SHELL, HOLE], [island]])
    assert not is_in_multipolygon(Point(5, 5), [[SHELL, HOLE], [island]])

"""Datum conversions: the published vectors and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuzhou_desktop.geo import (
    Datum,
    Point,
    bd09_to_gcj02,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    metres_between,
    to_wgs84,
    wgs84_to_gcj02,
)

VECTORS = [
    (Point(120.709000, 30.763300), Point(120.7132889, 30.7609787)),
    (Point(120.640000, 30.600000), Point(120.6441451, 30.5974807)),
    (Point(121.5272106, 31.1774276), Point(121.5315419, 31.1753040)),
]
XIUZHOU = st.builds(Point, st.floats(120.4, 121.0), st.floats(30.4, 31.1))


@pytest.mark.parametrize(("wgs", "gcj"), VECTORS)
def test_gcj02_matches_the_published_vectors(wgs: Point, gcj: Point) -> None:
    shifted = wgs84_to_gcj02(wgs)
    assert shifted.lon == pytest.approx(gcj.lon, abs=6e-8)
    assert shifted.lat == pytest.approx(gcj.lat, abs=6e-8)


@given(XIUZHOU)
def test_gcj02_comes_back_to_below_a_billionth_of_a_degree(point: Point) -> None:
    back = gcj02_to_wgs84(wgs84_to_gcj02(point))
    assert abs(back.lon - point.lon) < 1e-9
    assert abs(back.lat - point.lat) < 1e-9


@given(XIUZHOU)
def test_bd09_comes_back_to_below_a_billionth_of_a_degree(point: Point) -> None:
    back = bd09_to_gcj02(gcj02_to_bd09(point))
    assert abs(back.lon - point.lon) < 1e-9
    assert abs(back.lat - point.lat) < 1e-9


@pytest.mark.parametrize("datum", list(Datum))
def test_every_datum_returns_to_the_canonical_point(datum: Datum) -> None:
    point = Point(120.709, 30.7633)
    assert metres_between(to_wgs84(from_wgs84(point, datum), datum), point) < 1e-3


def test_offset_at_xiuzhou_is_four_hundred_metres_east_and_south() -> None:
    point = Point(120.709, 30.7633)
    shifted = wgs84_to_gcj02(point)
    assert metres_between(point, Point(shifted.lon, point.lat)) == pytest.approx(410, abs=15)
    assert metres_between(point, Point(point.lon, shifted.lat)) == pytest.approx(258, abs=15)
    assert shifted.lat < point.lat


def test_points_outside_china_are_not_shifted() -> None:
    paris = Point(2.35, 48.85)
    assert wgs84_to_gcj02(paris) == paris
    assert gcj02_to_wgs84(paris) == paris

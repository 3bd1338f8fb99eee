"""Base map files and the geometry of looking at them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QSizeF

from ui.map import BaseMapError, read_base_map
from ui.map.base_map import Projection
from ui.map.furniture import scale_length_m
from ui.map.sight import Sight
from xiuzhou_desktop.backend.demo.world.basemap import DEFAULT_SEED, basemap_geojson
from xiuzhou_desktop.geo import Point, metres_between

SHIPPED = Path(__file__).resolve().parents[3] / "resources" / "basemap.geojson"
LARGEST_BYTES = 800_000
HERE = Point(120.7087, 30.7693)


def a_sight() -> Sight:
    return Sight((0.0, 0.0), 1.0, QSizeF(800, 600))


def test_the_shipped_base_map_is_what_the_script_makes() -> None:
    assert SHIPPED.read_bytes() == basemap_geojson(DEFAULT_SEED)
    assert SHIPPED.stat().st_size <= LARGEST_BYTES


def test_what_is_synthetic_says_so() -> None:
    features = json.loads(SHIPPED.read_bytes())["features"]
    synthetic = {f["properties"]["layer"]: f["properties"]["synthetic"] for f in features}
    assert synthetic == {"outline": False, "area": True, "street": True}


def test_the_base_map_has_every_layer_in_metres() -> None:
    base = read_base_map(SHIPPED.read_bytes())
    assert len(base.areas) == 9
    assert base.streets and base.trunks and base.outline
    west, south, east, north = base.bounds
    assert 20_000 < east - west < 60_000
    assert 20_000 < north - south < 80_000
    assert base.is_synthetic


@pytest.mark.parametrize("data", [b"<html>", b"{}", b'{"features":[{"type":"Feature"}]}', b""])
def test_what_is_no_base_map_is_refused(data: bytes) -> None:
    with pytest.raises(BaseMapError):
        read_base_map(data)


def test_a_base_map_without_features_still_has_a_middle() -> None:
    base = read_base_map(b'{"features":[]}')
    assert base.bounds == (-500.0, -500.0, 500.0, 500.0)


def test_metres_on_the_map_are_metres_on_the_ground() -> None:
    projection = Projection(Point(120.70, 30.77))
    there = Point(120.7187, 30.7793)
    east_a, north_a = projection.to_metres(HERE)
    east_b, north_b = projection.to_metres(there)
    on_map = ((east_b - east_a) ** 2 + (north_b - north_a) ** 2) ** 0.5
    assert on_map == pytest.approx(metres_between(HERE, there), rel=1e-3)
    back = projection.to_point((east_a, north_a))
    assert back.lon == pytest.approx(HERE.lon) and back.lat == pytest.approx(HERE.lat)


def test_north_is_up_and_the_transform_agrees_with_the_points() -> None:
    sight = a_sight()
    assert sight.to_screen((0, 100)).y() < sight.to_screen((0, 0)).y()
    spot = (123.0, -45.0)
    assert sight.transform.map(QPointF(*spot)) == sight.to_screen(spot)
    assert sight.to_ground(sight.to_screen(spot)) == pytest.approx(spot)


def test_zooming_keeps_the_ground_under_the_pointer() -> None:
    sight, pointer = a_sight(), QPointF(100, 500)
    assert sight.zoomed(pointer, 2.0).to_ground(pointer) == pytest.approx(sight.to_ground(pointer))


def test_zoom_has_ends() -> None:
    sight = a_sight()
    for _step in range(60):
        sight = sight.zoomed(QPointF(0, 0), 2.0)
    assert sight.metres_a_px == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("metres_a_px", "metres"), [(0.1, 10), (1.0, 100), (2.0, 200), (6.0, 500), (60.0, 5000)]
)
def test_the_scale_bar_is_a_round_number_that_fits(metres_a_px: float, metres: int) -> None:
    assert scale_length_m(metres_a_px) == metres

"""Positions on the ground: datums, distances and fences, as pure functions of WGS-84 points."""

from xiuzhou_desktop.geo.datums import (
    DEGREE_E7,
    Datum,
    Point,
    bd09_to_gcj02,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    is_outside_china,
    to_wgs84,
    wgs84_to_gcj02,
)
from xiuzhou_desktop.geo.distance import bearing_deg, destination, metres_between
from xiuzhou_desktop.geo.fences import (
    MultiPolygon,
    Polygon,
    Ring,
    is_in_multipolygon,
    is_in_polygon,
    is_in_ring,
)

__all__ = [
    "DEGREE_E7",
    "Datum",
    "MultiPolygon",
    "Point",
    "Polygon",
    "Ring",
    "bd09_to_gcj02",
    "bearing_deg",
    "destination",
    "from_wgs84",
    "gcj02_to_bd09",
    "gcj02_to_wgs84",
    "is_in_multipolygon",
    "is_in_polygon",
    "is_in_ring",
    "is_outside_china",
    "metres_between",
    "to_wgs84",
    "wgs84_to_gcj02",
]

"""Distances and directions on the sphere: metres between points, bearing, the point reached."""

import math

from xiuzhou_desktop.geo.datums import Point

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius (IUGG); the sphere errs by at most 0.5 %, far below a camera's own placement."""


def metres_between(start: Point, end: Point) -> float:
    """Great-circle distance by the haversine formula."""
    lat_a, lat_b = math.radians(start.lat), math.radians(end.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(end.lon - start.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def bearing_deg(start: Point, end: Point) -> float:
    """Initial direction from start to end, clockwise from north, in [0, 360)."""
    lat_a, lat_b = math.radians(start.lat), math.radians(end.lat)
    d_lon = math.radians(end.lon - start.lon)
    east = math.sin(d_lon) * math.cos(lat_b)
    north = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(d_lon)
    return math.degrees(math.atan2(east, north)) % 360.0


def destination(start: Point, heading_deg: float, metres: float) -> Point:
    """The point reached by going that far in that direction."""
    lat_a, lon_a = math.radians(start.lat), math.radians(start.lon)
    angle, heading = metres / EARTH_RADIUS_M, math.radians(heading_deg)
    lat_b = math.asin(
        math.sin(lat_a) * math.cos(angle) + math.cos(lat_a) * math.sin(angle) * math.cos(heading)
    )
    lon_b = lon_a + math.atan2(
        math.sin(heading) * math.sin(angle) * math.cos(lat_a),
        math.cos(angle) - math.sin(lat_a) * math.sin(lat_b),
    )
    return Point((math.degrees(lon_b) + 540.0) % 360.0 - 180.0, math.degrees(lat_b))

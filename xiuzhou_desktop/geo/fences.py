"""Fences: whether a point lies in a polygon (rings: shell first, then holes) or in several.

The even-odd rule over all rings of a polygon; a point exactly on an edge may fall on either side,
so users that alarm on a fence add their own margin of metres.
"""

from collections.abc import Sequence

from xiuzhou_desktop.geo.datums import Point

Ring = Sequence[Point]
Polygon = Sequence[Ring]
MultiPolygon = Sequence[Polygon]


def is_in_ring(point: Point, ring: Ring) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    inside = False
    previous = ring[-1]
    for current in ring:
        if (current.lat > point.lat) != (previous.lat > point.lat):
            slope = (previous.lon - current.lon) / (previous.lat - current.lat)
            if point.lon < current.lon + slope * (point.lat - current.lat):
                inside = not inside
        previous = current
    return inside


def is_in_polygon(point: Point, polygon: Polygon) -> bool:
    """Whether the point lies in the shell and in none of its holes."""
    return sum(is_in_ring(point, ring) for ring in polygon) % 2 == 1


def is_in_multipolygon(point: Point, parts: MultiPolygon) -> bool:
    """Whether the point lies in any of the polygons."""
    return any(is_in_polygon(point, part) for part in parts)

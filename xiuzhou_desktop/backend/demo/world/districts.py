"""The real outline of Xiuzhou and its synthetic division among the towns.

An area is the part of the outline nearer to its centre than to any other (the outline cut by
half-planes). It looks like a border and is none: every export says `synthetic`.
"""

import math
from functools import cache
from pathlib import Path

import msgspec

from xiuzhou_desktop.backend.demo.world.names import AREAS, AreaPlan
from xiuzhou_desktop.backend.demo.world.things import Area
from xiuzhou_desktop.geo import MultiPolygon, Point

OUTLINE_FILE = Path(__file__).resolve().parents[4] / "resources" / "jiaxing-districts.geojson"
XIUZHOU = "330411"

Ring = tuple[Point, ...]


class _Geometry(msgspec.Struct):
    type: str
    coordinates: list[list[list[tuple[float, float]]]]


class _Feature(msgspec.Struct):
    properties: dict[str, str]
    geometry: _Geometry


class _Collection(msgspec.Struct):
    features: list[_Feature]


@cache
def load_outline() -> MultiPolygon:
    """The outline of the district in WGS-84, from the file shipped in resources."""
    collection = msgspec.json.decode(OUTLINE_FILE.read_bytes(), type=_Collection)
    found = next(f for f in collection.features if f.properties["adcode"] == XIUZHOU)
    return tuple(
        tuple(tuple(Point(lon, lat) for lon, lat in ring) for ring in polygon)
        for polygon in found.geometry.coordinates
    )


@cache
def divide_outline() -> tuple[Area, ...]:
    """The nine areas with their synthetic borders."""
    shell: Ring = tuple(load_outline()[0][0])
    return tuple(
        Area(code=plan.code, name=plan.name, centre=plan.centre, border=_border(shell, plan))
        for plan in AREAS
    )


def _border(shell: Ring, plan: AreaPlan) -> Ring:
    ring = shell
    for other in AREAS:
        if other.code != plan.code:
            ring = _cut(ring, plan.centre, other.centre)
    return ring


def _cut(ring: Ring, mine: Point, theirs: Point) -> Ring:
    """Keep the part of the ring nearer to `mine` (Sutherland and Hodgman, one half-plane)."""
    stretch = math.cos(math.radians(mine.lat)) ** 2
    towards = ((theirs.lon - mine.lon) * stretch, theirs.lat - mine.lat)
    middle = Point((mine.lon + theirs.lon) / 2, (mine.lat + theirs.lat) / 2)

    def beyond(point: Point) -> float:
        return (point.lon - middle.lon) * towards[0] + (point.lat - middle.lat) * towards[1]

    kept: list[Point] = []
    previous = ring[-1]
    for current in ring:
        before, after = beyond(previous), beyond(current)
        if (before <= 0) != (after <= 0):
            share = before / (before - after)
            kept.append(
                Point(
                    previous.lon + (current.lon - previous.lon) * share,
                    previous.lat + (current.lat - previous.lat) * share,
                )
            )
        if after <= 0:
            kept.append(current)
        previous = current
    return tuple(kept)

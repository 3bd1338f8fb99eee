"""The base map: the district's real outline, and the world's synthetic borders and streets."""

from collections.abc import Sequence

import msgspec

from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.geo import Point

SOURCE = "outline: resources/jiaxing-districts.geojson; borders and streets: synthetic"
PLACES = 7  # decimals of a degree: a centimetre

Json = dict[str, object]


def base_map(world: World) -> bytes:
    """GeoJSON; every line but the outline says that it is synthetic."""
    outline = [[_line(ring) for ring in polygon] for polygon in world.outline]
    features = [_feature("MultiPolygon", outline, layer="outline", name="秀洲区", synthetic=False)]
    features += [
        _feature("Polygon", [_closed(area.border)], layer="area", name=area.name, code=area.code,
                 synthetic=True)
        for area in world.areas
    ]  # fmt: skip
    features += [
        _feature("LineString", _line(street.line), layer="street", name=street.name,
                 road="trunk" if street.id.startswith("ST-T") else "street", synthetic=True)
        for street in world.streets
    ]  # fmt: skip
    collection: Json = {
        "type": "FeatureCollection",
        "attribution": SOURCE,
        "features": features,
    }
    return msgspec.json.encode(collection, order="sorted")


def _feature(geometry: str, coordinates: object, **properties: object) -> Json:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def _line(points: Sequence[Point]) -> list[list[float]]:
    return [[round(point.lon, PLACES), round(point.lat, PLACES)] for point in points]


def _closed(points: tuple[Point, ...]) -> list[list[float]]:
    line = _line(points)
    return line if line[0] == line[-1] else [*line, line[0]]

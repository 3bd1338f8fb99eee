"""The street graph of the base map: what positions are held against to find a wrong datum."""

import logging

import msgspec

from xiuzhou_desktop.backend.hooks import MediaSource, NoPictureError
from xiuzhou_desktop.geo import Point

log = logging.getLogger(__name__)


class _Geometry(msgspec.Struct):
    type: str
    coordinates: msgspec.Raw


class _About(msgspec.Struct):
    layer: str = ""


class _Feature(msgspec.Struct):
    geometry: _Geometry
    properties: _About


class _Collection(msgspec.Struct):
    features: list[_Feature]


async def district_streets(media: MediaSource) -> list[list[Point]]:
    """Those of the district's own base map; none where it has no map."""
    try:
        return read_streets(await media.basemap())
    except (NoPictureError, msgspec.MsgspecError):
        log.warning("no street graph: wrong datums are not looked for")
        return []


def read_streets(geojson: bytes) -> list[list[Point]]:
    """The lines of layer `street`. Raises msgspec.MsgspecError for what is no GeoJSON."""
    found: list[list[Point]] = []
    for feature in msgspec.json.decode(geojson, type=_Collection).features:
        if feature.properties.layer == "street" and feature.geometry.type == "LineString":
            pairs = msgspec.json.decode(feature.geometry.coordinates, type=list[list[float]])
            found.append([Point(pair[0], pair[1]) for pair in pairs])
    return found

"""The base map: GeoJSON read once, turned into metres around its middle. Bytes in, value out.

layer     drawn as
outline   the district's border
area      borders between towns and sub-districts
water     one step cooler than the ground (lines or polygons)
street    two weights: `road` is trunk or street
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from xiuzhou_desktop.geo import Point

METRES_A_DEGREE = 111_195.08
"""Of latitude on the mean sphere, as in geo/distance.py."""

Spot = tuple[float, float]
"""Metres east and north of the origin."""
Line = tuple[Spot, ...]


class BaseMapError(ValueError):
    """The bytes are no base map."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Local metres: exact enough for a district (a metre in forty kilometres)."""

    origin: Point

    def to_metres(self, point: Point) -> Spot:
        return (
            (point.lon - self.origin.lon) * self._metres_a_degree_east,
            (point.lat - self.origin.lat) * METRES_A_DEGREE,
        )

    def to_point(self, spot: Spot) -> Point:
        return Point(
            self.origin.lon + spot[0] / self._metres_a_degree_east,
            self.origin.lat + spot[1] / METRES_A_DEGREE,
        )

    @property
    def _metres_a_degree_east(self) -> float:
        return METRES_A_DEGREE * math.cos(math.radians(self.origin.lat))


@dataclass(frozen=True, slots=True)
class Named:
    """A line with the name that may be written along it."""

    name: str
    line: Line


@dataclass(frozen=True, slots=True)
class BaseMap:
    projection: Projection
    outline: tuple[Line, ...] = ()
    areas: tuple[Named, ...] = ()
    trunks: tuple[Named, ...] = ()
    streets: tuple[Named, ...] = ()
    water: tuple[Line, ...] = ()
    is_synthetic: bool = False

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres; a kilometre around the origin when empty."""
        lines = [*self.outline, *(named.line for named in (*self.trunks, *self.streets))]
        spots = [spot for line in lines for spot in line]
        if not spots:
            return -500.0, -500.0, 500.0, 500.0
        east, north = zip(*spots, strict=True)
        return min(east), min(north), max(east), max(north)


DISTRICT_MIDDLE = Point(120.70, 30.77)
EMPTY = BaseMap(Projection(DISTRICT_MIDDLE))

_Pair = Annotated[list[float], msgspec.Meta(min_length=2)]


class _LineString(msgspec.Struct, tag_field="type", tag="LineString"):
    coordinates: list[_Pair]


class _Polygon(msgspec.Struct, tag_field="type", tag="Polygon"):
    coordinates: list[list[_Pair]]


class _MultiPolygon(msgspec.Struct, tag_field="type", tag="MultiPolygon"):
    coordinates: list[list[list[_Pair]]]


class _Properties(msgspec.Struct):
    layer: str = ""
    name: str = ""
    road: str = "street"
    synthetic: bool = False


class _Feature(msgspec.Struct):
    geometry: _LineString | _Polygon | _MultiPolygon
    properties: _Properties


class _Collection(msgspec.Struct):
    features: list[_Feature]


@dataclass(slots=True)
class _Layers:
    outline: list[Line] = field(default_factory=list)
    area: list[Named] = field(default_factory=list)
    trunk: list[Named] = field(default_factory=list)
    street: list[Named] = field(default_factory=list)
    water: list[Line] = field(default_factory=list)


def read_base_map(data: bytes) -> BaseMap:
    """Parse; raises BaseMapError. Takes tens of milliseconds: call it in a worker."""
    try:
        features = msgspec.json.decode(data, type=_Collection).features
    except msgspec.DecodeError as error:
        raise BaseMapError(str(error)) from error
    projection = Projection(_middle(features))
    layers = _Layers()
    for feature in features:
        _sort_in(feature, projection, layers)
    return BaseMap(
        projection=projection,
        outline=tuple(layers.outline),
        areas=tuple(layers.area),
        trunks=tuple(layers.trunk),
        streets=tuple(layers.street),
        water=tuple(layers.water),
        is_synthetic=any(feature.properties.synthetic for feature in features),
    )


def _sort_in(feature: _Feature, projection: Projection, layers: _Layers) -> None:
    about = feature.properties
    for pairs in _lines(feature.geometry):
        line = tuple(projection.to_metres(Point(pair[0], pair[1])) for pair in pairs)
        if about.layer == "outline":
            layers.outline.append(line)
        elif about.layer == "area":
            layers.area.append(Named(about.name, line))
        elif about.layer == "water":
            layers.water.append(line)
        elif about.layer == "street":
            streets = layers.trunk if about.road == "trunk" else layers.street
            streets.append(Named(about.name, line))


def _lines(geometry: _LineString | _Polygon | _MultiPolygon) -> list[list[_Pair]]:
    if isinstance(geometry, _LineString):
        return [geometry.coordinates]
    if isinstance(geometry, _Polygon):
        return geometry.coordinates
    return [ring for polygon in geometry.coordinates for ring in polygon]


def _middle(features: list[_Feature]) -> Point:
    pairs = [pair for feature in features for line in _lines(feature.geometry) for pair in line]
    if not pairs:
        return DISTRICT_MIDDLE
    lons, lats = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return Point((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)

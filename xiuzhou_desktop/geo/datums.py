"""Datums met in Xiuzhou and the way between them.

    WGS-84 (= CGCS2000, canonical) ──► GCJ-02 (Amap, Tencent) ──► BD-09 (Baidu)
           ◄── fixed point ──                 ◄── fixed point ──

Every stored point is WGS-84; a foreign point is converted once, at the border. The offset here is
about 400 m east and 260 m north, enough to put a vehicle on the wrong road. Formula: eviltransform.
"""

import math
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

GCJ_AXIS_M = 6_378_245.0
"""Krasovsky 1940, the ellipsoid the GCJ-02 formula is written for."""

GCJ_ECCENTRICITY_SQUARED = 0.00669342162296594323
BD_PI = math.pi * 3000.0 / 180.0
INVERSE_STEPS = 8
"""Fixed-point steps; four reach 1e-9 degrees here, eight reach the last bit."""


class Datum(StrEnum):
    """The reference a coordinate pair was given in."""

    WGS84 = "WGS84"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


DEGREE_E7 = 10_000_000
"""Records keep degrees as integers of this fraction."""


class Point(NamedTuple):
    """A position in degrees, longitude first as in GeoJSON. Records keep it in 1e-7 degrees."""

    lon: float
    lat: float

    @classmethod
    def from_e7(cls, lon_e7: int, lat_e7: int) -> "Point":
        """Of integers as records keep them."""
        return cls(lon_e7 / DEGREE_E7, lat_e7 / DEGREE_E7)

    @property
    def e7(self) -> tuple[int, int]:
        """Longitude and latitude as records keep them."""
        return round(self.lon * DEGREE_E7), round(self.lat * DEGREE_E7)


def to_wgs84(point: Point, datum: Datum) -> Point:
    """Bring a point of any known datum to the canonical one."""
    if datum is Datum.WGS84:
        return point
    if datum is Datum.GCJ02:
        return gcj02_to_wgs84(point)
    return gcj02_to_wgs84(bd09_to_gcj02(point))


def from_wgs84(point: Point, datum: Datum) -> Point:
    """Give a canonical point in the datum a foreign map wants, for display only."""
    if datum is Datum.WGS84:
        return point
    shifted = wgs84_to_gcj02(point)
    return shifted if datum is Datum.GCJ02 else gcj02_to_bd09(shifted)


def wgs84_to_gcj02(point: Point) -> Point:
    """Apply the GCJ-02 offset; points outside China are left as they are."""
    if is_outside_china(point):
        return point
    d_lon, d_lat = _gcj_offset(point)
    return Point(point.lon + d_lon, point.lat + d_lat)


def gcj02_to_wgs84(point: Point) -> Point:
    """Take the GCJ-02 offset away by fixed point, to below 1e-9 degrees."""
    return _inverse(wgs84_to_gcj02, point)


def gcj02_to_bd09(point: Point) -> Point:
    """Apply Baidu's further turn and shift."""
    radius = math.hypot(point.lon, point.lat) + 2e-5 * math.sin(point.lat * BD_PI)
    angle = math.atan2(point.lat, point.lon) + 3e-6 * math.cos(point.lon * BD_PI)
    return Point(radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006)


def bd09_to_gcj02(point: Point) -> Point:
    """Take Baidu's shift away by fixed point."""
    return _inverse(gcj02_to_bd09, point)


def is_outside_china(point: Point) -> bool:
    """Whether the GCJ-02 formula does not apply (its own coarse rectangle)."""
    return not (72.004 <= point.lon <= 137.8347 and 0.8293 <= point.lat <= 55.8271)


def _inverse(forward: Callable[[Point], Point], target: Point) -> Point:
    guess = target
    for _ in range(INVERSE_STEPS):
        image = forward(guess)
        guess = Point(guess.lon + target.lon - image.lon, guess.lat + target.lat - image.lat)
    return guess


def _gcj_offset(point: Point) -> tuple[float, float]:
    x, y = point.lon - 105.0, point.lat - 35.0
    lat_rad = math.radians(point.lat)
    magic = 1 - GCJ_ECCENTRICITY_SQUARED * math.sin(lat_rad) ** 2
    root = math.sqrt(magic)
    meridian = GCJ_AXIS_M * (1 - GCJ_ECCENTRICITY_SQUARED) / (magic * root)
    parallel = GCJ_AXIS_M / root * math.cos(lat_rad)
    return math.degrees(_east(x, y) / parallel), math.degrees(_north(x, y) / meridian)


def _waves(value: float) -> float:
    return (20.0 * math.sin(6.0 * value * math.pi) + 20.0 * math.sin(2.0 * value * math.pi)) / 1.5


def _north(x: float, y: float) -> float:
    metres = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    metres += _waves(x)
    metres += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) / 1.5
    metres += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) / 1.5
    return metres


def _east(x: float, y: float) -> float:
    metres = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    metres += _waves(x)
    metres += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) / 1.5
    metres += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) / 1.5
    return metres

"""A flat piece of ground: metres east and north of an origin, for whole arrays at once.

Exact to a metre in forty kilometres, which is the district; nothing here is for longer ways.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xiuzhou_desktop.geo.datums import Point
from xiuzhou_desktop.geo.distance import EARTH_RADIUS_M

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
METRES_A_DEGREE = math.radians(1.0) * EARTH_RADIUS_M
"""Of latitude."""


class Plane(NamedTuple):
    """The plane that touches the ground at `origin`."""

    origin: Point

    def metres(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """East and north of the origin."""
        east_a_degree = METRES_A_DEGREE * math.cos(math.radians(self.origin.lat))
        return (lon - self.origin.lon) * east_a_degree, (lat - self.origin.lat) * METRES_A_DEGREE


def metres_from_lines(east: Floats, north: Floats, pieces: Floats) -> Floats:
    """Of each point to the nearest of the pieces, rows of (east, north, east, north)."""
    ax, ay, bx, by = pieces.T
    dx, dy = bx - ax, by - ay
    length_squared = np.maximum(dx * dx + dy * dy, 1e-9)
    px, py = east[:, None], north[:, None]
    share = np.clip(((px - ax) * dx + (py - ay) * dy) / length_squared, 0.0, 1.0)
    away = np.hypot(px - ax - share * dx, py - ay - share * dy)
    return np.asarray(away.min(axis=1), dtype=np.float64)

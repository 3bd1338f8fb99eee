"""The map: base map, markers, one canvas for small and large."""

from ui.map.base_map import BaseMap, BaseMapError, Projection, read_base_map
from ui.map.canvas import MapCanvas
from ui.map.layer import MapLayer
from ui.map.markers import (
    CameraHealth,
    CameraMarker,
    FlagMarker,
    MarkerKind,
    Markers,
    Picked,
    UnitMarker,
)
from ui.map.opening import open_base
from ui.map.sight import Sight

__all__ = [
    "BaseMap",
    "BaseMapError",
    "CameraHealth",
    "CameraMarker",
    "FlagMarker",
    "MapCanvas",
    "MapLayer",
    "MarkerKind",
    "Markers",
    "Picked",
    "Projection",
    "Sight",
    "UnitMarker",
    "open_base",
    "read_base_map",
]

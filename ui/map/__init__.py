"""The map: base map, markers, one canvas for small and large."""

from ui.map.base_map import BaseMap, BaseMapError, read_base_map
from ui.map.canvas import MapCanvas
from ui.map.markers import (
    CameraHealth,
    CameraMarker,
    FlagMarker,
    MarkerKind,
    Markers,
    Picked,
    UnitMarker,
)

__all__ = [
    "BaseMap",
    "BaseMapError",
    "CameraHealth",
    "CameraMarker",
    "FlagMarker",
    "MapCanvas",
    "MarkerKind",
    "Markers",
    "Picked",
    "UnitMarker",
    "read_base_map",
]

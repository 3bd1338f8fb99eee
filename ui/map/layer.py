"""What a panel lays over the map: it paints on the ground and under names and markers, and finds
what was clicked. The canvas keeps the order and knows nothing of the content.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from ui.map.base_map import Projection
from ui.map.sight import Sight


class MapLayer(Protocol):
    """One layer."""

    def paint(self, painter: QPainter, sight: Sight, projection: Projection) -> None:
        """What is in view, in pixels of the window."""

    def covered(self, sight: Sight, projection: Projection) -> Iterable[QRectF]:
        """What of it has to stay readable: no street's name is written there."""

    def found_at(self, point: QPointF, sight: Sight, projection: Projection) -> object | None:
        """What lies under a pixel; told by the canvas's signal `found`. None: nothing."""

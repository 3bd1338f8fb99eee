"""Which part of the ground is in view, and how large a metre is: geometry of the map's window."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

from ui.map.base_map import Spot

CLOSEST_METRES_A_PX = 0.1
WIDEST_METRES_A_PX = 500.0
FIT_MARGIN = 1.06


@dataclass(frozen=True, slots=True)
class Sight:
    """Middle of the view in metres, metres a pixel, size of the window in pixels."""

    middle: Spot
    metres_a_px: float
    size: QSizeF

    def to_screen(self, spot: Spot) -> QPointF:
        return QPointF(
            self.size.width() / 2 + (spot[0] - self.middle[0]) / self.metres_a_px,
            self.size.height() / 2 - (spot[1] - self.middle[1]) / self.metres_a_px,
        )

    def to_ground(self, point: QPointF) -> Spot:
        return (
            self.middle[0] + (point.x() - self.size.width() / 2) * self.metres_a_px,
            self.middle[1] - (point.y() - self.size.height() / 2) * self.metres_a_px,
        )

    @property
    def transform(self) -> QTransform:
        """Metres to pixels; north is up."""
        scale = 1 / self.metres_a_px
        return QTransform(
            scale,
            0,
            0,
            -scale,
            self.size.width() / 2 - self.middle[0] * scale,
            self.size.height() / 2 + self.middle[1] * scale,
        )

    @property
    def window(self) -> QRectF:
        return QRectF(QPointF(0, 0), self.size)

    def resized(self, size: QSizeF) -> Sight:
        return replace(self, size=size)

    def moved_px(self, right: float, down: float) -> Sight:
        """The view moves right and down by so many pixels."""
        east = self.middle[0] + right * self.metres_a_px
        north = self.middle[1] - down * self.metres_a_px
        return replace(self, middle=(east, north))

    def zoomed(self, at: QPointF, factor: float) -> Sight:
        """Closer by the factor; the ground under `at` stays under it."""
        held = self.to_ground(at)
        closer = replace(self, metres_a_px=_within(self.metres_a_px / factor))
        now = closer.to_ground(at)
        east = closer.middle[0] + held[0] - now[0]
        north = closer.middle[1] + held[1] - now[1]
        return replace(closer, middle=(east, north))

    def centred(self, middle: Spot, width_m: float | None = None) -> Sight:
        """Look at a spot; with a width, so that so many metres fit across."""
        if width_m is None or self.size.isEmpty():
            return replace(self, middle=middle)
        return replace(self, middle=middle, metres_a_px=_within(width_m / self.size.width()))

    def fitted(self, bounds: tuple[float, float, float, float]) -> Sight:
        """Show all of a rectangle given as west, south, east, north."""
        west, south, east, north = bounds
        if self.size.isEmpty():
            return self
        wide = (east - west) * FIT_MARGIN / self.size.width()
        high = (north - south) * FIT_MARGIN / self.size.height()
        middle = ((west + east) / 2, (south + north) / 2)
        return replace(self, middle=middle, metres_a_px=_within(max(wide, high)))


def _within(metres_a_px: float) -> float:
    return min(WIDEST_METRES_A_PX, max(CLOSEST_METRES_A_PX, metres_a_px))

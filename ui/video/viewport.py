"""Where a picture lies in a widget: letterboxed, never cut or stretched; zoomed and moved by hand.

Zoom and centre are relative to the picture, so two pictures side by side can share a viewport.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF

LARGEST_ZOOM = 12.0
WHEEL_STEP = 1.25
WHEEL_NOTCH = 120


def letterbox(picture: QSizeF, area: QRectF) -> QRectF:
    """The largest rectangle of the picture's proportions in the middle of the area."""
    if picture.isEmpty() or area.isEmpty():
        return QRectF()
    scale = min(area.width() / picture.width(), area.height() / picture.height())
    fitted = QRectF(0, 0, picture.width() * scale, picture.height() * scale)
    fitted.moveCenter(area.center())
    return fitted


class Viewport:
    """Zoom 1 = the whole picture; `centre` is the point of the picture (0..1) in the middle."""

    def __init__(self) -> None:
        self.zoom = 1.0
        self.centre = QPointF(0.5, 0.5)

    @property
    def is_fitted(self) -> bool:
        return self.zoom <= 1.0

    def fit(self) -> None:
        self.zoom = 1.0
        self.centre = QPointF(0.5, 0.5)

    def place(self, fitted: QRectF) -> QRectF:
        """Where the whole picture lies when its letterbox is `fitted`."""
        width, height = fitted.width() * self.zoom, fitted.height() * self.zoom
        middle = fitted.center()
        return QRectF(
            middle.x() - self.centre.x() * width,
            middle.y() - self.centre.y() * height,
            width,
            height,
        )

    def zoom_at(self, point: QPointF, fitted: QRectF, factor: float) -> None:
        """Zoom so that what is under the point stays under it."""
        if fitted.isEmpty():
            return
        before = self.place(fitted)
        held = QPointF(
            (point.x() - before.x()) / before.width(), (point.y() - before.y()) / before.height()
        )
        self.zoom = min(LARGEST_ZOOM, max(1.0, self.zoom * factor))
        middle = fitted.center()
        self.centre = QPointF(
            held.x() - (point.x() - middle.x()) / (fitted.width() * self.zoom),
            held.y() - (point.y() - middle.y()) / (fitted.height() * self.zoom),
        )
        self._stay_inside()

    def move_by(self, delta: QPointF, fitted: QRectF) -> None:
        if fitted.isEmpty():
            return
        self.centre -= QPointF(
            delta.x() / (fitted.width() * self.zoom), delta.y() / (fitted.height() * self.zoom)
        )
        self._stay_inside()

    def _stay_inside(self) -> None:
        half = 0.5 / self.zoom
        self.centre = QPointF(
            min(1 - half, max(half, self.centre.x())), min(1 - half, max(half, self.centre.y()))
        )

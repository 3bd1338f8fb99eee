"""A widget that looks at the ground through a Sight: hand and keyboard, no paint.

The wheel zooms at the pointer, dragging moves, a click is told to `clicked_at`; arrows, + - and Z.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.map.base_map import EMPTY, BaseMap
from ui.map.sight import Sight
from xiuzhou_desktop.geo import Point

ZOOM_STEP = 1.5
WHEEL_NOTCH = 120
PAN_PART = 0.2
ROOM_AROUND = 0.12
DRAG_STARTS_PX = 4
DEFAULT_WIDTH_M = 400.0
Wish = Callable[[], Sight]


class MapWindow(QWidget):
    """Where one looks. `moved` is called for each new sight; subclasses paint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.base = EMPTY
        self.sight = Sight((0.0, 0.0), 1.0, QSizeF(1, 1))
        self._wish: Wish | None = None
        self._pressed_at: QPointF | None = None
        self._dragged = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 120)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def centre_on(self, place: Point, width_m: float = DEFAULT_WIDTH_M) -> None:
        """Look at a place, `width_m` metres across."""
        self._wish_for(partial(self._centred, place, width_m))

    def fit(self) -> None:
        """All of the base map (Z)."""
        self._wish_for(self._whole)

    def fit_to(self, south_west: Point, north_east: Point) -> None:
        """All of a rectangle, with room around for what is written on its edge."""
        self._wish_for(partial(self._around, south_west, north_east))

    def zoom(self, factor: float) -> None:
        """Closer by a factor, around the middle (+ and -)."""
        self._look_freely(self.sight.zoomed(self.sight.window.center(), factor))

    def pan(self, right: float, down: float) -> None:
        """By fifths of the window (arrows)."""
        step_right, step_down = PAN_PART * self.width(), PAN_PART * self.height()
        self._look_freely(self.sight.moved_px(right * step_right, down * step_down))

    def moved(self) -> None:
        """A new sight; subclasses paint anew."""
        self.update()

    def clicked_at(self, _point: QPointF) -> None:
        """A click that was no drag; subclasses answer."""

    def _centred(self, place: Point, width_m: float) -> Sight:
        return self.sight.centred(self.base.projection.to_metres(place), width_m)

    def _whole(self) -> Sight:
        return self.sight.fitted(self.base.bounds)

    def _around(self, south_west: Point, north_east: Point) -> Sight:
        west, south = self.base.projection.to_metres(south_west)
        east, north = self.base.projection.to_metres(north_east)
        room_x, room_y = ROOM_AROUND * (east - west), ROOM_AROUND * (north - south)
        return self.sight.fitted((west - room_x, south - room_y, east + room_x, north + room_y))

    def _wish_for(self, wish: Wish) -> None:
        """Look there, also once the window has another size or another base."""
        self._wish = wish
        self._look(wish())

    def _change_base(self, base: BaseMap) -> None:
        middle = self.base.projection.to_point(self.sight.middle)
        was_empty = self.base is EMPTY
        self.base = base
        if self._wish is not None:
            self._look(self._wish())
        elif was_empty:
            self.fit()
        else:
            self._look(self.sight.centred(base.projection.to_metres(middle)))

    def _look(self, sight: Sight) -> None:
        self.sight = sight
        self.moved()

    def _look_freely(self, sight: Sight) -> None:
        """The hand has chosen: a change of size no longer goes back to the wished place."""
        self._wish = None
        self._look(sight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        had_no_size = self.sight.size.width() <= 1
        self.sight = self.sight.resized(QSizeF(event.size()))
        if self._wish is not None:
            self._look(self._wish())
        elif had_no_size:
            self.fit()
        else:
            self.moved()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / WHEEL_NOTCH
        self._look_freely(self.sight.zoomed(event.position(), ZOOM_STEP**notches))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        moved = self._pressed_at - event.position()
        if not self._dragged and moved.manhattanLength() < DRAG_STARTS_PX:
            return
        self._dragged = True
        self._pressed_at = event.position()
        self._look_freely(self.sight.moved_px(moved.x(), moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_click = self._pressed_at is not None and not self._dragged
        self._pressed_at = None
        if was_click:
            self.clicked_at(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = _KEYS.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
            return
        act(self)


_KEYS: dict[Qt.Key, Callable[[MapWindow], None]] = {
    Qt.Key.Key_Plus: lambda window: window.zoom(ZOOM_STEP),
    Qt.Key.Key_Equal: lambda window: window.zoom(ZOOM_STEP),
    Qt.Key.Key_Minus: lambda window: window.zoom(1 / ZOOM_STEP),
    Qt.Key.Key_Z: MapWindow.fit,
    Qt.Key.Key_Left: lambda window: window.pan(-1, 0),
    Qt.Key.Key_Right: lambda window: window.pan(1, 0),
    Qt.Key.Key_Up: lambda window: window.pan(0, -1),
    Qt.Key.Key_Down: lambda window: window.pan(0, 1),
}

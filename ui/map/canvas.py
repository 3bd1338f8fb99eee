"""The map: a base in greys and markers on it; the small map of an item, a dock, a dialog alike.

The ground is painted into a picture that is kept while the view stands still; layers, words and
markers lie over it, in this order.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget

from ui.map.base_map import EMPTY, BaseMap
from ui.map.furniture import paint_attribution, paint_north, paint_scale, scale_length_m
from ui.map.ground import Ground
from ui.map.labels import Label, paint_labels
from ui.map.layer import MapLayer
from ui.map.markers import (
    CAMERAS_WITHIN,
    CODES_WITHIN,
    MARK_PX,
    CameraHealth,
    CameraMarker,
    FlagMarker,
    MarkerKind,
    Markers,
    Picked,
    Placed,
    UnitMarker,
    camera_ring,
    nearest,
    paint_camera,
    paint_camera_code,
    paint_flag,
    paint_selection,
    paint_unit,
)
from ui.map.window import MapWindow
from ui.theme import colour, draw_ring, has_keyboard_focus, theme

KILOMETRE_M = 1000
SMALL_WIDTH_PX = 480
"""Below this the attribution goes to the tooltip."""
NO_MARKERS = Markers()

Text = Callable[..., str]


class MapCanvas(MapWindow):
    """Set a base, layers and markers, centre and select. `picked` tells which marker was clicked
    (a Picked), `found` what a layer had there."""

    picked = Signal(object)
    found = Signal(object)

    def __init__(self, text: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._ground = Ground(EMPTY)
        self._ground_picture: QPixmap | None = None
        self._names: list[Label] = []
        self._note = text("map.base.loading")
        self._markers = NO_MARKERS
        self._selected: str | None = None
        self._layers: tuple[MapLayer, ...] = ()
        self.setAccessibleName(text("map.name"))
        theme().changed.connect(self.moved)

    def set_base(self, base: BaseMap) -> None:
        """The ground; the view stays where it was, or shows all at first."""
        self._ground = Ground(base)
        about = "map.attribution.synthetic" if base.is_synthetic else "map.attribution"
        self._note = self._text(about)
        self._change_base(base)

    def say_no_base(self, key: str) -> None:
        """Why there is no ground: `map.base.missing` or `map.base.broken`. Markers still work."""
        self._note = self._text(key)
        self.update()

    def set_markers(self, markers: Markers) -> None:
        self._markers = markers
        self.update()

    def set_layers(self, layers: tuple[MapLayer, ...]) -> None:
        """From the ground up; a layer that changed is shown after `update`."""
        self._layers = layers
        self.update()

    def select(self, flag_id: str | None) -> None:
        """The flag with the accent ring and the 50 m circle."""
        self._selected = flag_id
        self.update()

    def marker_at(self, point: QPointF) -> Placed | None:
        return nearest(self._placed(), point)

    def moved(self) -> None:
        self._ground_picture = None
        self.update()

    def clicked_at(self, point: QPointF) -> None:
        found = self.marker_at(point)
        if found is not None:
            self.picked.emit(found.picked)
            return
        for layer in reversed(self._layers):
            thing = layer.found_at(point, self.sight, self.base.projection)
            if thing is not None:
                self.found.emit(thing)
                return

    def _placed(self) -> list[Placed]:
        """Markers in view, lowest first: cameras, units, flags by falling number."""
        near = self.sight.metres_a_px <= CAMERAS_WITHIN
        cameras = self._markers.cameras if near else ()
        flags = sorted(self._markers.flags, key=self._flag_order)
        window = self.sight.window.adjusted(-MARK_PX, -MARK_PX, MARK_PX, MARK_PX)
        placed = [
            *(self._place(MarkerKind.CAMERA, camera) for camera in cameras),
            *(self._place(MarkerKind.UNIT, unit) for unit in self._markers.units),
            *(self._place(MarkerKind.FLAG, flag) for flag in flags),
        ]
        return [one for one in placed if window.contains(one.at)]

    def _flag_order(self, flag: FlagMarker) -> tuple[bool, int]:
        return flag.id == self._selected, -flag.priority

    def _place(self, kind: MarkerKind, marker: CameraMarker | FlagMarker | UnitMarker) -> Placed:
        at = self.sight.to_screen(self.base.projection.to_metres(marker.place))
        return Placed(Picked(kind, marker.id), at, marker)

    def sizeHint(self) -> QSize:
        return QSize(404, 196)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._ground_picture is None:
            self._ground_picture = self._paint_ground()
        painter.drawPixmap(0, 0, self._ground_picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for layer in self._layers:
            layer.paint(painter, self.sight, self.base.projection)
        placed = self._placed()
        self._paint_words(painter, placed)
        self._paint_markers(painter, placed)
        if has_keyboard_focus(self):
            draw_ring(painter, self.rect(), colour("focus"))

    def _paint_ground(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(colour("bg0"))
        painter = QPainter(picture)
        self._ground.paint(painter, self.sight)
        painter.end()
        self._names = self._ground.names(self.sight)
        return picture

    def _paint_words(self, painter: QPainter, placed: list[Placed]) -> None:
        """Scale, north and names, over the layers and clear of all that has to be read."""
        taken = [*self._paint_furniture(painter), *map(_room, placed)]
        for layer in self._layers:
            taken += layer.covered(self.sight, self.base.projection)
        paint_labels(painter, self._names, self.sight.window, taken)

    def _paint_furniture(self, painter: QPainter) -> list[QRectF]:
        length_m = scale_length_m(self.sight.metres_a_px)
        word = (
            self._text("map.scale.m", count=length_m)
            if length_m < KILOMETRE_M
            else self._text("map.scale.km", count=length_m // KILOMETRE_M)
        )
        taken = [
            paint_scale(painter, self.sight, length_m, word),
            paint_north(painter, self.sight, self._text("map.north")),
        ]
        if self.width() >= SMALL_WIDTH_PX:
            taken.append(paint_attribution(painter, self.sight, self._note))
        return taken

    def _paint_markers(self, painter: QPainter, placed: list[Placed]) -> None:
        taken = [_solid(one) for one in placed]
        for one in placed:
            if isinstance(one.marker, CameraMarker):
                paint_camera(painter, one.at, one.marker, self.sight)
            elif isinstance(one.marker, UnitMarker):
                paint_unit(painter, one.at, one.marker)
        for one in placed:
            if isinstance(one.marker, FlagMarker):
                self._paint_flag(painter, one.at, one.marker)
            elif isinstance(one.marker, CameraMarker) and self.sight.metres_a_px <= CODES_WITHIN:
                paint_camera_code(painter, one.at, one.marker, self.sight, taken)

    def _paint_flag(self, painter: QPainter, at: QPointF, flag: FlagMarker) -> None:
        if flag.id == self._selected:
            paint_selection(painter, at, self.sight, self._text("map.circle"))
        paint_flag(painter, at, flag)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.marker_at(QPointF(event.pos()))
            words = self._note if found is None else self._name(found)
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _name(self, placed: Placed) -> str:
        marker = placed.marker
        if isinstance(marker, CameraMarker):
            return self._text(_CAMERA_WORDS[marker.health], name=marker.name)
        if isinstance(marker, FlagMarker):
            return self._text("map.marker.flag", priority=marker.priority)
        return self._text("map.marker.unit", name=marker.name)


def _solid(placed: Placed) -> QRectF:
    """What no camera's number may touch: of a camera its ring alone."""
    is_camera = isinstance(placed.marker, CameraMarker)
    return camera_ring(placed.at) if is_camera else _room(placed)


def _room(placed: Placed) -> QRectF:
    """What a marker covers, so that nothing is written under it."""
    square = QRectF(0, 0, MARK_PX + 8, MARK_PX + 8)
    square.moveCenter(placed.at)
    return square


_CAMERA_WORDS = {
    CameraHealth.ONLINE: "map.marker.camera",
    CameraHealth.OFFLINE: "map.marker.camera.offline",
    CameraHealth.FROZEN: "map.marker.camera.frozen",
    CameraHealth.UNKNOWN: "map.marker.camera.unknown",
}

"""Exempted zones on the map, and a new one drawn corner by corner: by clicks, or by Insert in the
middle of the map after the arrows have moved it there.
"""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.map import MapCanvas, Projection, Sight, open_base
from ui.start import start
from ui.theme.textrun import Ink
from ui.theme.theme import colour
from ui.theme.type import Face
from ui.widgets import wrapped
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.exemption import ExemptionBody
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.geo import Point
from xiuzhou_desktop.plugin_api.context import PanelContext

WIDE_M = 420.0
LEAST_CORNERS = 3
CORNER_PX = 4
GROUND_ALPHA = 60
Ring = tuple[Point, ...]


class ZoneLayer:
    """The zones that are, and the corners of the one being drawn."""

    def __init__(self) -> None:
        self.zones: dict[str, Ring] = {}
        self.selected: str | None = None
        self.corners: list[Point] = []

    def paint(self, painter: QPainter, sight: Sight, projection: Projection) -> None:
        for record, ring in self.zones.items():
            self._paint_ring(painter, self._on_screen(ring, sight, projection), record)
        if self.corners:
            points = self._on_screen(tuple(self.corners), sight, projection)
            painter.setPen(QPen(colour("focus"), 2, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolygon(QPolygonF(points))
            painter.setBrush(colour("focus"))
            for point in points:
                painter.drawEllipse(point, CORNER_PX, CORNER_PX)

    def covered(self, sight: Sight, projection: Projection) -> tuple[QRectF, ...]:
        """Nothing: a zone's ground may be written on."""
        del sight, projection
        return ()

    def found_at(self, point: QPointF, sight: Sight, projection: Projection) -> object | None:
        for record, ring in self.zones.items():
            polygon = QPolygonF(self._on_screen(ring, sight, projection))
            if polygon.containsPoint(point, Qt.FillRule.OddEvenFill):
                return record
        return None

    def _on_screen(self, ring: Ring, sight: Sight, projection: Projection) -> list[QPointF]:
        return [sight.to_screen(projection.to_metres(point)) for point in ring]

    def _paint_ring(self, painter: QPainter, points: list[QPointF], record: str) -> None:
        is_selected = record == self.selected
        ink = colour("accent" if is_selected else "text3")
        ground = QColor(ink)
        ground.setAlpha(GROUND_ALPHA)
        painter.setPen(QPen(ink, 2 if is_selected else 1))
        painter.setBrush(ground)
        painter.drawPolygon(QPolygonF(points))


class ZoneCanvas(MapCanvas):
    """The map; while a zone is drawn, a click or Insert gives a corner and Backspace takes one."""

    corner_given = Signal(object)  # Point
    corner_taken = Signal()

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context.text)
        self.is_drawing = False

    def clicked_at(self, point: QPointF) -> None:
        if not self.is_drawing:
            super().clicked_at(point)
            return
        self.corner_given.emit(self.base.projection.to_point(self.sight.to_ground(point)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.is_drawing and event.key() == Qt.Key.Key_Insert:
            self.clicked_at(QPointF(self.rect().center()))
        elif self.is_drawing and event.key() == Qt.Key.Key_Backspace:
            self.corner_taken.emit()
        else:
            super().keyPressEvent(event)


class ZoneMap(QWidget):
    """Map and the sentence that says how to draw."""

    chosen = Signal(object)  # the record whose zone was clicked

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self.layer = ZoneLayer()
        self.canvas = ZoneCanvas(context)
        self.canvas.set_layers((self.layer,))
        self.canvas.corner_given.connect(self._add)
        self.canvas.corner_taken.connect(self._take)
        self.canvas.found.connect(self.chosen)
        self._how = wrapped("", Ink("text1", Face.LABEL))
        self._how.hide()
        self._is_open = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.canvas, 1)
        column.addWidget(self._how)

    @property
    def is_drawing(self) -> bool:
        """Whether corners are being given."""
        return self.canvas.is_drawing

    @property
    def drawn(self) -> Json:
        """The ring that was drawn, as a form holds it; empty where there is none yet."""
        corners = self.layer.corners
        enough = len(corners) >= LEAST_CORNERS
        return [[round(c.lon * 1e7), round(c.lat * 1e7)] for c in corners] if enough else []

    def show_zones(self, records: tuple[Record, ...]) -> None:
        """All zones of exemptions."""
        self._open_once()
        self.layer.zones = {one.id: ring for one in records if (ring := _ring(one))}
        self.canvas.update()

    def show_zone(self, record: Record | None) -> None:
        """The selected one; one without a zone (a plate, a shop) leaves the map where it is."""
        self._open_once()
        self.layer.selected = record.id if record else None
        if record is not None and record.place is not None:
            here = Point.from_e7(record.place.lon_e7, record.place.lat_e7)
            self.canvas.centre_on(here, width_m=WIDE_M)
        self.canvas.update()

    def draw(self) -> None:
        """Begin a zone."""
        self.layer.corners = []
        self.canvas.is_drawing = True
        self.canvas.setFocus()
        self._say()

    def stop(self) -> None:
        """The zone is done, or left."""
        self.layer.corners = []
        self.canvas.is_drawing = False
        self._how.hide()
        self.canvas.update()

    def _add(self, corner: Point) -> None:
        self.layer.corners.append(corner)
        self._say()

    def _take(self) -> None:
        self.layer.corners = self.layer.corners[:-1]
        self._say()

    def _say(self) -> None:
        self._how.setText(self._context.text("admin.draw.how", count=len(self.layer.corners)))
        self._how.show()
        self.canvas.update()

    def _open_once(self) -> None:
        if not self._is_open:
            self._is_open = True
            start(self._open(), owner=self)

    async def _open(self) -> None:
        await open_base(self.canvas, self._context.engine)


def _ring(record: Record) -> Ring:
    return tuple(Point.from_e7(lon, lat) for lon, lat in body_of(record, ExemptionBody).zone)

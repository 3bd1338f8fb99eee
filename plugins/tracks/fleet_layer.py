"""Live vehicles on the map: told apart by shape, clustered where they would lie on one another.

moving  filled arrow by its heading · standing  ring · stale  hollow arrow · offline  grey cross
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from plugins.tracks.fleet import SHOWN_AS, FleetPicture, Presence
from ui.map import Projection, Sight
from ui.map.labels import Label, paint_labels
from ui.theme import Align, Face, Ink, colour, draw_text, theme
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.vehicle import VehicleBody
from xiuzhou_desktop.geo.tracks import Plane

SIZE_PX = 22
STEP_DEG = 15
PICK_PX = 14.0
CLUSTER_PX = 28
CLUSTERS_BEYOND = 12.0
"""Metres a pixel from which vehicles that touch become one disc with their number."""
LABELS_WITHIN, MOST_LABELS = 6.0, 60
COUNT_INK = Ink("text1", Face.LABEL)
ARROW = ((0.0, -8.0), (6.0, 7.0), (0.0, 3.5), (-6.0, 7.0))


class FleetLayer:
    """Shows a FleetPicture; finds the vehicle under a pixel."""

    def __init__(self, label: Callable[[VehicleBody], str]) -> None:
        self._label = label
        self._picture: FleetPicture | None = None
        self._spots: tuple[object, np.ndarray, np.ndarray] | None = None
        self._covered: list[QRectF] = []

    def show(self, picture: FleetPicture | None) -> None:
        """None: in the past only what was opened is known."""
        self._picture, self._spots, self._covered = picture, None, []

    def paint(self, painter: QPainter, sight: Sight, projection: Projection) -> None:
        picture = self._picture
        if picture is None or not picture.rows:
            return
        x, y = self._pixels(picture, sight, projection)
        rows = _in_view(x, y, sight)
        self._covered = []
        if sight.metres_a_px > CLUSTERS_BEYOND:
            rows = self._paint_clusters(painter, rows, x, y)
        self._paint_each(painter, picture, rows, (x, y))
        if sight.metres_a_px <= LABELS_WITHIN:
            labels = [
                Label(
                    self._label(picture.rows[row].body),
                    (QPointF(float(x[row]), float(y[row]) - SIZE_PX),),
                )
                for row in rows[:MOST_LABELS].tolist()
            ]
            paint_labels(painter, labels, sight.window, self._covered)

    def covered(self, sight: Sight, projection: Projection) -> list[QRectF]:
        """Numbers and discs that were painted."""
        del sight, projection
        return self._covered

    def found_at(self, point: QPointF, sight: Sight, projection: Projection) -> RecordId | None:
        picture = self._picture
        if picture is None or not picture.rows:
            return None
        x, y = self._pixels(picture, sight, projection)
        away = np.hypot(x - point.x(), y - point.y())
        nearest = int(away.argmin())
        return picture.rows[nearest].vehicle if away[nearest] <= PICK_PX else None

    def _pixels(
        self, picture: FleetPicture, sight: Sight, projection: Projection
    ) -> tuple[np.ndarray, np.ndarray]:
        if self._spots is None or self._spots[0] is not projection:
            east, north = Plane(projection.origin).metres(picture.lon, picture.lat)
            self._spots = (projection, east, north)
        _, east, north = self._spots
        x = sight.size.width() / 2 + (east - sight.middle[0]) / sight.metres_a_px
        y = sight.size.height() / 2 - (north - sight.middle[1]) / sight.metres_a_px
        return x, y

    def _paint_each(
        self,
        painter: QPainter,
        picture: FleetPicture,
        rows: np.ndarray,
        spots: tuple[np.ndarray, np.ndarray],
    ) -> None:
        device = painter.device()
        look = (theme().name.value, theme().scale, device.devicePixelRatioF() if device else 1.0)
        steps = np.maximum(picture.heading_deg[rows], 0) // STEP_DEG * STEP_DEG % 360
        lefts = np.round(spots[0][rows] - SIZE_PX / 2).astype(int).tolist()
        tops = np.round(spots[1][rows] - SIZE_PX / 2).astype(int).tolist()
        codes = picture.presence[rows].tolist()
        for left, top, code, step in zip(lefts, tops, codes, steps.tolist(), strict=True):
            painter.drawPixmap(left, top, _sign(code, step, look))

    def _paint_clusters(
        self, painter: QPainter, rows: np.ndarray, x: np.ndarray, y: np.ndarray
    ) -> np.ndarray:
        """Discs for the crowded cells; the rows that stand alone are answered."""
        if not len(rows):
            return rows
        cells = np.floor(x[rows] / CLUSTER_PX).astype(np.int64) << 20
        cells += np.floor(y[rows] / CLUSTER_PX).astype(np.int64)
        _, place, count = np.unique(cells, return_inverse=True, return_counts=True)
        for cell in np.flatnonzero(count > 1).tolist():
            members = rows[place == cell]
            at = QPointF(float(x[members].mean()), float(y[members].mean()))
            self._covered.append(_paint_disc(painter, at, str(len(members))))
        return np.asarray(rows[count[place] == 1])


def _paint_disc(painter: QPainter, at: QPointF, words: str) -> QRectF:
    """The square around it."""
    painter.setPen(QPen(colour("edge"), 1.0))
    painter.setBrush(colour("bg2"))
    painter.drawEllipse(at, CLUSTER_PX / 2 - 2, CLUSTER_PX / 2 - 2)
    box = QRectF(at.x() - CLUSTER_PX / 2, at.y() - CLUSTER_PX / 2, CLUSTER_PX, CLUSTER_PX)
    draw_text(painter, box, words, COUNT_INK, Align.AlignHCenter)
    return box


@lru_cache(maxsize=512)
def _sign(code: int, step_deg: int, look: tuple[str, float, float]) -> QPixmap:
    """A vehicle of that presence and heading, painted once a theme."""
    ratio = look[2]
    picture = QPixmap(round(SIZE_PX * ratio), round(SIZE_PX * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(SIZE_PX / 2, SIZE_PX / 2)
    _PAINT[SHOWN_AS[code]](painter, step_deg)
    painter.end()
    return picture


def _paint_arrow(painter: QPainter, step_deg: int, fill: QColor, edge: QColor) -> None:
    path = QPainterPath(QPointF(*ARROW[0]))
    for corner in ARROW[1:]:
        path.lineTo(QPointF(*corner))
    path.closeSubpath()
    painter.rotate(step_deg)
    painter.setPen(QPen(edge, 1.3))
    painter.setBrush(fill)
    painter.drawPath(path)


def _paint_standing(painter: QPainter, _step_deg: int) -> None:
    painter.setPen(QPen(colour("bg0"), 1.0))
    painter.setBrush(colour("text2"))
    painter.drawEllipse(QPointF(0, 0), 5.0, 5.0)


def _paint_cross(painter: QPainter, _step_deg: int) -> None:
    painter.setPen(QPen(colour("offline"), 2.0))
    painter.drawLine(QPointF(-4, -4), QPointF(4, 4))
    painter.drawLine(QPointF(-4, 4), QPointF(4, -4))


_PAINT: dict[Presence, Callable[[QPainter, int], None]] = {
    Presence.MOVING: lambda painter, step: _paint_arrow(
        painter, step, colour("text2"), colour("bg0")
    ),
    Presence.STALE: lambda painter, step: _paint_arrow(
        painter, step, colour("bg0"), colour("text2")
    ),
    Presence.STANDING: _paint_standing,
    Presence.OFFLINE: _paint_cross,
    Presence.UNSEEN: _paint_cross,
    Presence.NOT_OPENED: _paint_cross,
}


def _in_view(x: np.ndarray, y: np.ndarray, sight: Sight) -> np.ndarray:
    """The rows whose sign touches the window."""
    inside = (x > -SIZE_PX) & (y > -SIZE_PX)
    inside &= (x < sight.size.width() + SIZE_PX) & (y < sight.size.height() + SIZE_PX)
    return np.flatnonzero(inside)

"""The ground: water, roads in two weights, borders; less of it the farther one looks.

Paths are built once a base map, in metres; a view is one transform and cosmetic pens.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from ui.map.base_map import BaseMap, Line, Named
from ui.map.labels import Label
from ui.map.sight import Sight
from ui.theme import colour

TRUNK_WIDTH_M = 16.0
STREET_WIDTH_M = 9.0
TRUNK_WIDTH_PX = (2.0, 14.0)
STREET_WIDTH_PX = (1.0, 9.0)
"""Thinnest and thickest on screen."""
STREETS_WITHIN = 40.0
STREET_NAMES_WITHIN = 6.0
TRUNK_NAMES_WITHIN = 20.0
AREA_NAMES_BEYOND = 9.0
"""Metres a pixel at which a layer appears or goes."""
WATER_WIDTH_PX = (1.5, 24.0)
WATER_WIDTH_M = 30.0
WATER_STRENGTH = 150
BORDER_DASH = [6.0, 4.0]
WHOLE_BORDERS_BEYOND = 25.0
BORDER_SPARE_PX = 4.0
SPARE_CORNER = (BORDER_SPARE_PX, BORDER_SPARE_PX)
ALONG = (0.5, 0.3, 0.7, 0.15, 0.85)
"""Where on its piece a street's name may stand, the best first."""


class Ground:
    """A base map ready to be painted."""

    def __init__(self, base: BaseMap) -> None:
        self._base = base
        self._outline = Border(base.outline)
        self._areas = Border(tuple(named.line for named in base.areas))
        self._trunks = _path(named.line for named in base.trunks)
        self._streets = _path(named.line for named in base.streets)
        self._water = _path(base.water)

    def paint(self, painter: QPainter, sight: Sight) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(sight.transform * painter.transform())
        near = sight.metres_a_px
        water = QColor(colour("sel"))
        water.setAlpha(WATER_STRENGTH)
        _stroke(painter, self._water, water, _width(WATER_WIDTH_M, near, WATER_WIDTH_PX))
        if near <= STREETS_WITHIN:
            width = _width(STREET_WIDTH_M, near, STREET_WIDTH_PX)
            _stroke(painter, self._streets, colour("bg3"), width)
        _stroke(painter, self._trunks, colour("line"), _width(TRUNK_WIDTH_M, near, TRUNK_WIDTH_PX))
        self._areas.paint(painter, sight, _border_pen(1.0, BORDER_DASH))
        self._outline.paint(painter, sight, _border_pen(1.5, None))
        painter.restore()

    def names(self, sight: Sight) -> list[Label]:
        """What may be written there; the most important first."""
        labels: list[Label] = []
        if sight.metres_a_px >= AREA_NAMES_BEYOND:
            labels += [_at_middle(named, sight) for named in self._base.areas]
        if sight.metres_a_px <= TRUNK_NAMES_WITHIN:
            labels += _along(self._base.trunks, sight)
        if sight.metres_a_px <= STREET_NAMES_WITHIN:
            labels += _along(self._base.streets, sight)
        return labels


def _path(lines: Iterable[Line]) -> QPainterPath:
    path = QPainterPath()
    for line in lines:
        path.addPolygon(QPolygonF([QPointF(east, north) for east, north in line]))
    return path


def _width(metres: float, metres_a_px: float, limits: tuple[float, float]) -> float:
    return min(limits[1], max(limits[0], metres / metres_a_px))


def _stroke(painter: QPainter, path: QPainterPath, tone: QColor, width: float) -> None:
    pen = QPen(tone, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setCosmetic(True)
    painter.strokePath(path, pen)


def _border_pen(width: float, dash: list[float] | None) -> QPen:
    pen = QPen(colour("edge"), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    pen.setCosmetic(True)
    if dash:
        pen.setDashPattern(dash)
    return pen


class Border:
    """Long lines of many pieces. Close up only the pieces in view are stroked, cut to the window:
    dashing forty kilometres at a pixel a metre costs more than a frame."""

    def __init__(self, lines: tuple[Line, ...]) -> None:
        self._path = _path(lines)
        pieces = [(*a, *b) for line in lines for a, b in zip(line, line[1:], strict=False)]
        self._pieces = np.array(pieces or np.empty((0, 4)), np.float64)

    def paint(self, painter: QPainter, sight: Sight, pen: QPen) -> None:
        if sight.metres_a_px > WHOLE_BORDERS_BEYOND:
            painter.strokePath(self._path, pen)
            return
        painter.save()
        painter.setTransform(sight.transform.inverted()[0] * painter.transform())
        painter.setPen(pen)
        painter.drawLines(self._in_view(sight))
        painter.restore()

    def _in_view(self, sight: Sight) -> list[QLineF]:
        window = sight.window.adjusted(-BORDER_SPARE_PX, -BORDER_SPARE_PX, *SPARE_CORNER)
        west, north = sight.to_ground(window.topLeft())
        east, south = sight.to_ground(window.bottomRight())
        x, y = self._pieces[:, 0::2], self._pieces[:, 1::2]
        is_near = (
            (x.max(1) >= west) & (x.min(1) <= east) & (y.max(1) >= south) & (y.min(1) <= north)
        )
        lines = []
        for ax, ay, bx, by in self._pieces[is_near].tolist():
            piece = _clip(sight.to_screen((ax, ay)), sight.to_screen((bx, by)), window)
            if piece is not None:
                lines.append(QLineF(*piece))
        return lines


def _at_middle(named: Named, sight: Sight) -> Label:
    east = sum(spot[0] for spot in named.line) / len(named.line)
    north = sum(spot[1] for spot in named.line) / len(named.line)
    return Label(named.name, (sight.to_screen((east, north)),))


def _along(streets: tuple[Named, ...], sight: Sight) -> list[Label]:
    """One label a street, beside the middle of its longest piece in view, else further along."""
    labels = []
    for street in streets:
        piece = _longest_in_view(street.line, sight)
        if piece is not None:
            start, end = piece
            spots = tuple(start + (end - start) * part for part in ALONG)
            labels.append(Label(street.name, spots, across(start, end)))
    return labels


def across(start: QPointF, end: QPointF) -> QPointF:
    """Across a piece by one pixel, to the side that lies higher on the screen."""
    along = QLineF(start, end).unitVector()
    aside = QPointF(along.dy(), -along.dx())
    return aside if aside.y() <= 0 else -aside


def _longest_in_view(line: Line, sight: Sight) -> tuple[QPointF, QPointF] | None:
    points = [sight.to_screen(spot) for spot in line]
    best, best_length = None, 0.0
    for start, end in zip(points, points[1:], strict=False):
        piece = _clip(start, end, sight.window)
        if piece is None:
            continue
        length = abs(piece[1].x() - piece[0].x()) + abs(piece[1].y() - piece[0].y())
        if length > best_length:
            best, best_length = piece, length
    return best


def _clip(start: QPointF, end: QPointF, window: QRectF) -> tuple[QPointF, QPointF] | None:
    """The part of a segment inside the window (Liang and Barsky)."""
    step = end - start
    first, last = 0.0, 1.0
    for delta, low, high in (
        (step.x(), window.left() - start.x(), window.right() - start.x()),
        (step.y(), window.top() - start.y(), window.bottom() - start.y()),
    ):
        if delta == 0:
            if low > 0 or high < 0:
                return None
            continue
        near, far = sorted((low / delta, high / delta))
        first, last = max(first, near), min(last, far)
    return (start + step * first, start + step * last) if first < last else None

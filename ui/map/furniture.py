"""What is on every map: scale bar, north, where it comes from."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from ui.map.labels import label_size, paint_label
from ui.map.sight import Sight
from ui.theme import colour

MARGIN_PX = 8.0
SCALE_AT_MOST_PX = 110.0
TICK_PX = 4.0
NORTH_PX = 7.0
STEPS = (5, 2, 1)


def scale_length_m(metres_a_px: float) -> int:
    """The largest of 1, 2, 5 · 10ⁿ metres that fits the bar."""
    room = SCALE_AT_MOST_PX * metres_a_px
    power = 10 ** max(0, math.floor(math.log10(room)))
    return next((step * power for step in STEPS if step * power <= room), 1)


def paint_scale(painter: QPainter, sight: Sight, length_m: int, word: str) -> QRectF:
    """At the lower right: a bar with ticks and its length. Answers the room it takes."""
    width = length_m / sight.metres_a_px
    right, bottom = sight.size.width() - MARGIN_PX, sight.size.height() - MARGIN_PX
    pen = QPen(colour("text2"), 1.5)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLine(QPointF(right - width, bottom), QPointF(right, bottom))
    for x in (right - width, right):
        painter.drawLine(QPointF(x, bottom - TICK_PX), QPointF(x, bottom))
    size = label_size(word)
    corner = QPointF(right - width / 2 - size.width() / 2, bottom - TICK_PX - size.height())
    paint_label(painter, corner, word, "text2")
    return QRectF(corner, QSizeF(width, bottom - corner.y())).adjusted(-MARGIN_PX, 0, MARGIN_PX, 0)


def paint_north(painter: QPainter, sight: Sight, word: str) -> QRectF:
    """At the upper right: an arrow and the word."""
    middle = sight.size.width() - MARGIN_PX - NORTH_PX
    top = MARGIN_PX
    arrow = QPolygonF(
        [
            QPointF(middle, top),
            QPointF(middle + NORTH_PX * 0.7, top + NORTH_PX * 2),
            QPointF(middle, top + NORTH_PX * 1.5),
            QPointF(middle - NORTH_PX * 0.7, top + NORTH_PX * 2),
        ]
    )
    painter.setPen(QPen(colour("bg0"), 1.0))
    painter.setBrush(colour("text2"))
    painter.drawPolygon(arrow)
    size = label_size(word)
    paint_label(painter, QPointF(middle - size.width() / 2, top + NORTH_PX * 2), word, "text2")
    return QRectF(middle - size.width(), 0, 2 * size.width(), top + NORTH_PX * 2 + size.height())


def paint_attribution(painter: QPainter, sight: Sight, words: str) -> QRectF:
    """At the lower left, on one line."""
    size = label_size(words)
    corner = QPointF(MARGIN_PX - 2, sight.size.height() - size.height() - 2)
    paint_label(painter, corner, words, "text3")
    return QRectF(corner, size)

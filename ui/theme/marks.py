"""Priority marks: octagon, triangle, diamond, circle, each with its digit.

Shape and digit carry the meaning; the amount of ink rises with urgency, so the order is still read
in grey. A mark that blinks swaps NORMAL and HOLLOW.
"""

import math
from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from ui.theme.theme import theme
from ui.theme.tokens import Tokens
from ui.theme.type import Face, Weight, build_font

MARK_PX = 20
OUTLINE_PX = 1.5
TRIANGLE_DIGIT_DROP = 0.11
SIDES = {1: 8, 3: 4}


class MarkFill(Enum):
    NORMAL = "normal"
    HOLLOW = "hollow"


def mark_path(priority: int, rect: QRectF) -> QPainterPath:
    """The outline of a mark inside a square."""
    path = QPainterPath()
    inner = rect.adjusted(OUTLINE_PX, OUTLINE_PX, -OUTLINE_PX, -OUTLINE_PX)
    if priority == 2:
        path.addPolygon(_triangle(inner))
    elif priority in SIDES:
        path.addPolygon(_regular(inner, SIDES[priority]))
    else:
        inset = inner.width() * 0.04
        path.addEllipse(inner.adjusted(inset, inset, -inset, -inset))
    path.closeSubpath()
    return path


def paint_mark(
    painter: QPainter, rect: QRectF, priority: int, fill: MarkFill = MarkFill.NORMAL
) -> None:
    """Paint a mark in the middle of a rectangle, at most as large as it."""
    size = min(rect.width(), rect.height())
    square = QRectF(0, 0, size, size)
    square.moveCenter(rect.center())
    ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
    painter.drawPixmap(square.topLeft(), mark_pixmap(priority, int(size), ratio, fill))


def mark_pixmap(
    priority: int, size: int = MARK_PX, dpr: float = 1.0, fill: MarkFill = MarkFill.NORMAL
) -> QPixmap:
    return _render(priority, size, dpr, fill, theme().tokens)


@lru_cache(maxsize=256)
def _render(priority: int, size: int, dpr: float, fill: MarkFill, tokens: Tokens) -> QPixmap:
    pixmap = QPixmap(round(size * dpr), round(size * dpr))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    inside, outline, digit = mark_colours(priority, fill, tokens)
    square = QRectF(0, 0, size, size)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(outline, OUTLINE_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                        Qt.PenJoinStyle.RoundJoin))  # fmt: skip
    painter.setBrush(inside)
    painter.drawPath(mark_path(priority, square))
    face = Face.LABEL if size <= 2 * MARK_PX else Face.TITLE
    painter.setFont(build_font(face, Weight.BOLD, max(1.0, size / MARK_PX * 0.95)))
    painter.setPen(digit)
    drop = size * TRIANGLE_DIGIT_DROP if priority == 2 else 0.0
    painter.drawText(square.translated(0, drop), Qt.AlignmentFlag.AlignCenter, str(priority))
    painter.end()
    return pixmap


def mark_colours(priority: int, fill: MarkFill, tokens: Tokens) -> tuple[QColor, QColor, QColor]:
    """Inside, outline and digit."""
    outline = QColor(getattr(tokens, f"p{priority}_edge"))
    if fill is MarkFill.HOLLOW:
        return QColor(tokens.bg1), outline, outline
    inside = QColor(getattr(tokens, f"p{priority}_fill"))
    return inside, outline, QColor(getattr(tokens, f"p{priority}_digit"))


def _regular(rect: QRectF, sides: int) -> QPolygonF:
    """A polygon with one side (octagon) or one corner (diamond) on top."""
    turn = math.pi / sides if sides == 8 else 0.0
    reach = rect.width() / 2 * (1.04 if sides == 8 else 1.06)
    corners = (math.tau * i / sides + turn - math.pi / 2 for i in range(sides))
    return QPolygonF(
        [rect.center() + QPointF(math.cos(a) * reach, math.sin(a) * reach) for a in corners]
    )


def _triangle(rect: QRectF) -> QPolygonF:
    top = QPointF(rect.center().x(), rect.top())
    bottom = rect.bottom() - rect.height() * 0.04
    return QPolygonF([top, QPointF(rect.right(), bottom), QPointF(rect.left(), bottom)])

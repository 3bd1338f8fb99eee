"""Fusion with two things changed: the focus ring and the arrows.

The ring is two px of `focus` with a gap of one, and only where the keyboard moved the focus (WCAG
2.2, 2.4.13).
"""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QProxyStyle,
    QStyle,
    QStyleOption,
    QWidget,
)

RING_PX = 2
RING_RADIUS = 3
ARROW_REACH = 3.5

Primitive = QStyle.PrimitiveElement
State = QStyle.StateFlag

# Direction of the tip, as a unit vector.
ARROWS = {
    Primitive.PE_IndicatorArrowDown: (0, 1),
    Primitive.PE_IndicatorArrowUp: (0, -1),
    Primitive.PE_IndicatorArrowLeft: (-1, 0),
    Primitive.PE_IndicatorArrowRight: (1, 0),
    Primitive.PE_IndicatorSpinDown: (0, 1),
    Primitive.PE_IndicatorSpinUp: (0, -1),
}


def has_keyboard_focus(widget: QWidget) -> bool:
    """Whether the widget has the focus and the keyboard put it there."""
    keyboard_moved_it = widget.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    return widget.hasFocus() and keyboard_moved_it


def draw_ring(painter: QPainter, rect: QRect, ring: QColor) -> None:
    """Two px inside the rectangle; the caller leaves one px between it and what it surrounds."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ring, RING_PX))
    inset = RING_PX / 2
    painter.drawRoundedRect(
        QRectF(rect).adjusted(inset, inset, -inset, -inset), RING_RADIUS, RING_RADIUS
    )
    painter.restore()


def draw_chevron(painter: QPainter, rect: QRect, direction: tuple[int, int], pen: QColor) -> None:
    dx, dy = direction
    centre = QRectF(rect).center()
    tip = QPointF(dx * ARROW_REACH / 2, dy * ARROW_REACH / 2)
    wing = QPointF(dy * ARROW_REACH, dx * ARROW_REACH)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(pen, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPolyline(QPolygonF([centre - tip + wing, centre + tip, centre - tip - wing]))
    painter.restore()


class CommandStyle(QProxyStyle):
    """The base style of the application; `ring` is the focus token, which no palette role can
    carry.
    """

    def __init__(self) -> None:
        super().__init__("Fusion")
        self.ring = QColor()

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element == Primitive.PE_FrameFocusRect:
            if option.state & State.State_KeyboardFocusChange:
                draw_ring(painter, option.rect, self.ring)
            return
        direction = ARROWS.get(element)
        if direction is not None:
            draw_chevron(painter, option.rect, direction, option.palette.text().color())
            return
        super().drawPrimitive(element, option, painter, widget)

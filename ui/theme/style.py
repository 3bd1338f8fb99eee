"""Fusion, drawn flat: focus ring, arrows, check boxes, radio buttons, combo and spin boxes.

The ring is two px of `focus` with a gap of one, and only where the keyboard moved the focus
(WCAG 2.2, 2.4.13). What a style sheet cannot draw without picture files is drawn here.
"""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionSpinBox,
    QWidget,
)

RING_PX = 2
RING_RADIUS = 3
BOX_RADIUS = 2
ARROW_REACH = 3.5
INDICATOR_PX = 16
INPUT_PADDING_PX = 10
CELL_PAD_PX = 8  # before the words of a cell, a combo box and, by the sheet, of a line edit
FUSION_PAD_PX = 3

Primitive = QStyle.PrimitiveElement
Complex = QStyle.ComplexControl
Sub = QStyle.SubControl
State = QStyle.StateFlag
Metric = QStyle.PixelMetric

# Direction of the tip, as a unit vector.
DOWN, UP, LEFT, RIGHT = (0, 1), (0, -1), (-1, 0), (1, 0)
ARROWS = {
    Primitive.PE_IndicatorArrowDown: DOWN,
    Primitive.PE_IndicatorArrowUp: UP,
    Primitive.PE_IndicatorArrowLeft: LEFT,
    Primitive.PE_IndicatorArrowRight: RIGHT,
}
INPUT_FIELDS = {
    (Complex.CC_ComboBox, Sub.SC_ComboBoxEditField),
    (Complex.CC_SpinBox, Sub.SC_SpinBoxEditField),
}
CHECKS = {Primitive.PE_IndicatorCheckBox, Primitive.PE_IndicatorItemViewItemCheck}


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
    """The base style; `ring` is the focus token, which no palette role can carry."""

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
        elif element in ARROWS:
            tone = option.palette.color(QPalette.ColorRole.Text)
            draw_chevron(painter, option.rect, ARROWS[element], tone)
        elif element in CHECKS:
            _draw_check_box(painter, option)
        elif element == Primitive.PE_IndicatorRadioButton:
            _draw_radio(painter, option)
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if control not in {Complex.CC_ComboBox, Complex.CC_SpinBox}:
            super().drawComplexControl(control, option, painter, widget)
            return
        self._draw_input(painter, option)
        tone = option.palette.color(QPalette.ColorRole.Text)
        arrows = ((Sub.SC_ComboBoxArrow, DOWN),)
        if isinstance(option, QStyleOptionSpinBox):
            arrows = ((Sub.SC_SpinBoxUp, UP), (Sub.SC_SpinBoxDown, DOWN))
        for part, direction in arrows:
            rect = self.subControlRect(control, option, part, widget)
            draw_chevron(painter, rect, direction, tone)

    def _draw_input(self, painter: QPainter, option: QStyleOption) -> None:
        """The box of an input, with the ring as its border while it has the focus."""
        is_focused = bool(option.state & State.State_HasFocus)
        edge = self.ring if is_focused else _edge(option)
        width = RING_PX if is_focused else 1
        inset = width / 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, width))
        painter.setBrush(option.palette.color(QPalette.ColorRole.Button))
        box = QRectF(option.rect).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, BOX_RADIUS, BOX_RADIUS)
        painter.restore()

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption | None,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        wanted = super().sizeFromContents(kind, option, size, widget)
        if kind in {QStyle.ContentsType.CT_ComboBox, QStyle.ContentsType.CT_SpinBox}:
            line = widget.fontMetrics().height() if widget else wanted.height()
            wanted.setWidth(wanted.width() + CELL_PAD_PX - FUSION_PAD_PX)
            return wanted.expandedTo(QSize(0, line + INPUT_PADDING_PX))
        return wanted

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        rect = super().subControlRect(control, option, part, widget)
        if (control, part) in INPUT_FIELDS:
            return rect.adjusted(CELL_PAD_PX - FUSION_PAD_PX, 0, 0, 0)
        return rect

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric in {Metric.PM_IndicatorWidth, Metric.PM_IndicatorHeight}:
            return INDICATOR_PX
        if metric == Metric.PM_FocusFrameHMargin and isinstance(widget, QAbstractItemView):
            return CELL_PAD_PX - 1  # Fusion adds one
        return super().pixelMetric(metric, option, widget)


def _edge(option: QStyleOption) -> QColor:
    is_enabled = bool(option.state & State.State_Enabled)
    role = QPalette.ColorRole.Dark if is_enabled else QPalette.ColorRole.Mid
    return option.palette.color(role)


def _draw_check_box(painter: QPainter, option: QStyleOption) -> None:
    box = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5)
    _draw_indicator_ground(painter, option)
    painter.drawRoundedRect(box, BOX_RADIUS, BOX_RADIUS)
    painter.setPen(QPen(option.palette.color(QPalette.ColorRole.Text), 2))
    if option.state & State.State_On:
        span = box.width()
        ticks = ((0.2, 0.5), (0.42, 0.72), (0.8, 0.28))
        painter.drawPolyline(
            QPolygonF([box.topLeft() + QPointF(x * span, y * span) for x, y in ticks])
        )
    elif option.state & State.State_NoChange:
        middle = box.center().y()
        painter.drawLine(QPointF(box.left() + 3, middle), QPointF(box.right() - 3, middle))
    painter.restore()


def _draw_radio(painter: QPainter, option: QStyleOption) -> None:
    box = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5)
    _draw_indicator_ground(painter, option)
    painter.drawEllipse(box)
    if option.state & State.State_On:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(QPalette.ColorRole.Text))
        painter.drawEllipse(box.center(), box.width() / 4, box.width() / 4)
    painter.restore()


def _draw_indicator_ground(painter: QPainter, option: QStyleOption) -> None:
    """Save the painter and set ground and edge; the caller restores it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_edge(option), 1))
    painter.setBrush(option.palette.color(QPalette.ColorRole.Button))

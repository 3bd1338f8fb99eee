"""A widget that shows a picture letterboxed on bg0 and lets a hand zoom and move it.

Base of the still, the pair of a second look and the video tile: the wheel zooms at the pointer,
dragging moves, Z fits.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Align, Face, Ink, colour, draw_ring, draw_text, has_keyboard_focus
from ui.theme import px as scaled_px
from ui.video.viewport import WHEEL_NOTCH, WHEEL_STEP, Viewport

CAPTION_PX = 26
REMARK = Ink("text2", Face.LABEL)
LINE_PX = 24


class PictureView(QWidget):
    """Geometry, hand and keyboard; subclasses paint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = Viewport()
        self._dragged_from: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90 + CAPTION_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def fit(self) -> None:
        """Show the whole picture again (Z)."""
        self.viewport.fit()
        self.update()

    def fitted_under(self, _point: QPointF) -> QRectF:
        """The letterbox that a hand at this point means; subclasses answer."""
        return QRectF(self.rect())

    def paint_ground(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), colour("bg0"))

    def paint_ring(self, painter: QPainter) -> None:
        if has_keyboard_focus(self):
            draw_ring(painter, self.rect(), colour("focus"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.fit()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / WHEEL_NOTCH
        fitted = self.fitted_under(event.position())
        self.viewport.zoom_at(event.position(), fitted, WHEEL_STEP**notches)
        self.update()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self.viewport.is_fitted:
            self._dragged_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is None:
            return
        delta = event.position() - self._dragged_from
        self.viewport.move_by(delta, self.fitted_under(self._dragged_from))
        self._dragged_from = event.position()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self.unsetCursor()
        super().mouseReleaseEvent(event)


def paint_lines(painter: QPainter, area: QRectF, lines: tuple[tuple[str, Ink], ...]) -> None:
    """Lines of text in the middle of an area, one below the other."""
    step = scaled_px(LINE_PX)
    top = area.center().y() - step * len(lines) / 2
    inner = area.adjusted(12, 0, -12, 0)
    for number, (text, ink) in enumerate(lines):
        line = QRectF(inner.x(), top + number * step, inner.width(), step)
        draw_text(painter, line, text, ink, Align.AlignHCenter)

"""A day as one line: hours marked, the shown instant as its handle, what has not come yet left
out."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy

from ui.theme.style import draw_ring, has_keyboard_focus
from ui.theme.textrun import Align, Ink, draw_text
from ui.theme.theme import colour, px
from ui.theme.type import Face

HOUR_S, DAY_S = 3600, 86_400
STEP_S, PAGE_S = 10, 600
LABELLED_HOURS = range(0, 25, 3)
HEIGHT_PX, PAD_PX = 36, 16
LINE_PX, HANDLE_PX = 2, 8


class Scrubber(QAbstractSlider):
    """Seconds of one day, 0 to 86,400; dragging and arrow keys move the instant."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._until_s = DAY_S
        self.setAccessibleName(name)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, DAY_S)
        self.setSingleStep(STEP_S)
        self.setPageStep(PAGE_S)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_until(self, seconds: int) -> None:
        """How much of the day has passed; the rest is drawn thinner and cannot be reached."""
        self._until_s = seconds
        self.setMaximum(seconds)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(360), px(HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        y = round(self.height() * 0.36)
        self._paint_hours(painter, y)
        start, now = self._x(0), self._x(self._until_s)
        painter.fillRect(QRectF(start, y, self._x(DAY_S) - start, 1), colour("line"))
        painter.fillRect(QRectF(start, y, now - start, LINE_PX), colour("edge"))
        shown = self._x(self.sliderPosition())
        painter.fillRect(QRectF(start, y, shown - start, LINE_PX), colour("accent"))
        side = px(HANDLE_PX)
        handle = QRectF(shown - side / 2, y - side, side, 2 * side)
        painter.fillRect(handle, colour("accent"))
        if has_keyboard_focus(self):
            draw_ring(painter, self.rect(), colour("focus"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setSliderPosition(self._second_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self._second_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def _paint_hours(self, painter: QPainter, y: float) -> None:
        for hour in LABELLED_HOURS:
            x = self._x(hour * HOUR_S)
            painter.fillRect(QRectF(x, y - 3, 1, 8), colour("edge"))
            room = QRectF(x - px(24), self.height() - px(18), px(48), px(18))
            draw_text(painter, room, f"{hour:02d}", Ink("text3", Face.LABEL), Align.AlignHCenter)

    def _x(self, seconds: int) -> float:
        return px(PAD_PX) + (self.width() - 2 * px(PAD_PX)) * seconds / DAY_S

    def _second_at(self, x: float) -> int:
        return round((x - px(PAD_PX)) / max(1, self.width() - 2 * px(PAD_PX)) * DAY_S)

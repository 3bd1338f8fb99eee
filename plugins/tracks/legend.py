"""What the signs of the map mean: always shown (look.md §6.3)."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from plugins.tracks.day_layer import BAND_STRENGTH, DOTS
from plugins.tracks.speed_path import SPEED_STEPS_KMH
from plugins.tracks.words import Words
from ui.theme import Face, Ink, colour, draw_text, px, text_width, theme
from ui.widgets import Painted

HEIGHT_PX, STEP_PX, GAP_PX, SIGN_PX = 28, 44, 20, 28
STEPS_IN_WIDTH = 40  # narrow: the ramp gives way to the words
INK = Ink("text2", Face.LABEL)


class Legend(Painted):
    """One line under the map."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words.text("tracks.legend"))

    def sizeHint(self) -> QSize:
        return QSize(0, px(HEIGHT_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("bg1"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text, middle = self._words.text, self.height() / 2
        x = 12 + self._write(painter, 12, text("tracks.legend.speed")) + 8
        step = min(px(STEP_PX), self.width() // STEPS_IN_WIDTH)
        for tone in theme().tokens.ramp:
            painter.fillRect(QRectF(x, middle - 3, step, 6), QColor(tone))
            x += step
        x = self._write_steps(painter, x)
        pen = QPen(colour("text2"), 2.0, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        pen.setDashPattern(DOTS)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, middle), QPointF(x + SIGN_PX, middle))
        x += SIGN_PX + 6
        x += self._write(painter, x, text("tracks.legend.gap")) + GAP_PX
        band = QColor(colour("text3"))
        band.setAlpha(BAND_STRENGTH)
        painter.fillRect(QRectF(x, middle - 5, SIGN_PX, 11), band)
        x += SIGN_PX + 6
        x += self._write(painter, x, text("tracks.legend.route")) + GAP_PX
        painter.setPen(QPen(colour("text3"), 1.5))
        painter.drawLine(QPointF(x, middle - 4), QPointF(x + 8, middle + 4))
        painter.drawLine(QPointF(x, middle + 4), QPointF(x + 8, middle - 4))
        self._write(painter, x + 14, text("tracks.legend.drift"))

    def _write_steps(self, painter: QPainter, x: float) -> float:
        words = self._words.text("tracks.legend.steps", steps=" · ".join(map(str, SPEED_STEPS_KMH)))
        return x + 8 + self._write(painter, x + 8, words) + GAP_PX

    def _write(self, painter: QPainter, x: float, words: str) -> float:
        draw_text(painter, QRectF(x, 0, self.width() - x, self.height()), words, INK)
        return text_width(words, INK)

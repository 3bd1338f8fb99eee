"""A share as it must be shown: the percentage, its interval on a bar, and counted/counted beside
it.
"""

import msgspec
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme.textrun import Ink, draw_text, text_width
from ui.theme.theme import colour, px
from ui.theme.type import Face, Weight
from ui.widgets.painted import Painted, Policy

FIGURE_INK = Ink("text1", Face.TITLE, Weight.BOLD)
COUNT_INK = Ink("text2", Face.BODY)
BAR_WIDTH_PX, BAR_HEIGHT_PX = 96, 6
MARKER_PX = 2
NO_VALUE = "—"


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A value between 0 and 1 with its interval; None where nothing was counted."""

    value: float | None
    low: float | None = None
    high: float | None = None


class RatioBar(Painted):
    """86 %  ▭▭▭▭|▭  122/142 …"""

    def __init__(self, share: Share, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(Policy.Expanding, Policy.Fixed)
        self.set_share(share, text)

    def set_share(self, share: Share, text: str) -> None:
        self._share, self._text = share, text
        self.setAccessibleName(f"{self._figure()} {text}")
        self._look_changed()

    def _figure(self) -> str:
        return NO_VALUE if self._share.value is None else f"{self._share.value:.0%}"

    def sizeHint(self) -> QSize:
        words = text_width(self._text, COUNT_INK) + px(52)
        return QSize(round(words + px(BAR_WIDTH_PX) + 24), px(Face.TITLE.line_px))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(Face.TITLE.line_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        height = self.height()
        draw_text(painter, QRectF(0, 0, px(52), height), self._figure(), FIGURE_INK)
        bar = QRectF(px(56), round((height - px(BAR_HEIGHT_PX)) / 2), px(BAR_WIDTH_PX),
                     px(BAR_HEIGHT_PX))  # fmt: skip
        x: float = px(56)
        if bar.right() + 12 + text_width(self._text, COUNT_INK) <= self.width():
            self._paint_bar(painter, bar)
            x = bar.right() + 12
        draw_text(painter, QRectF(x, 0, self.width() - x, height), self._text, COUNT_INK)

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        painter.fillRect(bar, colour("bg3"))
        share = self._share
        if share.value is None:
            return
        if share.low is not None and share.high is not None:
            interval = QRectF(bar.x() + share.low * bar.width(), bar.y(),
                              (share.high - share.low) * bar.width(), bar.height())  # fmt: skip
            painter.fillRect(interval, colour("edge"))
        x = round(bar.x() + share.value * bar.width() - MARKER_PX / 2)
        painter.fillRect(QRectF(x, bar.y() - 4, MARKER_PX, bar.height() + 8), colour("text1"))

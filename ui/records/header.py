"""The head of a queue: the names of the columns, 28 px, above the list, on the delegate's lines."""

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.records.columns import columns_for
from ui.theme.textrun import Align, Ink, draw_text
from ui.theme.theme import colour, px, theme
from ui.theme.type import Face

HEIGHT_PX = 28
TITLE_INK = Ink("text2", Face.LABEL)


class QueueTitles(msgspec.Struct, frozen=True, kw_only=True):
    """Names of the columns, in the language of the window."""

    mark: str
    time: str
    type: str
    subject: str
    place: str
    confidence: str
    state: str


class QueueHeader(QWidget):
    """Column names; leave the width of the list's scroll bar to `set_right_margin`."""

    def __init__(self, titles: QueueTitles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = titles
        self._right_margin = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_right_margin(self, width: int) -> None:
        self._right_margin = width
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, px(HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("bg2"))
        columns = columns_for(self.width() - self._right_margin, theme().scale)
        named = (
            (columns.mark, self._titles.mark, Align.AlignHCenter),
            (columns.time, self._titles.time, Align.AlignRight),
            (columns.type, self._titles.type, Align.AlignLeft),
            (columns.subject, self._titles.subject, Align.AlignLeft),
            (columns.place if columns.confidence else None, self._titles.place, Align.AlignLeft),
            (columns.confidence, self._titles.confidence, Align.AlignRight),
            (columns.state, self._titles.state, Align.AlignLeft),
        )
        for span, title, align in named:
            if span is not None:
                cell = QRectF(span.x, 0, span.width, self.height())
                draw_text(painter, cell, title, TITLE_INK, align)
        painter.setPen(QPen(colour("line"), 0))
        bottom = self.height() - 0.5
        painter.drawLine(QPointF(0, bottom), QPointF(self.width(), bottom))

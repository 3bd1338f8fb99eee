"""The head of a list: the names of the columns, 28 px high, on the lines of the rows below."""

from collections.abc import Callable, Mapping

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from ui.records.columns import Span, columns_for
from ui.theme.textrun import Align, Ink, draw_text
from ui.theme.theme import colour, px, theme
from ui.theme.type import Face
from ui.widgets import Painted

HEIGHT_PX = 28
TITLE_INK = Ink("text2", Face.LABEL)
Spans = Callable[[int, float], Mapping[str, Span]]
"""Width of a row and scale ──► where its columns lie; one without room is left out."""
QUEUE_ALIGNED = {
    "mark": Align.AlignHCenter, "time": Align.AlignRight, "confidence": Align.AlignRight,
}  # fmt: skip


class ColumnHeader(Painted):
    """Column names; give `set_right_margin` the width of the list's scroll bar. `aligned` says of a
    column that its name stands not at the left."""

    def __init__(
        self, titles: Mapping[str, str], spans: Spans, aligned: Mapping[str, Align]
    ) -> None:
        super().__init__()
        self._titles, self._spans, self._aligned = titles, spans, aligned
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
        row = QRectF(0, 0, self.width() - self._right_margin, self.height())
        spans = self._spans(int(row.width()), theme().scale)
        for name, title in self._titles.items():
            if name in spans:
                align = self._aligned.get(name, Align.AlignLeft)
                draw_text(painter, spans[name].within(row), title, TITLE_INK, align)
        painter.setPen(QPen(colour("line"), 0))
        bottom = self.height() - 0.5
        painter.drawLine(QPointF(0, bottom), QPointF(self.width(), bottom))


def queue_header(titles: Mapping[str, str]) -> ColumnHeader:
    """The head of a queue; `titles` by the names of `Columns`."""
    return ColumnHeader(titles, _queue_spans, QUEUE_ALIGNED)


def _queue_spans(width: int, scale: float) -> Mapping[str, Span]:
    """On two lines the place has no column of its own."""
    columns = columns_for(width, scale)
    spans = {name: span for name, span in msgspec.structs.asdict(columns).items() if span}
    if columns.confidence is None:
        del spans["place"]
    return spans

"""Keys and what they do, in columns; one widget paints all of them, however many there are.

[Ctrl]+[K]  search        [F1]  keys
[/]         filter        …
"""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme.chips import keycap_width, paint_keycap
from ui.theme.textrun import draw_text, text_width
from ui.theme.theme import px
from ui.widgets.labels import BODY
from ui.widgets.painted import Painted, Policy

COLUMN_PX, GUTTER_PX = 410, 24
LINE_GAP_PX, KEY_GAP_PX = 6, 6


class KeyLine(msgspec.Struct, frozen=True):
    """The keys that answer, as they are written on a keyboard, and to what."""

    keys: tuple[str, ...]
    text: str

    def whole_width(self) -> float:
        """Of a line that is not cut, in pixels."""
        caps = sum(keycap_width(key) + px(KEY_GAP_PX) for key in self.keys)
        return caps + text_width(self.text, BODY) + 1


class KeyTable(Painted):
    """Lines, filled row by row. A screen reader hears the name, and all lines as description."""

    def __init__(self, name: str, lines: Sequence[KeyLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._lines = tuple(lines)
        self._columns = 1
        self.setSizePolicy(Policy.Expanding, Policy.Fixed)
        self.setAccessibleDescription(
            "\n".join(f"{' '.join(one.keys)} {one.text}" for one in self._lines)
        )

    def set_columns(self, columns: int) -> None:
        """The same lines in so many columns."""
        self._columns = columns
        self._look_changed()

    def sizeHint(self) -> QSize:
        widest = max((one.whole_width() for one in self._lines), default=0)
        column = max(px(COLUMN_PX), round(widest) + 1)
        rows = -(-len(self._lines) // self._columns)
        gaps = px(GUTTER_PX) * (self._columns - 1)
        return QSize(column * self._columns + gaps, max(0, rows * _pitch() - px(LINE_GAP_PX)))

    def minimumSizeHint(self) -> QSize:
        """Of one column: in a narrow window the texts are cut, the keys are not."""
        return QSize(px(COLUMN_PX), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        gutter = px(GUTTER_PX)
        column = (self.width() + gutter) / self._columns
        for number, line in enumerate(self._lines):
            row, at = divmod(number, self._columns)
            place = QRectF(at * column, row * _pitch(), column - gutter, px(BODY.face.line_px))
            _paint_line(painter, place, line)


def _paint_line(painter: QPainter, place: QRectF, line: KeyLine) -> None:
    for key in line.keys:
        cap = QRectF(place.x(), place.y(), round(keycap_width(key)), place.height())
        paint_keycap(painter, cap, key)
        place.setLeft(cap.right() + px(KEY_GAP_PX))
    draw_text(painter, place, line.text, BODY)


def _pitch() -> int:
    """From one line to the next."""
    return px(BODY.face.line_px) + px(LINE_GAP_PX)

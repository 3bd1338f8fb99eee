"""What the outbox's two lists share, of commands and of files: columns in shares of the width, and
the ground of a row.
"""

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from ui.records.columns import Span
from ui.theme.chosen import fill_chosen
from ui.theme.textrun import Align
from ui.theme.theme import colour, px

PAD_PX, GAP_PX = 12, 12
Columns = Sequence[tuple[str, int, bool]]
"""Name, width in px (0: takes what is left, shared), right-aligned."""


def laid_out(width: float, names: Columns, shares: Mapping[str, float]) -> dict[str, Span]:
    """Where each lies, and how those without a width share what is left."""
    fixed = sum(px(w) for _, w, _ in names) + 2 * px(PAD_PX) + px(GAP_PX) * (len(names) - 1)
    left = max(0.0, width - fixed)
    found, x = {}, float(px(PAD_PX))
    for name, given, _ in names:
        size = px(given) if given else left * shares[name]
        found[name] = Span(x, size)
        x += size + px(GAP_PX)
    return found


def aligned(columns: Columns) -> Iterator[tuple[str, Align]]:
    """Each column's name, and on which side its text stands."""
    for name, _, is_right in columns:
        yield name, Align.AlignRight if is_right else Align.AlignLeft


def paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> QRectF:
    """Chosen or not, with the line below; the rectangle for the cells."""
    rect = QRectF(option.rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if option.state & QStyle.StateFlag.State_Selected:
        fill_chosen(painter, rect)
    painter.setPen(QPen(colour("line"), 0))
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())
    return rect

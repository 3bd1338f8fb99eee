"""How the chosen row of any list looks: its ground, and a bar at its left edge, since colour alone
is no sign.
"""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from ui.theme.theme import colour

BAR_PX = 3


def fill_chosen(painter: QPainter, rect: QRectF) -> None:
    """Ground and bar of a row; its cells are painted upon them."""
    painter.fillRect(rect, colour("sel"))
    paint_chosen_bar(painter, rect)


def paint_chosen_bar(painter: QPainter, rect: QRectF) -> None:
    """The bar alone, for a row that has painted its own ground."""
    painter.fillRect(QRectF(rect.x(), rect.y(), BAR_PX, rect.height()), colour("accent"))

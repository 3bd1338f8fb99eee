"""The base of small widgets that paint themselves: asks for new room and a new picture when the
look changes.
"""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import theme

Policy = QSizePolicy.Policy


class Painted(QWidget):
    """A widget of fixed size that draws itself in the theme in force."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(Policy.Fixed, Policy.Fixed)
        theme().changed.connect(self._look_changed)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

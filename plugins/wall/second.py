"""The wall pushed to another monitor: a window of its own with its own tiles, the same sessions.

It shows what the wall showed when it was pushed; the panel goes on with other cameras.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.wall.grid import TileGrid

SIZE_PX = (1280, 720)


class SecondWall(QWidget):
    """Esc or closing it brings the wall back to one window."""

    closed = Signal()

    def __init__(self, grid: TileGrid, title: str, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self._home = owner.window()
        self.grid = grid
        self.setWindowTitle(title)
        self.setProperty("surface", "canvas")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(grid)

    def push(self) -> None:
        """Full screen on the next monitor; a window where there is but one."""
        other = _other_than(self._home.screen())
        if other is None:
            self.resize(*SIZE_PX)
            self.show()
            return
        self.setGeometry(other.geometry())
        self.showFullScreen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        for tile in self.grid.tiles:
            tile.clear()
        super().closeEvent(event)
        self.closed.emit()


def _other_than(home: QScreen) -> QScreen | None:
    screens = QGuiApplication.screens()
    at = screens.index(home) if home in screens else 0
    following = screens[(at + 1) % len(screens)]
    return None if following is home else following

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
        self.grid = grid
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the work goes on at home
        self.setProperty("surface", "canvas")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(grid)

    def push(self, screen: QScreen | None) -> None:
        """Full screen on that monitor; a window where there is but one."""
        if screen is None:
            self.resize(*SIZE_PX)
            self.show()
            return
        self.setGeometry(screen.geometry())
        self.setWindowState(Qt.WindowState.WindowFullScreen)  # showFullScreen would take the keys
        self.show()

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


def other_screen(home: QWidget) -> QScreen | None:
    """The next monitor after the one that its window is on; None: there is no other."""
    screens, here = QGuiApplication.screens(), home.window().screen()
    at = screens.index(here) if here in screens else 0
    following = screens[(at + 1) % len(screens)]
    return None if following is here else following


def screen_named(name: str) -> QScreen | None:
    """None while that monitor is not there."""
    return next((one for one in QGuiApplication.screens() if one.name() == name), None)

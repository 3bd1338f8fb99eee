"""The dock area: one dock a panel, tabs in the middle until somebody tears one off or puts two side
by side.

The rail chooses the panel, so an area shows its title bar only once there is more than one area to
be told apart.
"""

import PySide6QtAds as ads
from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from ui.shell.panel_frame import PanelFrame

Flag = ads.CDockManager.eConfigFlag
FLAGS = (
    Flag.OpaqueSplitterResize,
    Flag.FocusHighlighting,
    Flag.EqualSplitOnInsertion,
    Flag.DisableStylesheet,
    Flag.DoubleClickUndocksWidget,
    Flag.FloatingContainerHasWidgetTitle,
)
MARGIN_PX = 40
SHARES = [1240, 616]  # of the panel in front and the one beside it


def configure_docks() -> None:
    """Before the first dock manager of the process."""
    flags = ads.CDockManager.eConfigFlag(0)
    for flag in FLAGS:
        flags |= flag
    ads.CDockManager.setConfigFlags(flags)


class PanelDocks(QObject):
    """The panels of the window, docked or floating."""

    current_changed = Signal(object)  # id of the panel in front, or None

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.manager = ads.CDockManager(parent)
        self._docks: dict[str, ads.CDockWidget] = {}
        self._frames: dict[str, PanelFrame] = {}
        self._unfolded: str | None = None  # the arrangement of the wide window
        self.manager.focusedDockWidgetChanged.connect(self._focus_moved)

    def add(self, frame: PanelFrame, icon_name: str) -> None:
        """Put a panel among the others; it loads when it is first shown."""
        dock = ads.CDockWidget(self.manager, frame.title)
        dock.setObjectName(frame.found.id)
        dock.setWidget(frame, ads.CDockWidget.ForceNoScrollArea)
        dock.setFeature(ads.CDockWidget.DockWidgetClosable, False)
        self._put_among_others(dock)
        self._docks[frame.found.id] = dock
        self._frames[frame.found.id] = frame
        frame.tear_off_wanted.connect(self._tear_off_sender)
        dock.topLevelChanged.connect(self._arranged)

    def frames(self) -> tuple[PanelFrame, ...]:
        return tuple(self._frames.values())

    def frame(self, panel: str) -> PanelFrame | None:
        return self._frames.get(panel)

    def show(self, panel: str) -> None:
        """Bring a panel to the front and give it the focus."""
        dock = self._docks[panel]
        dock.toggleView(True)
        dock.setAsCurrentTab()
        if dock.isInFloatingContainer():
            dock.floatingDockContainer().activateWindow()
            dock.floatingDockContainer().raise_()
        self._frames[panel].load()
        self._frames[panel].focus_panel()
        self._arranged()
        self.current_changed.emit(panel)

    def show_only(self, panels: tuple[str, ...]) -> None:
        """The panels of a workspace are open, all others closed."""
        for name, dock in self._docks.items():
            dock.toggleView(name in panels)
        self._arranged()

    def arrange(self, panels: tuple[str, ...], beside: str | None) -> None:
        """One place for all, and one of them at its right."""
        self._unfolded = None
        area = self._any_area()
        for name in panels:
            dock = self._docks[name]
            if area is not None and dock.dockAreaWidget() is not area:
                self.manager.addDockWidgetTabToArea(dock, area)
        if beside is not None and area is not None and len(panels) > 1:
            self.manager.addDockWidget(ads.RightDockWidgetArea, self._docks[beside], area)
            self.manager.setSplitterSizes(area, SHARES)
        self._arranged()

    def fold(self) -> None:
        """The window became narrow: one place for all that is docked, until `unfold`."""
        docks = self._docks.values()
        opened = [dock for dock in docks if not (dock.isClosed() or dock.isInFloatingContainer())]
        areas = list(dict.fromkeys(dock.dockAreaWidget() for dock in opened))
        if len(areas) <= 1:
            return
        state, front = self.save(), self.current()
        for dock in opened:
            if dock.dockAreaWidget() is not areas[0]:
                self.manager.addDockWidgetTabToArea(dock, areas[0])
        self._unfolded = state
        self._come_back(front)

    def unfold(self) -> None:
        """Wide again: as it was before `fold`."""
        if self._unfolded is not None:
            front = self.current()
            self.restore(self._unfolded)
            self._come_back(front)

    def _come_back(self, front: str | None) -> None:
        self._arranged()
        if front is not None:
            self.show(front)

    def current(self) -> str | None:
        """The panel with the focus, else the one in front."""
        focused = self.manager.focusedDockWidget()
        if focused is not None and not focused.isClosed():
            return str(focused.objectName())
        for name, dock in self._docks.items():
            if not dock.isClosed() and dock.isCurrentTab():
                return name
        return None

    def tear_off(self, panel: str) -> None:
        """Into a window of its own, or back."""
        dock = self._docks[panel]
        if dock.isInFloatingContainer():
            self._put_among_others(dock)
        else:
            dock.setFloating()
        self._arranged()
        self.show(panel)

    def save(self) -> str:
        """What to keep: of a folded window, how it stands when it is wide."""
        return self._unfolded or bytes(self.manager.saveState().toBase64()).decode()

    def restore(self, state: str) -> None:
        self._unfolded = None
        self.manager.restoreState(QByteArray.fromBase64(state.encode()))
        for dock in self._docks.values():
            if dock.dockAreaWidget() is None:  # a panel that the saved arrangement does not know
                self._put_among_others(dock)
        self._arranged()

    def gather(self) -> None:
        """Everything docked again, in one place."""
        for panel, dock in self._docks.items():
            if dock.isInFloatingContainer():
                self.tear_off(panel)

    def rescue(self) -> None:
        """No window lies where no monitor is (any more)."""
        for floating in self.manager.floatingWidgets():
            bring_in_sight(floating)

    def _put_among_others(self, dock: ads.CDockWidget) -> None:
        area = self._any_area()
        if area is None:
            self.manager.addDockWidget(ads.CenterDockWidgetArea, dock)
        else:
            self.manager.addDockWidgetTabToArea(dock, area)

    def _any_area(self) -> ads.CDockAreaWidget | None:
        areas = self.manager.openedDockAreas()
        if areas:
            return areas[0]
        docked = (dock.dockAreaWidget() for dock in self._docks.values() if not dock.isFloating())
        return next((area for area in docked if area is not None), None)

    def _arranged(self, *_: object) -> None:
        areas = self.manager.openedDockAreas()
        for area in areas:
            area.titleBar().setVisible(len(areas) > 1)

    def _focus_moved(self, _before: object, now: ads.CDockWidget | None) -> None:
        if now is not None:
            self.current_changed.emit(str(now.objectName()))

    def _tear_off_sender(self) -> None:
        frame = self.sender()
        if isinstance(frame, PanelFrame):
            self.tear_off(frame.found.id)


def bring_in_sight(window: QWidget) -> None:
    """Move a window that no screen shows to the first screen."""
    frame = window.frameGeometry()
    if any(_shows(screen, window) for screen in QGuiApplication.screens()):
        return
    home = QGuiApplication.primaryScreen().availableGeometry()
    frame.setSize(frame.size().boundedTo(home.size()))
    window.setGeometry(frame)
    window.move(home.topLeft())


def _shows(screen: QScreen, window: QWidget) -> bool:
    """Whether enough of the window's upper edge can be grasped there."""
    seen = screen.availableGeometry().intersected(window.frameGeometry())
    return seen.width() >= MARGIN_PX and seen.height() >= MARGIN_PX


def monitor_set() -> str:
    """Names the monitors that are there: a layout belongs to one such set."""
    places = (
        f"{screen.name()}:{rect.width()}x{rect.height()}+{rect.x()}+{rect.y()}"
        for screen in QGuiApplication.screens()
        for rect in (screen.geometry(),)
    )
    return ",".join(sorted(places))

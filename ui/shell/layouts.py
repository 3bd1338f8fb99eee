"""Layouts by workspace and set of monitors, saved as they change; and the count of starts that
failed.

    start ──► starting = n + 1, written at once ──► 10 s alive ──► starting = 0
    starting ≥ 3 ──► safe start: default layout, without the panel that was loading when it ended
"""

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from ui.shell.docks import PanelDocks, bring_in_sight, monitor_set
from ui.shell.window_store import WindowStore

LOOK_EVERY_MS = 2000
PROVEN_AFTER_MS = 10_000
FAILED_STARTS = 3


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """Where the window's content stands; its frame belongs to the window manager."""

    x: int
    y: int
    width: int
    height: int
    is_maximized: bool = False


def _place_of(window: QWidget) -> Placed:
    rect = window.normalGeometry() if window.isMaximized() else window.geometry()
    return Placed(
        x=rect.x(), y=rect.y(), width=rect.width(), height=rect.height(),
        is_maximized=window.isMaximized(),
    )  # fmt: skip


class StartRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How the last starts went: how many in a row did not live, and what was loading."""

    failed: int = 0
    loading: str | None = None

    @property
    def is_safe_start(self) -> bool:
        return self.failed >= FAILED_STARTS


class Starts(QObject):
    """Counts starts; one that has lived for ten seconds, or ended in order, counts as good."""

    def __init__(self, store: WindowStore, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._failed = 0
        QTimer.singleShot(PROVEN_AFTER_MS, self, self.proven)

    def begin(self) -> StartRecord:
        """The record of the starts before this one, which is counted as failed until it is
        proven."""
        before = _start_record(self._store)
        self._failed = 0 if before.is_safe_start else before.failed
        self._note(self._failed + 1, None)
        return before

    def loading(self, panel: str) -> None:
        """Foreign code is about to run."""
        self._note(_start_record(self._store).failed, panel)

    def loaded(self, _panel: str) -> None:
        self._note(_start_record(self._store).failed, None)

    def proven(self) -> None:
        self._note(0, None)

    def _note(self, failed: int, panel: str | None) -> None:
        self._store.write_now("start", value={"failed": failed, "loading": panel})


def _start_record(store: WindowStore) -> StartRecord:
    try:
        return msgspec.convert(store.read("start") or {}, StartRecord)
    except msgspec.ValidationError:
        return StartRecord()


class Layouts(QObject):
    """Remembers where everything stands."""

    def __init__(self, window: QWidget, docks: PanelDocks, store: WindowStore) -> None:
        super().__init__(window)
        self._window, self._docks, self._store = window, docks, store
        self._workspace = ""
        self._default: tuple[tuple[str, ...], str | None] = ((), None)
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        self._look.timeout.connect(self.save)

    def restore_window(self) -> bool:
        """The window's own size and place; False where none is remembered for these monitors."""
        try:
            saved = msgspec.convert(self._store.read("layouts", monitor_set(), "window"), Placed)
        except msgspec.ValidationError:
            return False
        self._window.setGeometry(saved.x, saved.y, saved.width, saved.height)
        if saved.is_maximized:
            self._window.setWindowState(Qt.WindowState.WindowMaximized)
        bring_in_sight(self._window)
        return True

    def enter(
        self, workspace: str, panels: tuple[str, ...], beside: str | None = None
    ) -> str | None:
        """Show a workspace as it was left on these monitors, else one panel `beside` the others;
        returns the panel that was in front."""
        self._workspace, self._default = workspace, (panels, beside)
        saved = self._store.read("layouts", monitor_set(), workspace)
        is_saved = isinstance(saved, dict) and isinstance(saved.get("docks"), str)
        if is_saved:
            self._docks.restore(str(saved["docks"]))
        self._docks.show_only(panels)
        if not is_saved:
            self._docks.arrange(panels, beside)
        self._docks.rescue()
        for frame in self._docks.frames():
            frame.set_state(self._store.read("states", workspace, frame.found.id))
        self._look.start()
        front = saved.get("front") if isinstance(saved, dict) else None
        return front if isinstance(front, str) and front in panels else None

    def save(self) -> None:
        """Note what has changed; cheap where nothing has."""
        if not self._workspace:
            return
        monitors = monitor_set()
        placed = msgspec.to_builtins(_place_of(self._window))
        self._store.write("layouts", monitors, "window", value=placed)
        state = {"docks": self._docks.save(), "front": self._docks.current()}
        self._store.write("layouts", monitors, self._workspace, value=state)
        for frame in self._docks.frames():
            kept = frame.state()
            if kept is not None:
                self._store.write("states", self._workspace, frame.found.id, value=kept)

    def reset(self) -> None:
        """Back to the default arrangement; data and settings stay."""
        self._docks.gather()
        self._docks.arrange(*self._default)
        self._store.write("layouts", monitor_set(), self._workspace, value=None)

"""The window of a signed-in person: bars, rail, docks, and what they do together.

┌ top bar 40 ┐          TopBar        product, workspaces, search, counts, clock, person
│rail│ docks │          Rail, PanelDocks
│ time bar 44│          TimeBar       while the view clock is not live, or by Ctrl+T
├ key bar 28 ┤          KeyBar        keys of the focused region, from the action registry
└ status 28  ┘          StatusBar
"""

from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from ui.actions import ActionRegistry
from ui.actions.key_bar import KeyBarFeed
from ui.actions.sheet import ShortcutSheet
from ui.manual.window import ManualWindow
from ui.records.sentences import Sentences
from ui.shell.docks import PanelDocks, configure_docks
from ui.shell.layouts import Layouts, StartRecord, Starts
from ui.shell.news import NewsFeed
from ui.shell.outbox_window import OutboxWindow
from ui.shell.palette_window import PaletteWindow
from ui.shell.panel_frame import PanelFrame
from ui.shell.rail import Rail, RailPanel
from ui.shell.record_card import RecordCard
from ui.shell.selection import WindowSelection
from ui.shell.settings import Settings
from ui.shell.silence import Silence
from ui.shell.sounds import Sounds, Speaker
from ui.shell.status_bar import StatusBar
from ui.shell.time_bar import TimeBar
from ui.shell.top_bar import TopBar, WorkspaceTab
from ui.shell.watching import Watching
from ui.shell.workplace import Surroundings, Workplace
from ui.shell.workspaces import (
    ROLE_OF,
    Workspace,
    belongs,
    first_workspace,
    open_to,
    stand_of,
)
from ui.theme.theme import px, theme
from ui.widgets import Banner, EmptyState, KeyBar
from xiuzhou_desktop.plugin_api.context import Scheme, Selected
from xiuzhou_desktop.plugin_api.discovery import Found, find_panels
from xiuzhou_desktop.plugin_api.manifest import Manifest, Stand

WIDE_PX = 1500
SMALLEST = (1024, 600)
LARGEST = QSize(1920, 1080)
DEFAULT_ICON = "puzzle"


class ShellWindow(QMainWindow):
    """One window over one engine; `keyed_window` makes one that can be used."""

    closing = Signal()
    sign_in_wanted = Signal()

    def __init__(self, around: Surroundings, workspace: str | None) -> None:
        super().__init__()
        signed = around.engine.signed
        roles = frozenset(signed.account.roles)
        self._actions = ActionRegistry(self, frozenset(role.value for role in roles))
        self.place = Workplace(
            around=around,
            actions=self._actions,
            selection=WindowSelection(self),
            names=Sentences(around.text),
        )
        self._roles = roles
        self._workspace = first_workspace(roles, workspace)
        self._found = find_panels(around.plugin_folders)
        self.starts = Starts(around.store, self)
        self.sheet = ShortcutSheet(self, self._actions, around.text)
        self.manual = ManualWindow(around.text("shell.manual"), self._manual_place, self)
        self.outbox = OutboxWindow(self.place, self)
        self.palette_window = PaletteWindow(self.place, self, self.finds)
        self._is_bar_wanted = False
        self.silence = Silence(self)
        speaker = Speaker(around.log_path.parent.parent / "sounds", self)
        self.sounds = Sounds(self.silence, speaker.play, self)
        self._build()
        self.settings = Settings(self.place, self, self.key_bar)
        self._connect()
        self.feed = NewsFeed(self.place, self)
        self.feed.moved.connect(self._tick)
        self.feed.changed.connect(self.sounds.news)
        watching = Watching(self.place.engine, self)
        watching.told.connect(self.status_bar.show_concerns)
        self.feed.changed.connect(watching.news)
        self.feed.counted.connect(self.top_bar.counts.set_counts)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)
        self._second.start()

    def begin(self) -> None:
        """Where the window stood before, on the first workspace; once its keys are registered."""
        before = self.starts.begin()
        if not self.layouts.restore_window():
            room = self.screen().availableGeometry()
            self.setGeometry(QRect(room.topLeft(), room.size().boundedTo(LARGEST)))
        if before.is_safe_start:
            self._start_safely(before)
        self._show_workspace()
        if not before.is_safe_start:
            self._wake()
        person = self.place.engine.signed.account
        role = self.place.names.role(str(person.roles[0])) if person.roles else ""
        said = self.place.text("shell.person", name=person.name, role=role)
        self.top_bar.set_person(said)
        self._tick()

    # what other parts of the shell ask for

    @property
    def workspace(self) -> Workspace:
        return self._workspace

    def panels(self) -> tuple[PanelFrame, ...]:
        """The panels of the workspace, in the rail's order."""
        return tuple(frame for frame in self.docks.frames() if self._is_here(frame.found))

    def frame_in_front(self) -> PanelFrame | None:
        """The panel with the focus, else the one in front."""
        current = self.docks.current()
        return self.docks.frame(current) if current else None

    def finds(self, scheme: Scheme) -> bool:
        """Whether a panel of the workspace finds subjects of this scheme."""
        return any(scheme in manifest.subjects for _, manifest in self._declared())

    def show_panel(self, panel: str) -> None:
        self.docks.show(panel)

    def enter(self, workspace: str) -> None:
        """Change to another workspace of this person."""
        if workspace != self._workspace and Workspace(workspace) in open_to(self._roles):
            self.layouts.save()
            self._workspace = Workspace(workspace)
            self._show_workspace()

    def open_record(self, selected: Selected, scheme: Scheme | None = None) -> None:
        """Select, in the panel that shows its kind of record or finds that subject of it; a card
        where no panel here does."""
        frame = self._frame_for(selected, scheme)
        if frame is not None:
            self.docks.show(frame.found.id)
            self.place.selection.select(selected)
        elif selected.kind is not None and selected.record is not None:
            RecordCard(self.place, self).show_record(selected.kind, selected.record)

    def toggle_time_bar(self) -> None:
        """Ctrl+T; in the past it stands anyway."""
        self._is_bar_wanted = not self._is_bar_wanted
        self._view_moved()

    def refresh(self) -> None:
        """Say again how things stand."""
        self.status_bar.refresh()
        self._tick_top()

    def insert_bar(self, bar: QWidget) -> None:
        """A bar of its own under the top bar: the demonstration's."""
        self._column.insertWidget(1, bar)

    # building

    def _build(self) -> None:
        text = self.place.text
        self.setMinimumSize(*SMALLEST)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.top_bar = TopBar(self._tabs(), text)
        self.rail = Rail(text("shell.rail"), text("action.keys"))
        self.key_bar = KeyBar()
        self.status_bar = StatusBar(self.place)
        self.time_bar = TimeBar(self.place)
        self.time_bar.hide()
        self._key_feed = KeyBarFeed(self.key_bar, self._actions, text)
        configure_docks()
        central = QWidget()
        self.docks = PanelDocks(central)
        self.layouts = Layouts(self, self.docks, self.place.store)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.docks.manager if self._found else self._no_panels(), 1)
        self._column = QVBoxLayout(central)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.top_bar)
        self._column.addLayout(middle, 1)
        self._column.addWidget(self.time_bar)
        self._column.addWidget(self.key_bar)
        self._column.addWidget(self.status_bar)
        self.setCentralWidget(central)
        for found in self._found:
            self._add_panel(found)

    def _no_panels(self) -> EmptyState:
        folder = self.place.around.plugin_folders[-1]
        return EmptyState(self.place.text("shell.no_panels", folder=str(folder)))

    def _add_panel(self, found: Found) -> None:
        frame = PanelFrame(found, self.place)
        frame.loading.connect(self.starts.loading)
        frame.loaded.connect(self.starts.loaded)
        frame.unseen_changed.connect(self._unseen)
        frame.unseen_changed.connect(self.sounds.unseen)
        self.docks.add(frame, _icon(found))

    def _tabs(self) -> list[WorkspaceTab]:
        text, may = self.place.text, open_to(self._roles)
        tabs = []
        for one in Workspace:
            role = self.place.names.role(ROLE_OF[one].value)
            reason = None if one in may else text("shell.workspace.denied", role=role)
            title = text(f"shell.workspace.{one.value}")
            tabs.append(WorkspaceTab(id=one.value, title=title, reason=reason))
        return tabs

    def _connect(self) -> None:
        self.rail.chosen.connect(self.show_panel)
        self.rail.help_wanted.connect(self.sheet.toggle)
        self.top_bar.workspace_chosen.connect(self.enter)
        self.top_bar.search_wanted.connect(self.palette_window.open_palette)
        self.top_bar.bell_pressed.connect(self.silence.start)
        self.silence.changed.connect(self._tick_top)
        self.status_bar.outbox_wanted.connect(self.outbox.toggle)
        self.palette_window.record_chosen.connect(self.open_record)
        self.outbox.record_wanted.connect(self.open_record)
        self.place.selection.open_wanted.connect(self.open_record)
        self.docks.current_changed.connect(self._panel_in_front)
        self.place.clock.changed.connect(self._view_moved)
        theme().changed.connect(self._fit)
        QGuiApplication.instance().screenRemoved.connect(self._screen_gone)

    def _wake(self) -> None:
        """Panels with a window of their own to open; a safe start leaves it to the person."""
        for frame in self.panels():
            frame.wake()

    def _start_safely(self, before: StartRecord) -> None:
        """Default layout, without the panel that was loading when the last start ended."""
        self.layouts.reset()
        frame = self.docks.frame(before.loading) if before.loading else None
        sentence = self.place.text("shell.start.safe_plain")
        if frame is not None:
            frame.skip_once()
            sentence = self.place.text("shell.start.safe", panel=frame.title)
        self.insert_bar(Banner("alert-triangle", sentence))

    def _show_workspace(self) -> None:
        frames = self.panels()
        self.top_bar.set_workspace(self._workspace.value)
        self.rail.set_panels([_rail_panel(frame) for frame in frames])
        at = {stand_of(one.found.manifest, self._workspace): one.found.id for one in frames}
        beside = at.get(Stand.BESIDE) if self.width() >= px(WIDE_PX) else None
        names = tuple(frame.found.id for frame in frames)
        front = self.layouts.enter(self._workspace.value, names, beside)
        first = front or at.get(Stand.FRONT) or next(iter(names), None)
        if first is not None:
            self.docks.show(first)
            QTimer.singleShot(0, self, partial(self._take_keys, first))
        self._panel_in_front(first)

    def _take_keys(self, panel: str) -> None:
        """Once the panels beside it stand, too: the one in front has the keyboard."""
        frame, focus = self.docks.frame(panel), QApplication.focusWidget()
        if frame is not None and (focus is None or not frame.isAncestorOf(focus)):
            frame.focus_panel()

    # following

    def _is_here(self, found: Found) -> bool:
        if found.manifest is None:
            return True  # its card says what is wrong
        return belongs(found.manifest, self._workspace)

    def _frame_for(self, selected: Selected, scheme: Scheme | None) -> PanelFrame | None:
        declared = self._declared()
        if scheme is None and selected.kind is not None:
            return next((f for f, m in declared if selected.kind in m.kinds), None)
        wanted = (scheme,) if scheme else tuple(Scheme)
        named = [one for one in wanted if selected.about(one) is not None]
        return next((f for one in named for f, m in declared if one in m.subjects), None)

    def _manual_place(self) -> str | None:
        frame = self.frame_in_front()
        manifest = frame.found.manifest if frame is not None else None
        return manifest.manual if manifest is not None else None

    def _declared(self) -> list[tuple[PanelFrame, Manifest]]:
        manifests = ((frame, frame.found.manifest) for frame in self.panels())
        return [(frame, manifest) for frame, manifest in manifests if manifest is not None]

    def _view_moved(self, _view: object = None) -> None:
        self.time_bar.setVisible(self._is_bar_wanted or self.place.clock.view_at is not None)
        self.time_bar.refresh()
        self.refresh()

    def _panel_in_front(self, panel: str | None) -> None:
        self.rail.set_current(panel)
        frame = self.docks.frame(panel) if panel else None
        link = self.place.engine.link
        key = "shell.title.demo" if link.demo else "shell.title"
        title = frame.title if frame else self.place.text(f"shell.workspace.{self._workspace}")
        self.setWindowTitle(self.place.text(key, panel=title))

    def _unseen(self, panel: str, count: int, priority: int) -> None:
        frame = self.docks.frame(panel)
        title = frame.title if frame else panel
        said = self.place.text("shell.unseen", title=title, count=count) if count else title
        self.rail.set_unseen(panel, count, priority, said)

    def _tick(self) -> None:
        self.refresh()
        self._key_feed.refresh()
        for frame in self.docks.frames():
            frame.tick()

    def _tick_top(self) -> None:
        now, text = self.place.clock.now(), self.place.text
        self.top_bar.set_time(self.place.names.hms(now))
        past = self.place.clock.view_at
        said = text("shell.past.at", at=self.place.names.instant(past, now)) if past else ""
        self.top_bar.set_past(said)
        until = self.silence.until(now)
        if until is None:
            self.top_bar.set_bell("bell", text("shell.bell.on"))
        else:
            said = text("shell.bell.off", at=self.place.names.hms(until))
            self.top_bar.set_bell("bell-off", said)

    def _screen_gone(self, _screen: object) -> None:
        QTimer.singleShot(0, self, self.docks.rescue)

    def _fit(self) -> None:
        self.rail.set_narrow(self.width() < px(WIDE_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        was_narrow, is_narrow = event.oldSize().width() < px(WIDE_PX), self.width() < px(WIDE_PX)
        if is_narrow and not was_narrow:
            self.docks.fold()
        elif was_narrow and not is_narrow:
            self.docks.unfold()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.layouts.save()
        for frame in self.docks.frames():
            frame.shut_down()
        self.starts.proven()
        self.closing.emit()
        super().closeEvent(event)


def _rail_panel(frame: PanelFrame) -> RailPanel:
    return RailPanel(
        id=frame.found.id, title=frame.title, short=frame.short_title, icon=_icon(frame.found)
    )


def _icon(found: Found) -> str:
    return found.manifest.icon if found.manifest else DEFAULT_ICON

"""The left column: search, filter by standing, the camera tree, progress of the second phase."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTreeView, QVBoxLayout, QWidget

from plugins.wall.cameras import Camera, Standing, arranged, counted, second_phase
from plugins.wall.tree_delegate import CameraDelegate
from plugins.wall.tree_model import ROW_ROLE, BranchRow, CameraModel
from ui.records.sentences import NOTHING
from ui.theme import Face, Ink, px
from ui.widgets import Button, ButtonKind, EmptyState, Rule, Text
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Text as Sentence

WIDTH_PX = 300
BUTTON_PX = 24
OFFERED = (Standing.ONLINE, Standing.OFFLINE, Standing.FROZEN, Standing.FAULT, Standing.NEW,
           Standing.RETIRED, Standing.UNKNOWN)  # fmt: skip
"""Standings that can be filtered by, those with cameras are shown."""
ALL = None
Index = QModelIndex | QPersistentModelIndex


class CameraTree(QWidget):
    """`picked`: Enter or double click on a camera; `touched`: the hand moved to a camera; `left`:
    Esc in the search field."""

    picked = Signal(object)  # Camera
    touched = Signal(object)  # Camera
    left = Signal()

    def __init__(self, text: Sentence) -> None:
        super().__init__()
        self._text = text
        self._cameras: tuple[Camera, ...] = ()
        self._standing: Standing | None = ALL
        self._model = CameraModel(text, self)
        self.search_field = QLineEdit()
        self._view = _TreeView()
        self._filters = {one: Button("", height=BUTTON_PX) for one in (ALL, *OFFERED)}
        self._empty = EmptyState("", key="Esc", key_text=text("wall.tree.clear"))
        self._progress = Text("", Ink("text2", Face.LABEL))
        self._lay_out()
        self._connect()
        self._draw()

    def _lay_out(self) -> None:
        text = self._text
        self.search_field.setPlaceholderText(text("wall.tree.search"))
        self.search_field.setAccessibleName(text("wall.tree.search"))
        self.search_field.setClearButtonEnabled(True)
        self._view.setModel(self._model)
        self._view.setItemDelegate(CameraDelegate(self._view))
        self._view.setAccessibleName(text("wall.tree.name"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(8, 8, 8, 8)
        head.setSpacing(8)
        head.addWidget(self.search_field)
        for part in (self._row((ALL, *OFFERED[:3])), self._row(OFFERED[3:])):
            head.addLayout(part)
        column.addLayout(head)
        column.addWidget(Rule())
        column.addWidget(self._view, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(Rule())
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        self._progress.setWordWrap(True)
        foot.addWidget(self._progress)
        column.addLayout(foot)
        self.setFocusProxy(self._view)

    def _row(self, standings: Iterable[Standing | None]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        for one in standings:
            row.addWidget(self._filters[one])
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self.search_field.textEdited.connect(lambda _text: self._draw())
        self._view.doubleClicked.connect(self._activate)
        self._view.moved.connect(self._move)
        self._view.escaped.connect(self.clear)
        for standing, button in self._filters.items():
            button.clicked.connect(lambda one=standing: self._choose(one))

    # -- what the panel says -----------------------------------------------------------------

    def set_cameras(self, cameras: tuple[Camera, ...]) -> None:
        """Another list, or other standings in it; the hand stays where it is."""
        if cameras != self._cameras:
            self._cameras = cameras
            self._draw()

    def set_tiles(self, tiles: Mapping[RecordId, tuple[int, ...]]) -> None:
        """Which camera is on which tiles."""
        self._model.set_tiles(tiles)

    def show_camera(self, camera: RecordId) -> None:
        """Bring its row into sight, whatever the filter says."""
        if self._model.index_of(camera) is None:
            self.clear()
        index = self._model.index_of(camera)
        if index is not None:
            self._view.expand(index.parent().parent())
            self._view.expand(index.parent())
            self._view.go_to(index)

    def search(self) -> None:
        """/ : type what to find."""
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_field.selectAll()

    def clear(self) -> None:
        """Every camera again; a second time the column is left."""
        if not self.search_field.text() and self._standing is ALL:
            self.left.emit()
            return
        self.search_field.clear()
        self._standing = ALL
        self._draw()
        self._view.setFocus()

    def activate_current(self) -> None:
        """Enter: a camera is picked, a branch opened or closed; in the field, to what was found."""
        if self.search_field.hasFocus():
            self._first_found()
        else:
            self._activate(self._view.currentIndex())

    @property
    def current(self) -> Camera | None:
        return self._model.camera_at(self._view.currentIndex())

    # -- parts -------------------------------------------------------------------------------

    def _choose(self, standing: Standing | None) -> None:
        self._standing = standing
        self._draw()

    def _shown(self) -> tuple[Camera, ...]:
        words = self.search_field.text().strip()
        return tuple(
            one
            for one in self._cameras
            if self._standing in {ALL, one.standing} and one.matches(words)
        )

    def _draw(self) -> None:
        shown, current, opened = self._shown(), self.current, self._opened()
        self._model.set_platforms(arranged(shown))
        self._open_again(opened, is_narrowed=len(shown) < len(self._cameras))
        found = self._model.index_of(current.id) if current else None
        if found is not None:
            self._view.go_to(found)
        self._view.setVisible(bool(shown))
        self._empty.setVisible(not shown)
        self._empty.set_text(self._text("wall.tree.none" if self._cameras else "wall.tree.waiting"))
        self._draw_counts()

    def _draw_counts(self) -> None:
        counts = counted(self._cameras)
        for standing, button in self._filters.items():
            count = len(self._cameras) if standing is ALL else counts[standing]
            name = "all" if standing is ALL else standing.value
            button.set_text(self._text("wall.filter", name=self._text(f"wall.standing.{name}"),
                                       count=count))  # fmt: skip
            is_chosen = standing is self._standing
            button.set_kind(ButtonKind.CHOSEN if is_chosen else ButtonKind.QUIET)
            button.setVisible(standing is ALL or count > 0 or is_chosen)
        phase = second_phase(self._cameras)
        self._progress.setText(
            self._text(
                "wall.phase", installed=phase.installed, accepted=phase.accepted,
                online=NOTHING if phase.online is None else phase.online,
            )
        )  # fmt: skip

    def _opened(self) -> set[tuple[str, ...]]:
        return {path for path, index in self._branches() if self._view.isExpanded(index)}

    def _open_again(self, opened: set[tuple[str, ...]], *, is_narrowed: bool) -> None:
        """What was open stays open; what a search found is open; else the platforms are."""
        for path, index in self._branches():
            is_first = not opened and len(path) == 1
            if is_narrowed or path in opened or is_first:
                self._view.expand(index)

    def _branches(self) -> list[tuple[tuple[str, ...], QModelIndex]]:
        nothing = QModelIndex()
        found: list[tuple[tuple[str, ...], QModelIndex]] = []
        for top in range(self._model.rowCount(nothing)):
            platform = self._model.index(top, 0)
            found.append(((_title(platform),), platform))
            for row in range(self._model.rowCount(platform)):
                street = self._model.index(row, 0, platform)
                found.append(((_title(platform), _title(street)), street))
        return found

    def _first_found(self) -> None:
        """Enter in the field: to the first camera of the list."""
        self._view.setFocus()
        shown = sorted(self._shown(), key=lambda one: one.code)
        if shown:
            self.show_camera(shown[0].id)

    def _activate(self, index: QModelIndex) -> None:
        camera = self._model.camera_at(index)
        if camera is not None:
            self.picked.emit(camera)
        else:
            self._view.setExpanded(index, not self._view.isExpanded(index))

    def _move(self, index: QModelIndex) -> None:
        camera = self._model.camera_at(index)
        if camera is not None:
            self.touched.emit(camera)


class _TreeView(QTreeView):
    """No input method, no second column; tells when a hand, not a redraw, moves."""

    moved = Signal(QModelIndex)
    escaped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_led = False
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(px(16))
        self.setDragEnabled(True)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setFrameShape(QTreeView.Shape.NoFrame)

    def go_to(self, index: QModelIndex) -> None:
        """Without telling: the panel knows."""
        self._is_led = True
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self._is_led = False

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if not self._is_led and self.hasFocus():
            self.moved.emit(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)


def _title(index: QModelIndex) -> str:
    row = index.data(ROW_ROLE)
    return row.title if isinstance(row, BranchRow) else ""

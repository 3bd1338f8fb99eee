"""The right side: the selected line in full, its map, message or camera, and its versions."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from plugins.admin.entries import Entry
from plugins.admin.preview import TemplatePreview
from plugins.admin.sections import Pane
from plugins.admin.words import Words
from plugins.admin.zone_map import ZoneMap
from ui.records import Spoken
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face, Weight
from ui.video import TileCaption, VideoTile, engine_source
from ui.widgets import (
    Button,
    ButtonKind,
    EmptyState,
    Rule,
    ThreadEntry,
    ThreadList,
    UndoBar,
    wrapped,
)
from ui.widgets import Text as Label
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.media import SourceKind
from xiuzhou_desktop.plugin_api.context import PanelContext

PICTURE_PX = 260
BUTTON_PX = 40
LABEL = Ink("text2", Face.LABEL)
NO_LINE = Entry(key="", title="", cells=())


class Detail(QFrame):
    """One line at a time."""

    opened = Signal()
    added = Signal()

    def __init__(self, context: PanelContext, words: Words) -> None:
        super().__init__()
        self._context, self._text, self._words = context, context.text, words
        self.setProperty("surface", "panel")
        self._title = wrapped("", Ink("text1", Face.TITLE, Weight.BOLD))
        self._warning = wrapped("", Ink("text1", Face.BODY, Weight.BOLD))
        self._facts = QGridLayout()
        self._facts.setColumnStretch(1, 1)
        self._facts.setHorizontalSpacing(px(12))
        self._facts.setVerticalSpacing(px(4))
        self.preview = TemplatePreview(context, words)
        self.map = ZoneMap(context)
        self.tile = VideoTile(context.media, context.text, context.clock.now)
        self._played: RecordId | None = None
        self._panes: Mapping[Pane, tuple[QWidget, Callable[[Entry], None]]] = {
            Pane.MESSAGE: (self.preview, self._show_message),
            Pane.MAP: (self.map, self._show_zone),
            Pane.CAMERA: (self.tile, self._keep_playing),
        }
        self._versions_title = Label(context.text("admin.versions"), LABEL)
        self._versions = ThreadList()
        self._refusal = wrapped("", Ink("refused"))
        self._told = wrapped("", Ink("text1", Face.BODY, Weight.BOLD))
        self.undo_bar = UndoBar(context.text("admin.undo"), "U")
        self.primary = Button(
            context.text("admin.open"), key="Enter", kind=ButtonKind.PRIMARY, height=BUTTON_PX
        )
        self.secondary = Button(
            context.text("admin.new"), key="Ctrl+N", icon_name="plus", height=BUTTON_PX
        )
        self.primary.clicked.connect(self.opened)
        self.secondary.clicked.connect(self.added)
        self._empty = EmptyState(context.text("admin.empty"))
        self._lay_out()
        self.show_entry(None)

    def _lay_out(self) -> None:
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(px(16), px(12), px(16), px(12))
        body.setSpacing(px(8))
        for one in (self._title, self._warning):
            body.addWidget(one)
        body.addLayout(self._facts)
        body.addWidget(self.preview)
        for pane in (self.map, self.tile):
            pane.setMinimumHeight(px(PICTURE_PX))
            body.addWidget(pane, 1)
        for one in (self._versions_title, self._versions):
            body.addWidget(one)
        body.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(Rule())
        column.addLayout(self._foot())

    def _foot(self) -> QVBoxLayout:
        foot = QVBoxLayout()
        foot.setContentsMargins(px(12), px(8), px(12), px(10))
        foot.setSpacing(px(8))
        for one in (self._told, self._refusal, self.undo_bar):
            foot.addWidget(one)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.secondary, 1)
        buttons.addWidget(self.primary, 1)
        foot.addLayout(buttons)
        return foot

    def show_entry(self, entry: Entry | None) -> None:
        """Another line, or the same one as it is now; nothing moves while a zone is drawn."""
        if self.map.is_drawing:
            return
        self._scroll.setVisible(entry is not None)
        self._empty.setVisible(entry is None)
        self._fill(entry or NO_LINE)

    def draw(self) -> None:
        """A zone on the map, where there is no line yet, too."""
        self._empty.hide()
        self._scroll.show()
        self.map.show()
        self.map.draw()

    def _fill(self, entry: Entry) -> None:
        self._title.setText(entry.title)
        self._warning.setText(entry.warning or "")
        self._warning.setVisible(entry.warning is not None)
        self._show_facts(entry)
        self._show_panes(entry)
        view = entry.view
        self._versions_title.setVisible(view is not None)
        self._versions.setVisible(view is not None)
        self._versions.set_entries(self._thread(view) if view else ())

    def show_refused(self, spoken: Spoken | None) -> None:
        """What was just refused, with what to do; None takes it away."""
        said = (spoken.text, spoken.remedy) if spoken else ()
        self._refusal.setText(" · ".join(part for part in said if part))
        self._refusal.setVisible(spoken is not None)

    def tell(self, sentence: str) -> None:
        """Something to read now, such as a password that is told once; empty takes it away."""
        self._told.setText(sentence)
        self._told.setVisible(bool(sentence))

    def play(self, view: RecordView) -> None:
        """Space: the camera's live picture, or off again."""
        camera = view.record
        if self.tile.state is not None or not isinstance(camera.body, CameraBody):
            self.tile.clear()
            return
        path = f"/v1/cameras/{camera.id}/live"
        self._played = camera.id
        source = engine_source(self._context.engine, path, SourceKind.LIVE)
        caption = TileCaption(
            code=camera.body.short_no, name=camera.body.name, note=self._text("admin.test_play")
        )
        self.tile.show_source(path, source, caption)

    def _show_facts(self, entry: Entry) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (label, value) in enumerate(entry.facts):
            name = Label(label, LABEL)
            name.setContentsMargins(0, px(2), 0, 0)  # small words on the line of the value's
            self._facts.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(wrapped(value, Ink("text1")), row, 1)

    def _show_panes(self, entry: Entry) -> None:
        for pane, (widget, show) in self._panes.items():
            widget.setVisible(pane is entry.pane)
            if pane is entry.pane:
                show(entry)
        if entry.pane is not Pane.CAMERA:
            self.tile.clear()

    def _show_message(self, entry: Entry) -> None:
        if entry.part is not None:
            self.preview.show_words(str(entry.part.value))

    def _show_zone(self, entry: Entry) -> None:
        if entry.view is not None:
            self.map.show_zone(entry.view.record)

    def _keep_playing(self, entry: Entry) -> None:
        """The picture stays while the same camera is read again."""
        if entry.view is None or entry.view.record.id != self._played:
            self.tile.clear()

    def _thread(self, view: RecordView) -> tuple[ThreadEntry, ...]:
        """Newest first: what waits, then every version."""
        words, record = self._words, view.record
        waiting = [
            ThreadEntry(
                time=words.day_hm(mark.saved_at), text=words.transition(record.kind,
                                                                        mark.transition),
                pending=words.say("chip.pending"),
            )
            for mark in reversed(view.pending)
        ]  # fmt: skip
        done = [
            ThreadEntry(
                time=words.stamp(one.at),
                text=words.say(
                    "thread", name=one.actor_name, act=words.transition(record.kind, one.name),
                    reason=one.reason or "",
                ).rstrip(" ·"),
            )
            for one in reversed(record.log)
        ]  # fmt: skip
        return (*waiting, *done)

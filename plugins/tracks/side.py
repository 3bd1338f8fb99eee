"""The right column: events of the chosen vehicle, what the nearest camera saw, the flag to make."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.tracks.event_list import EventList
from plugins.tracks.evidence import CameraFinder, NearestCamera, can_become_flag
from plugins.tracks.opened import OpenedDay, TrackEvent
from plugins.tracks.words import Words
from ui.theme import Face, Ink, px
from ui.video import PictureLoader, StillView
from ui.widgets import Button, ButtonKind, EmptyState, SectionTitle, wrapped
from xiuzhou_desktop.plugin_api.context import PanelContext

PICTURE_PX = 190
MARGIN_PX = 8


class Side(QWidget):
    """`wanted` when the flag is to be made."""

    wanted = Signal()

    def __init__(self, context: PanelContext, words: Words, cameras: CameraFinder) -> None:
        super().__init__()
        self._context, self._words, self._cameras = context, words, cameras
        text = context.text
        self._title = SectionTitle(text("tracks.events"), "")
        self.events = EventList(words)
        self._empty = EmptyState(text("tracks.events.none"))
        self._still = StillView(text)
        self._still.setFixedHeight(px(PICTURE_PX))
        self._still.setAccessibleName(text("tracks.picture"))
        self._camera_line = wrapped("", Ink("text2", Face.LABEL))
        self._make = Button(
            text("tracks.make_flag"), key="Ctrl+Enter", kind=ButtonKind.PRIMARY, height=40
        )
        self._make.clicked.connect(self.wanted)
        self._loader = PictureLoader(context.engine.fetch, self)
        self._loader.ready.connect(self._ready)
        self._loader.failed.connect(self._failed)
        self._path = ""
        self.camera: NearestCamera | None = None
        self._lay_out(text("tracks.picture"))
        self.events.chosen.connect(self._show_event)
        self.show_day(None)

    def _lay_out(self, picture: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        column.setSpacing(MARGIN_PX)
        column.addWidget(self._title)
        column.addWidget(self.events, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(SectionTitle(picture, ""))
        column.addWidget(self._still)
        column.addWidget(self._camera_line)
        column.addWidget(self._make)

    def show_day(self, day: OpenedDay | None) -> None:
        """The events of an opened day."""
        events = day.events if day else ()
        self._title.set_texts(self._words.text("tracks.events"), str(len(events)) if day else "")
        self.events.setVisible(bool(events))
        self._empty.setVisible(not events)
        self._empty.set_text(
            self._words.text("tracks.events.none" if day else "tracks.events.choose")
        )
        self.events.show_events(events)
        self._show_event(self.events.current)

    def refresh_reason(self) -> None:
        """Why the flag cannot be made now, on the button."""
        event = self.events.current
        if self._context.clock.view_at is not None:
            self._make.set_reason(self._words.text("tracks.make_flag.past"))
        elif not can_become_flag(event):
            self._make.set_reason(self._words.text("tracks.make_flag.no_event"))
        else:
            self._make.set_reason(None)

    def _show_event(self, event: TrackEvent | None) -> None:
        self.refresh_reason()
        self._still.set_picture(None)
        self.camera = self._cameras.nearest(event.place) if event else None
        if event is None or self.camera is None:
            key = "tracks.picture.no_camera" if event else "tracks.picture.no_event"
            self._path = ""
            self._still.set_sentence(self._words.text(key))
            self._camera_line.setText("")
            return
        body = self.camera.body
        self._camera_line.setText(
            self._words.text("tracks.camera", code=body.short_no, name=body.name,
                             metres=self.camera.metres)
        )  # fmt: skip
        self._path = self.camera.picture_path(event.at)
        self._still.set_sentence(self._words.text("tracks.picture.loading"))
        self._loader.load(self._path)

    def _ready(self, path: str, image: object) -> None:
        if path == self._path:
            self._still.set_sentence("")
            self._still.set_picture(image)

    def _failed(self, path: str, fault: object) -> None:
        if path == self._path:
            self._still.set_sentence(self._words.text(f"media.picture.{fault.value}"))

    def shut_down(self) -> None:
        """No more pictures."""
        self._loader.close()

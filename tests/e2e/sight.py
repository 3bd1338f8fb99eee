"""What a person sees in the window: rows, the item, sentences. Reads widgets, never the engine."""

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QWidget

from plugins.triage.context_column import ContextColumn
from plugins.triage.panel import TriagePanel
from plugins.triage.pictures import Pictures
from plugins.triage.stage import Stage
from ui.records import FormSheet, PanelHeader, RecordListView
from ui.records.model import RecordListModel
from ui.shell.window import ShellWindow
from ui.video import CompareView, StillView, VideoTile
from ui.widgets import KeyButton, QuestionSheet, StatusField, UndoBar
from xiuzhou_desktop.client.views import RecordView

WidgetT = TypeVar("WidgetT", bound=QWidget)


def stands(window: ShellWindow) -> bool:
    """Whether the window shows the triage panel: a clerk's does not."""
    frame = window.docks.frame("triage")
    return frame is not None and isinstance(frame.panel, TriagePanel)


class Sight:  # noqa: PLR0904 - one panel, part by part
    """The triage panel of a window, as it stands."""

    def __init__(self, window: ShellWindow) -> None:
        self.window = window
        frame = window.docks.frame("triage")
        panel = frame.panel if frame else None
        assert isinstance(panel, TriagePanel), "the triage panel does not stand"
        self.panel = panel

    def part(self, kind: type[WidgetT]) -> WidgetT:
        """The one part of a kind. Raises AssertionError where there is none."""
        found = self.panel.findChild(kind)
        assert found is not None, f"the panel has no {kind.__name__}"
        return found

    @property
    def queue(self) -> RecordListView:
        return self.part(RecordListView)

    @property
    def model(self) -> RecordListModel:
        model = self.queue.model()
        assert isinstance(model, RecordListModel)
        return model

    def rows(self, group: str = "to_judge") -> list[RecordView]:
        """The loaded rows of one group, from the top."""
        found = []
        section = [one.key for one in self.model.sections()].index(group)
        for number in range(self.model.rowCount()):
            spot, line = self.model.spot(number), self.model.line(number)
            if spot is not None and spot.section == section and line is not None:
                found.append(line.view)
        return found

    def section_of(self, record: str) -> str | None:
        """The key of the group in which a record's row lies."""
        row = self.model.find(record)
        spot = self.model.spot(row) if row is not None else None
        return self.model.sections()[spot.section].key if spot else None

    @property
    def current(self) -> RecordView | None:
        """The record of the selected row."""
        line = self.model.line(self.queue.currentIndex().row())
        return line.view if line else None

    def current_id(self) -> str | None:
        view = self.current
        return view.record.id if view else None

    def shows(self, record: str) -> bool:
        """Whether it is selected and stands before the officer: a list that reads its rows anew
        may have another one in the selected row for a moment.
        """
        return self.current_id() == record and self.stage.is_at_step_of(self.current)

    def current_y(self) -> int:
        """How far below the list's upper edge the selected row lies."""
        return self.queue.visualRect(self.queue.currentIndex()).y()

    # the item

    @property
    def stage(self) -> Stage:
        return self.part(Stage)

    @property
    def still(self) -> StillView:
        return self.part(StillView)

    @property
    def pair(self) -> CompareView:
        return self.part(CompareView)

    @property
    def tile(self) -> VideoTile:
        return self.part(VideoTile)

    @property
    def pictures(self) -> Pictures:
        return self.part(Pictures)

    @property
    def context(self) -> ContextColumn:
        return self.part(ContextColumn)

    @property
    def undo_bar(self) -> UndoBar:
        return self.part(UndoBar)

    @property
    def header(self) -> PanelHeader:
        return self.part(PanelHeader)

    def digits(self) -> list[KeyButton]:
        """The verdict bar."""
        return self.stage.findChildren(KeyButton)

    def question(self) -> QuestionSheet | None:
        """The second question, while it stands."""
        return self._standing(QuestionSheet)

    def form(self) -> FormSheet | None:
        """The form, while it stands."""
        return self._standing(FormSheet)

    def box(self, name: str) -> QComboBox:
        """A list of the filter bar by its accessible name."""
        return next(b for b in self.panel.findChildren(QComboBox) if b.accessibleName() == name)

    def search(self) -> QLineEdit:
        """The field of the full text."""
        boxes = {id(box.lineEdit()) for box in self.panel.findChildren(QComboBox)}
        fields = self.header.findChildren(QLineEdit)
        return next(field for field in fields if id(field) not in boxes)

    def _standing(self, kind: type[WidgetT]) -> WidgetT | None:
        return next((one for one in self.panel.findChildren(kind) if one.isVisible()), None)


def has_keyboard(widget: QWidget) -> bool:
    """Whether keys reach a part of it."""
    reached = QApplication.focusWidget()
    return reached is not None and widget.isAncestorOf(reached)


def words(widget: QWidget) -> str:
    """All that can be read inside a widget, hidden parts left out."""
    return " | ".join(_words(widget))


def _words(widget: QWidget) -> Iterator[str]:
    for part in widget.findChildren(QWidget):
        if not part.isVisible():
            continue
        said = part.accessibleName() or (part.text() if isinstance(part, QLabel) else "")
        if said:
            yield said


def status_words(window: ShellWindow) -> str:
    """All that the status bar says."""
    fields = window.status_bar.findChildren(StatusField)
    return " | ".join(field.accessibleName() for field in fields if field.isVisible())

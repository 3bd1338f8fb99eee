"""Ctrl+, : what a person may set of the window, each by a digit. They are actions of the registry
like any other; here they stand together."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.actions import key_name
from ui.shell.workplace import Workplace
from ui.widgets import Answer, QuestionSheet

SET = (
    "shell.theme",
    "shell.zoom_in",
    "shell.zoom_out",
    "shell.zoom_reset",
    "shell.silence",
    "shell.reset_layout",
)


class Settings(QObject):
    """The sheet; it stays until Esc, so that a size can be tried."""

    def __init__(self, place: Workplace, window: QWidget, key_bar: QWidget) -> None:
        super().__init__(window)
        self._place = place
        self.sheet = QuestionSheet(window, above=key_bar)
        self.sheet.answered.connect(self._do)

    def open(self) -> None:
        actions, text = self._place.actions, self._place.text
        found = [one for name in SET if (one := actions.find(name)) is not None]
        self.sheet.ask(
            text("action.settings"),
            [
                Answer(title=text(one.action.text), note=key_name(one.action.keys[0]))
                for one in found
            ],
        )

    def _do(self, number: int) -> None:
        action = self._place.actions.find(SET[number])
        if action is not None:
            action.run()
            self.open()

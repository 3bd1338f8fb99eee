"""Feeds the key bar: the keys that would answer at the focus, innermost region first."""

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ui.actions.keys import key_name
from ui.actions.registry import ActionRegistry, Registered
from ui.widgets import KeyBar, KeyItem
from xiuzhou_desktop.plugin_api.context import Text

HELP = "shell.keys"


class KeyBarFeed(QObject):
    """Follows the focus and what is pressed; what else may change an action's `when` is seen at
    the window's next tick, which asks for `refresh`.
    """

    def __init__(self, bar: KeyBar, actions: ActionRegistry, text: Text) -> None:
        super().__init__(bar)
        self._bar, self._actions, self._text = bar, actions, text
        self._focus: QWidget | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        actions.changed.connect(self._soon.start)
        actions.pressed.connect(self._soon.start)
        QApplication.instance().focusChanged.connect(self._focus_moved)

    def _focus_moved(self, _old: object, _new: object) -> None:
        self._soon.start()

    def refresh(self) -> None:
        shown: dict[str, KeyItem] = {}
        for one in self._actions.around(self._where()):
            is_listed = one.action.in_key_bar and one.action.keys and one.action.id != HELP
            if is_listed and one.when():
                shown.setdefault(one.action.keys[0], self._item(one))
        tail = KeyItem(("F1",), self._text("shell.keys.all"))
        self._bar.set_items(tuple(shown.values()), tail)

    def _where(self) -> QWidget | None:
        """The focus, or where it was last: the bar keeps still while others are in front."""
        focus = self._actions.focus()
        if focus is not None:
            self._focus = focus
        elif self._focus is not None and not shiboken6.isValid(self._focus):
            self._focus = None
        return self._focus

    def _item(self, one: Registered) -> KeyItem:
        words = one.words or self._text
        return KeyItem((key_name(one.action.keys[0]),), words(one.action.text))

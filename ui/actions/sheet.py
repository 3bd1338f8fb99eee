"""F1: every key that answers here, this panel's first, as one sheet over the window."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.actions.key_table import KeyLine, KeyTable
from ui.actions.keys import key_name
from ui.actions.registry import ActionRegistry, Registered
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face, Weight
from ui.widgets import KeyCap, SectionTitle, Text
from ui.widgets.question import is_plain_key
from xiuzhou_desktop.plugin_api.context import Action
from xiuzhou_desktop.plugin_api.context import Text as Sentence

COLUMNS = (2, 3)  # as many as its height asks for
AROUND_PX = 16
LEAVES = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ShortcutSheet(QFrame):
    """The keys of the focused region and those that hold everywhere; any of Esc, F1, Enter closes
    it."""

    def __init__(self, parent: QWidget, actions: ActionRegistry, text: Sentence) -> None:
        super().__init__(parent)
        self._actions, self._text = actions, text
        self._returns_to: QWidget | None = None
        self.setProperty("surface", "float")
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text("shell.keys.title"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 16, 24, 24)
        self._column.setSpacing(12)
        self._body: QWidget | None = None
        self._tables: list[KeyTable] = []
        leave = Action(id="sheet.leave", text="action.sheet.leave", keys=("Esc", "Return", "Enter"))
        actions.region(self).register(leave, self.dismiss)
        parent.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        if self.isVisible():
            self.dismiss()
        else:
            self._show_for(self._actions.focus())

    def dismiss(self) -> None:
        self.hide()
        if self._returns_to is not None:
            self._returns_to.setFocus(Qt.FocusReason.PopupFocusReason)
            self._returns_to = None

    def _show_for(self, focus: QWidget | None) -> None:
        reachable = [one for one in self._actions.around(focus) if one.action.keys]
        here = [one for one in reachable if one.owner is not None]
        taken = {key for one in here for key in one.action.keys}
        everywhere = [
            one
            for one in reachable
            if one.owner is None and one.when() and not taken.issuperset(one.action.keys)
        ]
        self._put(self._build(here, everywhere))
        for columns in COLUMNS:
            self._arrange(columns)
            if self._wanted_height() <= self._room().height():
                break
        self._returns_to = focus
        self._place()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _put(self, body: QWidget) -> None:
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.deleteLater()
        self._body = body
        self._column.addWidget(body)

    def _build(self, here: list[Registered], everywhere: list[Registered]) -> QWidget:
        body = QWidget()
        self._tables = []
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(Text(self._text("shell.keys.title"), Ink("text1", Face.TITLE, Weight.BOLD)))
        head.addStretch(1)
        head.addWidget(KeyCap("Esc"))
        column.addLayout(head)
        titles = (self._text("shell.keys.here"), self._text("shell.keys.everywhere"))
        column.addWidget(SectionTitle(titles[0]))
        if here:
            column.addWidget(self._table(titles[0], here))
        else:
            column.addWidget(Text(self._text("shell.keys.empty"), Ink("text3")))
        column.addWidget(SectionTitle(titles[1]))
        column.addWidget(self._table(titles[1], everywhere))
        return body

    def _table(self, title: str, actions: Iterable[Registered]) -> KeyTable:
        table = KeyTable(title, [self._line(one) for one in _distinct(actions)])
        self._tables.append(table)
        return table

    def _line(self, one: Registered) -> KeyLine:
        words = one.words or self._text
        keys = tuple(key_name(key) for key in one.action.keys)
        return KeyLine(keys=keys, text=words(one.action.text))

    def _arrange(self, columns: int) -> None:
        for table in self._tables:
            table.set_columns(columns)
        if self._body is not None:
            self._body.layout().activate()  # at once: the height is asked next

    def _room(self) -> QRect:
        around = px(AROUND_PX)
        return self.parentWidget().rect().adjusted(around, around, -around, -around)

    def _wanted_height(self) -> int:
        self.layout().activate()
        return self.layout().totalSizeHint().height()  # with the frame

    def _place(self) -> None:
        room, height = self._room(), self._wanted_height()
        wanted = QRect(0, 0, self.layout().totalSizeHint().width(), height)
        wanted.setSize(wanted.size().boundedTo(room.size()))
        wanted.moveCenter(room.center())
        self.setGeometry(wanted)

    def event(self, event: QEvent) -> bool:
        """Keys of the panel below wait until the sheet is gone."""
        is_theirs = event.type() == QEvent.Type.ShortcutOverride and is_plain_key(event)
        if is_theirs and event.key() not in LEAVES:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


def _distinct(actions: Iterable[Registered]) -> list[Registered]:
    """One line a key: the first action that answers to it."""
    seen: dict[str, Registered] = {}
    for one in actions:
        seen.setdefault(one.action.keys[0], one)
    return list(seen.values())

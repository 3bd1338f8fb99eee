"""F1: every key that answers here, this panel's first, as one sheet over the window."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.actions.keys import key_name
from ui.actions.registry import ActionRegistry, Registered
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face, Weight
from ui.widgets import KeyCap, SectionTitle, Text
from ui.widgets.question import is_plain_key
from xiuzhou_desktop.plugin_api.context import Action
from xiuzhou_desktop.plugin_api.context import Text as Sentence

COLUMN_PX = 410
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
        self._grids: dict[QGridLayout, list[QWidget]] = {}  # of the body, with what stands in them
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
        everywhere = [one for one in reachable if one.owner is None and one.when()]
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
        self._grids = {}
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(Text(self._text("shell.keys.title"), Ink("text1", Face.TITLE, Weight.BOLD)))
        head.addStretch(1)
        head.addWidget(KeyCap("Esc"))
        column.addLayout(head)
        column.addWidget(SectionTitle(self._text("shell.keys.here")))
        if here:
            column.addLayout(self._grid(here))
        else:
            column.addWidget(Text(self._text("shell.keys.empty"), Ink("text3")))
        column.addWidget(SectionTitle(self._text("shell.keys.everywhere")))
        column.addLayout(self._grid(everywhere))
        return body

    def _grid(self, actions: Iterable[Registered]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        self._grids[grid] = [self._cell(one) for one in _distinct(actions)]
        return grid

    def _cell(self, one: Registered) -> QWidget:
        cell = QWidget()
        row = QHBoxLayout(cell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for key in one.action.keys:
            row.addWidget(KeyCap(key_name(key)))
        words = one.words or self._text
        row.addWidget(Text(words(one.action.text)))
        row.addStretch(1)
        return cell

    def _arrange(self, columns: int) -> None:
        """The same cells in so many columns."""
        for grid, cells in self._grids.items():
            for number, cell in enumerate(cells):
                grid.removeWidget(cell)
                grid.addWidget(cell, number // columns, number % columns)
            for column in range(columns):
                grid.setColumnStretch(column, 1)
        if self._body is not None:
            self._body.setMinimumWidth(px(COLUMN_PX) * columns)
            self._body.layout().activate()  # at once: the height is asked next

    def _room(self) -> QRect:
        around = px(AROUND_PX)
        return self.parentWidget().rect().adjusted(around, around, -around, -around)

    def _wanted_height(self) -> int:
        self.layout().activate()
        return self.layout().sizeHint().height()

    def _place(self) -> None:
        room, height = self._room(), self._wanted_height()
        wanted = QRect(0, 0, self.layout().sizeHint().width(), height)
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

"""The second question: a sheet over the lower part of a panel, answered by one digit, left by Esc.

It appears only when the answer cannot be known without it. Digits choose; an answer that is not
allowed says why and stays.
"""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face, Weight
from ui.widgets.buttons import KeyButton
from ui.widgets.labels import KeyCap, Text

MOST_ANSWERS = 9
COLUMNS = 3
WIDTH_PX = 760
MARGIN_PX = 8


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: what it says, what follows, and why it may not be given."""

    title: str
    note: str = ""
    reason: str | None = None


def is_plain_key(event: QKeyEvent) -> bool:
    """Whether a key is one that an open sheet keeps from the panel below: no F key, no Ctrl, no
    Alt."""
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    is_function = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F12
    return not event.modifiers() & held and not is_function


class QuestionSheet(QFrame):
    """Asks one question with up to nine numbered answers over its parent."""

    answered = Signal(int)
    dismissed = Signal()

    def __init__(self, parent: QWidget, above: QWidget | None = None) -> None:
        """`above`: a part of the parent that it leaves in sight, below it."""
        super().__init__(parent)
        self._above = above
        self._returns_to: QWidget | None = None
        self._buttons: list[KeyButton] = []
        self.setProperty("surface", "float")
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = Text("", Ink("text1", Face.TITLE, Weight.BOLD))
        self._leave = KeyCap("Esc")
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(self._grid)
        parent.installEventFilter(self)
        self.hide()

    def ask(self, title: str, answers: Sequence[Answer]) -> None:
        """Show the sheet; the digit of an answer is its place, from 1."""
        self._clear()
        self._title.setText(title)
        self.setAccessibleName(title)
        for number, answer in enumerate(answers[:MOST_ANSWERS]):
            button = KeyButton(str(number + 1), answer.title, answer.note)
            button.set_reason(answer.reason)
            button.setProperty("answer", number)
            button.clicked.connect(self._button_pressed)
            self._grid.addWidget(button, number // COLUMNS, number % COLUMNS)
            button.show()  # a hidden one would have no place in the size that is asked next
            self._buttons.append(button)
        if not self.isVisible():
            self._returns_to = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Leave without an answer."""
        self._close()
        self.dismissed.emit()

    def _button_pressed(self) -> None:
        button = self.sender()
        self._answer(int(button.property("answer")))

    def _answer(self, number: int) -> None:
        if number < len(self._buttons) and self._buttons[number].isEnabled():
            self._close()
            self.answered.emit(number)

    def _close(self) -> None:
        self.hide()
        if self._returns_to is not None:
            self._returns_to.setFocus(Qt.FocusReason.PopupFocusReason)
            self._returns_to = None

    def _clear(self) -> None:
        for button in self._buttons:
            self._grid.removeWidget(button)
            button.hide()  # it lives on until the loop deletes it
            button.deleteLater()
        self._buttons = []

    def _place(self) -> None:
        """Along the lower edge of the parent, as wide as it may be."""
        room = self.parentWidget().rect()
        width = min(px(WIDTH_PX), room.width() - 2 * MARGIN_PX)
        self.setFixedWidth(width)
        self.adjustSize()
        x = room.x() + (room.width() - width) // 2
        bottom = room.bottom()
        if self._above is not None:
            bottom = self._above.mapTo(self.parentWidget(), QPoint(0, 0)).y()
        self.move(x, bottom - self.height() - MARGIN_PX)

    def event(self, event: QEvent) -> bool:
        # while the question stands, plain keys are its answers, not the panel's actions
        if event.type() == QEvent.Type.ShortcutOverride and is_plain_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9:
            self._answer(event.key() - Qt.Key.Key_1)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

"""A person's hands: keys at the widget that has the focus, clicks where a widget is.

Letters that no keyboard has come as an input method commits them.
"""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from tests.e2e.waits import until


class NothingThere(AssertionError):
    """No widget is there that could be pressed."""


def focus() -> QWidget:
    """The widget that keys reach. Raises NothingThere."""
    found = QApplication.focusWidget() or QApplication.activeWindow()
    if found is None:
        raise NothingThere("no window of the product has the focus")
    return found


def press(*keys: str) -> None:
    """Press keys one after the other, each as Qt names it: "J", "Ctrl+Enter", "1"."""
    for key in keys:
        combination = QKeySequence(key)[0]
        QTest.keyClick(focus(), combination.key(), combination.keyboardModifiers())


def type_text(words: str) -> None:
    """Type words where the focus is."""
    for letter in words:
        if letter.isascii():
            QTest.keyClicks(focus(), letter)
            continue
        commit = QInputMethodEvent()
        commit.setCommitString(letter)
        QApplication.sendEvent(focus(), commit)


def click(widget: QWidget) -> None:
    """Press the left button in the middle of a widget. Raises NothingThere."""
    if not (widget.isVisible() and widget.isEnabled()):
        state = "hidden" if not widget.isVisible() else "disabled"
        raise NothingThere(f"{state}: {widget.accessibleName() or type(widget).__name__}")
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


async def choose(box: QComboBox, index: int) -> None:
    """Open a list with a click and take a line with the keys."""
    click(box)
    view = box.view()
    await until(view.isVisible, f"the list of {box.accessibleName()}")
    QTest.keyClick(view, Qt.Key.Key_Home)
    for _ in range(index):
        QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    await until(lambda: not view.isVisible(), f"the list of {box.accessibleName()} closes")


async def bring_to_front(window: QWidget) -> None:
    """Give a window the keyboard, as a click on it does. A key that says nothing arrives at the
    window itself, from where the lock knows that somebody is there: `press` goes past it.

    It is sent, not clicked: QTest at a QWindow turns the loop inside this coroutine, and a task
    that is woken in there is lost.
    """
    window.raise_()
    window.activateWindow()
    await until(window.isActiveWindow, f"{window.windowTitle()} becomes active")
    shift = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(window.windowHandle(), shift)


def leave_hover() -> None:
    """Take the pointer out of every widget, so that nothing is drawn as hovered."""
    for widget in QApplication.topLevelWidgets():
        QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))

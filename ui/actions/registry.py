"""One registry of all that a person can do (style.md rule 29): keys, key bar, palette, shortcut
sheet and buttons ask it.

    region(owner).register(Action, run, when)     keys act while the focus is inside the owner
    everywhere().register(Action, run, when)      keys act in every window of the product

A key may be registered more than once; the innermost region around the focus whose `when` is true
answers. Text fields come first by Qt's own rule: what can be typed or edited there never reaches a
shortcut.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from xiuzhou_desktop.plugin_api.context import Action, Observation, Text

MOVES_CHOICE = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)
PRESSES_BUTTON = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
REPEATING = frozenset(
    {"J", "K", "D", "E", "Up", "Down", "PgUp", "PgDown", "Left", "Right", ",", "."}
)


def always() -> bool:
    return True


@dataclass(eq=False)
class Registered:
    """An action with what it does, where, and whether now."""

    action: Action
    run: Callable[[], None]
    when: Callable[[], bool]
    owner: QWidget | None  # None: everywhere
    number: int = 0
    words: Text | None = None  # the catalogue of whoever registered it; None: the shell's

    def is_alive(self) -> bool:
        return self.owner is None or shiboken6.isValid(self.owner)


@dataclass
class _Keys:
    """The shortcuts of one owner, one for each key however many actions share it."""

    shortcuts: dict[str, QShortcut] = field(default_factory=dict)


class ActionRegistry(QObject):
    """Every action of the running product."""

    changed = Signal()
    pressed = Signal()  # a key was, and has done what it means

    def __init__(self, window: QWidget, roles: frozenset[str]) -> None:
        super().__init__(window)
        self._window = window
        self._roles = roles
        self._registered: list[Registered] = []
        self._keys: dict[QWidget | None, _Keys] = {}
        self._count = 0

    def region(self, owner: QWidget, words: Text | None = None) -> "Region":
        """A registry for what acts inside one widget; it ends with the widget."""
        if owner not in self._keys:
            self._keys[owner] = _Keys()
            owner.destroyed.connect(_Forget(self, owner))
        return Region(self, owner, words)

    def everywhere(self, words: Text | None = None) -> "Region":
        """A registry for what acts in every window."""
        return Region(self, None, words)

    def focus(self) -> QWidget | None:
        """The focused widget; that of the window while another program is in front."""
        return QApplication.focusWidget() or self._window.focusWidget()

    def all(self) -> tuple[Registered, ...]:
        """Every action that this person's roles allow, in the order of registration."""
        return tuple(one for one in self._registered if one.is_alive() and self._may(one.action))

    def around(self, focus: QWidget | None) -> tuple[Registered, ...]:
        """Actions that would answer now, innermost region first."""
        reach = [*_regions(focus), None]
        found = [one for one in self.all() if one.owner in reach]
        return tuple(sorted(found, key=lambda one: (reach.index(one.owner), one.number)))

    def available(self, focus: QWidget | None) -> tuple[Registered, ...]:
        return tuple(one for one in self.around(focus) if one.when())

    def find(self, action_id: str) -> Registered | None:
        """The most recently registered action of this id."""
        return next((one for one in reversed(self.all()) if one.action.id == action_id), None)

    def press(self, key: str) -> None:
        """Do what a key means at the focus."""
        focus = self.focus()
        if QApplication.activePopupWidget() is not None or _is_choice(focus, key):
            self._hand_on(key)
            return
        if isinstance(focus, QAbstractButton) and _is_press(key):
            focus.click()
            return
        for one in self.available(focus):
            if key in one.action.keys:
                one.run()
                self.pressed.emit()
                return

    def _hand_on(self, key: str) -> None:
        """Give a key that a shortcut has caught to the widget that it belongs to."""
        target = _owner_of_keys()
        if target is None:
            return
        caught = [one.shortcuts[key] for one in self._keys.values() if key in one.shortcuts]
        pressed = QKeySequence(key)[0]
        event = QKeyEvent(QEvent.Type.KeyPress, pressed.key(), pressed.keyboardModifiers())
        for shortcut in caught:
            shortcut.setEnabled(False)
        QApplication.sendEvent(target, event)
        for shortcut in caught:
            shortcut.setEnabled(True)

    def add(self, entry: Registered) -> "Registration":
        action, owner = entry.action, entry.owner
        self._count += 1
        entry.number = self._count
        self._registered.append(entry)
        if self._may(action):
            for key in action.keys:
                self._bind(owner, key)
        self.changed.emit()
        return Registration(self, entry)

    def remove(self, entry: Registered) -> None:
        if entry not in self._registered:
            return
        self._registered.remove(entry)
        for key in entry.action.keys:
            self._unbind(entry.owner, key)
        self.changed.emit()

    def clear(self, owner: QWidget) -> None:
        """Take away all that one region has registered; the region itself stays."""
        for entry in [one for one in self._registered if one.owner is owner]:
            self.remove(entry)

    def forget(self, owner: QWidget) -> None:
        """Drop all of a region that has been destroyed."""
        self._keys.pop(owner, None)
        self._registered = [one for one in self._registered if one.owner is not owner]
        self.changed.emit()

    def _may(self, action: Action) -> bool:
        return not action.roles or bool(self._roles & set(action.roles))

    def _bind(self, owner: QWidget | None, key: str) -> None:
        shortcuts = self._keys.setdefault(owner, _Keys()).shortcuts
        if key in shortcuts:
            return
        shortcut = QShortcut(QKeySequence(key), owner or self._window)
        shortcut.setContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut
            if owner
            else Qt.ShortcutContext.ApplicationShortcut
        )
        shortcut.setAutoRepeat(key in REPEATING)
        shortcut.setProperty("registered_key", key)
        press = _Press(self, key)
        shortcut.activated.connect(press)
        shortcut.activatedAmbiguously.connect(press)
        shortcuts[key] = shortcut

    def _unbind(self, owner: QWidget | None, key: str) -> None:
        still = any(one.owner is owner and key in one.action.keys for one in self._registered)
        keys = self._keys.get(owner)
        if still or keys is None:
            return
        shortcut = keys.shortcuts.pop(key, None)
        if shortcut is not None and shiboken6.isValid(shortcut):
            shortcut.setEnabled(False)
            shortcut.deleteLater()


class Region:
    """`plugin_api.context.Actions` for one widget, or for everywhere."""

    def __init__(self, registry: ActionRegistry, owner: QWidget | None, words: Text | None) -> None:
        self._registry = registry
        self._owner = owner
        self._words = words

    def register(
        self, action: Action, run: Callable[[], None], when: Callable[[], bool] | None = None
    ) -> Observation:
        return self._registry.add(
            Registered(action, run, when or always, self._owner, words=self._words)
        )


class Registration:
    """What `register` returns; closing it takes the action away."""

    def __init__(self, registry: ActionRegistry, entry: Registered) -> None:
        self._registry = registry
        self._entry = entry

    def close(self) -> None:
        if shiboken6.isValid(self._registry):
            self._registry.remove(self._entry)


class _Press:
    def __init__(self, registry: ActionRegistry, key: str) -> None:
        self._registry = registry
        self._key = key

    def __call__(self) -> None:
        self._registry.press(self._key)


class _Forget:
    def __init__(self, registry: ActionRegistry, owner: QWidget) -> None:
        self._registry = registry
        self._owner = owner

    def __call__(self, *_: object) -> None:
        if shiboken6.isValid(self._registry):
            self._registry.forget(self._owner)


def _regions(focus: QWidget | None) -> Iterator[QWidget]:
    """The focused widget and all around it, innermost first, out to its window and the window's
    parent."""
    at = focus
    while at is not None:
        yield at
        at = at.parentWidget()


def _is_choice(focus: QWidget | None, key: str) -> bool:
    return isinstance(focus, QComboBox) and QKeySequence(key)[0].key() in MOVES_CHOICE


def _owner_of_keys() -> QWidget | None:
    """The open list, or the widget in it that has the focus; without one, the focused widget."""
    popup, focus = QApplication.activePopupWidget(), QApplication.focusWidget()
    if popup is None:
        return focus
    return focus if focus is not None and popup.isAncestorOf(focus) else popup


def _is_press(key: str) -> bool:
    return QKeySequence(key)[0].key() in PRESSES_BUTTON

"""The one selection of a window: panels and palette set it, panels follow it, Alt+← goes back."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.plugin_api.context import Observation, Scheme, Selected

REMEMBERED = 50


class WindowSelection(QObject):
    """`plugin_api.context.Selection`, with the history of one window."""

    open_wanted = Signal(object, object)  # Selected, Scheme or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current: Selected | None = None
        self._history: list[Selected] = []
        self._at = -1  # where in the history the hand is
        self._latest: dict[Kind, Selected] = {}
        self._observers: list[Callable[[Selected | None], None]] = []

    @property
    def current(self) -> Selected | None:
        return self._current

    def latest(self, kind: Kind) -> Selected | None:
        return self._latest.get(kind)

    def select(self, selected: Selected | None) -> None:
        if selected == self._current:
            return
        if selected is not None:
            self._remember(selected)
        self._set(selected)

    def open(self, selected: Selected, scheme: Scheme | None = None) -> None:
        self.open_wanted.emit(selected, scheme)

    def observe(self, on_change: Callable[[Selected | None], None]) -> Observation:
        self._observers.append(on_change)
        return _Following(self._observers, on_change)

    def has_before(self) -> bool:
        return self._at > 0

    def has_after(self) -> bool:
        return self._at + 1 < len(self._history)

    def before(self) -> Selected:
        """Step back in the history; ask `has_before` first."""
        self._at -= 1
        return self._history[self._at]

    def after(self) -> Selected:
        """Step forward in the history; ask `has_after` first."""
        self._at += 1
        return self._history[self._at]

    def _remember(self, selected: Selected) -> None:
        if selected.kind is not None:
            self._latest[selected.kind] = selected
        if 0 <= self._at < len(self._history) and self._history[self._at] == selected:
            return  # the history itself has brought it
        self._history = [*self._history[: self._at + 1], selected][-REMEMBERED:]
        self._at = len(self._history) - 1

    def _set(self, selected: Selected | None) -> None:
        self._current = selected
        for tell in [*self._observers]:
            tell(selected)


class _Following:
    def __init__(
        self,
        observers: list[Callable[[Selected | None], None]],
        on_change: Callable[[Selected | None], None],
    ) -> None:
        self._observers, self._on_change = observers, on_change

    def close(self) -> None:
        if self._on_change in self._observers:
            self._observers.remove(self._on_change)

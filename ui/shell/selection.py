"""The one selection of a window: panels and palette set it, panels follow it."""

from collections.abc import Callable

from xiuzhou_desktop.plugin_api.context import Observation, Selected


class WindowSelection:
    """`plugin_api.context.Selection`."""

    def __init__(self) -> None:
        self._current: Selected | None = None
        self._observers: list[Callable[[Selected | None], None]] = []

    @property
    def current(self) -> Selected | None:
        return self._current

    def select(self, selected: Selected | None) -> None:
        if selected == self._current:
            return
        self._current = selected
        for tell in [*self._observers]:
            tell(selected)

    def observe(self, on_change: Callable[[Selected | None], None]) -> Observation:
        self._observers.append(on_change)
        return _Following(self._observers, on_change)


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

"""The keys that hold everywhere (look.md §5), registered once: key bar, F1 sheet and palette take
them from here."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from ui.shell.window import ShellWindow
from ui.start import start
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName
from xiuzhou_desktop.plugin_api.context import Action

PANEL_KEYS = 9


class PanelWords:
    """Names the action of a Ctrl+digit by the panel that it opens."""

    def __init__(self, window: ShellWindow, number: int) -> None:
        self._window, self._number = window, number

    def __call__(self, key: str, **arguments: object) -> str:
        panels = self._window.panels()
        title = panels[self._number].title if self._number < len(panels) else ""
        return self._window.place.text(key, panel=title, **arguments)


class WindowActions:
    """What the window can do, as actions."""

    def __init__(self, window: ShellWindow) -> None:
        self._window = window
        self._everywhere = window.place.actions.everywhere()
        self._register_keys()
        self._register_panels()

    def _add(self, name: str, icon: str, keys: tuple[str, ...], run: Callable[[], None]) -> None:
        action = Action(
            id=f"shell.{name}", text=f"action.{name}", icon=icon, keys=keys, in_key_bar=False
        )
        self._everywhere.register(action, run)

    def _register_keys(self) -> None:
        window = self._window
        self._add("keys", "keyboard", ("F1",), window.sheet.toggle)
        self._add("manual", "help", ("Shift+F1",), window.manual.toggle)
        self._add("retry", "refresh", ("F5",), self._retry)
        self._add("next_region", "focus-2", ("F6",), partial(self._region, 1))
        self._add("previous_region", "focus-2", ("Shift+F6",), partial(self._region, -1))
        self._add("outbox", "inbox", ("F8",), window.outbox.toggle)
        self._add("silence", "bell-off", ("F9",), window.silence.start)
        self._add("sign_in", "login", ("F10",), window.sign_in_wanted.emit)
        self._add("full_screen", "arrows-maximize", ("F11",), self._full_screen)
        self._add("palette", "search", ("Ctrl+K",), window.palette_window.open_palette)
        self._add("next_tab", "chevron-right", ("Ctrl+Tab",), self._next_panel)
        self._add("settings", "settings", ("Ctrl+,",), window.settings.open)
        self._add("theme", "sun", ("Ctrl+Shift+T",), self._switch_theme)
        self._add("zoom_in", "zoom-in", ("Ctrl+=", "Ctrl++"), theme().zoom_in)
        self._add("zoom_out", "zoom-out", ("Ctrl+-",), theme().zoom_out)
        self._add("zoom_reset", "search", ("Ctrl+0",), theme().zoom_reset)
        self._add("next_monitor", "device-desktop", ("Ctrl+Shift+M",), self._next_monitor)
        self._add("tear_off", "external-link", ("Ctrl+Shift+O",), self._tear_off)
        self._add("reset_layout", "layout-grid", ("Ctrl+Shift+R",), window.layouts.reset)
        self._add("quit", "door-exit", ("Ctrl+Q",), window.close)

    def _register_panels(self) -> None:
        for number in range(PANEL_KEYS):
            action = Action(
                id=f"shell.panel.{number + 1}",
                text="palette.panel",
                icon="layout-sidebar-right",
                keys=(f"Ctrl+{number + 1}",),
                in_key_bar=False,
            )
            there = partial(self._has_panel, number)
            words = PanelWords(self._window, number)
            region = self._window.place.actions.everywhere(words)
            region.register(action, partial(self._show_panel, number), there)

    def _has_panel(self, number: int) -> bool:
        return number < len(self._window.panels())

    def _show_panel(self, number: int) -> None:
        self._window.show_panel(self._window.panels()[number].found.id)

    def _retry(self) -> None:
        start(self._window.place.engine.retry_now(), owner=self._window)

    def _full_screen(self) -> None:
        window = QApplication.activeWindow() or self._window
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _next_panel(self) -> None:
        names = [frame.found.id for frame in self._window.panels()]
        current = self._window.docks.current()
        if names:
            at = names.index(current) if current in names else -1
            self._window.show_panel(names[(at + 1) % len(names)])

    def _switch_theme(self) -> None:
        is_dark = theme().name is ThemeName.DARK
        theme().apply(QApplication.instance(), ThemeName.LIGHT if is_dark else ThemeName.DARK)
        self._window.place.store.write("theme", value=theme().name.value)

    def _next_monitor(self) -> None:
        window = QApplication.activeWindow() or self._window
        screens = QGuiApplication.screens()
        if len(screens) > 1:
            at = screens.index(window.screen()) if window.screen() in screens else 0
            window.move(screens[(at + 1) % len(screens)].availableGeometry().topLeft())

    def _tear_off(self) -> None:
        current = self._window.docks.current()
        if current is not None:
            self._window.docks.tear_off(current)

    def _region(self, step: int) -> None:
        window = self._window
        frames = [frame for frame in window.panels() if frame.isVisible()]
        regions: list[QWidget] = [*frames, window.rail, window.top_bar, window.status_bar]
        focus = QApplication.focusWidget()
        here = [
            number
            for number, region in enumerate(regions)
            if focus is region or (focus is not None and region.isAncestorOf(focus))
        ]
        at = here[0] if here else -step
        target = regions[(at + step) % len(regions)]
        if target in frames:
            frames[frames.index(target)].focus_panel()
        else:
            _focus_first(target)


def _focus_first(region: QWidget) -> None:
    for child in region.findChildren(QWidget):
        if child.focusPolicy() != Qt.FocusPolicy.NoFocus and child.isVisible():
            child.setFocus(Qt.FocusReason.TabFocusReason)
            return

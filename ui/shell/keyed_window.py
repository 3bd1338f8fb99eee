"""A window with its keys: the keys know the window, the window does not know them."""

from ui.shell.time_actions import TimeActions
from ui.shell.window import ShellWindow
from ui.shell.window_actions import WindowActions
from ui.shell.workplace import Surroundings


def keyed_window(around: Surroundings, workspace: str | None) -> ShellWindow:
    """Built, its keys registered before the keys of any panel, and on its first workspace."""
    window = ShellWindow(around, workspace)
    WindowActions(window)
    TimeActions(window)
    window.begin()
    return window

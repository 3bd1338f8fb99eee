"""What the parts of one window share, passed to their constructors (nobody looks anything up by
name)."""

from dataclasses import dataclass
from pathlib import Path

from ui.actions import ActionRegistry
from ui.records.sentences import Sentences
from ui.shell.clock import WindowClock
from ui.shell.selection import WindowSelection
from ui.shell.window_store import WindowStore
from xiuzhou_desktop.media import MediaHub
from xiuzhou_desktop.plugin_api.context import Engine
from xiuzhou_desktop.text.catalogue import Catalogue


@dataclass(frozen=True)
class Surroundings:
    """What exists before the window does."""

    engine: Engine
    clock: WindowClock
    text: Catalogue
    store: WindowStore
    media: MediaHub
    plugin_folders: tuple[Path, ...]
    log_path: Path


@dataclass(frozen=True)
class Workplace:
    """What the parts of the window are given."""

    around: Surroundings
    actions: ActionRegistry
    selection: WindowSelection
    names: Sentences

    @property
    def engine(self) -> Engine:
        return self.around.engine

    @property
    def clock(self) -> WindowClock:
        return self.around.clock

    @property
    def text(self) -> Catalogue:
        return self.around.text

    @property
    def store(self) -> WindowStore:
        return self.around.store

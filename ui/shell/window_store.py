"""What the window remembers in the profile: layouts, panels' small settings, theme, how the last
start went.

One JSON file, read once before the loop runs, written by a worker thread soon after each change;
whole or not at all.
"""

import asyncio
import logging
import os
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer

from ui.start import start
from xiuzhou_desktop.domain.canonical import Json

logger = logging.getLogger(__name__)

WRITE_AFTER_MS = 400
FILE = "window.json"


class WindowStore(QObject):
    """A tree of JSON values by path: `read("panels", "triage", "views")`."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = folder / FILE
        self._tree: dict[str, Json] = _read(self._path)
        self._is_writing = False
        self._again = False
        self._soon = QTimer(self, singleShot=True, interval=WRITE_AFTER_MS)
        self._soon.timeout.connect(self._write_soon)

    def read(self, *path: str) -> Json:
        at: Json = self._tree
        for name in path:
            at = at.get(name) if isinstance(at, dict) else None
        return at

    def write(self, *path: str, value: Json) -> None:
        """Remember; on disk within half a second."""
        if self._set(path, value):
            self._soon.start()

    def write_now(self, *path: str, value: Json) -> None:
        """Remember at once, for what must survive a crash in the next moment (a few hundred bytes,
        no fsync)."""
        if self._set(path, value):
            _write(self._path, msgspec.json.encode(self._tree))

    def flush(self) -> None:
        """At the end, when the loop no longer runs."""
        if self._soon.isActive() or self._is_writing:
            self._soon.stop()
            _write(self._path, msgspec.json.encode(self._tree))

    def _set(self, path: tuple[str, ...], value: Json) -> bool:
        if self.read(*path) == value:
            return False
        at = self._tree
        for name in path[:-1]:
            below = at.get(name)
            if not isinstance(below, dict):
                below = {}
                at[name] = below
            at = below
        at[path[-1]] = value
        return True

    def _write_soon(self) -> None:
        if self._is_writing:
            self._again = True
            return
        self._is_writing = True
        start(self._write_in_worker(), owner=self)

    async def _write_in_worker(self) -> None:
        try:
            await asyncio.to_thread(_write, self._path, msgspec.json.encode(self._tree))
        except OSError as error:
            logger.warning("window settings not saved", extra={"reason": error.strerror})
        finally:
            self._is_writing = False
        if self._again:
            self._again = False
            self._soon.start()


class PanelSettings:
    """`plugin_api.context.PanelStore` of one panel."""

    def __init__(self, store: WindowStore, panel: str) -> None:
        self._store = store
        self._panel = panel

    def read(self, name: str) -> Json:
        return self._store.read("panels", self._panel, name)

    def write(self, name: str, value: Json) -> None:
        self._store.write("panels", self._panel, name, value=value)


def _read(path: Path) -> dict[str, Json]:
    try:
        tree = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return tree if isinstance(tree, dict) else {}


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    os.replace(part, path)

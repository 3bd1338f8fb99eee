"""Rendered pieces on disk, the least recently used thrown away above a limit.

A key is made once however many ask for it at a time; a file appears whole or not at all.
"""

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

LIMIT_BYTES = 300 * 1024 * 1024
SUFFIX = ".piece"


class SegmentCache:
    """Files of one folder by key, within a total size."""

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._making: dict[str, threading.Event] = {}
        folder.mkdir(parents=True, exist_ok=True)
        found = [(p.name, p.stat()) for p in folder.glob(f"*{SUFFIX}")]
        found.sort(key=lambda entry: entry[1].st_mtime_ns)
        self._sizes = OrderedDict((name, stat.st_size) for name, stat in found)
        self._drop_above_limit()

    @property
    def size_bytes(self) -> int:
        """What the folder holds now."""
        return sum(self._sizes.values())

    def fetch(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The piece of this key, made now if it is not there."""
        name = _file_name(key)
        while True:
            with self._lock:
                kept = self._read(name)
                if kept is not None:
                    return kept
                others = self._making.get(name)
                if others is None:
                    self._making[name] = threading.Event()
            if others is None:
                return self._make(name, make)
            others.wait()

    def _make(self, name: str, make: Callable[[], bytes]) -> bytes:
        try:
            piece = make()
            self._write(name, piece)
            return piece
        finally:
            with self._lock:
                self._making.pop(name).set()

    def _read(self, name: str) -> bytes | None:
        if name not in self._sizes:
            return None
        path = self._folder / name
        try:
            piece = path.read_bytes()
            os.utime(path)
        except FileNotFoundError:
            del self._sizes[name]
            return None
        self._sizes.move_to_end(name)
        return piece

    def _write(self, name: str, piece: bytes) -> None:
        path = self._folder / name
        waiting = path.with_suffix(".part")
        waiting.write_bytes(piece)
        waiting.replace(path)
        with self._lock:
            self._sizes[name] = len(piece)
            self._sizes.move_to_end(name)
            self._drop_above_limit()

    def _drop_above_limit(self) -> None:
        while len(self._sizes) > 1 and self.size_bytes > self._limit_bytes:
            name, _ = self._sizes.popitem(last=False)
            (self._folder / name).unlink(missing_ok=True)


def _file_name(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest() + SUFFIX

"""Answers fetched once, by path, sealed on the disk, bounded in size and age: stills of an instant,
the base map, a vehicle's day. Files with a hash of their own lie in blob_files.py.

A file a path, AES-GCM under the profile's key, bound to that path; a damaged one is as good as
none.
"""

import hashlib
import logging
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

from .key import seal, unseal, write_private

log = logging.getLogger(__name__)
LIMIT_BYTES = 300 * 1024 * 1024
TRIM_TO = 0.9
IMMUTABLE = "/v1/basemap"
AT_AN_INSTANT = "/still?at="


def is_cacheable(path: str) -> bool:
    """Whether the same path always gives the same bytes."""
    return path.startswith(IMMUTABLE) or AT_AN_INSTANT in path


class BlobCache:
    """One folder of a profile. File work: call it off the event loop."""

    def __init__(self, folder: Path, key: bytes, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._key = key
        self._limit = limit_bytes
        self._size: int | None = None
        self._lock = Lock()  # held by workers, a file long
        self._generation = 0

    @property
    def generation(self) -> int:
        """Which filling of the folder this is: `clear` begins the next, and what was asked for
        before belongs to none.
        """
        return self._generation

    def get(self, path: str) -> bytes | None:
        """The bytes, if they are here and whole."""
        file = self._file(path)
        try:
            sealed = file.read_bytes()
        except OSError:  # gone, or not to be read: it is fetched again
            return None
        plain = unseal(self._key, sealed, path.encode())
        with suppress(OSError):  # a disk that takes no writes spoils no reading
            if plain is None:
                file.unlink(missing_ok=True)
            else:
                os.utime(file)
        return plain

    def put(self, path: str, content: bytes, generation: int) -> None:
        """Keep what was asked for in that generation, if the disk takes it and nothing was cleared
        since; the longest unused go when the folder is full.
        """
        try:
            with self._lock:
                if generation == self._generation:
                    self._put(path, content)
        except OSError as error:
            log.warning("an answer is not kept", extra={"why": str(error)})

    def forget(self, before: datetime) -> None:
        """Let go of what nobody has opened since that wall time."""
        with self._lock:
            for stat, file in self._files():
                if stat.st_mtime < before.timestamp():
                    _let_go(file)
            self._size = None

    def clear(self) -> None:
        """Let everything go: nobody knows what of it may still be seen. What is on its way from
        before does not come back.
        """
        with self._lock:
            self._generation += 1
            for _, file in self._files():
                _let_go(file)
            self._size = None

    def _put(self, path: str, content: bytes) -> None:
        self._folder.mkdir(exist_ok=True, mode=0o700)
        write_private(self._file(path), seal(self._key, content, path.encode()))
        self._size = self._measured() if self._size is None else self._size + len(content)
        if self._size > self._limit:
            self._trim()

    def _file(self, path: str) -> Path:
        return self._folder / hashlib.blake2b(path.encode(), digest_size=20).hexdigest()

    def _measured(self) -> int:
        return sum(stat.st_size for stat, _ in self._files())

    def _files(self) -> list[tuple[os.stat_result, Path]]:
        """What lies in the folder now; another worker may be writing or trimming it."""
        found = []
        for file in self._folder.iterdir() if self._folder.exists() else ():
            with suppress(FileNotFoundError):
                found.append((file.stat(), file))
        return found

    def _trim(self) -> None:
        files = self._files()
        size = sum(stat.st_size for stat, _ in files)
        for stat, file in sorted(files, key=lambda one: one[0].st_mtime_ns):
            if size <= self._limit * TRIM_TO:
                break
            file.unlink(missing_ok=True)
            size -= stat.st_size
        self._size = size


def _let_go(file: Path) -> None:
    """One that the disk will not let go keeps no other from going."""
    try:
        file.unlink(missing_ok=True)
    except OSError:
        log.exception("a file stays that should go")

"""Blobs: files named by their SHA-256, below DIR/blobs. Never changed; readable iff a readable
record names them.
"""

import contextlib
import hashlib
import os
import re
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

NAME = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


class Blobs:
    """One folder of content-addressed files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep these bytes; returns their name. Safe against a crash: a file is there whole or not
        at all. The time of the file is when they last came.
        """
        digest = hashlib.sha256(content).hexdigest()
        file = self.file_of(digest)
        try:
            os.utime(file)
        except FileNotFoundError:
            file.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=file.parent, delete=False) as part:
                part.write(content)
                part.flush()
                os.fsync(part.fileno())
            os.replace(part.name, file)
        return f"sha256:{digest}"

    def adopt(self, file: Path, digest: str) -> str:
        """Make that file, whose bytes have that digest, a blob; returns its name. It must lie on
        the folder's own disk.
        """
        with file.open("rb+") as whole:
            os.utime(file)
            os.fsync(whole.fileno())
        target = self.file_of(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, target)
        return f"sha256:{digest}"

    def get(self, name: str) -> bytes | None:
        """The bytes of that name; None where there are none."""
        digest = NAME.fullmatch(name)
        if digest is None or not self.file_of(digest[1]).exists():
            return None
        return self.file_of(digest[1]).read_bytes()

    def has(self, name: str) -> bool:
        """Whether those bytes are here."""
        digest = NAME.fullmatch(name)
        return digest is not None and self.file_of(digest[1]).exists()

    def size_of(self, name: str) -> int:
        """How many bytes; 0 where there are none."""
        file = self._file_named(name)
        return file.stat().st_size if file.exists() else 0

    def came_before(self, name: str, limit: datetime) -> bool:
        """Whether those bytes came last before that instant of the wall clock, if ever."""
        return _is_older(self._file_named(name), limit)

    def drop(self, name: str, limit: datetime) -> None:
        """Throw these bytes away, but not if they came again since the limit."""
        file = self._file_named(name)
        aside = file.with_suffix(".old")
        with contextlib.suppress(FileNotFoundError):
            os.replace(file, aside)
            if _is_older(aside, limit):
                aside.unlink()
            else:  # it came again while it was looked at
                os.replace(aside, file)

    def _file_named(self, name: str) -> Path:
        return self.file_of(name.removeprefix("sha256:"))

    def file_of(self, digest: str) -> Path:
        """Where the bytes with that digest lie, or would lie."""
        return self._folder / digest[:2] / digest[2:4] / digest


def _is_older(file: Path, limit: datetime) -> bool:
    return not file.exists() or file.stat().st_mtime < limit.timestamp()


def full_name(name: str) -> str | None:
    """The canonical name of a blob; None for what is no name."""
    digest = NAME.fullmatch(name)
    return f"sha256:{digest[1]}" if digest else None

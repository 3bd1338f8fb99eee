"""Files of the server on this computer: brought in parts, sealed, checked, bounded.

    part ──► files/<hash>.part   sealed a chunk at a time: a cut or a kill costs one chunk
    last ──► SHA-256 reckoned ──► files/<hash>          other bytes: thrown away
    read ──► unsealed, SHA-256 reckoned ──► shown       damaged: thrown away, to be brought anew

The quota counts what lies here and what is on its way. The longest unused go first; what is pinned
(the pictures of the next flags: they are judged offline, too) stays. What is still to be sent lies
in another folder (attachments.py) and is never in question. File work: call it off the event loop.
"""

import hashlib
import io
import logging
import os
import re
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

from xiuzhou_desktop.contract.uploads import UPLOAD_BYTES
from xiuzhou_desktop.domain.envelope import Struct

from .errors import TooLarge
from .sealed_file import CHUNK_BYTES, append_sealed, read_sealed, sealed_size, whole_chunks

log = logging.getLogger(__name__)
MB = 1024 * 1024
COMING = ".part"
PATH = re.compile(r"/v1/blobs/(?:sha256:)?([0-9a-f]{64})")


class Part(Struct, frozen=True, kw_only=True):
    """Bytes of a file of `total` bytes, from `offset` on."""

    offset: int
    content: bytes
    total: int


def digest_in(path: str) -> str | None:
    """The SHA-256, in hex, of the file that lies at a path of the server; None: no such path."""
    found = PATH.fullmatch(path)
    return found[1] if found else None


class BlobFiles:
    """The folder `files/` of one profile."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key
        self._lock = Lock()
        self._writing = Lock()  # held by workers, a chunk long; the loop thread never waits for it
        self._generation = 0
        self._pinned: frozenset[str] = frozenset()
        self._coming: dict[str, int] = {}  # what is promised to files that are on their way

    @property
    def generation(self) -> int:
        """Which filling of the folder this is: `clear` begins the next, and what was asked for
        before belongs to none.
        """
        return self._generation

    def get(self, digest: str) -> bytes | None:
        """The file, if it is here and has that hash; else it is gone from here."""
        content = self._checked(self._file(digest), digest)
        if content is not None:
            with suppress(OSError):  # it went meanwhile, for room; or the disk takes no writes
                os.utime(self._file(digest))
        return content

    def begun(self, digest: str) -> int:
        """The byte from which an earlier bringing goes on. Its last chunk comes once more: a kill
        may have torn it.
        """
        return max(0, whole_chunks(self._part(digest)) - 1) * CHUNK_BYTES

    def reserve(self, digest: str, size: int, quota_mb: int) -> None:
        """Make room for a file of so many bytes, until `release`. Raises TooLarge (`file-quota`)
        where what must stay leaves none; then nothing has gone.
        """
        with self._lock:
            coming = self._coming | {digest: sealed_size(size)}
            others = [one for one in self._files() if one[1].stem not in coming]
            must = [stat.st_size for stat, file in others if file.stem in self._pinned]
            room = quota_mb * MB - sum(coming.values())
            if room < sum(must):
                stays = sum(coming.values()) - coming[digest] + sum(must)
                facts = {"size_mb": -(-size // MB), "stays_mb": -(-stays // MB)}
                raise TooLarge("file-quota", quota_mb=quota_mb, **facts)
            self._coming = coming
            used = sum(stat.st_size for stat, _ in others)
            for stat, file in sorted(others, key=lambda one: one[0].st_mtime_ns):
                if used > room and file.stem not in self._pinned:
                    file.unlink(missing_ok=True)
                    used -= stat.st_size

    def append(self, digest: str, part: Part, generation: int) -> None:
        """Seal a part that was asked for in that generation. It begins at a chunk's bound, and ends
        at one or with the file. Raises FileNotFoundError where `clear` came between.
        """
        self._folder.mkdir(exist_ok=True, mode=0o700)
        chunks, at = io.BytesIO(part.content), part.offset
        while chunk := chunks.read(CHUNK_BYTES):
            is_last = at + len(chunk) == part.total
            with self._writing:
                self._check(generation)
                append_sealed(
                    self._part(digest), self._key, at // CHUNK_BYTES, chunk, is_last=is_last
                )
            at += len(chunk)

    def finish(self, digest: str, generation: int) -> bytes | None:
        """All parts are here: the file, if it has that hash; else it is gone from here. Raises
        FileNotFoundError where `clear` came between.
        """
        self._part(digest).stat()
        content = self._checked(self._part(digest), digest)
        with self._writing:
            self._check(generation)
            if content is not None:
                self._part(digest).replace(self._file(digest))
        return content

    def release(self, digest: str) -> None:
        """Nothing more of it comes now; what has come stays, and goes on another time."""
        with self._lock:
            self._coming.pop(digest, None)

    def pin(self, digests: Collection[str]) -> None:
        """From now on these stay, and no others."""
        with self._lock:
            self._pinned = frozenset(digests)

    def forget(self, before: datetime) -> None:
        """Let go of what nobody has opened since that wall time: what the district destroys is not
        kept here for ever.
        """
        for stat, file in self._files():
            if stat.st_mtime < before.timestamp():
                _let_go(file)

    def clear(self) -> None:
        """Let every file go: nobody knows which of them may still be seen. What is on its way from
        before does not come back.
        """
        with self._writing:
            self._generation += 1
            for _, file in self._files():
                _let_go(file)

    def _check(self, generation: int) -> None:
        if generation != self._generation:
            raise FileNotFoundError("let go meanwhile")

    def _checked(self, file: Path, digest: str) -> bytes | None:
        content = read_sealed(file, self._key, 0, UPLOAD_BYTES)
        if content is None or not has_digest(content, digest):
            file.unlink(missing_ok=True)
            return None
        return content

    def _files(self) -> list[tuple[os.stat_result, Path]]:
        """What lies in the folder now; another worker may be writing."""
        found = []
        for file in self._folder.iterdir() if self._folder.exists() else ():
            with suppress(OSError):
                found.append((file.stat(), file))
        return found

    def _file(self, digest: str) -> Path:
        return self._folder / digest

    def _part(self, digest: str) -> Path:
        return self._folder / f"{digest}{COMING}"


def _let_go(file: Path) -> None:
    """One that the disk will not let go keeps no other from going."""
    try:
        file.unlink(missing_ok=True)
    except OSError:
        log.exception("a file stays that should go")


def has_digest(content: bytes, digest: str) -> bool:
    """Whether the bytes have that SHA-256, in hex."""
    return hashlib.sha256(content).hexdigest() == digest

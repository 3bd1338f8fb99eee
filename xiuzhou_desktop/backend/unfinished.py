"""Uploads that have begun: DIR/uploads/<id>, the bytes that came, and <id>.json, what shall come.

The size of the file is the offset, whatever died: no second place says how far an upload is. Every
part is written under the file's lock and only where it ends, so that a connection that was given up
and the one that took its place never mix, and neither do two processes of one district.
"""

import contextlib
import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import msgspec

from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.images import check_file
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.domain.envelope import Struct

NAME = re.compile(r"[0-9a-f]{32}")


class Planned(Struct, frozen=True, kw_only=True):
    """One upload: whose, of how many bytes, of which hash (hex). `is_done`: it is a blob now."""

    id: str
    user: str
    length: int
    digest: str
    is_done: bool = False


class Unfinished:
    """One folder of uploads. File work: call it off the event loop."""

    def __init__(self, folder: Path, blobs: Blobs) -> None:
        self._folder = folder
        self._blobs = blobs
        self._reckoned: dict[str, tuple[int, hashlib._Hash]] = {}  # so far, in this process

    def begin(self, user: str, length: int, digest: str) -> Planned:
        """A place for that many bytes."""
        one = Planned(id=uuid4().hex, user=user, length=length, digest=digest)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file(one).touch(mode=0o600)
        self._note(one)
        return one

    def of(self, user: str, id_: str) -> Planned:
        """That user's upload. Raises ProblemError `not-found`, another's too."""
        told = self._read(self._folder / f"{id_}.json") if NAME.fullmatch(id_) else None
        if told is None or told.user != user:
            raise ProblemError("not-found")
        return told

    def offset(self, one: Planned) -> int:
        """How many of its bytes are here. Raises ProblemError `not-found`."""
        if one.is_done and self._blobs.has(one.digest):
            return one.length
        try:
            return self._file(one).stat().st_size
        except FileNotFoundError as error:
            raise ProblemError("not-found") from error

    def append(self, one: Planned, offset: int, part: bytes) -> int:
        """The offset after it. Raises ProblemError `offset-mismatch`, `too-large`, OSError."""
        if offset + len(part) > one.length:
            raise ProblemError("too-large")
        with self._locked(one) as handle:
            if os.fstat(handle).st_size != offset:
                raise ProblemError("offset-mismatch")
            left = memoryview(part)
            while left:
                left = left[os.write(handle, left) :]
            self._reckon(one, offset, part)
        return offset + len(part)

    def finish(self, one: Planned) -> str:
        """The blob that it has become, checked as what was declared and as a file that is taken
        here; else nothing of it is left. Raises ProblemError.
        """
        file = self._file(one)
        try:
            if self._digest(one) != one.digest:
                raise ProblemError("blob-mismatch")
            check_file(file)
        except ProblemError:
            self._drop(one.id)
            raise
        return self._blobs.adopt(file, one.digest)

    def close(self, one: Planned) -> None:
        """From now on it only says that it is done."""
        self._note(msgspec.structs.replace(one, is_done=True))

    def reserved_for(self, user: str) -> int:
        """Bytes that this user's uploads may still come to."""
        return sum(one.length for one in self._all() if one.user == user and not one.is_done)

    def sweep(self, limit: datetime) -> None:
        """Throw away what nobody has gone on with since that instant of the wall clock."""
        for one in self._all():
            newest = max(file.stat().st_mtime for file in self._folder.glob(f"{one.id}*"))
            if newest < limit.timestamp():
                self._drop(one.id)

    # -- parts ----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _locked(self, one: Planned) -> Iterator[int]:
        try:
            handle = os.open(self._file(one), os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError as error:
            raise ProblemError("not-found") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)

    def _reckon(self, one: Planned, offset: int, part: bytes) -> None:
        """The hash goes on with the file, as long as this process alone writes it."""
        reached, digest = self._reckoned.pop(one.id, (0, hashlib.sha256()))
        if reached == offset:
            digest.update(part)
            self._reckoned[one.id] = (offset + len(part), digest)

    def _digest(self, one: Planned) -> str:
        """Of the whole file: reckoned as it came, else read from the disk."""
        reached, digest = self._reckoned.pop(one.id, (0, hashlib.sha256()))
        if reached == one.length:
            return digest.hexdigest()
        with self._file(one).open("rb") as whole:
            return hashlib.file_digest(whole, "sha256").hexdigest()

    def _file(self, one: Planned) -> Path:
        return self._folder / one.id

    def _note(self, one: Planned) -> None:
        fresh = self._folder / f"{one.id}.new"
        fresh.write_bytes(msgspec.json.encode(one))
        fresh.replace(self._folder / f"{one.id}.json")

    def _read(self, file: Path) -> Planned | None:
        try:
            return msgspec.json.decode(file.read_bytes(), type=Planned)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def _all(self) -> list[Planned]:
        found = map(self._read, self._folder.glob("*.json"))
        return [one for one in found if one is not None]

    def _drop(self, id_: str) -> None:
        self._reckoned.pop(id_, None)
        for name in (id_, f"{id_}.json"):
            (self._folder / name).unlink(missing_ok=True)

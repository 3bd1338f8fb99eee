"""Files that an officer attached, on their way to the server: never lost, never sent as two.

    attach ──► outgoing/<hash>   sealed, fsynced ──► row in journal.db ──► "sha256:…" for a draft
    send   ──► POST /v1/uploads ──► row.place, as long as it is not whole there
           ──► PATCH … PATCH    ──► row.epoch = the database that has the file now
    then   ──► the command that names it

A file is kept for as long as its commands are: after a restore the server may have lost it, and
then it is sent again. Bytes are named by their hash, so that sending twice makes one.
"""

import io
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import msgspec

from xiuzhou_desktop.contract.uploads import UPLOAD_BYTES
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Struct

from .blob_files import has_digest
from .errors import TooLarge
from .sealed_file import Written, read_sealed, write_sealed

FOLDER = "outgoing"
UNNAMED = ".new"  # a file whose hash is not known yet


class Attachment(Struct, frozen=True, kw_only=True):
    """One kept file. `epoch` names the server's database that has it; None: none does yet.
    `place` is where its upload goes on (contract/uploads.py); None: it has not begun.
    """

    blob: str
    size: int
    name: str
    saved_at: datetime
    epoch: str | None = None
    place: str | None = None


class AttachmentStore(Protocol):
    """Rows of the precious file; each call is on the disk when it returns."""

    def attachments(self) -> tuple[Attachment, ...]: ...

    def keep_attachment(self, one: Attachment) -> None: ...

    def forget_attachment(self, blob: str) -> None: ...


class SealedFiles:
    """The folder of sealed bytes. File work: call it off the event loop."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key
        for left in folder.glob(f"*{UNNAMED}"):  # the program ended while it was sealed
            left.unlink(missing_ok=True)

    def put(self, source: bytes | Path) -> Written:
        """What was sealed, once it is on the disk: whatever becomes of the source, this is the file
        from now on. Raises TooLarge, OSError.
        """
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > UPLOAD_BYTES:
            raise TooLarge("file-too-large", limit=UPLOAD_BYTES)
        self._folder.mkdir(exist_ok=True, mode=0o700)
        fresh = self._folder / f"{uuid4().hex}{UNNAMED}"
        try:
            with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as opened:
                written = write_sealed(fresh, self._key, opened)
            fresh.replace(self._folder / written.digest)
        finally:
            fresh.unlink(missing_ok=True)
        return written

    def get(self, blob: str) -> bytes | None:
        """All bytes; None where the file is gone, damaged or not the one of that name."""
        content = self.part(blob, 0, UPLOAD_BYTES)
        is_its_own = content is not None and has_digest(content, blob.removeprefix("sha256:"))
        return content if is_its_own else None

    def part(self, blob: str, offset: int, size: int) -> bytes | None:
        """So many bytes from there on; None as `get`."""
        return read_sealed(self._file(blob), self._key, offset, size)

    def remove(self, blob: str) -> None:
        """Let the bytes go."""
        self._file(blob).unlink(missing_ok=True)

    def _file(self, blob: str) -> Path:
        return self._folder / blob.removeprefix("sha256:")


class Attachments:
    """What is kept, and what of it the server has. Used on the engine's loop alone."""

    def __init__(self, store: AttachmentStore, files: SealedFiles) -> None:
        self.files = files
        self._store = store
        self._kept = {one.blob: one for one in store.attachments()}

    def keep(self, one: Attachment) -> None:
        """Note a file whose bytes are on the disk; a second time only counts its age anew."""
        known = self._kept.get(one.blob, one)
        self._write(msgspec.structs.replace(known, saved_at=one.saved_at))

    def named_in(self, args: Mapping[str, Json]) -> tuple[str, ...]:
        """Kept files that a command's arguments name, each once."""
        named = dict.fromkeys(text for value in args.values() for text in _texts(value))
        return tuple(text for text in named if text in self._kept)

    def is_kept(self, blob: str) -> bool:
        """Whether it was attached on this computer."""
        return blob in self._kept

    def is_there(self, blob: str, epoch: str | None) -> bool:
        """Whether the server's present database has it, as far as this computer can know."""
        one = self._kept.get(blob)
        return one is None or (epoch is not None and one.epoch == epoch)

    def unsent(self) -> frozenset[str]:
        """Kept files that no server is known to have."""
        return frozenset(one.blob for one in self._kept.values() if one.epoch is None)

    def sent(self, blob: str, epoch: str) -> None:
        """The server took it."""
        self._write(msgspec.structs.replace(self._kept[blob], epoch=epoch, place=None))

    def begun(self, blob: str, place: str | None) -> None:
        """Where its upload goes on; None: it has to begin anew."""
        self._write(msgspec.structs.replace(self._kept[blob], place=place))

    def of(self, blob: str) -> Attachment:
        """What is known of a file that is kept."""
        return self._kept[blob]

    def missed(self, blob: str) -> None:
        """The server says that it lacks it: once more."""
        if blob in self._kept:
            self._write(msgspec.structs.replace(self._kept[blob], epoch=None, place=None))

    def forget(self, before: datetime, needed: Collection[str]) -> None:
        """Let go of files from before this wall time that no pending command needs."""
        old = [one.blob for one in self._kept.values() if one.saved_at < before]
        for blob in old:
            if blob not in needed:
                self.files.remove(blob)
                self._store.forget_attachment(blob)
                del self._kept[blob]

    def _write(self, one: Attachment) -> None:
        self._store.keep_attachment(one)
        self._kept[one.blob] = one


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)

"""Files that an officer attached, on their way to the server: never lost, never sent as two.

    attach ──► outgoing/<hash>   sealed, fsynced ──► row in journal.db ──► "sha256:…" for a draft
    send   ──► POST /v1/uploads ──► row.epoch = the database that has the file now
    then   ──► the command that names it

A file is kept for as long as its commands are: after a restore the server may have lost it, and
then it is sent again. Bytes are named by their hash, so that sending twice makes one.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from xiuzhou_desktop.contract.uploads import UPLOAD_BYTES
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Struct

from .errors import TooLarge
from .key import seal, unseal, write_private

FOLDER = "outgoing"


class Attachment(Struct, frozen=True, kw_only=True):
    """One kept file. `epoch` names the server's database that has it; None: none does yet."""

    blob: str
    size: int
    name: str
    saved_at: datetime
    epoch: str | None = None


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

    def put(self, content: bytes) -> str:
        """The blob's name, once the bytes are on the disk. Raises TooLarge."""
        if len(content) > UPLOAD_BYTES:
            raise TooLarge("file-too-large", limit=UPLOAD_BYTES)
        blob = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self._folder.mkdir(exist_ok=True, mode=0o700)
        write_private(self._file(blob), seal(self._key, content, blob.encode()))
        return blob

    def get(self, blob: str) -> bytes | None:
        """The bytes; None where the file is gone, damaged or changed."""
        try:
            sealed = self._file(blob).read_bytes()
        except FileNotFoundError:
            return None
        return unseal(self._key, sealed, blob.encode())

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

    def sent(self, blob: str, epoch: str) -> None:
        """The server took it."""
        self._write(msgspec.structs.replace(self._kept[blob], epoch=epoch))

    def missed(self, blob: str) -> None:
        """The server says that it lacks it: once more."""
        if blob in self._kept:
            self._write(msgspec.structs.replace(self._kept[blob], epoch=None))

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

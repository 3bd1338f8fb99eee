"""Files on their way as a person sees them, and what he may say of them.

    WAITING ──► UPLOADING ──► gone from the list: the server has it
       ▲  └─ pause ─► PAUSED ─ resume ─┐
       └───────────────────────────────┘
    FAILED      the command that names it needs a person: the outbox says what to do
    REFUSED     the server does not take it, and the record may not be changed now to say so

What is held back is kept in the profile, so that it stands after whatever ended the program.
"""

from enum import StrEnum
from pathlib import Path

import msgspec

from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import RecordId

from .key import write_private
from .line import Allowed

FILE = "held.json"


class FileState(StrEnum):
    """Where a file stands."""

    WAITING = "waiting"
    UPLOADING = "uploading"
    PAUSED = "paused"
    FAILED = "failed"
    REFUSED = "refused"


class FileOnItsWay(Struct, frozen=True, kw_only=True):
    """One kept file that the server lacks, or whose arrival it has not been told. `sent`: bytes
    that it has of it; None: not known before it is asked. `problem`: why it waits, or what has
    failed. `record` names it as evidence, and `about` is the title of what it is evidence of.
    """

    blob: str
    name: str
    size: int
    sent: int | None
    state: FileState
    problem: Problem | None = None
    kind: Kind
    record: RecordId
    title: str = ""
    about: str = ""


class Uploads(Struct, frozen=True, kw_only=True):
    """All of them, in the order in which they go. `is_held`: nothing goes, whatever is added."""

    files: tuple[FileOnItsWay, ...]
    is_held: bool
    allowed: Allowed


class Pause(Struct, frozen=True, kw_only=True):
    """Hold back one file, or every one."""

    blob: str | None = None


class Resume(Struct, frozen=True, kw_only=True):
    """Let one file go, or every one, whatever was said of it alone."""

    blob: str | None = None


UploadSay = Pause | Resume | Allowed


class Held(Struct, frozen=True, kw_only=True):
    """What does not go."""

    is_all: bool = False
    blobs: frozenset[str] = frozenset()

    def holds(self, blob: str) -> bool:
        """Whether this file stays here."""
        return self.is_all or blob in self.blobs


def load_held(folder: Path) -> Held:
    """What was held back last."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Held)
    except (FileNotFoundError, msgspec.MsgspecError):
        return Held()


def keep_held(folder: Path, held: Held) -> None:
    """On the disk when it returns."""
    write_private(folder / FILE, msgspec.json.encode(held))

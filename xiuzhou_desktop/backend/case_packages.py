"""The `case system` adapter, as a file drop between us and the province's penalty system.

    out/<key>.json      a case's package at one of its steps; the province picks it up and
                        deduplicates by its name
    in/*.json           what the province answers: its number, its state, its documents' numbers
    in/done/, in/bad/   answers taken, answers that say nothing to us, kept with the reason

The province is the master of such a case (domain.md §3).
"""

import hashlib
import logging
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from xiuzhou_desktop.domain.case_body import CaseState
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import RecordId

log = logging.getLogger(__name__)

PACKAGES = "case-packages"  # in DIR
LARGEST_ANSWER = 256 * 1024  # bytes; nothing honest is longer


class Answer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the province says of one case; `key` is the package that it answers."""

    key: str
    case: RecordId
    state: CaseState
    at: datetime
    provincial_no: str
    document_no: str | None = None
    dated: date | None = None


class Arrived(NamedTuple):
    """One file of the in-tray; `answer` None where it says nothing, then `fault` says why."""

    file: Path
    answer: Answer | None
    fault: str = ""


class CasePackages:
    """Two folders that both systems watch."""

    def __init__(self, folder: Path) -> None:
        self._out = folder / "out"
        self._in = folder / "in"

    def put(self, key: str, step: str, case: str | None, flag: str | None) -> None:
        """Drop one package, whole or not at all."""
        self._out.mkdir(parents=True, exist_ok=True)
        parts = {"case": _raw(case), "flag": _raw(flag), "key": key, "step": step}
        file = self._file(key)
        part = file.with_suffix(".part")
        with part.open("wb") as writing:
            writing.write(msgspec.json.encode(parts, order="sorted"))
            writing.flush()
            os.fsync(writing.fileno())  # it counts as sent from now on
        os.replace(part, file)

    def has(self, key: str) -> bool:
        """Whether that package was dropped."""
        return self._file(key).exists()

    def arrived(self) -> Iterator[Arrived]:
        """Answers that nobody has taken yet, by name."""
        if not self._in.is_dir():
            return
        for file in sorted(self._in.glob("*.json")):
            try:
                arrived = _read(file)
            except OSError as error:  # taken back meanwhile, or not ours to read: others go on
                log.warning("answer of the province not readable", extra={"why": str(error)})
                continue
            yield arrived

    def settle(self, file: Path) -> None:
        """The answer was taken."""
        self._move(file, "done")

    def reject(self, file: Path, fault: str) -> None:
        """The answer says nothing to us: a person may look at it."""
        moved = self._move(file, "bad")
        moved.with_suffix(".why").write_text(fault, encoding="utf-8")

    def _move(self, file: Path, tray: str) -> Path:
        folder = self._in / tray
        folder.mkdir(exist_ok=True)
        moved = folder / file.name
        os.replace(file, moved)
        return moved

    def _file(self, key: str) -> Path:
        return self._out / f"{package_name(key)}.json"


def package_name(key: str) -> str:
    """The name of a package's file, without its ending."""
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


def _read(file: Path) -> Arrived:
    if file.stat().st_size > LARGEST_ANSWER:
        return Arrived(file, None, "too large")
    try:
        answer = msgspec.json.decode(file.read_bytes(), type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Arrived(file, None, str(error))
    if answer.at.tzinfo is None:
        return Arrived(file, None, "an instant without a time zone")
    return Arrived(file, answer)


def _raw(doc: str | None) -> msgspec.Raw | None:
    return msgspec.Raw(doc.encode()) if doc else None

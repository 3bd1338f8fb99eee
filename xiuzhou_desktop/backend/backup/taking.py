"""Taking a backup, beside a running server.

    databases (one state each) ──► blobs and trays ──► manifest.json, last: digests of all of it

Blobs are written once and never changed, so the files copied after the database hold at least all
that it names. Keys are not in it (operations.md says why): the manifest knows them by their hash.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from xiuzhou_desktop.backend.backup.databases import (
    DUMP,
    BackupError,
    copy_sqlite,
    dump_postgresql,
)
from xiuzhou_desktop.backend.settings import VERSION, Settings
from xiuzhou_desktop.domain.envelope import Struct

MANIFEST = "manifest.json"
BESIDE = ("blobs", "case-packages", "portal", "contacts.csv", "clock.json", "provider-sms.jsonl")


class Kept(Struct, frozen=True, kw_only=True):
    """A file of the backup."""

    size: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What lies in a backup. `keys`: name → SHA-256 of the keys that the district had."""

    version: str
    made_at: datetime
    database: str  # sqlite | postgresql
    files: Mapping[str, Kept]
    keys: Mapping[str, str]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files.values())


def take(settings: Settings, target: Path, now: datetime) -> Manifest:
    """A backup in a new or empty folder. Raises BackupError, OSError."""
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise BackupError(f"{target} is not empty: name a new folder")
    if settings.database is None:
        for file in (settings.sqlite_file, settings.positions_file):
            if file.exists():
                copy_sqlite(file, target / file.name)
    else:
        dump_postgresql(settings.database, target / DUMP)
    for name in BESIDE:
        _copy(settings.folder / name, target / name)
    manifest = Manifest(
        version=VERSION, made_at=now, keys=fingerprints(settings.key_folder),
        database="sqlite" if settings.database is None else "postgresql",
        files={name: _kept(target / name) for name in sorted(_names(target))},
    )  # fmt: skip
    _write_last(target / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    return manifest


def read_manifest(source: Path) -> Manifest:
    """What a backup says of itself. Raises BackupError."""
    try:
        return msgspec.json.decode((source / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise BackupError(f"{source} has no {MANIFEST}: it was never finished") from error
    except msgspec.MsgspecError as error:
        raise BackupError(f"{source / MANIFEST}: {error}") from error


def fingerprints(key_folder: Path) -> dict[str, str]:
    """Each key's hash, by which it is known again."""
    files = sorted(key_folder.glob("*.key"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("tmp*", "*.part"))
    elif source.exists():
        shutil.copy2(source, target)


def _names(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*"):
        if file.is_file():
            yield file.relative_to(folder).as_posix()


def _kept(file: Path) -> Kept:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        os.fsync(opened.fileno())
    return Kept(size=file.stat().st_size, sha256=digest)


def _write_last(file: Path, content: bytes) -> None:
    """Only a backup that is whole has it."""
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())

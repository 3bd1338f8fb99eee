"""Putting a backup back: verified while it is copied, in place only when all of it is whole.

    manifest ─► keys known? is DIR free? ─► copied and hashed beside ─► PostgreSQL: loaded, all of
        it or nothing ─► renamed into DIR ─► new epoch, effects in doubt (restore.py)

What was there is moved aside, never deleted.
"""

import hashlib
import shutil
from datetime import datetime
from pathlib import Path

from xiuzhou_desktop.backend.backup.databases import (
    DUMP,
    SIDE_FILES,
    BackupError,
    is_occupied,
    load_postgresql,
)
from xiuzhou_desktop.backend.backup.taking import (
    BESIDE,
    Kept,
    Manifest,
    fingerprints,
    read_manifest,
)
from xiuzhou_desktop.backend.settings import Settings

ARRIVING = "arriving"
A_READ = 4 * 1024 * 1024  # bytes


def restore(settings: Settings, source: Path, now: datetime, *, may_replace: bool) -> Manifest:
    """Put the files in place; the caller begins the epoch. Raises BackupError, OSError."""
    manifest = read_manifest(source)
    _refuse_other_store(settings, manifest)
    _refuse_other_keys(settings, manifest)
    if is_occupied(settings) and not may_replace:
        raise BackupError("a district lives there already: name an empty DIR, or say --force")
    arriving = settings.folder / ARRIVING
    shutil.rmtree(arriving, ignore_errors=True)
    for name, kept in manifest.files.items():
        _verified_copy(source / name, arriving / name, kept)
    if settings.database is not None:
        load_postgresql(settings.database, arriving / DUMP)
        (arriving / DUMP).unlink()
    _move_aside(settings, now)
    for one in sorted(arriving.iterdir()) if arriving.exists() else ():
        one.replace(settings.folder / one.name)
    shutil.rmtree(arriving, ignore_errors=True)
    return manifest


def _refuse_other_store(settings: Settings, manifest: Manifest) -> None:
    given = "sqlite" if settings.database is None else "postgresql"
    if manifest.database != given:
        raise BackupError(
            f"this is a backup of {manifest.database}, not of {given}: "
            "restore it there, then use `backend move`"
        )


def _refuse_other_keys(settings: Settings, manifest: Manifest) -> None:
    """Receipts and sealed data of one district are worth nothing under another's keys."""
    here = fingerprints(settings.key_folder)
    other = [name for name, hashed in manifest.keys.items() if here.get(name) != hashed]
    if other:
        raise BackupError(
            f"{', '.join(other)} in {settings.key_folder} are missing or another district's: "
            "put the keys back first, they are kept apart from backups"
        )


def _verified_copy(source: Path, target: Path, kept: Kept) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    try:
        with source.open("rb") as reading, target.open("wb") as writing:
            while part := reading.read(A_READ):
                digest.update(part)
                writing.write(part)
    except FileNotFoundError as error:
        raise BackupError(f"{source} is missing: this backup is damaged") from error
    if digest.hexdigest() != kept.sha256:
        raise BackupError(f"{source} is not what was backed up: this backup is damaged")


def _move_aside(settings: Settings, now: datetime) -> None:
    """Whatever lies in the way; DIR may hold files although its database is gone."""
    databases = (settings.sqlite_file.name, settings.positions_file.name)
    names = [name + ending for name in databases for ending in ("", *SIDE_FILES)]
    standing = [name for name in (*names, *BESIDE) if (settings.folder / name).exists()]
    aside = settings.folder / f"before-restore-{now:%Y%m%dT%H%M%S}"
    for name in standing:
        aside.mkdir(exist_ok=True)
        (settings.folder / name).rename(aside / name)

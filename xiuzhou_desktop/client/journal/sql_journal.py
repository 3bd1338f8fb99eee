"""The journal: every saved command, durable against a power cut when `write` returns (sync.md
§4.3).

One file `journal.db`, `synchronous = FULL`. Its schema is versioned by `user_version` and only ever
migrated, never wiped.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, bindparam, delete, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from xiuzhou_desktop.client.attachments import Attachment
from xiuzhou_desktop.client.errors import UpgradeNeeded
from xiuzhou_desktop.client.sealed_db import DamagedJournalError, Durability, connect, translated
from xiuzhou_desktop.client.sync.entry import Entry
from xiuzhou_desktop.domain.canonical import canonical, format_instant

from .tables import attachment, command

CACHE_KIB = 2 * 1024
WAL_PAGES = 100  # a log that is written over is synced in 0.17 ms, one that grows in 0.26
PLAIN = (
    "seen", "writer", "first_epoch", "resolves", "resolved_by", "epoch", "made", "current",
    "attempts",
)  # fmt: skip
NESTED = ("fallback", "prints", "receipt", "left", "problem", "besides")
INSTANTS = ("failing_since", "next_at", "hold_until", "saved_at", "applied_at")


def _keep_statement() -> str:
    """Add or replace one command, compiled once."""
    names: dict[str, Any] = {one.name: bindparam(one.name) for one in command.columns}
    adding = insert(command).values(names)
    taken = {name: adding.excluded[name] for name in names}
    whole = adding.on_conflict_do_update(index_elements=["client_seq"], set_=taken)
    return str(whole.compile(dialect=sqlite.dialect()))


KEEP = _keep_statement()
FORGET = """
DELETE FROM command WHERE saved_at < ? AND status IN ('applied', 'dropped', 'replaced')
AND id NOT IN (
    SELECT cause.value FROM command AS waiting, json_each(waiting.body, '$.after') AS cause
    WHERE waiting.status NOT IN ('applied', 'dropped', 'replaced')
)
"""


def _added(table: str, column: str) -> Callable[[Connection], None]:
    """A text column, to a file that was begun before the column was."""

    def add(connection: Connection) -> None:
        columns = connection.exec_driver_sql(f"PRAGMA table_info({table})").fetchall()
        if column not in {name for _, name, *_ in columns}:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} TEXT")

    return add


# n-th raises version n to n + 1
MIGRATIONS: tuple[Callable[[Connection], None], ...] = (
    command.create, attachment.create, _added("command", "made"), _added("attachment", "place"),
    _added("command", "besides"),
)  # fmt: skip


class SqlJournal:
    """JournalStore and AttachmentStore over SQLCipher."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._connection = connect(path, key, Durability.FULL, CACHE_KIB, DamagedJournalError)
        with translated(DamagedJournalError):
            self._connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
            self._migrate()

    def entries(self) -> tuple[Entry, ...]:
        wanted = select(command).order_by(command.c.client_seq)
        with translated(DamagedJournalError):
            return tuple(_entry(row) for row in self._connection.execute(wanted).mappings())

    def write(self, entries: Sequence[Entry]) -> None:
        """One statement is a transaction of its own; several are put into one.

        Past the expression compiler, which costs more than the fsync: 1.1 → 0.3 ms a command.
        """
        with translated(DamagedJournalError):
            if len(entries) == 1:
                self._connection.exec_driver_sql(KEEP, _row(entries[0]))
            elif entries:
                self._write_all(entries)

    def forget(self, before: datetime) -> None:
        with translated(DamagedJournalError):
            self._connection.exec_driver_sql(FORGET, (format_instant(before),))

    def attachments(self) -> tuple[Attachment, ...]:
        """Every file that was attached and is still kept, oldest first."""
        wanted = select(attachment).order_by(attachment.c.saved_at)
        with translated(DamagedJournalError):
            rows = self._connection.execute(wanted).mappings()
            return tuple(_attachment(row) for row in rows)

    def keep_attachment(self, one: Attachment) -> None:
        """Add or replace; on the disk when it returns."""
        values = msgspec.structs.asdict(one) | {"saved_at": format_instant(one.saved_at)}
        adding = insert(attachment).values(values)
        with translated(DamagedJournalError):
            self._connection.execute(
                adding.on_conflict_do_update(index_elements=["blob"], set_=values)
            )

    def forget_attachment(self, blob: str) -> None:
        """Its file is gone."""
        with translated(DamagedJournalError):
            self._connection.execute(delete(attachment).where(attachment.c.blob == blob))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _write_all(self, entries: Sequence[Entry]) -> None:
        self._connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            for entry in entries:
                self._connection.exec_driver_sql(KEEP, _row(entry))
        except BaseException:
            self._connection.exec_driver_sql("ROLLBACK")
            raise
        self._connection.exec_driver_sql("COMMIT")

    def _migrate(self) -> None:
        version = self._connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version > len(MIGRATIONS):
            raise UpgradeNeeded("journal-newer", version=version)
        for step in MIGRATIONS[version:]:
            version += 1
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            step(self._connection)
            self._connection.exec_driver_sql(f"PRAGMA user_version = {version}")
            self._connection.exec_driver_sql("COMMIT")


def _row(entry: Entry) -> tuple[str | int | None, ...]:
    """The values of KEEP, in the order of the table's columns."""
    told = entry.command
    values: dict[str, str | int | None] = {
        "client_seq": told.client_seq, "id": told.id, "kind": told.kind.value,
        "record": told.record, "transition": told.transition, "v": told.v,
        "body": canonical(told).decode(), "status": entry.status.value,
    }  # fmt: skip
    values |= {name: getattr(entry, name) for name in PLAIN}
    for name in NESTED:
        value = getattr(entry, name)
        values[name] = None if value is None else canonical(value).decode()
    for name in INSTANTS:
        at = getattr(entry, name)
        values[name] = None if at is None else format_instant(at)
    return tuple(values[column.name] for column in command.columns)


def _entry(row: RowMapping) -> Entry:
    plain = {name: row[name] for name in (*PLAIN, *INSTANTS, "status")}
    for name in (*NESTED, "body"):
        plain[name] = None if row[name] is None else msgspec.json.decode(row[name])
    plain["command"] = plain.pop("body")
    return msgspec.convert(plain, Entry)


def _attachment(row: RowMapping) -> Attachment:
    named = {name: row[name] for name in Attachment.__struct_fields__}
    return msgspec.convert(named, Attachment)

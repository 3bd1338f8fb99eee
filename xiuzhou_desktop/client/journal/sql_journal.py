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
from sqlalchemy import Connection, RowMapping, delete, select
from sqlalchemy.dialects.sqlite import insert

from xiuzhou_desktop.client.errors import UpgradeNeeded
from xiuzhou_desktop.client.sealed_db import Durability, connect, translated
from xiuzhou_desktop.client.sync.entry import WITHDRAWN, Entry
from xiuzhou_desktop.client.views import OutboxStatus
from xiuzhou_desktop.domain.canonical import canonical, format_instant

from .tables import command, metadata

CACHE_KIB = 2 * 1024
PLAIN = ("seen", "writer", "first_epoch", "resolves", "resolved_by", "epoch", "current", "attempts")
NESTED = ("fallback", "prints", "receipt", "left", "problem")
INSTANTS = ("failing_since", "next_at", "hold_until", "saved_at", "applied_at")


def _create(connection: Connection) -> None:
    metadata.create_all(connection)


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_create,)  # n-th raises version n to n + 1


class SqlJournal:
    """JournalStore over SQLCipher."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._connection = connect(path, key, Durability.FULL, CACHE_KIB)
        with translated():
            self._migrate()

    def entries(self) -> tuple[Entry, ...]:
        wanted = select(command).order_by(command.c.client_seq)
        with translated():
            return tuple(_entry(row) for row in self._connection.execute(wanted).mappings())

    def write(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        with translated():
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                for entry in entries:
                    self._keep(entry)
            except BaseException:
                self._connection.exec_driver_sql("ROLLBACK")
                raise
            self._connection.exec_driver_sql("COMMIT")

    def forget(self, before: datetime) -> None:
        settled = [OutboxStatus.APPLIED.value, *(status.value for status in WITHDRAWN)]
        old = delete(command).where(
            command.c.status.in_(settled), command.c.saved_at < format_instant(before)
        )
        with translated():
            self._connection.execute(old)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _keep(self, entry: Entry) -> None:
        values = _values(entry)
        adding = insert(command).values(values)
        self._connection.execute(
            adding.on_conflict_do_update(index_elements=["client_seq"], set_=values)
        )

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


def _values(entry: Entry) -> dict[str, Any]:
    told = entry.command
    values: dict[str, Any] = {
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
    return values


def _entry(row: RowMapping) -> Entry:
    plain = {name: row[name] for name in (*PLAIN, *INSTANTS, "status")}
    for name in (*NESTED, "body"):
        plain[name] = None if row[name] is None else msgspec.json.decode(row[name])
    plain["command"] = plain.pop("body")
    return msgspec.convert(plain, Entry)

"""The store: every table of the district behind one object (architecture.md rule 31: SQL lives with
the owner of the table).
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import at_rest, bulk, meta, records
from xiuzhou_desktop.backend.store.district_keys import (
    DistrictKeys,
    district_keys,
    hold_to_keys,
    refuse_other_keys,
)
from xiuzhou_desktop.backend.store.engine import Database, UnavailableError, open_database
from xiuzhou_desktop.backend.store.migrating import UnusableError, upgrade
from xiuzhou_desktop.backend.store.sql_tables import SqlTables
from xiuzhou_desktop.backend.store.surroundings import (
    Surroundings,
    SurroundingsReader,
    due_of,
    surroundings_of,
)
from xiuzhou_desktop.backend.store.tail import ReadTables, TailReader
from xiuzhou_desktop.backend.store.vault import Vault
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.kinds import KINDS

T = TypeVar("T")

log = logging.getLogger(__name__)


class Store:
    """One district's database and the secrets that lie outside it."""

    def __init__(self, database: Database, keys: DistrictKeys, vault: Vault) -> None:
        self.database = database
        self.mac_key = keys.receipt
        self.sealing_key = keys.sealing
        self.vault = vault
        self._surroundings = SurroundingsReader()
        self._tails = TailReader()
        self._listeners: list[Callable[[], object]] = []

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing, behind the commit lock; listeners hear of it afterwards."""
        is_done = False
        try:
            with self.database.transaction() as connection:
                yield connection
            is_done = True
        finally:
            if not is_done:
                self._surroundings.forget()
        for listener in self._listeners:
            listener()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A consistent view to read from."""
        with self.database.snapshot() as connection:
            yield connection

    def tables(self, connection: Connection) -> SqlTables:
        """The store port within this transaction."""
        return SqlTables(connection, self._surroundings)

    def tables_of(self, snapshot: Connection) -> SqlTables:
        """The store port within this snapshot: what many ask for alike is read once."""
        return ReadTables(snapshot, self._surroundings, self._tails)

    @contextmanager
    def writing(self) -> Iterator[SqlTables]:
        """A transaction as the store port sees it."""
        with self.transaction() as connection:
            yield self.tables(connection)

    @contextmanager
    def reading(self) -> Iterator[SqlTables]:
        """A snapshot as the store port sees it."""
        with self.snapshot() as connection:
            yield self.tables_of(connection)

    async def write(self, job: Callable[[], T]) -> T:
        """Run a job that opens its own transactions on a writer's thread."""
        return await self.database.write(job)

    async def read(self, job: Callable[[Connection], T]) -> T:
        """Run a job on a reader's thread, within one snapshot."""
        return await self.database.read(job)

    async def ask(self, job: Callable[[Connection], T]) -> T:
        """The same for a few rows by index, in a snapshot shared with others that wait."""
        return await self.database.ask(job)

    async def aside(self, job: Callable[[Connection], T]) -> T:
        """Run a job beside the commit lock (PostgreSQL only), on a thread that waits for nobody
        who does.
        """

        def within() -> T:
            with self.database.aside() as connection:
                return job(connection)

        return await asyncio.to_thread(within)

    def surroundings(self, connection: Connection) -> Surroundings:
        """Policy and calendar as this transaction sees them."""
        return self._surroundings.read(connection)

    def on_commit(self, listener: Callable[[], object]) -> None:
        """Call this, on its thread, after each transaction of this process."""
        self._listeners.append(listener)

    def bulk_load(self, loaded: Iterable[Record]) -> int:
        """Insert trusted, complete records, unjudged (bulk.py); settings among them count for the
        others' timers.
        """
        batch = list(loaded)
        with self.transaction() as connection:
            known = records.of_kind(connection, Kind.SETTING)
            fresh = tuple(one for one in batch if one.kind is Kind.SETTING)
            around = surroundings_of((*known, *fresh), 0)
            return bulk.load(connection, batch, lambda one: _first_timer(one, around))

    def close(self) -> None:
        """Finish what runs and let go."""
        self.database.close()


def open_store(settings: Settings, now: datetime) -> Store:
    """Open, or begin, the district's database; brings its schema up to date.

    Raises UnavailableError, UnusableError.
    """
    settings.folder.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database, settings.sqlite_file)
    try:
        with database.transaction() as connection:
            keys = district_keys(connection, settings)  # before a step seals anything
        vault = Vault(keys.party)
        for engine in (database.reading, database.writing):
            at_rest.equip(engine, vault)
        with database.transaction() as connection:
            _ready(connection, keys, now)
    except UnavailableError:
        database.close()
        raise
    return Store(database, keys, vault)


def _ready(connection: Connection, keys: DistrictKeys, now: datetime) -> None:
    upgrade(connection)
    if not meta.has_meta(connection):
        meta.create_meta(connection, now)
    hold_to_keys(connection, keys)
    refuse_other_keys(connection, keys)  # of two servers that began together, one was the first
    moved_to = meta.moved_to(connection)
    if moved_to is not None:
        raise UnusableError(f"this district was moved to {moved_to}: serve it from there")


def _first_timer(one: Record, around: Surroundings) -> datetime | None:
    dues = (due_of(timer, one, around) for timer in KINDS[one.kind].timers)
    return min((due for due in dues if due), default=None)

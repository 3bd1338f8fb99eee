"""Connections to the one database of the district: SQLite in a folder, or PostgreSQL.

    transaction()   takes the commit lock before the first fact is read (sync.md §0.4, R15), takes a
        seq when it writes
    snapshot()      one consistent view for a page of the feed; never waits for a writer

The commit lock is `BEGIN IMMEDIATE` on SQLite and one advisory lock on PostgreSQL. Seqs are given
under it, so they become visible in their order and a cursor `seq > x` loses nothing. On SQLite
commands go through one thread of ours; what has to wait for something else between its transactions
(a password's hash, a provider) has another, and waits for the lock as another process does.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlcipher3.dbapi2
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    QueuePool,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFreeError

from xiuzhou_desktop.backend.store.pipelined import make_way, pipelined
from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.backend.store.together import Together

T = TypeVar("T")

log = logging.getLogger(__name__)

COMMIT_LOCK = 330411  # any number, the same in every process of this district
BUSY_TIMEOUT_MS = 15_000  # a command-line import may hold the lock of SQLite for some seconds
READERS = 4
WRITERS = 4  # PostgreSQL: they wait for each other at the lock, but not at the network
FULL = ("database or disk is full", "No space left on device", "could not extend file")
JOURNAL_BYTES = 16 * 1024 * 1024  # a bulk load's log is given back once it is in the database
KEEP_ALIVE = {
    "connect_timeout": "5", "keepalives_idle": "10", "keepalives_interval": "5",
    "tcp_user_timeout": "30000",
}  # fmt: skip
"""Seconds of libpq, the last in ms: a server that vanished is noticed, with a question under way or
without, not waited for.
"""
IN_TIME = "-c lock_timeout=15s -c idle_in_transaction_session_timeout=60s"
"""A process that stands still with the commit lock in its hand loses it to the others."""
CACHE_KIB = 65_536  # 64 MiB: measured, more changes nothing (sync.md §6)
MAPPED_BYTES = 1024 * 1024 * 1024  # a page of a snapshot is read in two thirds of the time
XOR_HEX = "xor_hex"  # of two texts of 64 bits in hex: SQLite has no such operator
PRAGMAS: dict[str, str | int] = {
    "locking_mode": "NORMAL",
    "busy_timeout": BUSY_TIMEOUT_MS,
    "journal_mode": "WAL",
    "synchronous": "FULL",  # an acknowledged command survives power loss
    "foreign_keys": "ON",
    "cache_size": -CACHE_KIB,
    "journal_size_limit": JOURNAL_BYTES,
    "temp_store": "MEMORY",
}


class UnavailableError(Exception):
    """The database does not answer: weather, the caller says 503 and tries again."""


class DiskFullError(UnavailableError):
    """Nothing more can be written; what is there can be read."""


class Database:
    """Engines and threads of one database; opened once, closed once."""

    def __init__(self, reading: Engine, writing: Engine, writers: int) -> None:
        self.reading = reading
        self.writing = writing
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="store-write")
        self._together = Together(self.snapshot, self._readers)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded default."""
        return self.writing.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing, behind the commit lock. Raises UnavailableError when the database cannot
        be had.
        """
        with translated(), self.writing.connect() as connection, connection.begin():
            if self.is_sqlite:
                yield connection
                return
            with pipelined(connection):
                _TAKE_COMMIT_LOCK.run(connection, {"lock": COMMIT_LOCK})
                yield connection

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """All or nothing without the commit lock, for what takes no seq and is no fact of a
        command. PostgreSQL only: one statement of it decides, or a row's own lock.
        """
        with translated(), self.writing.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A consistent view to read from. Raises UnavailableError."""
        with translated(), self.reading.connect() as connection, connection.begin():
            yield connection

    async def write(self, job: Callable[[], T]) -> T:
        """Run a job of one or more transactions on a writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, job)

    async def read(self, job: Callable[[Connection], T]) -> T:
        """Run a job on a reader's thread, within one snapshot."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._within, job)

    async def ask(self, job: Callable[[Connection], T]) -> T:
        """The same for a few rows by index, in a snapshot shared with others that wait."""
        return await self._together.ask(job)

    def _within(self, job: Callable[[Connection], T]) -> T:
        with self.snapshot() as connection:
            return job(connection)

    def close(self) -> None:
        """Finish what runs, then let go of every connection."""
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self.reading.dispose()
        self.writing.dispose()


def open_sqlite(file: Path) -> Database:
    """The embedded database; sqlcipher3 brings a SQLite without the WAL-reset corruption (sync.md
    §0.11).
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    writing = sqlite_engine(file, "BEGIN IMMEDIATE")
    reading = sqlite_engine(file, "BEGIN", mmap_size=MAPPED_BYTES)
    return Database(reading, writing, writers=1)


def open_alone(file: Path) -> Database:
    """The embedded database for one process that suffers no other beside it: neither a serving
    backend nor another command. Its first transaction raises UnavailableError where there is one.
    """
    engine = sqlite_engine(file, "BEGIN EXCLUSIVE", locking_mode="EXCLUSIVE", busy_timeout=1000)
    return Database(engine, engine, writers=1)


def open_postgresql(url: str) -> Database:
    """A PostgreSQL that any number of backend processes share."""
    # READ COMMITTED: what is read after the lock sees all that was committed before it
    writing = postgresql_engine(url, pool_size=WRITERS, max_overflow=4)
    reading = postgresql_engine(
        url, pool_size=READERS, max_overflow=2, isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )  # fmt: skip
    return Database(reading, writing, writers=WRITERS)


def open_database(url: str | None, sqlite_file: Path) -> Database:
    """What the settings name."""
    return open_postgresql(url) if url else open_sqlite(sqlite_file)


_TAKE_COMMIT_LOCK = Prepared(text("SELECT pg_advisory_xact_lock(:lock)"))


def postgresql_engine(url: str, **pool: Any) -> Engine:  # noqa: ANN401 - create_engine's own
    """Connections that outlive neither their server nor their patience."""
    how = {**KEEP_ALIVE, "options": IN_TIME}
    engine = create_engine(with_driver(url), pool_pre_ping=True, connect_args=how, **pool)
    make_way(engine)
    return engine


def sqlite_engine(file: Path, begin: str, **changed: str | int) -> Engine:
    """Connections to one file, with these of PRAGMAS changed."""

    def connect() -> object:
        connection = sqlcipher3.dbapi2.connect(
            str(file), isolation_level=None, check_same_thread=False
        )
        for name, value in {**PRAGMAS, **changed}.items():
            connection.execute(f"PRAGMA {name}={value}")
        connection.create_function(XOR_HEX, 2, _xor_hex, deterministic=True)
        return connection

    engine = create_engine(
        "sqlite://", module=sqlcipher3.dbapi2, creator=connect, poolclass=QueuePool,
        pool_size=READERS, max_overflow=4,
        pool_use_lifo=True,  # each keeps pages of its own: those of the last one are the warm ones
    )  # fmt: skip
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


@contextmanager
def translated() -> Iterator[None]:
    """The driver's weather, and the pool's, as UnavailableError."""
    try:
        yield
    except NoneFreeError as error:
        raise UnavailableError(str(error)) from error
    except DBAPIError as error:
        if isinstance(error, OperationalError) or error.connection_invalidated:
            weather = DiskFullError if _is_full(error) else UnavailableError
            raise weather(str(error.orig)) from error
        raise


def _xor_hex(one: str, other: str) -> str:
    return f"{int(one, 16) ^ int(other, 16):016x}"


def with_driver(url: str) -> URL:
    """The address of a PostgreSQL with the driver that we use."""
    return make_url(url).set(drivername="postgresql+psycopg")


def _is_full(error: DBAPIError) -> bool:
    told = str(error.orig)
    return any(words in told for words in FULL)


def unpooled(url: str) -> Engine:
    """An engine for one administrative step that must leave no connection behind."""
    return create_engine(with_driver(url), poolclass=NullPool)

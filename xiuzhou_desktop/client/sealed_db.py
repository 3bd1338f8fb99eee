"""Opening an encrypted SQLite file: sqlcipher3 under SQLAlchemy Core, with a raw 256-bit key
(sync.md §1 "Encryption").

The stdlib's SQLite has the WAL-reset corruption race; sqlcipher3 bundles a library that has it
fixed (sync.md §0.11).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from .errors import ClientError, Unavailable

BUSY_TIMEOUT_S = 5.0
DISK_SLUGS = ("full", "readonly", "disk i/o", "unable to open")


class Durability(StrEnum):
    """What a commit promises: NORMAL survives the process, FULL the power cut."""

    NORMAL = "NORMAL"
    FULL = "FULL"


class DamagedFileError(ClientError):
    """Not a database, or not under this key, or malformed."""

    slug = "damaged-file"


class DamagedCacheError(DamagedFileError):
    """The disposable file: it is begun anew and loaded again."""


class DamagedJournalError(DamagedFileError):
    """The precious file: nobody but a person may touch it."""

    slug = "damaged-journal"


def connect(
    path: Path,
    key: bytes,
    durability: Durability,
    cache_kib: int,
    damaged: type[DamagedFileError],
) -> Connection:
    """A held connection in autocommit; `begin()` on it makes a transaction.

    Raises `damaged`, Unavailable.
    """

    def creator() -> object:
        raw = driver.connect(str(path), check_same_thread=False, timeout=BUSY_TIMEOUT_S)
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute("PRAGMA cipher_memory_security = OFF")
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute(f"PRAGMA synchronous = {durability.value}")
        raw.execute(f"PRAGMA cache_size = -{cache_kib}")
        raw.execute("PRAGMA temp_store = MEMORY")
        return raw

    engine = create_engine("sqlite://", creator=creator, module=driver, poolclass=NullPool)
    with translated(damaged):
        return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def translated(damaged: type[DamagedFileError]) -> Iterator[None]:
    """The library's errors in our words: a damaged file, or a disk that does not answer."""
    try:
        yield
    except (DatabaseError, driver.DatabaseError) as error:
        words = str(error).lower()
        if any(slug in words for slug in DISK_SLUGS):
            raise Unavailable("disk", detail=str(error)) from error
        if "malformed" in words or "not a database" in words or "hmac" in words:
            raise damaged(detail=str(error)) from error
        raise

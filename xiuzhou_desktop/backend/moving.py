"""`backend move`: a district goes from its SQLite file to an empty PostgreSQL, whole.

    source, alone and locked ──row by row──► target, one transaction ──► counts and digests equal?
        ──► committed ──► the source is marked: nobody serves it again

Epoch, seqs, receipts, log, tombstones and sessions go along as they are, so a workstation notices
nothing: its cursor, its queue and its receipts stay good. Blobs, keys and trays stay in DIR, which
the backend is served with as before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.exc import DBAPIError

from xiuzhou_desktop.backend.console import CONSOLE
from xiuzhou_desktop.backend.positions import store as positions
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import UnavailableError, audit, meta
from xiuzhou_desktop.backend.store import schema as records
from xiuzhou_desktop.backend.store.at_rest import lend
from xiuzhou_desktop.backend.store.copying import Copied, copy_table, count_rows
from xiuzhou_desktop.backend.store.district_keys import district_keys
from xiuzhou_desktop.backend.store.engine import open_alone, open_postgresql, with_driver
from xiuzhou_desktop.backend.store.migrating import UnusableError, upgrade
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.backend.store.vault import Vault


class MoveError(Exception):
    """The move was refused or broken off; both sides are as they were."""


def move(source: Path, target: str, now: datetime) -> tuple[Copied, ...]:
    """Move the district of that file to that PostgreSQL; what went, table by table.

    Raises MoveError.
    """
    if not source.exists():
        raise MoveError(f"there is no district in {source}")
    shown = with_driver(target).render_as_string(hide_password=True)
    with _alone(source) as here, _empty(target) as there:
        vault = _vault(here, source.parent)
        lend(here, vault)
        lend(there, vault)
        upgrade(here)
        if meta.moved_to(here) is not None:
            raise MoveError(f"this district was moved to {meta.moved_to(here)} already")
        upgrade(there)
        moved = _copy_all(here, there, records.metadata)
        moved += _move_positions(source.parent / positions.FILE, there)
        note = Note(at=now, who=CONSOLE.user, act="move", subject=shown[:120], detail=source.name)
        audit.append(there, note)
        meta.mark_moved(here, shown[:200])
    return tuple(moved)


def _vault(here: Connection, folder: Path) -> Vault:
    """Raises MoveError without the district's keys."""
    try:
        return Vault(district_keys(here, Settings(folder=folder)).party)
    except UnusableError as error:
        raise MoveError(str(error)) from error


def _move_positions(source: Path, there: Connection) -> list[Copied]:
    positions.metadata.create_all(there)
    if not source.exists():
        return []
    with _alone(source) as here:
        positions.metadata.create_all(here)
        positions.make_days(there, positions.days_of(here))
        return _copy_all(here, there, positions.metadata)


def _copy_all(here: Connection, there: Connection, tables: MetaData) -> list[Copied]:
    """Raises MoveError where the target does not hold what the source does."""
    moved = []
    for table in tables.sorted_tables:
        copied = copy_table(here, there, table)
        if count_rows(there, table) != copied:
            raise MoveError(f"{table.name} did not arrive as it is: nothing was moved")
        moved.append(copied)
    return moved


@contextmanager
def _alone(file: Path) -> Iterator[Connection]:
    """The source, while nobody else has it. Raises MoveError."""
    database = open_alone(file)
    try:
        with database.transaction() as connection:
            yield connection
    except UnavailableError as error:
        raise MoveError(f"{file.name} is in use, stop the backend first: {error}") from error
    finally:
        database.close()


@contextmanager
def _empty(url: str) -> Iterator[Connection]:
    """The target, within one transaction. Raises MoveError."""
    database = open_postgresql(url)
    try:
        with database.transaction() as connection:
            if inspect(connection).get_table_names():
                raise MoveError("the target is not empty: a move that was cut off left it whole")
            yield connection
    except UnavailableError as error:
        raise MoveError(f"the target does not answer: {error}") from error
    except DBAPIError as error:  # SQLite holds texts that are longer than their column says
        raise MoveError(f"a row does not fit, nothing was moved: {error.orig}") from error
    finally:
        database.close()

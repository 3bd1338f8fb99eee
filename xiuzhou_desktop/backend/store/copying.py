"""Tables from one database to another, of whatever make, and the proof that they arrived.

The proof is a count and the sum of the rows' hashes: in any order, of values as the schema's types
give them, so a Boolean of SQLite and one of PostgreSQL are the same.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Table, func, insert, select

from xiuzhou_desktop.backend.store.schema import RECORD_INDEXES
from xiuzhou_desktop.domain.envelope import Struct

BATCH = 2_000  # rows a statement: bounds memory
MODULUS = 2**64


class Copied(Struct, frozen=True, kw_only=True):
    """A table's rows: how many, and the sum of their hashes."""

    table: str
    rows: int
    digest: int


def copy_table(here: Connection, there: Connection, table: Table) -> Copied:
    """Copy every row into an empty table; what was read."""
    later = [index for index in RECORD_INDEXES if index.table is table]  # built after the rows
    for index in later:
        index.drop(there)
    copied = Copied(table=table.name, rows=0, digest=0)
    for batch in _batches(here, table):
        there.execute(insert(table), [dict(row._mapping) for row in batch])  # noqa: SLF001 - public
        copied = _counted(copied, batch)
    for index in later:
        index.create(there)
    _go_on_counting(there, table)
    return copied


def count_rows(connection: Connection, table: Table) -> Copied:
    """What a table holds."""
    counted = Copied(table=table.name, rows=0, digest=0)
    for batch in _batches(connection, table):
        counted = _counted(counted, batch)
    return counted


def _counted(before: Copied, batch: Sequence[Row[Any]]) -> Copied:
    hashed = sum(
        int.from_bytes(hashlib.blake2b(msgspec.json.encode(list(row)), digest_size=8).digest())
        for row in batch
    )
    return Copied(
        table=before.table, rows=before.rows + len(batch),
        digest=(before.digest + hashed) % MODULUS,
    )  # fmt: skip


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    rows = connection.execute(select(table), execution_options={"stream_results": True})
    return rows.partitions(BATCH)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """A column that PostgreSQL numbers goes on behind the highest number that came."""
    for column in table.primary_key:
        if column.autoincrement is True:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, highest, False)))

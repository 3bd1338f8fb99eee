"""Writing a batch into the cache's tables, and telling under which keys anything moved.

put      replaced whole: record, document and words under the number it had
staged   a cold start's closed records, by page and in the order of their ids; `admit` builds the
         indexes once: 200,000 rows in a third of the time that inserting into them takes
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from xiuzhou_desktop.client.sync.keys import Key, fact_key, keys_of, record_key
from xiuzhou_desktop.client.sync.store import CacheBatch
from xiuzhou_desktop.client.sync.stored import Stored
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import Grant, RecordId
from xiuzhou_desktop.domain.workflow import FactKey

from .rows import ADD_DOCUMENT, ADD_WORDS, INSERT, STAGE, rows_of
from .selects import STUB
from .tables import meta, part, record, staging

MANY_ROWS = 5_000  # beyond it all may have moved
KNOWN = 'id, seq, "grant", gen, is_closed, n, kind, subject_key, parent_id, area'
AMONG = "WHERE id IN (SELECT value FROM json_each(:ids))"
OLD = f"SELECT {KNOWN} FROM record {AMONG} UNION ALL SELECT {KNOWN} FROM staging {AMONG}"  # noqa: S608 - names of our own columns
FORGET = tuple(
    f"DELETE FROM {table} WHERE {name} = ?"  # noqa: S608 - names of our own tables
    for table, name in (("search", "rowid"), ("document", "n"), ("record", "n"), ("staging", "n"))
)
SWAP = (
    "INSERT INTO staging SELECT * FROM record",
    "DROP TABLE record",
    "ALTER TABLE staging RENAME TO record",
)


class Old(Struct, frozen=True):
    """A row as it is before the batch, in the order of KNOWN."""

    id: RecordId
    seq: int
    grant: Grant
    gen: int
    is_closed: int
    n: int
    kind: str
    subject_key: str | None
    parent_id: str | None
    area: str | None

    def keys(self) -> Iterable[Key]:
        """Every key under which it lay."""
        yield record_key(self.id)
        lay = zip(KEYED, (self.subject_key, self.parent_id, self.area), strict=True)
        for by, value in lay:
            if value is not None:
                yield fact_key(Kind(self.kind), by, value)


KEYED = (FactKey.SUBJECT, FactKey.PARENT, FactKey.AREA)


class Writing:
    """The writer's connection; each call within a transaction of the caller's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        last = "SELECT max(n) FROM (SELECT n FROM record UNION ALL SELECT n FROM staging)"
        self._next_n = (connection.exec_driver_sql(last).scalar() or 0) + 1

    def old(self, ids: Sequence[RecordId]) -> list[Old]:
        """What is here of these ids."""
        found = self._connection.exec_driver_sql(OLD, {"ids": json.dumps(list(ids))})
        return [Old(*row) for row in found.fetchall()]

    def apply(self, batch: CacheBatch) -> frozenset[Key] | None:
        """All of it. Returns the keys that moved; None: too many to name."""
        both = (*batch.puts, *batch.staged)
        ids = [stored.envelope.id for stored, _ in both]
        old = self.old([*batch.removes, *batch.stubs, *ids])
        gone = set(batch.removes).union(ids)
        self._forget([one.n for one in old if one.id in gone])
        numbers = {one.id: one.n for one in old}
        self._put(batch.puts, INSERT, numbers)
        self._put(batch.staged, STAGE, numbers)
        self._mark(batch)
        self._empty([numbers[one] for one in batch.stubs if one in numbers])
        self._place(batch)
        if len(batch.puts) + len(old) >= MANY_ROWS:
            return None
        moved = {key for one in old for key in one.keys()}
        for stored, _ in batch.puts:
            moved |= keys_of(stored.envelope)
        return frozenset(moved)

    def admit(self) -> None:
        """Staged rows become records."""
        if self._connection.execute(select(staging.c.n).limit(1)).first() is None:
            return
        for statement in SWAP:
            self._connection.exec_driver_sql(statement)
        for index in record.indexes:
            index.create(self._connection)
        staging.create(self._connection)

    # -- parts ----------------------------------------------------------------------------------

    def _forget(self, numbers: list[int]) -> None:
        if numbers:
            for statement in FORGET:
                self._connection.exec_driver_sql(statement, [(n,) for n in numbers])

    def _put(
        self, puts: Sequence[tuple[Stored, int]], adding: str, numbers: dict[RecordId, int]
    ) -> None:
        """Bulk rows past the expression compiler: twice as fast (sync.md §6)."""
        if not puts:
            return
        made = []
        for stored, gen in puts:
            n = numbers.get(stored.envelope.id)
            if n is None:
                n, self._next_n = self._next_n, self._next_n + 1
            made.append(rows_of(n, stored, gen))
        run = self._connection.exec_driver_sql
        run(adding, [one.record for one in made])
        run(ADD_DOCUMENT, [one.document for one in made])
        run(ADD_WORDS, [one.words for one in made])

    def _mark(self, batch: CacheBatch) -> None:
        if batch.touched:
            self._connection.exec_driver_sql(
                "UPDATE record SET gen = ? WHERE id = ?", [(batch.gen, i) for i in batch.touched]
            )

    def _empty(self, numbers: list[int]) -> None:
        """Make stubs."""
        for n in numbers:
            self._connection.exec_driver_sql(FORGET[0], (n,))
            self._connection.exec_driver_sql(FORGET[1], (n,))
            self._connection.execute(update(record).where(record.c.n == n).values(EMPTIED))

    def _place(self, batch: CacheBatch) -> None:
        if batch.gone_parts:
            self._connection.execute(delete(part).where(part.c.id.in_(batch.gone_parts)))
        for grant, one in batch.parts.items():
            values = {"state": one.state.value, "n": one.n, "x": f"{one.x:x}"}
            adding = upsert(part).values(id=grant, **values)
            self._connection.execute(
                adding.on_conflict_do_update(index_elements=["id"], set_=values)
            )
        if batch.meta:
            self._connection.execute(delete(meta))
            self._connection.execute(
                insert(meta).values(id=1, json=msgspec.json.encode(batch.meta))
            )


# What a stub keeps: kind, id, grant, seq, gen.
EMPTIED: dict[str, Any] = {
    "state": None, "scope": None, "parent_id": None, "category": None, "area": None,
    "subject_key": None, "assignee": None, "priority": None, "is_closed": STUB, "closed": None,
    "due": None, "opened": None, "newest": None, "snoozed": None, "area_key": None, "title": None,
    "few_kind": None,
}  # fmt: skip

"""The disposable cache in one SQLCipher file an epoch: `cache-<epoch>.db` (sync.md §4.3, R4).

Two connections: the writer's (one thread, short transactions) and the reader's, which sees the last
committed batch. A damaged file costs a resync and nothing else: the journal lies elsewhere.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from xiuzhou_desktop.client.sealed_db import DamagedFileError, Durability, connect, translated
from xiuzhou_desktop.client.sync.lists import sort_key
from xiuzhou_desktop.client.sync.store import (
    Brief,
    CacheBatch,
    CacheMeta,
    GrantPart,
    GrantState,
    Ranked,
    SortKey,
)
from xiuzhou_desktop.client.sync.stored import decode_record
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import Grant, RecordId
from xiuzhou_desktop.domain.workflow import Fact

from .rows import INSERT, row_of, words_in
from .selects import STUB, rank_of, total_of, window_of
from .tables import CREATE_SEARCH, meta, metadata, part, record

READER_KIB = 32 * 1024  # holds the indexes of 200,000 records
WRITER_KIB = 64 * 1024  # given back after a bulk load
MANY_ROWS = 5_000
NO_EPOCH = "none"
FORMAT = 4  # of the tables; another one costs a rebuild
BRIEFS = 'SELECT id, seq, "grant", gen, is_closed, n FROM record WHERE id IN (SELECT value FROM json_each(?))'  # noqa: E501
FORGET_WORDS = "DELETE FROM search WHERE rowid = ?"
ADD_WORDS = "INSERT INTO search (rowid, words) VALUES (?, ?)"


class SqlCache:  # noqa: PLR0904 - the Store port, method by method
    """CacheStore over SQLCipher."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key
        self._stamp = 0
        self._meta = CacheMeta()
        self._parts: Mapping[Grant, GrantPart] = {}
        self._stubs: frozenset[Kind] = frozenset()
        self.was_rebuilt = False
        try:
            self._open(self._newest())
        except DamagedFileError:
            self.rebuild()

    # -- CacheStore: reading --------------------------------------------------------------------

    def meta(self) -> CacheMeta:
        return self._meta

    def parts(self) -> Mapping[Grant, GrantPart]:
        return self._parts

    def stamp(self) -> int:
        return self._stamp

    def briefs(self, ids: Sequence[RecordId]) -> Mapping[RecordId, Brief]:
        found = self._writing_rows(BRIEFS, json.dumps(list(ids)))
        return {
            RecordId(i): Brief(seq=seq, grant=Grant(grant), gen=gen, is_stub=is_closed == STUB)
            for i, seq, grant, gen, is_closed, _ in found
        }

    def ids_of(self, grants: frozenset[Grant]) -> tuple[RecordId, ...]:
        return self._ids(select(record.c.id).where(record.c.grant.in_(sorted(grants))))

    def unswept(self, grants: frozenset[Grant], gen: int, as_of: int) -> tuple[RecordId, ...]:
        return self._ids(
            select(record.c.id).where(
                record.c.grant.in_(sorted(grants)), record.c.gen != gen, record.c.seq <= as_of
            )
        )

    def record(self, record_id: RecordId) -> Record | None:
        wanted = select(record.c.raw).where(record.c.id == record_id, record.c.is_closed < STUB)
        with translated():
            raw = self._reader.execute(wanted).scalar_one_or_none()
        return None if raw is None else decode_record(raw)

    def rows(self, fact: Fact, value: str) -> tuple[Record, ...]:
        column = record.c[fact.by.value]
        wanted = select(record.c.raw).where(
            column == value, record.c.kind == fact.kind.value, record.c.is_closed < STUB
        )
        if not fact.closed:
            wanted = wanted.where(record.c.is_closed == 0)
        with translated():
            return tuple(decode_record(raw) for (raw,) in self._reader.execute(wanted))

    def stub_kinds(self) -> frozenset[Kind]:
        return self._stubs

    def oldest_closed(self, limit: int) -> tuple[RecordId, ...]:
        wanted = select(record.c.id).where(record.c.is_closed == 1)
        return self._ids(wanted.order_by(record.c.closed, record.c.id).limit(limit))

    def window(
        self, query: RecordQuery, without: frozenset[RecordId], now: datetime
    ) -> tuple[Ranked, ...]:
        chosen = window_of(query, without, now).subquery()
        wanted = select(record.c.raw).join(chosen, record.c.n == chosen.c.n)
        with translated():
            raws = self._reader.execute(wanted).scalars().all()
        found = (decode_record(raw) for raw in raws)
        ranked = [Ranked(key=sort_key(one, query.order), record=one) for one in found]
        return tuple(sorted(ranked, key=lambda one: one.key))

    def total(self, query: RecordQuery, without: frozenset[RecordId], now: datetime) -> int:
        with translated():
            return self._reader.execute(total_of(query, without, now)).scalar_one()

    def rank(
        self, query: RecordQuery, key: SortKey, without: frozenset[RecordId], now: datetime
    ) -> int:
        with translated():
            return self._reader.execute(rank_of(query, key, without, now)).scalar_one()

    # -- CacheStore: writing --------------------------------------------------------------------

    def write(self, batch: CacheBatch) -> None:
        with self._transaction():
            self._remove(batch.removes)
            self._put(batch)
            self._mark(batch)
            self._place(batch)
        if len(batch.puts) >= MANY_ROWS:
            with translated():
                self._writer.exec_driver_sql("PRAGMA shrink_memory")
        if batch.stubs or batch.removes or batch.puts and self._stubs:
            self._stubs = self._read_stub_kinds()
        self._parts = {g: p for g, p in self._parts.items() if g not in batch.gone_parts}
        self._parts = {**self._parts, **batch.parts}
        self._meta = batch.meta or self._meta
        self._stamp += 1

    def reset(self, meta: CacheMeta) -> None:
        """A file of its own for the new epoch (R4); the old one goes."""
        self.close()
        for old in self._files():
            _unlink(old)
        self._open(self._folder / f"cache-{_safe(meta.epoch or NO_EPOCH)}.db")
        self.write(CacheBatch(meta=meta))

    # -- life -----------------------------------------------------------------------------------

    def rebuild(self) -> None:
        """Begin with an empty file: the old one is damaged."""
        self.was_rebuilt = True
        stamp = self._stamp
        self.close()
        for old in self._files():
            _unlink(old)
        self._open(self._folder / f"cache-{NO_EPOCH}.db")
        self._stamp = stamp + 1

    def close(self) -> None:
        """Let go of the file."""
        for connection in (getattr(self, "_reader", None), getattr(self, "_writer", None)):
            if connection is not None and not connection.closed:
                connection.close()

    # -- parts ----------------------------------------------------------------------------------

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("cache-*.db"), key=lambda path: path.stat().st_mtime)

    def _newest(self) -> Path:
        files = self._files()
        return files[-1] if files else self._folder / f"cache-{NO_EPOCH}.db"

    def _open(self, path: Path) -> None:
        self._writer: Connection = connect(path, self._key, Durability.NORMAL, WRITER_KIB)
        self._reader: Connection = connect(path, self._key, Durability.NORMAL, READER_KIB)
        with translated():
            self._check_format()
            self._meta = self._read_meta()
            self._parts = self._read_parts()
            self._stubs = self._read_stub_kinds()
            last = self._writing_rows("SELECT max(n) FROM record")
        self._next_n = (last[0][0] or 0) + 1

    def _check_format(self) -> None:
        version = self._writing_rows("PRAGMA user_version")[0][0]
        if version not in (0, FORMAT):
            raise DamagedFileError(detail=f"format {version}")
        if version == FORMAT:
            return
        with self._transaction():
            metadata.create_all(self._writer)
            self._writer.exec_driver_sql(CREATE_SEARCH)
            self._writer.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")

    def _read_meta(self) -> CacheMeta:
        raw = self._writer.execute(select(meta.c.json)).scalar_one_or_none()
        return CacheMeta() if raw is None else msgspec.json.decode(raw, type=CacheMeta)

    def _read_parts(self) -> dict[Grant, GrantPart]:
        return {
            Grant(row.id): GrantPart(state=GrantState(row.state), n=row.n, x=int(row.x, 16))
            for row in self._writer.execute(select(part))
        }

    def _read_stub_kinds(self) -> frozenset[Kind]:
        rows = self._writing_rows("SELECT DISTINCT kind FROM record WHERE is_closed = 2")
        return frozenset(Kind(kind) for (kind,) in rows)

    def _writing_rows(self, statement: str, *values: object) -> Sequence[Any]:
        with translated():
            return self._writer.exec_driver_sql(statement, values).fetchall()

    def _ids(self, wanted: Select[str]) -> tuple[RecordId, ...]:
        with translated():
            return tuple(RecordId(i) for i in self._writer.execute(wanted).scalars())

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with translated():
            self._writer.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._writer.exec_driver_sql("ROLLBACK")
                raise
            self._writer.exec_driver_sql("COMMIT")

    def _numbers(self, ids: Sequence[RecordId]) -> dict[str, int]:
        return {row[0]: row[5] for row in self._writing_rows(BRIEFS, json.dumps(list(ids)))}

    def _remove(self, ids: Sequence[RecordId]) -> None:
        if not ids:
            return
        numbers = [(n,) for n in self._numbers(ids).values()]
        if numbers:
            self._writer.exec_driver_sql(FORGET_WORDS, numbers)
            self._writer.exec_driver_sql("DELETE FROM record WHERE n = ?", numbers)

    def _put(self, batch: CacheBatch) -> None:
        """Bulk rows past the expression compiler: twice as fast (sync.md §6)."""
        if not batch.puts:
            return
        numbers = self._numbers([stored.envelope.id for stored, _ in batch.puts])
        old = [(n,) for n in numbers.values()]
        rows, words = [], []
        for stored, gen in batch.puts:
            n = numbers.get(stored.envelope.id)
            if n is None:
                n, self._next_n = self._next_n, self._next_n + 1
            rows.append(row_of(n, stored, gen))
            words.append((n, words_in(stored)))
        if old:
            self._writer.exec_driver_sql(FORGET_WORDS, old)
        self._writer.exec_driver_sql(INSERT, rows)
        self._writer.exec_driver_sql(ADD_WORDS, words)

    def _mark(self, batch: CacheBatch) -> None:
        if batch.touched:
            self._writer.exec_driver_sql(
                "UPDATE record SET gen = ? WHERE id = ?", [(batch.gen, i) for i in batch.touched]
            )
        if batch.stubs:
            numbers = [(n,) for n in self._numbers(batch.stubs).values()]
            self._writer.exec_driver_sql(FORGET_WORDS, numbers)
            for (n,) in numbers:
                self._writer.execute(update(record).where(record.c.n == n).values(EMPTIED))

    def _place(self, batch: CacheBatch) -> None:
        if batch.gone_parts:
            self._writer.execute(delete(part).where(part.c.id.in_(batch.gone_parts)))
        for grant, one in batch.parts.items():
            values = {"state": one.state.value, "n": one.n, "x": f"{one.x:x}"}
            adding = upsert(part).values(id=grant, **values)
            self._writer.execute(adding.on_conflict_do_update(index_elements=["id"], set_=values))
        if batch.meta:
            self._writer.execute(delete(meta))
            self._writer.execute(insert(meta).values(id=1, json=msgspec.json.encode(batch.meta)))


# What a stub keeps: kind, id, grant, seq, gen.
EMPTIED: dict[str, object] = {
    "state": None, "scope": None, "parent_id": None, "category": None, "area": None,
    "subject_key": None, "assignee": None, "priority": None, "is_closed": STUB, "closed": None,
    "due": None, "opened": None, "newest": None, "snoozed": None, "area_key": None, "title": None,
    "raw": None,
}  # fmt: skip


def _safe(epoch: str) -> str:
    return "".join(letter for letter in epoch if letter.isalnum() or letter in "-_")[:64]


def _unlink(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)

"""The disposable cache in one SQLCipher file an epoch: `cache-<epoch>.db` (sync.md §4.3, R4).

Two connections: the writer's (one thread, short transactions) and the reader's, which sees the last
committed batch. A damaged file costs a resync and nothing else: the journal lies elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select

from xiuzhou_desktop.client.sealed_db import DamagedCacheError, Durability, connect, translated
from xiuzhou_desktop.client.sync.keys import Key
from xiuzhou_desktop.client.sync.lists import sort_key
from xiuzhou_desktop.client.sync.moved import MoveLog
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

from .found import Found
from .selects import ALL, STUB, Rows, rank_of, total_of, window_of
from .tables import CREATE_SEARCH, document, meta, metadata, part, record
from .writing import MANY_ROWS, Writing

READER_KIB = 32 * 1024  # holds the indexes of 200,000 records
WRITER_KIB = 64 * 1024  # given back after a bulk load
NO_EPOCH = "none"
FORMAT = 7  # of the tables; another one costs a rebuild
RAW = select(document.c.raw).join_from(record, document, record.c.n == document.c.n)


class SqlCache:  # noqa: PLR0904 - the Store port, method by method
    """CacheStore over SQLCipher."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key
        self._log = MoveLog()
        self._meta = CacheMeta()
        self._parts: Mapping[Grant, GrantPart] = {}
        self._stubs: frozenset[Kind] = frozenset()
        self.was_rebuilt = False
        try:
            self._open(self._newest())
        except DamagedCacheError:
            self.rebuild()

    # -- CacheStore: reading --------------------------------------------------------------------

    def meta(self) -> CacheMeta:
        return self._meta

    def parts(self) -> Mapping[Grant, GrantPart]:
        return self._parts

    def stamp(self) -> int:
        return self._log.stamp

    def moved_since(self, stamp: int) -> frozenset[Key] | None:
        return self._log.since(stamp)

    def briefs(self, ids: Sequence[RecordId]) -> Mapping[RecordId, Brief]:
        with translated(DamagedCacheError):
            found = self._writing.old(ids)
        return {
            one.id: Brief(seq=one.seq, grant=one.grant, gen=one.gen, is_stub=one.is_closed == STUB)
            for one in found
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
        found = self._records(RAW.where(record.c.id == record_id))
        return found[0] if found else None

    def all_of(self, kind: Kind) -> tuple[Record, ...]:
        return self._records(RAW.where(record.c.few_kind == kind.value).order_by(record.c.newest))

    def rows(self, fact: Fact, value: str) -> tuple[Record, ...]:
        wanted = RAW.where(record.c[fact.by.value] == value, record.c.kind == fact.kind.value)
        if not fact.closed:
            wanted = wanted.where(record.c.is_closed == 0)
        return self._records(wanted)

    def stub_kinds(self) -> frozenset[Kind]:
        return self._stubs

    def stubs(self) -> int:
        return int(self._writing_rows("SELECT count(*) FROM record WHERE is_closed = 2")[0][0])

    def oldest_closed(self, limit: int) -> tuple[RecordId, ...]:
        wanted = select(record.c.id).where(record.c.is_closed == 1)
        return self._ids(wanted.order_by(record.c.closed, record.c.id).limit(limit))

    def window(
        self, query: RecordQuery, without: frozenset[RecordId], now: datetime
    ) -> tuple[Ranked, ...]:
        with translated(DamagedCacheError):
            rows = self._found.rows_to_show(query, self.stamp()) if query.text else ALL
            chosen = window_of(query, rows, without, now).subquery()
            wanted = select(document.c.raw).join(chosen, document.c.n == chosen.c.n)
            raws = self._reader.execute(wanted).scalars().all()
        found = map(_decoded, raws)
        ranked = [Ranked(key=sort_key(one, query.order), record=one) for one in found]
        return tuple(sorted(ranked, key=lambda one: one.key))

    def total(self, query: RecordQuery, without: frozenset[RecordId], now: datetime) -> int:
        with translated(DamagedCacheError):
            if self._meta.loading is None and not without:  # what is staged has words already
                by_words = self._found.counted(query)
                if by_words is not None:
                    return by_words
            counted = total_of(query, self._counted(query), without, now)
            return self._reader.execute(counted).scalar_one()

    def rank(
        self, query: RecordQuery, key: SortKey, without: frozenset[RecordId], now: datetime
    ) -> int:
        with translated(DamagedCacheError):
            counted = rank_of(query, self._counted(query), key, without, now)
            return self._reader.execute(counted).scalar_one()

    # -- CacheStore: writing --------------------------------------------------------------------

    def write(self, batch: CacheBatch) -> None:
        with self._transaction():
            moved = self._writing.apply(batch)
        if len(batch.puts) >= MANY_ROWS:
            self._give_back()
        if batch.stubs or batch.removes or batch.puts and self._stubs:
            self._stubs = self._read_stub_kinds()
        self._parts = {g: p for g, p in self._parts.items() if g not in batch.gone_parts}
        self._parts = {**self._parts, **batch.parts}
        self._meta = batch.meta or self._meta
        self._log.note(moved)

    def admit(self) -> None:
        with self._transaction():
            self._writing.admit()
        self._give_back()
        self._log.note(None)

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
        self.close()
        for old in self._files():
            _unlink(old)
        self._open(self._folder / f"cache-{NO_EPOCH}.db")
        self._log.note(None)

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
        self._writer: Connection = self._connect(path, WRITER_KIB)
        self._reader: Connection = self._connect(path, READER_KIB)
        with translated(DamagedCacheError):
            self._check_format()
            self._meta = self._read_meta()
            self._parts = self._read_parts()
            self._stubs = self._read_stub_kinds()
            self._writing = Writing(self._writer)
            self._found = Found(self._reader)

    def _connect(self, path: Path, cache_kib: int) -> Connection:
        return connect(path, self._key, Durability.NORMAL, cache_kib, DamagedCacheError)

    def _check_format(self) -> None:
        version = self._writing_rows("PRAGMA user_version")[0][0]
        if version not in (0, FORMAT):
            raise DamagedCacheError(detail=f"format {version}")
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
        with translated(DamagedCacheError):
            return self._writer.exec_driver_sql(statement, values).fetchall()

    def _counted(self, query: RecordQuery) -> Rows:
        if not query.text:
            return ALL
        is_few = query.ids or query.snoozed or query.due == "passed" or query.opened_from
        if is_few:  # and looked up among the hits
            return self._found.rows_to_show(query, self.stamp())
        return self._found.rows_to_count(query, self.stamp())

    def _records(self, wanted: Select[bytes]) -> tuple[Record, ...]:
        with translated(DamagedCacheError):
            return tuple(map(_decoded, self._reader.execute(wanted).scalars()))

    def _give_back(self) -> None:
        """The pages that a bulk load left in the writer's cache."""
        with translated(DamagedCacheError):
            self._writer.exec_driver_sql("PRAGMA shrink_memory")

    def _ids(self, wanted: Select[str]) -> tuple[RecordId, ...]:
        with translated(DamagedCacheError):
            return tuple(RecordId(i) for i in self._writer.execute(wanted).scalars())

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with translated(DamagedCacheError):
            self._writer.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._writer.exec_driver_sql("ROLLBACK")
                raise
            self._writer.exec_driver_sql("COMMIT")


def _decoded(raw: bytes) -> Record:
    """The whole record. Raises DamagedCacheError for a body that a server should not have sent."""
    try:
        return decode_record(raw)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise DamagedCacheError(detail=str(error)) from error


def _safe(epoch: str) -> str:
    return "".join(letter for letter in epoch if letter.isalnum() or letter in "-_")[:64]


def _unlink(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)

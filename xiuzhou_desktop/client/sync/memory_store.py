"""Cache and journal in memory: for tests and the simulator.

A crash is a new core over the same stores.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from xiuzhou_desktop.client.views import Order, OutboxStatus, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import CommandId, Grant, RecordId
from xiuzhou_desktop.domain.workflow import Fact

from .entry import WITHDRAWN, Entry
from .keys import Key, keys_of, record_key
from .lists import sort_key, wants
from .moved import MoveLog
from .store import Brief, CacheBatch, CacheMeta, GrantPart, Ranked, SortKey
from .stored import Stored, decode_record

SETTLED = WITHDRAWN | {OutboxStatus.APPLIED}


class MemoryCache:  # noqa: PLR0904 - the Store port, method by method
    """The cache of one profile."""

    def __init__(self) -> None:
        self._meta = CacheMeta()
        self._parts: dict[Grant, GrantPart] = {}
        self._briefs: dict[RecordId, Brief] = {}
        self._stored: dict[RecordId, Stored] = {}
        self._records: dict[RecordId, Record] = {}
        self._stub_kinds: dict[RecordId, Kind] = {}
        self._staged: dict[RecordId, tuple[Stored, int]] = {}
        self._log = MoveLog()

    def meta(self) -> CacheMeta:
        return self._meta

    def parts(self) -> Mapping[Grant, GrantPart]:
        return self._parts

    def stamp(self) -> int:
        return self._log.stamp

    def moved_since(self, stamp: int) -> frozenset[Key] | None:
        return self._log.since(stamp)

    def briefs(self, ids: Sequence[RecordId]) -> Mapping[RecordId, Brief]:
        staged = {
            one: Brief(seq=stored.envelope.seq, grant=stored.grant, gen=gen)
            for one, (stored, gen) in self._staged.items()
        }
        known = {**staged, **self._briefs}
        return {one: known[one] for one in ids if one in known}

    def ids_of(self, grants: frozenset[Grant]) -> tuple[RecordId, ...]:
        return tuple(sorted(i for i, brief in self._briefs.items() if brief.grant in grants))

    def unswept(self, grants: frozenset[Grant], gen: int, as_of: int) -> tuple[RecordId, ...]:
        return tuple(
            sorted(
                i
                for i, brief in self._briefs.items()
                if brief.grant in grants and brief.gen != gen and brief.seq <= as_of
            )
        )

    def record(self, record: RecordId) -> Record | None:
        stored = self._stored.get(record)
        if stored is None:
            return None
        if record not in self._records:
            self._records[record] = decode_record(stored.raw)
        return self._records[record]

    def all_of(self, kind: Kind) -> tuple[Record, ...]:
        ids = [i for i, stored in self._stored.items() if stored.envelope.kind is kind]
        found = [record for record in map(self.record, ids) if record is not None]
        return tuple(sorted(found, key=lambda one: sort_key(one, Order.NEWEST)))

    def rows(self, fact: Fact, value: str) -> tuple[Record, ...]:
        found = (
            self.record(i) for i, s in sorted(self._stored.items()) if s.envelope.kind is fact.kind
        )
        return tuple(
            record
            for record in found
            if record is not None
            and getattr(record, fact.by.value) == value
            and (fact.closed or record.is_open)
        )

    def stub_kinds(self) -> frozenset[Kind]:
        return frozenset(self._stub_kinds.values())

    def stubs(self) -> int:
        return len(self._stub_kinds)

    def oldest_closed(self, limit: int) -> tuple[RecordId, ...]:
        closed = [
            (stored.envelope.closed_at, i)
            for i, stored in self._stored.items()
            if stored.envelope.closed_at is not None
        ]
        return tuple(i for _, i in sorted(closed)[:limit])

    def write(self, batch: CacheBatch) -> None:
        named = (*batch.removes, *batch.stubs, *(one.envelope.id for one, _ in batch.puts))
        before = self._keys(named) if named else frozenset[Key]()
        for i in batch.removes:
            self._drop(i)
        for stored, gen in batch.puts:
            self._put(stored, gen)
        for stored, gen in batch.staged:
            self._drop(stored.envelope.id)
            self._staged[stored.envelope.id] = (stored, gen)
        for i in batch.touched:
            if i in self._briefs:
                old = self._briefs[i]
                self._briefs[i] = Brief(
                    seq=old.seq, grant=old.grant, gen=batch.gen, is_stub=old.is_stub
                )
        for i in batch.stubs:
            self._evict(i)
        self._parts.update(batch.parts)
        for grant in batch.gone_parts:
            self._parts.pop(grant, None)
        self._meta = batch.meta or self._meta
        self._log.note(before | self._keys(named) if named else before)

    def admit(self) -> None:
        for stored, gen in tuple(self._staged.values()):
            self._put(stored, gen)
        self._log.note(None)

    def reset(self, meta: CacheMeta) -> None:
        log = self._log
        self.__init__()  # type: ignore[misc]
        self._meta, self._log = meta, log
        log.note(None)

    def window(
        self, query: RecordQuery, without: frozenset[RecordId], now: datetime
    ) -> tuple[Ranked, ...]:
        ranked = self._ranked(query, without, now)
        return tuple(ranked[query.offset : query.offset + query.limit])

    def total(self, query: RecordQuery, without: frozenset[RecordId], now: datetime) -> int:
        return len(self._ranked(query, without, now))

    def rank(
        self, query: RecordQuery, key: SortKey, without: frozenset[RecordId], now: datetime
    ) -> int:
        return sum(one.key < key for one in self._ranked(query, without, now))

    def _ranked(
        self, query: RecordQuery, without: frozenset[RecordId], now: datetime
    ) -> list[Ranked]:
        found = []
        for i in self._stored:
            record = self.record(i) if i not in without else None
            if record is not None and wants(query, record, now):
                found.append(Ranked(key=sort_key(record, query.order), record=record))
        return sorted(found, key=lambda one: one.key)

    def _put(self, stored: Stored, gen: int) -> None:
        i = stored.envelope.id
        self._drop(i)
        self._stored[i] = stored
        self._briefs[i] = Brief(seq=stored.envelope.seq, grant=stored.grant, gen=gen)

    def _drop(self, record: RecordId) -> None:
        for held in (self._briefs, self._stored, self._records, self._stub_kinds, self._staged):
            held.pop(record, None)

    def _keys(self, ids: Sequence[RecordId]) -> frozenset[Key]:
        found = {record_key(i) for i in ids}
        for i in ids:
            if i in self._stored:
                found |= keys_of(self._stored[i].envelope)
        return frozenset(found)

    def _evict(self, record: RecordId) -> None:
        stored, old = self._stored.get(record), self._briefs.get(record)
        if stored is None or old is None:
            return
        self._drop(record)
        self._stub_kinds[record] = stored.envelope.kind
        self._briefs[record] = Brief(seq=old.seq, grant=old.grant, gen=old.gen, is_stub=True)


class MemoryJournal:
    """The journal of one profile."""

    def __init__(self) -> None:
        self._entries: dict[CommandId, Entry] = {}

    def entries(self) -> tuple[Entry, ...]:
        return tuple(sorted(self._entries.values(), key=lambda e: e.command.client_seq))

    def write(self, entries: Sequence[Entry]) -> None:
        self._entries.update({entry.id: entry for entry in entries})

    def forget(self, before: datetime) -> None:
        waiting = [e for e in self._entries.values() if e.status not in SETTLED]
        named = {cause for e in waiting for cause in e.command.after}
        settled = [e for e in self._entries.values() if e.status in SETTLED and e.id not in named]
        old = [e.id for e in settled if e.saved_at < before]
        for i in old:
            del self._entries[i]

"""The store port in memory: for the simulator and its tests, one thread, no disk.

    MemoryStore ── writing(): the tables as they were come back if the transaction fails
                └─ rows: everything that a backup holds; `copy` is a backup, assigning one a restore

Rows are immutable, so that a copy of the tables costs a copy of their dictionaries.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter

import msgspec

from xiuzhou_desktop.backend.store import numbers
from xiuzhou_desktop.backend.store.codec import encode, grant_of
from xiuzhou_desktop.backend.store.effects import EffectState, Origin, Owed, not_before
from xiuzhou_desktop.backend.store.feed import Line, Lines
from xiuzhou_desktop.backend.store.leases import Lease
from xiuzhou_desktop.backend.store.meta import Meta
from xiuzhou_desktop.backend.store.opening import Opening, Wanted
from xiuzhou_desktop.backend.store.persons import Person, in_service
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.backend.store.receipts import StoredResult
from xiuzhou_desktop.backend.store.records import BLOB, DELETED, MOVED, Counted, Found
from xiuzhou_desktop.backend.store.surroundings import Surroundings, surroundings_of
from xiuzhou_desktop.contract.digest import line_digest
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.command import Effect
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Record, Struct
from xiuzhou_desktop.domain.kinds import RULING
from xiuzhou_desktop.domain.workflow import Fact

UNENDED = (EffectState.QUEUED, EffectState.SENDING, EffectState.CHECK)
ENDED = (EffectState.SENT, EffectState.FAILED)


class RecordRow(Struct, frozen=True, kw_only=True):
    """A record with its text, its grant and when timers look at it."""

    record: Record
    doc: str
    grant: str
    timer_at: datetime | None


class Tomb(Struct, frozen=True, kw_only=True):
    """A record that a grant lost."""

    line: Line
    at: datetime


class EffectRow(Struct, frozen=True, kw_only=True):
    """An effect with what only the outbox looks at."""

    owed: Owed
    not_before: datetime
    is_told: bool = False


@dataclass(slots=True)
class Rows:
    """All tables. `records` lies in the order of seq: who is written goes to the end."""

    meta: Meta
    records: dict[str, RecordRow] = field(default_factory=dict)
    tombs: list[Tomb] = field(default_factory=list)
    digests: dict[str, Counted] = field(default_factory=dict)
    results: dict[str, StoredResult] = field(default_factory=dict)
    log: list[tuple[Record, LogEntry]] = field(default_factory=list)
    effects: dict[tuple[str, int], EffectRow] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    senders: set[tuple[str, str]] = field(default_factory=set)  # blob, user

    def copy(self) -> "Rows":
        """The same rows in tables of their own."""
        return Rows(self.meta, *[table.copy() for table in _tables(self)])


_tables = attrgetter(*(one.name for one in fields(Rows) if one.name != "meta"))


class MemoryStore:
    """One district in memory."""

    def __init__(self, mac_key: bytes, now: datetime) -> None:
        self.mac_key = mac_key
        meta = Meta(
            epoch=secrets.token_hex(16), version_base=0, horizon=0, floor=0, born_at=now,
            replay_until=None,
        )  # fmt: skip
        self.rows = Rows(meta=meta)

    def writing(self) -> "Transaction":
        """All or nothing."""
        return Transaction(self)

    def reading(self) -> AbstractContextManager["MemoryTables"]:
        """One thread: nobody writes meanwhile."""
        return nullcontext(MemoryTables(self.rows))


class Transaction:
    """A turn at writing; no generator, since a schedule makes hundreds."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._before = store.rows.copy()

    def __enter__(self) -> "MemoryTables":
        return MemoryTables(self._store.rows)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: object
    ) -> None:
        if kind is not None:
            self._store.rows = self._before


class MemoryTables:  # noqa: PLR0904 - the store port, method by method
    """One transaction over the rows."""

    def __init__(self, rows: Rows) -> None:
        self._r = rows

    # -- meta -----------------------------------------------------------------------------------

    def opening(self, wanted: Wanted) -> Opening:
        return Opening(
            meta=self.meta(), person=self._r.persons.get(wanted.user or ""),
            known=self.result_of(wanted.command), target=self.find(wanted.record),
            around=self.surroundings(),
        )  # fmt: skip

    def meta(self) -> Meta:
        return self._r.meta

    def take_seq(self) -> int:
        horizon = self._r.meta.horizon + 1
        self._r.meta = msgspec.structs.replace(self._r.meta, horizon=horizon)
        return horizon

    def begin_epoch(self, now: datetime, replay_until: datetime) -> None:
        self._r.meta = msgspec.structs.replace(
            self._r.meta, epoch=secrets.token_hex(16), version_base=int(now.timestamp()),
            born_at=now, replay_until=replay_until,
        )  # fmt: skip

    def raise_floor(self, floor: int) -> None:
        floor = max(floor, self._r.meta.floor)
        self._r.meta = msgspec.structs.replace(self._r.meta, floor=floor)

    # -- records --------------------------------------------------------------------------------

    def find(self, record: str) -> Record | None:
        row = self._r.records.get(record)
        return row.record if row else None

    def find_doc(self, record: str) -> str | None:
        row = self._r.records.get(record)
        return row.doc if row else None

    def find_with_grant(self, record: str) -> Found | None:
        row = self._r.records.get(record)
        return Found(kind=row.record.kind, grant=row.grant, doc=row.doc) if row else None

    def find_external(self, source: str, external_id: str) -> Record | None:
        found = (row.record for row in self._r.records.values())
        return next((o for o in found if (o.source, o.external_id) == (source, external_id)), None)

    def answer_fact(self, fact: Fact, value: str) -> tuple[Record, ...]:
        by, kind = fact.by.value, fact.kind
        found = [
            row.record
            for row in self._r.records.values()
            if row.record.kind is kind and getattr(row.record, by) == value
        ]
        if not fact.closed:
            found = [one for one in found if one.is_open]
        return tuple(sorted(found, key=lambda one: one.id))

    def changed_after(self, kind: Kind, seq: int) -> tuple[Record, ...]:
        rows = self._r.records.values()
        return tuple(r.record for r in rows if r.record.kind is kind and r.record.seq > seq)

    def blob_grants(self, blob: str) -> tuple[str, ...]:
        rows = self._r.records.values()
        return tuple(sorted({row.grant for row in rows if blob in BLOB.findall(row.doc)}))

    def was_sent_by(self, blob: str, user: str) -> bool:
        return (blob, user) in self._r.senders

    def was_erased(self, record: str) -> bool:
        return any(t.line.id == record and t.line.why == DELETED for t in self._r.tombs)

    def write(self, old: Record | None, new: Record, timer_at: datetime | None) -> str:
        row = RecordRow(record=new, doc=encode(new), grant=grant_of(new), timer_at=timer_at)
        self._r.records.pop(new.id, None)
        self._r.records[new.id] = row
        if old is not None and grant_of(old) != row.grant:
            self._bury(old, new.seq, MOVED, new.log[-1].at if new.log else new.opened_at)
        return row.doc

    def erase(self, old: Record, seq: int, at: datetime) -> None:
        self._r.records.pop(old.id)
        self._bury(old, seq, DELETED, at)
        self.count_changes([(old, None)])

    def count_changes(self, changes: Iterable[tuple[Record | None, Record | None]]) -> None:
        for old, new in changes:
            for one, sign in ((old, -1), (new, 1)):
                if one is None:
                    continue
                grant = grant_of(one)
                was = self._r.digests.get(grant, Counted())
                self._r.digests[grant] = Counted(
                    n=was.n + sign, n_open=was.n_open + sign * one.is_open,
                    x=was.x ^ line_digest(one.id, one.seq),
                )  # fmt: skip

    def digests(self, grants: Iterable[str]) -> Mapping[str, Counted]:
        known = self._r.digests
        return {grant: known[grant] for grant in grants if grant in known}

    def set_timer(self, record: str, timer_at: datetime | None) -> None:
        row = self._r.records.get(record)
        if row is not None:
            self._r.records[record] = msgspec.structs.replace(row, timer_at=timer_at)

    def due_timers(self, now: datetime, limit: int) -> tuple[Record, ...]:
        due = [r for r in self._r.records.values() if r.timer_at and r.timer_at <= now]
        due.sort(key=lambda r: (not r.record.is_open, r.timer_at, r.record.id))
        return tuple(r.record for r in due[:limit])

    def _bury(self, old: Record, seq: int, why: str, at: datetime) -> None:
        line = Line(seq=seq, kind=old.kind.value, id=old.id, doc=None, grant=grant_of(old), why=why)
        self._r.tombs.append(Tomb(line=line, at=at))

    # -- feed -----------------------------------------------------------------------------------

    def changes_after(self, seq: int, grants: Iterable[str], limit: int) -> Lines:
        mine = frozenset(grants)
        lines = [t.line for t in self._r.tombs if t.line.seq > seq and t.line.grant in mine]
        for row in reversed(self._r.records.values()):
            if row.record.seq <= seq:
                break
            if row.grant in mine:
                lines.append(_line(row))
        lines.sort(key=lambda line: (line.seq, line.id, line.doc is not None))
        if len(lines) <= limit:
            return Lines(lines=tuple(lines), has_more=False)
        last = lines[limit - 1].seq  # a page ends where a seq ends (R13)
        whole = tuple(line for line in lines if line.seq <= last)
        return Lines(lines=whole, has_more=len(whole) < len(lines))

    def snapshot_page(self, grant: str, part: int, after_id: str, limit: int) -> tuple[bytes, ...]:
        found = sorted(
            (row.record.id, row.doc)
            for row in self._r.records.values()
            if row.grant == grant and row.record.id > after_id and row.record.is_open == bool(part)
        )
        return tuple(doc.encode() for _, doc in found[:limit])

    def bury_no_longer_than(self, at: datetime) -> int | None:
        old = [tomb.line.seq for tomb in self._r.tombs if tomb.at < at]
        self._r.tombs = [tomb for tomb in self._r.tombs if tomb.at >= at]
        return max(old, default=None)

    # -- results, log, numbers ------------------------------------------------------------------

    def save_result(self, result: StoredResult) -> None:
        if result.id in self._r.results:
            raise ValueError(f"a second result of {result.id}")
        self._r.results[result.id] = result

    def result_of(self, command: str) -> StoredResult | None:
        return self._r.results.get(command)

    def is_known(self, command: str) -> bool:
        return command in self._r.results

    def is_applied(self, command: str) -> bool:
        known = self._r.results.get(command)
        return known is not None and known.status is Status.APPLIED

    def forget_results(self, before: datetime) -> int:
        old = [one.id for one in self._r.results.values() if one.at < before]
        for command in old:
            del self._r.results[command]
        return len(old)

    def append_log(self, written: Sequence[tuple[Record, LogEntry]]) -> None:
        self._r.log.extend(written)

    def next_number(self, prefix: str, at: datetime) -> str:
        name = numbers.series(prefix, at)
        count = self._r.counters.get(name, 0) + 1
        self._r.counters[name] = count
        return f"{name}-{count:04d}"

    # -- effects --------------------------------------------------------------------------------

    def owe(self, origin: Origin, wanted: Sequence[Effect], state: EffectState) -> None:
        for place, one in enumerate(wanted):
            owed = Owed(
                command=origin.command, place=place, kind=one.kind, record=origin.record,
                args=dict(one.args), state=state, attempts=0, at=origin.at,
            )  # fmt: skip
            self._keep(EffectRow(owed=owed, not_before=not_before(one, origin.at)))

    def waiting_effects(self, now: datetime, limit: int) -> tuple[Owed, ...]:
        rows = self._r.effects.values()
        found = [one.owed for one in rows if one.owed.state in UNENDED and one.not_before <= now]
        return tuple(sorted(found, key=_oldest)[:limit])

    def untold_effects(self, limit: int, after: Owed | None) -> tuple[Owed, ...]:
        rows = self._r.effects.values()
        found = [one.owed for one in rows if one.owed.state in ENDED and not one.is_told]
        later = [one for one in found if after is None or _oldest(one) > _oldest(after)]
        return tuple(sorted(later, key=_oldest)[:limit])

    def mark_effect(self, owed: Owed, state: EffectState) -> bool:
        row = self._r.effects.get((owed.command, owed.place))
        if row is None or row.owed.state is not owed.state:
            return False
        self._keep(_moved(row, state=state))
        return True

    def end_effect(self, owed: Owed, state: EffectState) -> bool:
        return self.mark_effect(msgspec.structs.replace(owed, state=EffectState.SENDING), state)

    def postpone_effect(self, owed: Owed, until: datetime) -> None:
        row = self._r.effects.get((owed.command, owed.place))
        if row is not None and row.owed.state in UNENDED:
            later = _moved(row, state=EffectState.CHECK, attempts=row.owed.attempts + 1)
            self._keep(msgspec.structs.replace(later, not_before=until))

    def mark_told(self, owed: Owed) -> None:
        row = self._r.effects.get((owed.command, owed.place))
        if row is not None:
            self._keep(msgspec.structs.replace(row, is_told=True))

    def doubt_effects(self) -> None:
        for row in list(self._r.effects.values()):
            if row.owed.state in (EffectState.QUEUED, EffectState.SENDING):
                self._keep(_moved(row, state=EffectState.CHECK))

    def _keep(self, row: EffectRow) -> None:
        self._r.effects[row.owed.command, row.owed.place] = row

    # -- around ---------------------------------------------------------------------------------

    def surroundings(self) -> Surroundings:
        ruling = [row.record for row in self._r.records.values() if row.record.kind in RULING]
        if not ruling:
            return AS_DELIVERED
        as_of = max(one.seq for one in ruling)
        return surroundings_of(sorted(ruling, key=lambda one: one.id), as_of)

    def person(self, user: str) -> Person:
        return in_service(self._r.persons.get(user))

    def holds_lease(self, lease: Lease) -> bool:
        held = self._r.leases.get(lease.name)
        return held is not None and held.holder == lease.holder and held.until > lease.until

    def take_lease(self, lease: Lease, now: datetime) -> bool:
        held = self._r.leases.get(lease.name)
        is_free = held is None or held.holder == lease.holder or held.until <= now
        if is_free:
            self._r.leases[lease.name] = lease
        return is_free

    def keep_sealed(self, record: str, values: Mapping[str, str]) -> None: ...

    def note(self, note: Note) -> None:
        self._r.notes.append(note)


AS_DELIVERED = surroundings_of((), 0)  # no setting was ever touched


def _line(row: RecordRow) -> Line:
    one = row.record
    return Line(seq=one.seq, kind=one.kind.value, id=one.id, doc=row.doc, grant=row.grant, why=None)


def _oldest(owed: Owed) -> tuple[datetime, str, int]:
    return owed.at, owed.command, owed.place


def _moved(row: EffectRow, **changes: object) -> EffectRow:
    return msgspec.structs.replace(row, owed=msgspec.structs.replace(row.owed, **changes))

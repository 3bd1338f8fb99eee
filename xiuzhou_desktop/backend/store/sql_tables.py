"""The store port over one SQL transaction: each method is the function of that name in the module
that owns the table.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from xiuzhou_desktop.backend.store import (
    audit,
    effects,
    feed,
    leases,
    log,
    meta,
    numbers,
    persons,
    receipts,
    records,
    uploads,
)
from xiuzhou_desktop.backend.store.at_rest import vault_of
from xiuzhou_desktop.backend.store.effects import EffectState, Origin, Owed
from xiuzhou_desktop.backend.store.feed import Lines
from xiuzhou_desktop.backend.store.leases import Lease
from xiuzhou_desktop.backend.store.meta import Meta
from xiuzhou_desktop.backend.store.opening import Opening, Wanted, read_opening
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.backend.store.receipts import StoredResult
from xiuzhou_desktop.backend.store.records import Counted, Found
from xiuzhou_desktop.backend.store.surroundings import Surroundings, SurroundingsReader
from xiuzhou_desktop.domain.command import Effect
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Record
from xiuzhou_desktop.domain.workflow import Fact


class SqlTables:  # noqa: PLR0904 - the store port, method by method
    """One transaction."""

    def __init__(self, connection: Connection, around: SurroundingsReader) -> None:
        self._c = connection
        self._around = around

    def opening(self, wanted: Wanted) -> Opening:
        return read_opening(self._c, wanted, self._around)

    def meta(self) -> Meta:
        return meta.read_meta(self._c)

    def take_seq(self) -> int:
        return meta.take_seq(self._c)

    def begin_epoch(self, now: datetime, replay_until: datetime) -> None:
        meta.begin_epoch(self._c, now, replay_until)

    def raise_floor(self, floor: int) -> None:
        meta.raise_floor(self._c, floor)

    def find(self, record: str) -> Record | None:
        return records.find(self._c, record)

    def find_doc(self, record: str) -> str | None:
        return records.find_doc(self._c, record)

    def find_with_grant(self, record: str) -> Found | None:
        return records.find_with_grant(self._c, record)

    def find_external(self, source: str, external_id: str) -> Record | None:
        return records.find_external(self._c, source, external_id)

    def changed_after(self, kind: Kind, seq: int) -> tuple[Record, ...]:
        return records.changed_after(self._c, kind, seq)

    def answer_fact(self, fact: Fact, value: str) -> tuple[Record, ...]:
        return records.answer_fact(self._c, fact, value)

    def was_erased(self, record: str) -> bool:
        return records.was_erased(self._c, record)

    def write(self, old: Record | None, new: Record, timer_at: datetime | None) -> str:
        return records.write(self._c, old, new, timer_at)

    def erase(self, old: Record, seq: int, at: datetime) -> None:
        records.erase(self._c, old, seq, at)

    def count_changes(self, changes: Iterable[tuple[Record | None, Record | None]]) -> None:
        records.count_changes(self._c, changes)

    def digests(self, grants: Iterable[str]) -> Mapping[str, Counted]:
        return records.digests(self._c, grants)

    def set_timer(self, record: str, timer_at: datetime | None) -> None:
        records.set_timer(self._c, record, timer_at)

    def due_timers(self, now: datetime, limit: int) -> tuple[Record, ...]:
        return records.due_timers(self._c, now, limit)

    def blob_grants(self, blob: str) -> tuple[str, ...]:
        return records.blob_grants(self._c, blob)

    def was_sent_by(self, blob: str, user: str) -> bool:
        return uploads.was_sent_by(self._c, blob, user)

    def changes_after(self, seq: int, grants: Iterable[str], limit: int) -> Lines:
        return feed.changes_after(self._c, seq, grants, limit)

    def snapshot_page(self, grant: str, part: int, after_id: str, limit: int) -> tuple[bytes, ...]:
        return feed.snapshot_page(self._c, grant, part, after_id, limit)

    def bury_no_longer_than(self, at: datetime) -> int | None:
        return feed.bury_no_longer_than(self._c, at)

    def save_result(self, result: StoredResult) -> None:
        receipts.save(self._c, result)

    def result_of(self, command: str) -> StoredResult | None:
        return receipts.load(self._c, command)

    def is_known(self, command: str) -> bool:
        return receipts.is_known(self._c, command)

    def is_applied(self, command: str) -> bool:
        return receipts.is_applied(self._c, command)

    def forget_results(self, before: datetime) -> int:
        return receipts.forget_before(self._c, before)

    def append_log(self, written: Sequence[tuple[Record, LogEntry]]) -> None:
        log.append(self._c, written)

    def next_number(self, prefix: str, at: datetime) -> str:
        return numbers.next_number(self._c, prefix, at)

    def owe(self, origin: Origin, wanted: Sequence[Effect], state: EffectState) -> None:
        effects.add(self._c, origin, wanted, state)

    def waiting_effects(self, now: datetime, limit: int) -> tuple[Owed, ...]:
        return effects.waiting(self._c, now, limit)

    def untold_effects(self, limit: int, after: Owed | None) -> tuple[Owed, ...]:
        return effects.untold(self._c, limit, after)

    def mark_effect(self, owed: Owed, state: EffectState) -> bool:
        return effects.mark(self._c, owed, state)

    def end_effect(self, owed: Owed, state: EffectState) -> bool:
        return effects.end(self._c, owed, state)

    def postpone_effect(self, owed: Owed, until: datetime) -> None:
        effects.postpone(self._c, owed, until)

    def mark_told(self, owed: Owed) -> None:
        effects.mark_told(self._c, owed)

    def doubt_effects(self) -> None:
        effects.doubt_all(self._c)

    def surroundings(self) -> Surroundings:
        return self._around.read(self._c)

    def person(self, user: str) -> Person:
        return persons.read_person(self._c, user)

    def holds_lease(self, lease: Lease) -> bool:
        return leases.is_held(self._c, lease)

    def take_lease(self, lease: Lease, now: datetime) -> bool:
        return leases.take(self._c, lease, now)

    def keep_sealed(self, record: str, values: Mapping[str, str]) -> None:
        vault_of(self._c).keep(self._c, record, values)

    def note(self, note: Note) -> None:
        audit.append(self._c, note)

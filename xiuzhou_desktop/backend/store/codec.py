"""A stored record and its text: canonical JSON with the log in it, exactly what travels.

Reading picks the kind's body type and lifts bodies of older versions by the kind's upcasters.
"""

from datetime import datetime
from functools import lru_cache

import msgspec
from sqlalchemy import String

from xiuzhou_desktop.backend.store import schema
from xiuzhou_desktop.domain.canonical import canonical, format_instant, to_json
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Place, Record, Struct, grant_for
from xiuzhou_desktop.domain.ids import (
    AreaCode,
    CategoryCode,
    Grant,
    RecordId,
    Scope,
    SubjectKey,
)
from xiuzhou_desktop.domain.kinds import KINDS


class _Stored(Struct, frozen=True, kw_only=True):
    """A record whose body is not yet read."""

    kind: Kind
    id: RecordId
    number: str | None
    scope: Scope
    version: int
    state_version: int
    state: str
    parent_id: RecordId | None
    category: CategoryCode | None
    area: AreaCode | None
    subject_key: SubjectKey | None
    place: Place | None
    assignee: str | None
    priority: int
    source: str | None
    external_id: str | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    title: str
    body_v: int
    body: msgspec.Raw
    seq: int
    log: tuple[LogEntry, ...]


LIMITS = {
    str(column.name): column.type.length
    for column in schema.record.columns
    if isinstance(column.type, String)
    and column.type.length
    and column.name in Record.__struct_fields__
    and not column.name.endswith("_at")
}
_DECODER = msgspec.json.Decoder(_Stored)


def encode(record: Record) -> str:
    """The text of a record as it is stored and sent: canonical, and each entry of its log written
    once, since a record carries the same ones with every change.
    """
    plain = to_json(msgspec.structs.replace(record, log=()))
    fields: dict[str, object] = {**plain} if isinstance(plain, dict) else {}
    fields["log"] = [_entry(one) for one in record.log]
    return msgspec.json.encode(fields, order="sorted").decode()


@lru_cache(maxsize=1024)
def _entry(one: LogEntry) -> msgspec.Raw:
    return msgspec.Raw(canonical(one))


@lru_cache(maxsize=256)  # a command finds the record that the one before it left
def decode(doc: str) -> Record:
    """The record of a stored text."""
    stored = _DECODER.decode(doc)
    spec = KINDS[stored.kind]
    if stored.body_v == spec.body_v:
        body = msgspec.json.decode(stored.body, type=spec.body)
    else:
        body = msgspec.convert(_lifted(stored), spec.body)
    return Record(**(msgspec.structs.asdict(stored) | {"body": body, "body_v": spec.body_v}))


def image(record: Record) -> str:
    """The text of a record without its log, for the transition log."""
    return encode(msgspec.structs.replace(record, log=()))


def grant_of(record: Record) -> Grant:
    """The one grant by which a record is seen."""
    return grant_for(record.scope, KINDS[record.kind].group)


def row_of(record: Record, timer_at: datetime | None) -> dict[str, object]:
    """The columns of a record."""
    return {
        "id": record.id,
        "kind": record.kind.value,
        "grant_key": grant_of(record),
        "seq": record.seq,
        "version": record.version,
        "state_version": record.state_version,
        "number": record.number,
        "scope": record.scope,
        "state": str(record.state),
        "is_open": int(record.is_open),
        "parent_id": record.parent_id,
        "category": record.category,
        "area": record.area,
        "subject_key": record.subject_key,
        "camera": getattr(record.body, "camera", None),
        "source": record.source,
        "external_id": record.external_id,
        "opened_at": format_instant(record.opened_at),
        "due_at": _text(record.due_at),
        "closed_at": _text(record.closed_at),
        "timer_at": _text(timer_at),
        "doc": encode(record),
    }


def _text(at: datetime | None) -> str | None:
    return format_instant(at) if at else None


def _lifted(stored: _Stored) -> dict[str, object]:
    spec, version = KINDS[stored.kind], stored.body_v
    body: dict[str, object] = msgspec.json.decode(stored.body, type=dict[str, object])
    while version < spec.body_v:
        body, version = spec.upcasters[version](body), version + 1
    return body

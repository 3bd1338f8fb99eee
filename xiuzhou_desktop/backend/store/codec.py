"""A stored record and its text: canonical JSON with the log in it, exactly what travels.

Reading picks the kind's body type and lifts bodies of older versions by the kind's upcasters.
"""

from datetime import datetime
from functools import lru_cache

import msgspec
from sqlalchemy import String

from xiuzhou_desktop.backend.store import schema
from xiuzhou_desktop.domain.canonical import canonical, format_instant
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


class _Text(msgspec.Struct):
    """A record's columns as they are written, in the order of canonical JSON: by name."""

    area: AreaCode | None
    assignee: str | None
    body: msgspec.Raw
    body_v: int
    category: CategoryCode | None
    closed_at: str | None
    due_at: str | None
    external_id: str | None
    id: RecordId
    kind: Kind
    log: list[msgspec.Raw]
    number: str | None
    opened_at: str
    parent_id: RecordId | None
    place: msgspec.Raw | None
    priority: int
    scope: Scope
    seq: int
    source: str | None
    state: str
    state_version: int
    subject_key: SubjectKey | None
    title: str
    version: int


_ENCODER = msgspec.json.Encoder()


def encode(record: Record) -> str:
    """The text of a record as it is stored and sent: canonical, though the general way is taken for
    its body only. Each entry of its log is written once, since a record carries the same ones with
    every change.
    """
    one = record
    text = _Text(
        one.area, one.assignee, msgspec.Raw(canonical(one.body)), one.body_v, one.category,
        _text(one.closed_at), _text(one.due_at), one.external_id, one.id, one.kind,
        [_entry(entry) for entry in one.log], one.number, format_instant(one.opened_at),
        one.parent_id, msgspec.Raw(canonical(one.place)) if one.place else None, one.priority,
        one.scope, one.seq, one.source, one.state, one.state_version, one.subject_key, one.title,
        one.version,
    )  # fmt: skip
    return _ENCODER.encode(text).decode()


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
        body = spec.lifted(msgspec.json.decode(stored.body), stored.body_v)
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

"""Footprints: by which keys a command reads and writes, so that waiting follows data (sync.md §0.5,
R11).

r:<record id>                        one record
k:<kind>:<column>:<value>            everything that a fact by this key may find
"""

from typing import NewType

from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.workflow import FactKey

from .stored import Envelope

Key = NewType("Key", str)

INDEXED = (FactKey.SUBJECT, FactKey.PARENT, FactKey.AREA)


def record_key(record: RecordId) -> Key:
    """The key of one record."""
    return Key(f"r:{record}")


def fact_key(kind: Kind, by: FactKey, value: str) -> Key:
    """The key of a typed query; a query by id reads just that record."""
    if by is FactKey.ID:
        return record_key(RecordId(value))
    return Key(f"k:{kind.value}:{by.value}:{value}")


def keys_of(record: Record | Envelope) -> frozenset[Key]:
    """Every key under which a record can be found."""
    found = {record_key(record.id)}
    for by in INDEXED:
        value: str | None = getattr(record, by.value)
        if value is not None:
            found.add(fact_key(record.kind, by, value))
    return frozenset(found)

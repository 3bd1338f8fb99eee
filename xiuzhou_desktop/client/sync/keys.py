"""Footprints: by which keys a command reads and writes, so that waiting follows data (sync.md §0.5,
R11).

r:<record id>                        one record
k:<kind>:<column>:<value>            everything that a fact by this key may find
"""

from functools import lru_cache
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


def is_record_key(key: Key) -> bool:
    """Whether it names one record."""
    return key.startswith("r:")


def fact_key(kind: Kind, by: FactKey, value: str) -> Key:
    """The key of a typed query; a query by id reads just that record."""
    if by is FactKey.ID:
        return record_key(RecordId(value))
    return Key(f"k:{kind}:{by}:{value}")


def keys_of(record: Record | Envelope) -> frozenset[Key]:
    """Every key under which a record can be found."""
    return _keys(record.kind, record.id, record.subject_key, record.parent_id, record.area)


def forget_keys() -> None:
    """Plates and companies among them are of records that may no longer be read."""
    _keys.cache_clear()


@lru_cache(maxsize=4096)  # asked of the same record at every recomputing of the view
def _keys(kind: Kind, record: RecordId, *values: str | None) -> frozenset[Key]:
    found = {fact_key(kind, by, value) for by, value in zip(INDEXED, values, strict=True) if value}
    return frozenset(found | {record_key(record)})

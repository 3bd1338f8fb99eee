"""Small steps that every `writes` is made of: typed views of a situation, and changed copies of
records.
"""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import msgspec

from .envelope import Args, Body, Record
from .workflow import KindSpec, Situation

A = TypeVar("A", bound=Args)
B = TypeVar("B", bound=Body)


class OutsideTableError(AssertionError):
    """A `writes` moved a record along a row that its table does not have: a defect, never the
    input's fault.
    """


def args_of(situation: Situation[Args], form: type[A]) -> A:
    """The arguments as the form that the row declares."""
    if not isinstance(situation.args, form):
        raise TypeError(f"{type(situation.args).__name__} is not {form.__name__}")
    return situation.args


def target_of(situation: Situation[Args]) -> Record:
    """The target of a row that does not create."""
    if situation.target is None:
        raise TypeError("a row that creates has no target")
    return situation.target


def body_of(record: Record, body: type[B]) -> B:
    """The body as the type of its kind."""
    if not isinstance(record.body, body):
        raise TypeError(f"{type(record.body).__name__} is not {body.__name__}")
    return record.body


def fact_of(situation: Situation[Args], name: str) -> Record | None:
    """The one record of a fact by id, or None where there is none."""
    return next(iter(situation.facts.get(name, ())), None)


def with_body(record: Record, **changes: object) -> Record:
    """The record with these fields of its body changed."""
    return msgspec.structs.replace(record, body=msgspec.structs.replace(record.body, **changes))


def with_columns(record: Record, **changes: object) -> Record:
    """The record with these columns of its envelope changed."""
    return msgspec.structs.replace(record, **changes)


def moved(spec: KindSpec, record: Record, name: str, target: StrEnum, now: datetime) -> Record:
    """A touched record moved along the row `name` of its own table. Raises OutsideTableError."""
    row = spec.transition(name)
    if row is None or record.state not in row.sources or target not in row.targets:
        raise OutsideTableError(f"{spec.kind.value}.{name}: {record.state} to {target.value}")
    return settled(spec, with_columns(record, state=target.value), now)


def settled(spec: KindSpec, record: Record, now: datetime) -> Record:
    """The record with `closed_at` as its state demands."""
    if record.state not in spec.closed:
        return with_columns(record, closed_at=None)
    return with_columns(record, closed_at=record.closed_at or now)


def can_move(spec: KindSpec, record: Record | None, name: str) -> bool:
    """Whether the record stands where that row of its own table starts."""
    row = spec.transition(name)
    return record is not None and row is not None and record.state in row.sources


def is_news(due: datetime | None, alarmed_at: datetime | None) -> bool:
    """Whether an alarm for that time has not been given yet: each deadline sounds once."""
    return due is not None and (alarmed_at is None or alarmed_at < due)

"""Numbers for people: XZ-F-20261124-0001, given by the backend, one series a kind and day.

They are given inside the commit lock, so none is given twice; a gap cannot arise either, since a
transaction that fails gives its number back.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.backend.store.schema import counter
from xiuzhou_desktop.domain.workcalendar import LOCAL


def series(prefix: str, at: datetime) -> str:
    """The part of a number before its count."""
    day = at.astimezone(LOCAL).date().isoformat()  # `strftime` costs ten times as much
    return f"{prefix}-{day.replace('-', '')}"


def next_number(connection: Connection, prefix: str, at: datetime) -> str:
    """The next number of the day's series."""
    name = series(prefix, at)
    return f"{name}-{advance(connection, name):04d}"


def advance(connection: Connection, name: str, count: int = 1) -> int:
    """Move a counter on; returns its new value."""
    moved = _ADVANCE.scalar(connection, {"wanted": name, "count": count})
    if moved is None:
        connection.execute(insert(counter).values(name=name, value=count))
        return count
    return int(moved)


def parts(number: str) -> tuple[str, int]:
    """The series of a number, and its count."""
    name, _, count = number.rpartition("-")
    return name, int(count)


def at_least(connection: Connection, name: str, count: int) -> None:
    """Move a counter beyond a number that came from elsewhere."""
    left = count - read_counter(connection, name)
    if left > 0:
        advance(connection, name, left)


def put_counter(connection: Connection, name: str, value: int) -> None:
    """Set a counter that is no series of numbers."""
    advance(connection, name, value - read_counter(connection, name))


def read_counter(connection: Connection, name: str) -> int:
    """A counter's value; 0 before its first use."""
    found = connection.execute(select(counter.c.value).where(counter.c.name == name))
    return int(found.scalar_one_or_none() or 0)


_ADVANCE = Prepared(
    update(counter)
    .where(counter.c.name == bindparam("wanted"))
    .values(value=counter.c.value + bindparam("count"))
    .returning(counter.c.value)
)

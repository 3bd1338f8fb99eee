"""Tables of positions and everything that reads and writes them.

    position        every fix once, by (vehicle, time); on PostgreSQL a partition a day
    newest          the newest fix of each vehicle, stamped with when it came
    track_reading   who read whose track: 行踪轨迹 are sensitive data (PIPL 28)

A database of its own: a thousand trucks write here each second, and no command waits for them. A
power cut may cost the last second, which terminals send again.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Select,
    String,
    Table,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import DropTable
from sqlalchemy.sql.dml import ReturningInsert

from xiuzhou_desktop.backend.store.engine import postgresql_engine, sqlite_engine, translated

metadata = MetaData()


def _measured() -> tuple[Column[int], ...]:
    """What a fix says beside whose it is, and when it came."""
    big = ("at_ms", "alarm", "came_ms")
    names = ("at_ms", "lon_e7", "lat_e7", "speed_dkmh", "heading_deg", "alarm", "came_ms")
    return tuple(
        Column(name, BigInteger if name in big else Integer, nullable=False) for name in names
    )


position = Table(
    "position",
    metadata,
    Column("vehicle", String(36), nullable=False),
    *_measured(),
    PrimaryKeyConstraint("vehicle", "at_ms"),
    sqlite_with_rowid=False,
    postgresql_partition_by="RANGE (at_ms)",
)
newest = Table("newest", metadata, Column("vehicle", String(36), primary_key=True), *_measured())
track_reading = Table(
    "track_reading",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("user", String(64), nullable=False),
    Column("vehicle", String(36), nullable=False),
    Column("start_ms", BigInteger, nullable=False),
    Column("end_ms", BigInteger, nullable=False),
)
FILE = "positions.db"  # in DIR, beside SQLite
DAY_MS = 86_400_000
EPOCH = date(1970, 1, 1)
Row = dict[str, int | str]
_Begun = TypeVar("_Begun", sqlite.Insert, postgresql.Insert)


class Fix(NamedTuple):
    """One row; units as in contract/positions.py."""

    vehicle: str
    at_ms: int
    lon_e7: int
    lat_e7: int
    speed_dkmh: int
    heading_deg: int
    alarm: int


class Reading(NamedTuple):
    """Somebody's look at a track."""

    user: str
    vehicle: str
    start_ms: int
    end_ms: int


class PositionStore:
    """One district's positions. Its methods block: call them on a worker's thread."""

    def __init__(self, reading: Engine, writing: Engine) -> None:
        self._reading = reading
        self._writing = writing
        self._is_sqlite = writing.dialect.name == "sqlite"
        self._days: set[int] = set()
        with translated():
            metadata.create_all(writing)

    def add(self, fixes: Iterable[Fix], came_ms: int) -> int:
        """Keep what is new; how many were. Raises UnavailableError."""
        ordered = sorted({fix[:2]: fix for fix in fixes}.values())
        if not ordered:
            return 0
        with translated(), self._writing.begin() as connection:
            self._make_days(connection, ordered)
            return self._add(connection, [{**one._asdict(), "came_ms": came_ms} for one in ordered])

    def track(self, vehicle: str, start_ms: int, end_ms: int) -> list[Fix]:
        """Its fixes from an instant until before another. Raises UnavailableError."""
        wanted = (
            select(*list(position.c)[:7])
            .where(
                position.c.vehicle == vehicle,
                position.c.at_ms >= start_ms,
                position.c.at_ms < end_ms,
            )
            .order_by(position.c.at_ms)
        )
        with translated(), self._reading.connect() as connection:
            return [Fix(*row) for row in connection.execute(wanted)]

    def newer_than(self, came_ms: int) -> tuple[list[Fix], int]:
        """The newest fix of each vehicle that came after the mark, and the next mark."""
        wanted = select(newest).where(newest.c.came_ms > came_ms)
        with translated(), self._reading.connect() as connection:
            rows = connection.execute(wanted).all()
        return [Fix(*row[:7]) for row in rows], max((row[7] for row in rows), default=came_ms)

    def note(self, reading: Reading, at_ms: int) -> None:
        """That somebody read a track."""
        row = {"at_ms": at_ms, **reading._asdict()}
        with translated(), self._writing.begin() as connection:
            connection.execute(insert(track_reading).values(row))

    def readings(self) -> list[Reading]:
        """Who read what, oldest first."""
        columns = [track_reading.c[name] for name in Reading._fields]
        with translated(), self._reading.connect() as connection:
            rows = connection.execute(select(*columns).order_by(track_reading.c.id))
            return [Reading(*row) for row in rows]

    def forget_before(self, at_ms: int) -> int:
        """Drop what is older than is kept, last places too; how many fixes that were. On PostgreSQL
        whole days go, at the end of their last hour: nothing is searched for and nothing vacuumed.
        """
        with translated(), self._writing.begin() as connection:
            connection.execute(delete(newest).where(newest.c.at_ms < at_ms))
            if not self._is_sqlite:
                return _drop_days(connection, at_ms // DAY_MS)
            return connection.execute(delete(position).where(position.c.at_ms < at_ms)).rowcount

    def close(self) -> None:
        """Let go of every connection."""
        self._writing.dispose()
        self._reading.dispose()

    def _add(self, connection: Connection, rows: Sequence[Row]) -> int:
        """In two statements, whatever the number of vehicles."""
        last = list({row["vehicle"]: row for row in rows}.values())
        if self._is_sqlite:
            new = len(connection.execute(_ADD, rows).all())
            connection.execute(_MOVE, last)
        else:
            new = len(connection.execute(_ADD_BATCH, _as_text(rows)).all())
            connection.execute(_MOVE_BATCH, _as_text(last))
        return new

    def _make_days(self, connection: Connection, rows: Sequence[Fix]) -> None:
        """PostgreSQL: the partitions that these rows fall into."""
        days = {row.at_ms // DAY_MS for row in rows} - self._days
        if self._is_sqlite or not days:
            return
        make_days(connection, days)
        self._days |= days


def open_positions(url: str | None, sqlite_file: Path) -> PositionStore:
    """Beside the records: a file of its own, or tables of its own in PostgreSQL."""
    if url is None:
        sqlite_file.parent.mkdir(parents=True, exist_ok=True)
        reading = sqlite_engine(sqlite_file, "BEGIN", synchronous="NORMAL")
        writing = sqlite_engine(sqlite_file, "BEGIN IMMEDIATE", synchronous="NORMAL")
        return PositionStore(reading, writing)
    engine = postgresql_engine(url, pool_size=4, max_overflow=4)
    return PositionStore(engine, engine)


def make_days(connection: Connection, days: Iterable[int]) -> None:
    """The partitions of these days since 1970, where they lack; one process makes them at a time.
    All of the text is computed here: nothing of it comes from outside.
    """
    connection.execute(_TAKE_DAY_LOCK)
    for day in sorted(days):
        connection.execute(
            text(
                f"CREATE TABLE IF NOT EXISTS {_partition(day)} PARTITION OF position"
                f" FOR VALUES FROM ({day * DAY_MS}) TO ({(day + 1) * DAY_MS})"
            )
        )


def days_of(connection: Connection) -> set[int]:
    """The days since 1970 on which there are fixes."""
    return set(connection.execute(select(position.c.at_ms // DAY_MS).distinct()).scalars())


def _drop_days(connection: Connection, before_day: int) -> int:
    oldest = _partition(before_day)
    gone = [one for one in connection.execute(_PARTITIONS).scalars() if one < oldest]
    dropped = 0
    for one in gone:
        day = table(one)
        dropped += connection.execute(select(func.count()).select_from(day)).scalar_one()
        connection.execute(DropTable(Table(one, MetaData())))
    return dropped


def _partition(day: int) -> str:
    return f"position_{EPOCH + timedelta(days=day):%Y%m%d}"


_TAKE_DAY_LOCK = text("SELECT pg_advisory_xact_lock(330411, 1)")
_PARTITIONS = text(
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
    " WHERE i.inhparent = 'position'::regclass ORDER BY c.relname"
)


def _adding(begun: _Begun) -> ReturningInsert[int]:
    """Fixes that are not there yet; a row for each that was not."""
    return begun.on_conflict_do_nothing().returning(position.c.at_ms)


def _moving(begun: _Begun) -> _Begun:
    """Last places, where they are newer than what is there."""
    changes = {name: begun.excluded[name] for name in newest.c.keys() if name != "vehicle"}
    return begun.on_conflict_do_update(
        newest.primary_key, set_=changes, where=newest.c.at_ms < begun.excluded.at_ms
    )


def _as_text(rows: Sequence[Row]) -> dict[str, str]:
    """A batch as PostgreSQL takes it: a thousand rows as values cost 90 ms of Python, so 4."""
    return {"batch": msgspec.json.encode(rows).decode()}


def _batch() -> Select[Any]:
    """The rows of that text."""
    given = cast(bindparam("batch", type_=Text), postgresql.JSON)
    columns = (column(one.name, one.type) for one in position.c)
    rows = func.json_to_recordset(given).table_valued(*columns)
    return select(rows.render_derived(with_types=True))


_NAMES = position.c.keys()
_ADD = _adding(sqlite.insert(position))
_MOVE = _moving(sqlite.insert(newest)).returning(newest.c.vehicle)  # many rows: one statement
_ADD_BATCH = _adding(postgresql.insert(position).from_select(_NAMES, _batch()))
_MOVE_BATCH = _moving(postgresql.insert(newest).from_select(_NAMES, _batch()))

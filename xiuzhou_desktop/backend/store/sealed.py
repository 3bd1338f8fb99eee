"""Sealed work of officers whose access ended, kept until an administrator has dealt with it."""

from collections.abc import Sequence

from sqlalchemy import Connection, Row, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from xiuzhou_desktop.backend.store.schema import sealed_work

SealedRow = Row[tuple[str, str, str, int, str, str]]


def keep(connection: Connection, values: dict[str, object]) -> None:
    """Add one; the same id again changes nothing."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(sealed_work).on_conflict_do_nothing(), values)


def count_of(connection: Connection, user: str) -> int:
    """How many are kept of a user."""
    return int(connection.execute(_COUNT, {"wanted": user}).scalar_one())


def all_kept(connection: Connection) -> Sequence[SealedRow]:
    """Oldest first."""
    return connection.execute(select(sealed_work).order_by(sealed_work.c.at)).all()


def one(connection: Connection, sealed_id: str) -> SealedRow | None:
    """That one."""
    return connection.execute(_ONE, {"wanted": sealed_id}).first()


_COUNT = select(func.count()).where(sealed_work.c.user == bindparam("wanted"))
_ONE = select(sealed_work).where(sealed_work.c.id == bindparam("wanted"))

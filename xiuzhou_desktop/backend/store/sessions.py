"""Open sessions, listed and ended."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select

from xiuzhou_desktop.backend.store.schema import session
from xiuzhou_desktop.contract.sessions import SessionLine
from xiuzhou_desktop.domain.canonical import format_instant, parse_instant


def all_open(
    connection: Connection, now: datetime, renewed_for: timedelta
) -> tuple[SessionLine, ...]:
    """Those that may still be refreshed, the one renewed last first. `renewed_for`: how long an
    access token holds.
    """
    rows = connection.execute(_OPEN, {"now": format_instant(now)})
    return tuple(
        SessionLine(
            id=row.id, user=row.user, workstation=row.workstation,
            opened_at=parse_instant(row.opened_at) if row.opened_at else None,
            renewed_at=parse_instant(row.access_until) - renewed_for,
            ends_at=parse_instant(row.refresh_until),
        )
        for row in rows
    )  # fmt: skip


def end(connection: Connection, session_id: str) -> str | None:
    """End one; whose it was, or None where there is none of that id."""
    user: str | None = connection.execute(_END, {"wanted": session_id}).scalar_one_or_none()
    return user


def end_all_of(connection: Connection, user: str) -> int:
    """End all of a user's; how many there were."""
    return int(connection.execute(_END_OF, {"wanted": user}).rowcount)


_OPEN = (
    select(session)
    .where(session.c.refresh_until > bindparam("now"))
    .order_by(session.c.access_until.desc(), session.c.id)
)
_END = delete(session).where(session.c.id == bindparam("wanted")).returning(session.c.user)
_END_OF = delete(session).where(session.c.user == bindparam("wanted"))

"""When each platform was last heard of: of its workstations, kept for other processes and the next
start; of its devices, by their flags.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from xiuzhou_desktop.backend.store.schema import platform_link, record
from xiuzhou_desktop.domain.canonical import format_instant, parse_instant
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import Scope


def workstations(connection: Connection) -> dict[Scope, datetime]:
    """What is kept."""
    return _read(connection.execute(select(platform_link.c.scope, platform_link.c.heard_at)).all())


def devices(connection: Connection, since: datetime) -> dict[Scope, datetime]:
    """The newest flag of a device in each scope, among those since then."""
    return _read(connection.execute(_DEVICES, {"since": format_instant(since)}).all())


def keep(connection: Connection, heard: Mapping[Scope, datetime]) -> None:
    """Let these count where they are later than what is kept."""
    known = workstations(connection)
    for scope, at in heard.items():
        values = {"scope": scope, "heard_at": format_instant(at)}
        if scope not in known:
            connection.execute(insert(platform_link).values(values))
        elif at > known[scope]:
            connection.execute(_LATER, values | {"wanted": scope})


def _read(rows: Iterable[Row[Any, Any]]) -> dict[Scope, datetime]:
    return {Scope(scope): parse_instant(at) for scope, at in rows}


_LATER = update(platform_link).where(platform_link.c.scope == bindparam("wanted"))
_DEVICES = (
    select(record.c.scope, func.max(record.c.opened_at))
    .where(
        record.c.kind == Kind.FLAG.value, record.c.opened_at >= bindparam("since"),
        record.c.external_id.is_not(None),
    )
    .group_by(record.c.scope)
)  # fmt: skip

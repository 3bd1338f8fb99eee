"""Records as they stood at an instant, from the transition log: of each record the last image whose
act lies before it. What was erased since is erased from the past, too.

What was open then is still open, or was closed later: so the queue of an hour in the past is found
among few records, whatever the log holds.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, func, or_, select

from xiuzhou_desktop.backend.store.at_rest import opened
from xiuzhou_desktop.backend.store.schema import record, transition_log
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Struct

StoodRow: TypeAlias = tuple[str, str]


class Asked(Struct, frozen=True, kw_only=True):
    """Which records, as of when; `only_open`: those that were open then, and perhaps some more."""

    at: datetime
    kinds: tuple[str, ...]
    only_open: bool
    after_id: str
    limit: int


def ids_of(connection: Connection, asked: Asked) -> tuple[str, ...]:
    """The records of a page, by id: their past is asked next."""
    wanted = _OPEN_THEN if asked.only_open else _ALL
    values = {
        "kinds": sorted(asked.kinds), "at": format_instant(asked.at), "after": asked.after_id,
        "n": asked.limit,
    }  # fmt: skip
    return tuple(connection.execute(wanted, values).scalars())


def stood(connection: Connection, ids: Sequence[str], at: datetime) -> Sequence[StoodRow]:
    """(image, state after the act) of the last act of each of these up to the instant."""
    values = {"ids": list(ids), "at": format_instant(at)}
    rows = connection.execute(_LAST_ACTS, values)
    return [(opened(connection, row.image), row.to_state) for row in rows]


_ALL = (
    select(record.c.id)
    .where(
        record.c.kind.in_(bindparam("kinds", expanding=True)), record.c.id > bindparam("after")
    )
    .order_by(record.c.id)
    .limit(bindparam("n"))
)  # fmt: skip
_OPEN_THEN = _ALL.where(or_(record.c.is_open == 1, record.c.closed_at > bindparam("at")))
_ranked = (
    select(
        transition_log.c.id,
        transition_log.c.image,
        transition_log.c.to_state,
        func.row_number()
        .over(
            partition_by=transition_log.c.id,
            order_by=(transition_log.c.seq.desc(), transition_log.c.at.desc()),
        )
        .label("rank"),
    )
    .where(
        transition_log.c.id.in_(bindparam("ids", expanding=True)),
        transition_log.c.at <= bindparam("at"),
    )
    .subquery()
)
_LAST_ACTS = (
    select(_ranked.c.image, _ranked.c.to_state).where(_ranked.c.rank == 1).order_by(_ranked.c.id)
)

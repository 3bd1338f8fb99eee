"""What the servers promised against what lies in the database, asked of it directly.

a command answered as applied   in the transition log, once for each record of its receipt
a flag that was taken           one record
a fix that was taken            one row of its instant (of instants that somebody answered)
"""

from sqlalchemy import Connection, func, select

from tests.load.tally import Tally
from xiuzhou_desktop.backend.positions.store import position
from xiuzhou_desktop.backend.store.engine import unpooled
from xiuzhou_desktop.backend.store.schema import record, transition_log
from xiuzhou_desktop.domain.envelope import Kind, Struct


class Audit(Struct, frozen=True, kw_only=True):
    """How many of what was promised are not there, and how many are there twice."""

    lost: int
    twice: int


def audit(url: str, tally: Tally) -> Audit:
    """After everything is answered."""
    with unpooled(url).connect() as connection:
        logged = {(row.command_id, row.id) for row in connection.execute(_LOGGED)}
        flags = connection.execute(_FLAGS).scalars().all()
        kept = {at_ms: count for at_ms, count in connection.execute(_FIXES)}
        repeated = _repeated(connection)
    missing = {at_ms: taken - kept.get(at_ms, 0) for at_ms, taken in tally.fixes.items()}
    promised = {(one, record) for one, written in tally.answered.items() for record in written}
    lost = len(promised - logged) + len(tally.flags - set(flags))
    return Audit(
        lost=lost + sum(max(0, one) for one in missing.values()),
        twice=repeated
        + len(flags)
        - len(set(flags))
        + sum(max(0, -one) for one in missing.values()),
    )


def _repeated(connection: Connection) -> int:
    once = (transition_log.c.command_id, transition_log.c.id)
    again = func.count() - 1
    more = select(again).select_from(transition_log).group_by(*once).having(func.count() > 1)
    return sum(connection.execute(more).scalars())


_LOGGED = select(transition_log.c.command_id, transition_log.c.id)
_FIXES = select(position.c.at_ms, func.count()).group_by(position.c.at_ms)
_FLAGS = select(record.c.external_id).where(
    record.c.kind == Kind.FLAG.value, record.c.external_id.is_not(None)
)

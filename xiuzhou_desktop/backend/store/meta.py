"""The one row of `sync_meta`: epoch, horizon and what a restore leaves behind (sync.md §4.1, §4.4).

A seq is taken here, inside the commit lock, once a command. Epoch is random, new at creation and at
each restore; `version_base` is then above every number that was used before, so that no
state_version ever names two states (R17).
"""

import secrets
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from xiuzhou_desktop.backend.store.listening import Channel
from xiuzhou_desktop.backend.store.prepared import PlainRow, Prepared
from xiuzhou_desktop.backend.store.schema import sync_meta
from xiuzhou_desktop.domain.canonical import format_instant, parse_instant
from xiuzhou_desktop.domain.envelope import Struct


class Meta(Struct, frozen=True, kw_only=True):
    """State of the feed as one transaction sees it."""

    epoch: str
    version_base: int
    horizon: int
    floor: int
    born_at: datetime
    replay_until: datetime | None

    def is_replaying(self, now: datetime) -> bool:
        """Whether the window after a restore is open: clients send again what they were told,
        timers pause.
        """
        return self.replay_until is not None and now < self.replay_until


def create_meta(connection: Connection, now: datetime) -> Meta:
    """The row of a new database."""
    connection.execute(
        insert(sync_meta).values(
            id=1, epoch=secrets.token_hex(16), version_base=0, seq=0, floor=0,
            born_at=format_instant(now), replay_until=None,
        )
    )  # fmt: skip
    return read_meta(connection)


def has_meta(connection: Connection) -> bool:
    """Whether this database was ever begun."""
    return _READ.first(connection, {}) is not None


def read_meta(connection: Connection) -> Meta:
    """The row as it stands."""
    (row,) = _READ.rows(connection, {})
    return meta_of(row)


def meta_of(row: PlainRow) -> Meta:
    """The state in the columns META."""
    epoch, base, seq, floor, born_at, replay_until = row
    return Meta(
        epoch=epoch, version_base=base, horizon=seq, floor=floor, born_at=parse_instant(born_at),
        replay_until=parse_instant(replay_until) if replay_until else None,
    )  # fmt: skip


def take_seq(connection: Connection, count: int = 1) -> int:
    """The last of `count` new seqs. Only inside `transaction()`: order of giving is order of
    becoming visible. Processes that share a PostgreSQL hear of it at the commit.
    """
    take = _TAKE if connection.dialect.name == "sqlite" else _TAKE_AND_TELL
    return int(take.scalar(connection, {"count": count}))


def moved_to(connection: Connection) -> str | None:
    """Where the district lives since it was moved away from here."""
    where: str | None = connection.execute(select(sync_meta.c.moved_to)).scalar_one()
    return where


def mark_moved(connection: Connection, where: str) -> None:
    """Nobody serves this database again."""
    connection.execute(update(sync_meta).values(moved_to=where))


def begin_epoch(connection: Connection, now: datetime, replay_until: datetime) -> None:
    """After a restore: a new epoch, numbers above all that was used before (from the clock), a
    window for replays.
    """
    connection.execute(
        update(sync_meta).values(
            epoch=secrets.token_hex(16), version_base=int(now.timestamp()),
            born_at=format_instant(now), replay_until=format_instant(replay_until),
        )
    )  # fmt: skip


def raise_floor(connection: Connection, floor: int) -> None:
    """Cursors below are answered `cursor-expired` from now on; it never falls: a tombstone of a
    replay is older than its seq says.
    """
    connection.execute(update(sync_meta).where(sync_meta.c.floor < floor).values(floor=floor))


META = (
    sync_meta.c.epoch, sync_meta.c.version_base, sync_meta.c.seq, sync_meta.c.floor,
    sync_meta.c.born_at, sync_meta.c.replay_until,
)  # fmt: skip
_READ = Prepared(select(*META).where(sync_meta.c.id == 1))
_COUNT_UP = (
    update(sync_meta).where(sync_meta.c.id == 1).values(seq=sync_meta.c.seq + bindparam("count"))
)
_TAKE = Prepared(_COUNT_UP.returning(sync_meta.c.seq))
_TAKE_AND_TELL = Prepared(
    _COUNT_UP.returning(sync_meta.c.seq, func.pg_notify(Channel.FEED.value, ""))
)

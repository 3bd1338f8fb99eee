"""What the store may forget: tombstones after 90 days, receipts after 180, ended sessions.

A cursor older than the youngest forgotten tombstone is answered `cursor-expired`: `floor` says so.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete

from xiuzhou_desktop.backend.store import Store, Tables
from xiuzhou_desktop.backend.store.schema import session
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Struct

KEEP_TOMBSTONES = timedelta(days=90)  # a workstation that was away longer begins anew
# twice the longest time offline that any rule permits, and more
KEEP_RECEIPTS = timedelta(days=180)


class Forgotten(Struct, frozen=True, kw_only=True):
    """What a turn took away; `floor` None: no tombstone was old enough."""

    floor: int | None
    receipts: int


def keep_house(store: Store, now: datetime, wall: datetime) -> Forgotten:
    """One turn. `now` is business time, which stamps records; sessions end in real time."""
    with store.transaction() as connection:
        forgotten = forget_old(store.tables(connection), now)
        connection.execute(delete(session).where(session.c.refresh_until < format_instant(wall)))
    return forgotten


def forget_old(tables: Tables, now: datetime) -> Forgotten:
    """What the feed and the desk need no longer."""
    floor = tables.bury_no_longer_than(now - KEEP_TOMBSTONES)
    if floor is not None:
        tables.raise_floor(floor)
    return Forgotten(floor=floor, receipts=tables.forget_results(now - KEEP_RECEIPTS))

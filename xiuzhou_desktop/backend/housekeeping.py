"""What the store may forget: tombstones after 90 days, receipts after 180, ended sessions.

A cursor older than the youngest forgotten tombstone is answered `cursor-expired`: `floor` says so.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete

from xiuzhou_desktop.backend.store import Store, feed, meta, receipts
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
        floor = feed.bury_no_longer_than(connection, now - KEEP_TOMBSTONES)
        if floor is not None:
            meta.raise_floor(connection, floor)
        gone = receipts.forget_before(connection, now - KEEP_RECEIPTS)
        connection.execute(delete(session).where(session.c.refresh_until < format_instant(wall)))
    return Forgotten(floor=floor, receipts=gone)

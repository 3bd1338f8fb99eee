"""Eight writers and one reader: does a cursor `seq > x` see every commit?

    under_the_lock   as the product numbers: inside the commit lock (sync.md §0.4)
    from_a_sequence  the naive way, a number from a sequence at the beginning of a transaction:
                     numbers become visible in another order than they were given

Each commit is a tombstone of its own number, read by the feed's own page.
"""

import threading
from collections.abc import Callable, Iterator
from uuid import uuid4

from sqlalchemy import Connection, insert, text

from xiuzhou_desktop.backend.store import Store, feed, meta
from xiuzhou_desktop.backend.store.schema import tombstone

WRITERS = 8
PAGE = 2000
GRANT = "330411:dispatch"

Commit = Callable[[Store, str], None]


def under_the_lock(store: Store, name: str) -> None:
    """One commit of the product."""
    with store.transaction() as connection:
        _bury(connection, meta.take_seq(connection), name)


def from_a_sequence(store: Store, name: str) -> None:
    """One commit of the naive cursor."""
    with store.database.aside() as connection:
        number = connection.execute(text("SELECT nextval('naive')")).scalar_one()
        _bury(connection, number, name)


def make_sequence(store: Store) -> None:
    """What the naive way numbers by."""
    with store.transaction() as connection:
        connection.execute(text("CREATE SEQUENCE naive"))


def missed(store: Store, commit: Commit, count: int) -> int:
    """How many of so many commits the reader never saw."""
    names = [str(uuid4()) for _ in range(count)]
    shares = [names[place::WRITERS] for place in range(WRITERS)]
    writers = [threading.Thread(target=_write, args=(store, commit, share)) for share in shares]
    seen: set[str] = set()
    pages = pages_of(store)
    for one in writers:
        one.start()
    while any(one.is_alive() for one in writers):
        seen |= next(pages)
    for one in writers:
        one.join()
    while page := next(pages):  # everything is committed: what is behind the cursor stays there
        seen |= page
    return len(set(names) - seen)


def _write(store: Store, commit: Commit, names: list[str]) -> None:
    for name in names:
        commit(store, name)


def pages_of(store: Store) -> Iterator[set[str]]:
    """What came since the page before, as the feed tells it."""
    cursor = 0
    while True:
        with store.snapshot() as connection:
            lines = feed.changes_after(connection, cursor, [GRANT], PAGE).lines
        cursor = max((one.seq for one in lines), default=cursor)
        yield {one.id for one in lines}


def _bury(connection: Connection, seq: int, name: str) -> None:
    connection.execute(
        insert(tombstone).values(
            seq=seq, id=name, kind="flag", grant_key=GRANT, why="deleted",
            at="2026-11-23T00:30:00.000Z",
        )
    )  # fmt: skip

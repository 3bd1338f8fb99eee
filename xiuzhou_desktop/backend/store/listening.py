"""Hearing what other processes of the district have committed: LISTEN, on a connection of its own.

    a transaction's NOTIFY, told when it commits ─► PostgreSQL ─► the ear of each process ─► its
        pokes, its live lane

PostgreSQL puts commits that notify in order by a lock of its own (sync.md §1); ours are in order by
the commit lock already. A message says only that something moved; one that is lost, while the ear
connects anew, is made good by the looks that go on beside it.
"""

from collections.abc import Callable
from enum import StrEnum

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from xiuzhou_desktop.backend.store.engine import KEEP_ALIVE, UnavailableError


class Channel(StrEnum):
    """What moved."""

    FEED = "xiuzhou_feed"
    LIVE = "xiuzhou_live"


async def hear(url: str, tell: Callable[[Channel], None]) -> None:
    """Tell what comes, until cancelled; each channel once at the beginning, for what came before.

    Raises UnavailableError when the connection ends.
    """
    where = make_url(url).set(drivername="postgresql").update_query_dict(KEEP_ALIVE)
    plain = where.render_as_string(hide_password=False)
    try:
        async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as connection:
            for channel in Channel:
                await connection.execute(SQL("LISTEN {}").format(Identifier(channel.value)))
                tell(channel)
            async for one in connection.notifies():
                tell(Channel(one.channel))
    except psycopg.OperationalError as error:
        raise UnavailableError(str(error)) from error

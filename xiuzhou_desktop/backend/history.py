"""The past: `GET /v1/history`, within the reader's present grants, as the records lay then."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from xiuzhou_desktop.backend.store import history
from xiuzhou_desktop.backend.store.codec import decode, encode, grant_of
from xiuzhou_desktop.backend.store.history import Asked, StoodRow
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.contract.history import HistoryPage
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import RecordId


def page(connection: Connection, person: Person, asked: Asked) -> HistoryPage:
    """The next page; it may hold fewer records than were looked at."""
    ids = history.ids_of(connection, asked)
    rows = history.stood(connection, ids, asked.at)
    found = (_as_it_stood(row, asked.at) for row in rows)
    seen = [
        one
        for one in found
        if grant_of(one) in person.grants and (one.is_open or not asked.only_open)
    ]
    return HistoryPage(
        has_more=len(ids) == asked.limit,
        after_id=RecordId(ids[-1]) if ids else None,
        records=tuple(msgspec.Raw(encode(one).encode()) for one in seen),
    )  # fmt: skip


def _as_it_stood(row: StoodRow, at: datetime) -> Record:
    """A command's image is exact. A record that was loaded whole has one image for all its acts:
    its state is the act's, and it was not closed before it was.
    """
    text, state = row
    image = decode(text)
    if str(image.state) == state and (image.closed_at is None or image.closed_at <= at):
        return image
    closed_at = image.closed_at if image.closed_at and image.closed_at <= at else None
    return msgspec.structs.replace(image, state=state, closed_at=closed_at)

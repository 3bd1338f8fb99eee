"""The list as it stood at an instant: asked of the server, ordered and cut here as every list is.

    RecordQuery(at=T) ──► pages of /v1/history (kinds, open or all) ──► wants, order, window
                              └── the last few instants are kept: a hand turns pages there

Nothing of ours is laid over it: what waits in the outbox had not happened. A workstation keeps no
past, so offline it says that it cannot.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.client.sync.lists import sort_key, wants
from xiuzhou_desktop.client.sync.stored import decode_record
from xiuzhou_desktop.client.views import Page, RecordQuery, RecordView
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import Grant, RecordId

from .link import LinkKeeper

KEPT = 4  # instants
MOST = 20_000  # records of one instant: an hour's queue holds hundreds
Key = tuple[datetime, tuple[Kind, ...], bool, frozenset[Grant]]


class Past:
    """Answers queries with an `at`. What was kept under other grants answers nothing."""

    def __init__(self, api: Api, link: LinkKeeper, grants: Callable[[], frozenset[Grant]]) -> None:
        self._api = api
        self._link = link
        self._grants = grants
        self._stood: OrderedDict[Key, tuple[Record, ...]] = OrderedDict()

    async def query(self, query: RecordQuery, at: datetime) -> Page:
        """A window of the list at that instant. Raises Unavailable."""
        found = await self._listed(query, at)
        shown = found[query.offset : query.offset + query.limit]
        views = tuple(RecordView(record=one) for one in shown)
        return Page(views=views, total=len(found), offset=query.offset)

    async def total(self, query: RecordQuery, at: datetime) -> int:
        """How many records the list had at that instant. Raises Unavailable."""
        return len(await self._listed(query, at))

    async def position(self, query: RecordQuery, record: RecordId, at: datetime) -> int | None:
        """The record's place in the list of that instant. Raises Unavailable."""
        ids = [one.id for one in await self._listed(query, at)]
        return ids.index(record) if record in ids else None

    async def _listed(self, query: RecordQuery, at: datetime) -> list[Record]:
        """The whole list, in its order."""
        if query.pending:
            return []
        found = [one for one in await self._records(query, at) if wants(query, one, at)]
        return sorted(found, key=lambda one: sort_key(one, query.order))

    async def _records(self, query: RecordQuery, at: datetime) -> tuple[Record, ...]:
        if not self._link.is_up:
            raise Unavailable("past-needs-server")
        key = (at, tuple(sorted(query.kinds or Kind)), bool(query.is_open), self._grants())
        if key not in self._stood:
            self._stood[key] = await self._fetched(key)
        self._stood.move_to_end(key)
        while len(self._stood) > KEPT:
            self._stood.popitem(last=False)
        return self._stood[key]

    async def _fetched(self, key: Key) -> tuple[Record, ...]:
        at, kinds, only_open, _ = key
        asked: dict[str, str | int] = {
            "at": format_instant(at), "kinds": ",".join(kind.value for kind in kinds),
            "open": str(only_open).lower(),
        }  # fmt: skip
        found: list[Record] = []
        while True:
            page = await self._api.history(asked)
            found += [decode_record(bytes(raw)) for raw in page.records]
            if len(found) > MOST:
                raise Unavailable("past-too-wide")
            if not page.has_more or page.after_id is None:
                return tuple(found)
            asked["after_id"] = page.after_id

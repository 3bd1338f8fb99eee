"""Lists as panels ask for them: as they stand, of the cache; with an `at`, as they stood, of the
server.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from xiuzhou_desktop.client.views import Page, RecordQuery
from xiuzhou_desktop.domain.ids import RecordId

from .past import Past
from .reading import Reading

AnswerT = TypeVar("AnswerT")


class Guarded(Protocol):
    """A question to the cache that outlives a damaged file."""

    def __call__(self, ask: Callable[[], AnswerT]) -> Awaitable[AnswerT]: ...


class Lists:
    """The three questions to a list. All raise Unavailable where the past cannot be asked."""

    def __init__(self, reading: Reading, past: Past, guarded: Guarded) -> None:
        self._reading = reading
        self._past = past
        self._guarded = guarded

    async def query(self, query: RecordQuery) -> Page:
        """A window."""
        if query.at is not None:
            return await self._past.query(query, query.at)
        return await self._guarded(lambda: self._reading.query(query))

    async def counts(self, queries: tuple[RecordQuery, ...]) -> tuple[int, ...]:
        """Totals, those of the present in one go."""
        present = tuple(query for query in queries if query.at is None)
        now = iter(await self._guarded(lambda: self._reading.counts(present)))
        found = []
        for query in queries:
            at = query.at
            found.append(next(now) if at is None else await self._past.total(query, at))
        return tuple(found)

    async def position(self, query: RecordQuery, record: RecordId) -> int | None:
        """A record's place; None where it has none."""
        if query.at is not None:
            return await self._past.position(query, record, query.at)
        return await self._guarded(lambda: self._reading.position(query, record))

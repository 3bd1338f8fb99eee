"""A workstation of a measured district: its engine, and how long until something holds."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from xiuzhou_desktop.client.engine import EngineThread
from xiuzhou_desktop.client.profile import Profile
from xiuzhou_desktop.client.views import Link, RecordQuery

MOST_WAIT_S = 120


class Workstation:
    """`began`: when its engine was started."""

    def __init__(self, engine: EngineThread, began: float) -> None:
        self._engine = engine
        self._began = began
        self._moved = asyncio.Event()
        self.watching = engine.observe(lambda _: self._moved.set())

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> float:
        """Seconds since the start at which it held."""
        async with asyncio.timeout(MOST_WAIT_S):
            while not await holds():
                await self._moved.wait()
                self._moved.clear()
        return time.perf_counter() - self._began

    async def lists(self, query: RecordQuery, total: int) -> bool:
        """Whether it lists so many."""
        return (await self._engine.query(query)).total == total

    async def is_whole(self) -> bool:
        """Whether the cache is at the horizon."""
        return self._engine.link.link is Link.ONLINE


@contextlib.asynccontextmanager
async def started(profile: Profile) -> AsyncIterator[Workstation]:
    """Its engine runs until the block ends."""
    began = time.perf_counter()
    engine = EngineThread(profile).start()
    one = Workstation(engine, began)
    try:
        yield one
    finally:
        one.watching.close()
        engine.stop()

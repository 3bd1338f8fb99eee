"""Pokes: workstations are told that something changed, never what (sync.md §0.9).

One watcher a process reads the horizon, when this process has committed and when it hears that
another has, and wakes every listener with the same `Poke`. Beside SQLite nobody tells of the
command line's commits: it looks four times a second. A lost one is harmless: the next, or the
client's own poll, says the same.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import suppress

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.high_water import HighWater
from xiuzhou_desktop.backend.sse import event
from xiuzhou_desktop.backend.store import Store, UnavailableError, meta
from xiuzhou_desktop.contract.sync import Poke

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25  # for commits of other processes on SQLite
NET_S = 2.0  # PostgreSQL tells of them (store/listening.py); a look now and then for what is lost
REST_S = 0.02  # a batch of commands wakes everyone once, and does not compete with its own readers
HEARTBEAT_S = 15.0  # a client whose stream is silent for 35 s connects again
STALE_S = 0.25


class Pokes:
    """The watcher and those who listen to it; lives on the server's event loop."""

    def __init__(self, store: Store, clock: BusinessClock, high_water: HighWater) -> None:
        self._store = store
        self._clock = clock
        self._high_water = high_water
        self._committed = asyncio.Event()
        self._turn = asyncio.Event()  # replaced at each poke: everyone who waits on it wakes
        self._next_sign_s = 0.0
        self._last: Poke | None = None
        self._line, self._said_s = b"", 0.0  # the last one as all streams carry it, and since when
        self._closing = asyncio.Event()
        self._look_every_s = LOOK_EVERY_S if store.database.is_sqlite else NET_S

    @property
    def is_closing(self) -> bool:
        """Whether the process is about to end."""
        return self._closing.is_set()

    async def closing_within(self, seconds: float) -> bool:
        """Wait so long, or until the end of the process; whether that has come."""
        try:
            async with asyncio.timeout(seconds):  # `wait_for` may swallow a cancellation on 3.11
                await self._closing.wait()
        except TimeoutError:
            return False
        return True

    async def watch(self) -> None:
        """Run until closed; the first look comes at once."""
        loop = asyncio.get_running_loop()
        self._store.on_commit(lambda: loop.call_soon_threadsafe(self._committed.set))
        while not self.is_closing:
            self._committed.clear()
            try:
                await self._look()
            except UnavailableError:
                log.warning("database not available")
            await self.closing_within(REST_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_every_s):
                    await self._committed.wait()

    def committed(self) -> None:
        """Another process has committed."""
        self._committed.set()

    def poke(self) -> None:
        """Wake everyone: the clock was moved."""
        self._last = None
        self._committed.set()

    def close(self) -> None:
        """End every stream, so that the process can stop."""
        self._closing.set()
        self._committed.set()
        self._turn.set()

    async def stream(self) -> AsyncIterator[bytes]:
        """One at once, then at each change, and now and then as a sign of life. No stream has a
        timer or a line of its own: 500 are served within a few tens of milliseconds.
        """
        while not self.is_closing:
            turn = self._turn
            if self._last is not None:
                yield self._fresh_line(self._last)
            await turn.wait()

    def _fresh_line(self, last: Poke) -> bytes:
        """Its time counts for setting a clock: who joins, or was slow to read, gets a new one."""
        if time.monotonic() - self._said_s > STALE_S:
            self._say(last.horizon, last.epoch)
        return self._line

    def _say(self, horizon: int, epoch: str) -> None:
        self._last = Poke(
            horizon=horizon, epoch=epoch, server_time=self._clock.now(),
            clock_rate=self._clock.rate,
        )  # fmt: skip
        self._line, self._said_s = event("horizon", self._last), time.monotonic()

    async def _look(self) -> None:
        seen = await self._store.ask(meta.read_meta)
        last = self._last
        is_known = last and (last.horizon, last.epoch) == (seen.horizon, seen.epoch)
        if is_known and time.monotonic() < self._next_sign_s:
            return
        self._say(seen.horizon, seen.epoch)
        self._next_sign_s = time.monotonic() + HEARTBEAT_S
        turn, self._turn = self._turn, asyncio.Event()
        turn.set()
        await asyncio.to_thread(self._high_water.rise, seen)  # DIR may be another computer's

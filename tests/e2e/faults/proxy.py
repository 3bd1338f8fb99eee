"""A TCP proxy with bad weather, in a thread of its own.

CLEAR      every byte both ways
DELAY      each piece waits
CUT        a connection ends after some bytes, in either direction
DROP       nobody gets through, and who was connected is cut off
HALF_OPEN  connections stand, nothing moves any more: only a time-out ends them
DUPLICATE  a batch of commands reaches the server twice
"""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from random import Random

PIECE = 16 * 1024
CUT_WITHIN = 6_000  # bytes: heads, bodies and answers of a few commands
DELAY_S = 0.12
BATCH = b"POST /v1/commands "


class Weather(StrEnum):
    """What happens to connections now."""

    CLEAR = "clear"
    DELAY = "delay"
    CUT = "cut"
    DROP = "drop"
    HALF_OPEN = "half_open"
    DUPLICATE = "duplicate"


class Link:
    """One connection through the proxy."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.client, self.server = client, server
        self.left: int | None = None  # bytes until it is cut
        self.batch = b""

    def cut(self) -> None:
        """As a cable that is pulled: no goodbye."""
        for writer in (self.client, self.server):
            writer.transport.abort()


class FaultProxy:
    """Start it, point clients at `port`, change `weather` from any thread."""

    def __init__(self, upstream: Callable[[], int], random: Random) -> None:
        self._upstream = upstream
        self._random = random
        self._loop = asyncio.new_event_loop()
        self._links: set[Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._weather = Weather.CLEAR
        self._thread = threading.Thread(target=self._main, name="fault-proxy")
        self.port = 0

    def start(self) -> "FaultProxy":
        self._thread.start()
        self._ready.wait()
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def change(self, weather: Weather) -> None:
        self._loop.call_soon_threadsafe(self._change, weather)

    # -- parts ----------------------------------------------------------------------------------

    def _main(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._ended = asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._ended.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _change(self, weather: Weather) -> None:
        self._weather = weather
        if weather is Weather.DROP:
            for link in self._links:
                link.cut()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if self._weather is Weather.DROP:
            writer.transport.abort()
            return
        try:
            far, out = await asyncio.open_connection("127.0.0.1", self._upstream())
        except OSError:
            writer.transport.abort()
            return
        link = Link(writer, out)
        self._links.add(link)
        try:
            await self._joined(link, reader, far)
        finally:
            link.cut()
            self._links.discard(link)

    async def _joined(
        self, link: Link, reader: asyncio.StreamReader, far: asyncio.StreamReader
    ) -> None:
        ways = (
            asyncio.ensure_future(self._pump(link, reader, link.server)),
            asyncio.ensure_future(self._pump(link, far, link.client)),
        )
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(PIECE):
                if writer is link.server:
                    self._notice(link, piece)
                passed = await WEATHERS[self._weather](self, link, piece)
                writer.write(passed)
                await writer.drain()
                if len(passed) < len(piece):
                    return

    def _notice(self, link: Link, piece: bytes) -> None:
        """Gather a batch of commands; once whole, it may be sent again."""
        link.batch = piece if piece.startswith(BATCH) else link.batch + piece if link.batch else b""
        if self._weather is Weather.DUPLICATE and _is_whole(link.batch):
            again = asyncio.ensure_future(self._again(link.batch))
            self._tasks.add(again)
            again.add_done_callback(self._tasks.discard)
            link.batch = b""

    async def _again(self, batch: bytes) -> None:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._upstream())
            await asyncio.sleep(self._random.uniform(0, DELAY_S))
            writer.write(batch)
            await reader.read(PIECE)
            writer.close()

    # -- what each weather lets through ---------------------------------------------------------

    async def _clear(self, _: Link, piece: bytes) -> bytes:
        return piece

    async def _delay(self, _: Link, piece: bytes) -> bytes:
        await asyncio.sleep(self._random.uniform(0, DELAY_S))
        return piece

    async def _cut(self, link: Link, piece: bytes) -> bytes:
        if link.left is None:
            link.left = self._random.randrange(CUT_WITHIN)
        passed = piece[: link.left]
        link.left -= len(passed)
        return passed

    async def _drop(self, _link: Link, _piece: bytes) -> bytes:
        return b""

    async def _half_open(self, _link: Link, _piece: bytes) -> bytes:
        await asyncio.Event().wait()
        return b""


WEATHERS: Mapping[Weather, Callable[[FaultProxy, Link, bytes], Awaitable[bytes]]] = {
    Weather.CLEAR: FaultProxy._clear,  # noqa: SLF001 - the table of this class's own parts
    Weather.DELAY: FaultProxy._delay,  # noqa: SLF001
    Weather.CUT: FaultProxy._cut,  # noqa: SLF001
    Weather.DROP: FaultProxy._drop,  # noqa: SLF001
    Weather.HALF_OPEN: FaultProxy._half_open,  # noqa: SLF001
    Weather.DUPLICATE: FaultProxy._clear,  # noqa: SLF001 - doubled where it is noticed
}


def _is_whole(request: bytes) -> bool:
    head, gap, body = request.partition(b"\r\n\r\n")
    if not gap:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.partition(b":")[2])
    return False

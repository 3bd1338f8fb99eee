"""sync.first_useful and sync.page: a new workstation and a real server with 200,000 records.

    first_useful   the engine starts with an empty profile ──► all open records can be listed
    page           pages a second of the archive, beside a server that sends the same bytes unasked

Both servers of `page` are processes of their own, asked in turns by the product's client, which
reads a page as far as the cache needs it.
"""

import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import msgspec

from tests.backend.process import PASSWORD, Backend
from tests.bench.figure import Figure, Sense, spread, tell
from tests.bench.many_flags import FLAGS
from tests.bench.many_served import OPEN, served_folder
from tests.bench.prepared_pages import FIRST
from xiuzhou_desktop.client.api import Api, Transport
from xiuzhou_desktop.client.engine import EngineThread
from xiuzhou_desktop.client.session import CLIENT_NAME, MemoryTokens, sign_in
from xiuzhou_desktop.client.sync.bootstrap import SnapshotRequest
from xiuzhou_desktop.client.views import Link, RecordQuery
from xiuzhou_desktop.contract.session import SignIn
from xiuzhou_desktop.contract.sync import SnapshotPage
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, grant_for
from xiuzhou_desktop.domain.ids import DISTRICT, RecordId

PROJECT = Path(__file__).resolve().parents[2]
STARTS, WALKS = 3, 3
PAGES = 30  # of the archive, in one walk
MOST_WAIT_S = 120
GRANT = grant_for(DISTRICT, KindGroup.DISPATCH)
OPEN_FLAGS = RecordQuery(kinds=(Kind.FLAG,), is_open=True)


def main(build: Path) -> None:
    """Both figures with one server."""
    with Backend(served_folder(build)) as backend:
        asyncio.run(_starts(backend.url))
        asyncio.run(_walks(backend))


async def _starts(server: str) -> None:
    useful = []
    for number in range(STARTS):
        async with _workstation(server) as new:
            useful.append(await new.until(new.has_open_records))
            if number == STARTS - 1:
                whole_s = await new.until(new.is_whole)
    tell(
        Figure(
            name="sync.first_useful", value=statistics.median(useful), unit="s", limit=3,
            noise=f"{spread(useful, 's', 'wall')}; all {FLAGS:,} after {whole_s:.0f} s",
        )
    )  # fmt: skip


class _New:
    """A workstation with an empty profile. `began`: when its engine was started."""

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

    async def has_open_records(self) -> bool:
        """Whether all of them can be listed."""
        return (await self._engine.query(OPEN_FLAGS)).total == OPEN

    async def is_whole(self) -> bool:
        """Whether the cache is at the horizon."""
        return self._engine.link.link is Link.ONLINE


@contextlib.asynccontextmanager
async def _workstation(server: str) -> AsyncIterator[_New]:
    with tempfile.TemporaryDirectory(dir=PROJECT / "build") as name:
        profile = await sign_in(server, "duty", PASSWORD, "bench", Path(name))
        began = time.perf_counter()
        engine = EngineThread(profile).start()
        new = _New(engine, began)
        try:
            yield new
        finally:
            new.watching.close()
            engine.stop()


async def _walks(backend: Backend) -> None:
    ours: list[float] = []
    bare: list[float] = []
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=PROJECT / "build")))
        real = await stack.enter_async_context(_signed(backend.url))
        await _keep(real, folder)
        address = stack.enter_context(_prepared(folder))
        prepared = await stack.enter_async_context(_signed(address))
        for _ in range(WALKS):
            ours.append(await _rate(real))
            bare.append(await _rate(prepared))
    value, reference = statistics.median(ours), statistics.median(bare)
    tell(
        Figure(
            name="sync.page", value=value, unit="/s", ratio=value / reference, goal=0.6,
            sense=Sense.AT_LEAST, beside=f"the same bytes, prepared {reference:,.0f}/s",
            noise=f"{spread(ours, '/s')}; prepared {spread(bare, '/s')}, wall",
        )
    )  # fmt: skip


async def _rate(api: Api) -> float:
    """Records a second over one walk."""
    begin = time.perf_counter()
    count = 0
    async for page in _walked(api):
        count += len(page.records)
    return count / (time.perf_counter() - begin)


async def _walked(api: Api) -> AsyncIterator[SnapshotPage]:
    after: RecordId | None = None
    for _ in range(PAGES):
        page = await api.snapshot(SnapshotRequest(grant=GRANT, is_open=False, after_id=after))
        yield page
        after = page.after_id


async def _keep(api: Api, folder: Path) -> None:
    """The body of each page of the walk in a file, under the id after which it is asked for."""
    name = FIRST
    async for page in _walked(api):
        (folder / name).write_bytes(msgspec.json.encode(page, order="sorted"))
        name = str(page.after_id)


@contextlib.asynccontextmanager
async def _signed(server: str) -> AsyncIterator[Api]:
    api = Api(Transport(server, CLIENT_NAME), MemoryTokens())
    try:
        await api.sign_in(SignIn(user="duty", password=PASSWORD, workstation="bench"))
        yield api
    finally:
        await api.close()


@contextlib.contextmanager
def _prepared(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.bench.prepared_pages", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["listening"]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

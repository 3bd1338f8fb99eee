"""sync.first_useful, sync.day and sync.page: a workstation and a real server with 200,000 records.

    first_useful   the engine starts with an empty profile ──► all open records can be listed
    day            the next morning (sync_day.py), with the profile that the last start has filled
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
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import msgspec

from tests.backend.process import PASSWORD, Backend
from tests.bench.figure import Figure, Sense, spread, tell
from tests.bench.many_flags import FLAGS
from tests.bench.many_served import OPEN, served_folder
from tests.bench.prepared_pages import FIRST
from tests.bench.sync_day import days
from tests.bench.workstation import started
from xiuzhou_desktop.client.api import Api, Transport
from xiuzhou_desktop.client.profile import Profile
from xiuzhou_desktop.client.session import CLIENT_NAME, MemoryTokens, sign_in
from xiuzhou_desktop.client.sync.bootstrap import SnapshotRequest
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.contract.session import SignIn
from xiuzhou_desktop.contract.sync import SnapshotPage
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, grant_for
from xiuzhou_desktop.domain.ids import DISTRICT, RecordId

PROJECT = Path(__file__).resolve().parents[2]
STARTS, WALKS = 3, 3
PAGES = 30  # of the archive, in one walk
GRANT = grant_for(DISTRICT, KindGroup.DISPATCH)
OPEN_FLAGS = RecordQuery(kinds=(Kind.FLAG,), is_open=True)


def main(build: Path) -> None:
    """Both figures with one server."""
    with Backend(served_folder(build)) as backend:
        asyncio.run(_starts(backend))
        asyncio.run(_walks(backend))


async def _starts(backend: Backend) -> None:
    useful = []
    for _ in range(STARTS - 1):
        with _folder() as root:
            useful.append(await _useful(backend.url, root))
    with _folder() as root:
        profile = await _signed_in(backend.url, root)
        async with started(profile) as new:
            useful.append(await new.until(partial(new.lists, OPEN_FLAGS, OPEN)))
            whole_s = await new.until(new.is_whole)
        tell(
            Figure(
                name="sync.first_useful", value=statistics.median(useful), unit="s", limit=3,
                noise=f"{spread(useful, 's', 'wall')}; all {FLAGS:,} after {whole_s:.0f} s",
            )
        )  # fmt: skip
        await days(root, backend.folder)


async def _useful(server: str, root: Path) -> float:
    async with started(await _signed_in(server, root)) as new:
        return await new.until(partial(new.lists, OPEN_FLAGS, OPEN))


async def _signed_in(server: str, root: Path) -> Profile:
    return await sign_in(server, "duty", PASSWORD, "bench", root)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=PROJECT / "build") as name:
        yield Path(name)


async def _walks(backend: Backend) -> None:
    ours: list[float] = []
    bare: list[float] = []
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(_folder())
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

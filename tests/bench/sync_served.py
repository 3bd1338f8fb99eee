"""sync.first_useful and sync.page: a new workstation and a real server with 200,000 records.

    first_useful   the engine starts with an empty profile ──► all open records can be listed
    page           pages a second of the archive, beside a server that sends the same bytes unasked

Both servers of `page` are processes of their own, asked in turns by the same bare client.
"""

import asyncio
import contextlib
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import msgspec

from tests.backend.process import PASSWORD, Backend
from tests.bench.figure import Figure, Sense, note, spread, tell
from tests.bench.many_flags import FLAGS
from tests.bench.many_served import OPEN, served_folder
from xiuzhou_desktop.client.engine import EngineThread
from xiuzhou_desktop.client.session import sign_in
from xiuzhou_desktop.client.views import Link, RecordQuery
from xiuzhou_desktop.contract.sync import PAGE_LIMIT, SnapshotPage
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, grant_for
from xiuzhou_desktop.domain.ids import DISTRICT

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
        _walks(backend)


async def _starts(server: str) -> None:
    useful, whole = [], []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory(dir=PROJECT / "build") as name:
            first_s, whole_s = await _start(server, Path(name))
        useful.append(first_s)
        whole.append(whole_s)
        note(f"useful after {first_s:.2f} s, whole after {whole_s:.1f} s")
    tell(
        Figure(
            name="sync.first_useful", value=statistics.median(useful), unit="s", limit=3,
            noise=f"{spread(useful, 's', 'wall')}; all {FLAGS:,} after {spread(whole, 's')}",
        )
    )  # fmt: skip


async def _start(server: str, root: Path) -> tuple[float, float]:
    """Seconds until the open records are there, and until all are."""
    profile = await sign_in(server, "duty", PASSWORD, "bench", root)
    moved = asyncio.Event()
    begin = time.perf_counter()
    engine = EngineThread(profile).start()
    watching = engine.observe(lambda _: moved.set())
    try:
        async with asyncio.timeout(MOST_WAIT_S):
            while (await engine.query(OPEN_FLAGS)).total < OPEN:
                await moved.wait()
                moved.clear()
            first_s = time.perf_counter() - begin
            while engine.link.link is not Link.ONLINE:
                await moved.wait()
                moved.clear()
            whole_s = time.perf_counter() - begin
    finally:
        watching.close()
        engine.stop()
    return first_s, whole_s


def _walks(backend: Backend) -> None:
    ours: list[float] = []
    bare: list[float] = []
    with (
        tempfile.TemporaryDirectory(dir=PROJECT / "build") as name,
        backend.client() as signed,
        contextlib.closing(_connection(backend.url.rpartition(":")[2])) as real,
    ):
        headers = {"Authorization": signed.headers["Authorization"]}
        paths = _kept(real, headers, Path(name))
        with _prepared(Path(name)) as port, contextlib.closing(_connection(port)) as prepared:
            for _ in range(WALKS):
                ours.append(_rate(real, paths, headers))
                bare.append(_rate(prepared, [f"/{n}" for n in range(PAGES)], headers))
    value, reference = statistics.median(ours), statistics.median(bare)
    tell(
        Figure(
            name="sync.page", value=value, unit="/s", ratio=value / reference, goal=0.6,
            sense=Sense.AT_LEAST, beside=f"the same bytes, prepared {reference:,.0f}/s",
            noise=f"{spread(ours, '/s')}; prepared {spread(bare, '/s')}, wall",
        )
    )  # fmt: skip


def _kept(real: http.client.HTTPConnection, headers: dict[str, str], folder: Path) -> list[str]:
    """The walk's paths, with the body of each in a file."""
    paths, after = [], ""
    for number in range(PAGES):
        more = f"&after_id={quote(after)}" if after else ""
        path = f"/v1/sync/snapshot?grant={quote(GRANT)}&open=false&limit={PAGE_LIMIT}{more}"
        body = _get(real, path, headers)
        (folder / str(number)).write_bytes(body)
        paths.append(path)
        after = msgspec.json.decode(body, type=SnapshotPage).after_id or ""
    return paths


def _rate(
    connection: http.client.HTTPConnection, paths: list[str], headers: dict[str, str]
) -> float:
    """Records a second."""
    begin = time.perf_counter()
    for path in paths:
        _get(connection, path, headers)
    return len(paths) * PAGE_LIMIT / (time.perf_counter() - begin)


def _get(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> bytes:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body[:300]
    return body


def _connection(port: str | int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)


@contextlib.contextmanager
def _prepared(folder: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.prepared_pages", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["port"]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

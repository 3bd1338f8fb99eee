"""blob.upload: a file attached on a workstation goes up, beside a plain PUT of the same bytes.

Both over loopback into the same kind of server (Litestar on uvicorn, one process), in turn; the
plain one writes what comes to a file and syncs it. Ours unseals, asks for rights, writes under a
lock, reckons the hash, syncs and notes the sender. By the wall.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import httpx
import uvicorn
from litestar import Litestar, Request, put
from litestar.datastructures import State

from tests.backend.process import Backend, with_officer
from tests.bench.figure import Figure, Sense, note, spread, tell
from tests.ports import lasting_port
from tests.sync.test_uploads import signed_in, take_evidence
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.session import open_profile

MB = 1024 * 1024
SIZE, RUNS = 64 * MB, 5
PROJECT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Measure and tell."""
    with tempfile.TemporaryDirectory(dir=PROJECT / "build") as name:
        ours, plain = asyncio.run(_both(Path(name)))
    took = statistics.median(ours)
    ratio = statistics.median(one / other for one, other in zip(plain, ours, strict=True))
    tell(
        Figure(
            name="blob.upload", value=SIZE / MB / took, unit="MB/s",
            ratio=ratio, goal=0.7, sense=Sense.AT_LEAST,
            beside="a plain PUT", noise=spread(ours, "s", "wall"),
        )
    )  # fmt: skip


async def _both(folder: Path) -> tuple[list[float], list[float]]:
    port = lasting_port()
    backend = Backend(await asyncio.to_thread(with_officer, folder / "data"))
    words = [sys.executable, "-m", "tests.bench.blob_upload", str(folder / "plain"), str(port)]
    with backend, subprocess.Popen(words, cwd=PROJECT) as server:
        try:
            await signed_in(backend, folder / "profile")
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                await _until_up(client)
                return await _in_turn(folder / "profile", client)
        finally:
            server.terminate()


async def _in_turn(profile: Path, client: httpx.AsyncClient) -> tuple[list[float], list[float]]:
    ours, plain = list[float](), list[float]()
    core = EngineCore(open_profile(profile))
    await core.puller.connect()
    for run in range(RUNS):
        note(f"run {run + 1} of {RUNS}")
        content = b"%PDF-1.7 " + os.urandom(SIZE - 9)
        plain.append(await _put(client, content))
        ours.append(await _attached(core, content))
    await core.close()
    return ours, plain


async def _until_up(client: httpx.AsyncClient) -> None:
    while True:
        try:
            await client.put("/", content=b"")
        except httpx.TransportError:
            await asyncio.sleep(0.1)
        else:
            return


async def _put(client: httpx.AsyncClient, content: bytes) -> float:
    began = time.perf_counter()
    answer = await client.put("/", content=content)
    took = time.perf_counter() - began
    assert answer.status_code == 200
    return took


async def _attached(core: EngineCore, content: bytes) -> float:
    await take_evidence(core, content)
    began = time.perf_counter()
    assert await core.uploader.drain()
    took = time.perf_counter() - began
    await core.pusher.drain()
    assert core.desk.entries() == ()
    return took


def serve(file: Path, port: int) -> None:
    """The plain server."""

    @put("/", request_max_body_size=None)
    async def keep(request: Request[object, object, State]) -> None:
        with closing(file.open("wb")) as kept:
            async for part in request.stream():
                kept.write(part)
            kept.flush()
            os.fsync(kept.fileno())

    uvicorn.run(Litestar([keep]), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        main()

"""poke.p99: from a command's commit to the poke's arrival at five clients, beside 500 passive
streams.

    crowd     500 connections of a process of its own, which read and throw away
    clients   five of the shipped Api, each pulling within two seconds of a poke, as engines do
    commits   one command after another; a poke counts from the server's `applied_at`, which lies
              before the commit: the figure is an upper bound
"""

import asyncio
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec

from tests.backend.process import PASSWORD, Backend, report, with_officer
from tests.bench.figure import Figure, percentile, spread, tell
from xiuzhou_desktop.client.api import Api, Transport
from xiuzhou_desktop.client.session import MemoryTokens
from xiuzhou_desktop.contract.session import SignIn
from xiuzhou_desktop.contract.sync import Poke, PushRequest
from xiuzhou_desktop.domain.command import Command

CROWD, CLIENTS, COMMITS = 500, 5, 80
JITTER_S = 2.0
LIMIT_MS = 100
PROJECT = Path(__file__).resolve().parents[2]
READY = b"ready\n"


class Listener:
    """One client: hears pokes, and pulls some time after."""

    def __init__(self, api: Api, random: Random) -> None:
        self._api, self._random = api, random
        self._moved = asyncio.Condition()
        self._heard: tuple[int, datetime] = (0, datetime.now(UTC))
        self._pulling: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        async for event in self._api.stream("/v1/events"):
            at = datetime.now(UTC)
            poke = msgspec.json.decode(event.data, type=Poke)
            async with self._moved:
                self._heard = (poke.horizon, at)
                self._moved.notify_all()
            if self._pulling is None or self._pulling.done():
                self._pulling = asyncio.create_task(self._pull())

    async def heard(self, seq: int) -> datetime:
        """When the poke that covers this seq came."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._heard[0] >= seq)
            return self._heard[1]

    async def _pull(self) -> None:
        await asyncio.sleep(self._random.uniform(0, JITTER_S))
        await self._api.session()


def main() -> None:
    """Measure and tell."""
    with tempfile.TemporaryDirectory(dir=PROJECT / "build") as name:
        folder = with_officer(Path(name) / "district")
        with Backend(folder) as backend:
            delays = asyncio.run(_measured(backend.url))
    value = percentile(delays, 0.99)
    noise = f"{spread(delays, 'ms')} beside {CROWD} streams, wall"
    tell(Figure(name="poke.p99", value=value, unit="ms", limit=LIMIT_MS, noise=noise))


async def _measured(url: str) -> list[float]:
    tokens = MemoryTokens()
    api = await _signed_in(url, tokens)
    held = tokens.tokens()
    assert held is not None
    crowd = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.poke_figures", url, held.access], cwd=PROJECT,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert crowd.stdout is not None
    try:
        assert await asyncio.to_thread(crowd.stdout.readline) == READY
        return await _beside_the_crowd(url, api)
    finally:
        crowd.kill()
        crowd.wait()
        crowd.stdout.close()


async def _beside_the_crowd(url: str, api: Api) -> list[float]:
    listeners = [Listener(await _signed_in(url), Random(n)) for n in range(CLIENTS)]
    tasks = [asyncio.create_task(one.listen()) for one in listeners]
    session, _ = await api.session()
    delays: list[float] = []
    try:
        for number in range(COMMITS):
            command = msgspec.convert(report(f"中山西路 {number} 号"), Command)
            answer = await api.push(PushRequest(epoch=session.epoch, commands=(command,)))
            (result,) = answer.results
            assert result.receipt is not None, result
            heard = [await one.heard(result.receipt.seq) for one in listeners]
            delays += [(at - result.receipt.applied_at) / timedelta(milliseconds=1) for at in heard]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await api.close()
    return delays


async def _signed_in(url: str, tokens: MemoryTokens | None = None) -> Api:
    api = Api(Transport(url, "bench"), tokens or MemoryTokens())
    await api.sign_in(SignIn(user="duty", password=PASSWORD, workstation="bench"))
    return api


async def _stand_around(url: str, token: str) -> None:
    """500 passive streams, until the process is killed."""
    host, _, port = url.rpartition("//")[2].partition(":")
    head = (
        f"GET /v1/events HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    )
    async with AsyncExitStack() as stack:
        readers = []
        for _ in range(CROWD):
            reader, writer = await asyncio.open_connection(host, int(port))
            stack.callback(writer.close)
            writer.write(head.encode())
            await reader.readuntil(b"\n\n")
            readers.append(reader)
        print(READY.decode(), end="", flush=True)
        await asyncio.gather(*(_read_on(reader) for reader in readers))


async def _read_on(reader: asyncio.StreamReader) -> None:
    while await reader.read(4096):
        continue


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(_stand_around(sys.argv[1], sys.argv[2]))
    else:
        main()

"""A claim in the life of a workstation: broken, lost with the server, refused to a colleague."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.backend.process import PASSWORD, Backend, administer, push, report, with_officer
from tests.e2e.waits import PATIENCE_S
from tests.ports import lasting_port
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.session import sign_in
from xiuzhou_desktop.client.views import Draft, Forecast, Lease, Link, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId

PACE = 0.05  # back-off and renewals, scaled down
FLAGS = RecordQuery(kinds=(Kind.FLAG,))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = with_officer(tmp_path / "district")
    added = ("user", "add", "chief", "--role", "supervisor")
    assert administer(folder, *added, stdin=f"{PASSWORD}\n").returncode == 0
    return folder


@pytest.fixture
def backend(folder: Path) -> Iterator[Backend]:
    with Backend(folder, "--port", str(lasting_port())) as running:
        with running.client() as client:
            push(client, report())
        yield running


class Desk:
    """An officer at work, with all that the live lane told."""

    def __init__(self, core: EngineCore) -> None:
        self.core = core
        self.told: list[Lease] = []
        self._moved = asyncio.Event()
        self._seen = core.news.observe(lambda changed: self._hear(changed.leases))
        self.flag: RecordId = RecordId("")

    def _hear(self, leases: tuple[Lease, ...]) -> None:
        self.told += leases
        self._moved.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():
                self._moved.clear()
                await self._moved.wait()

    def times_told(self, record: RecordId) -> int:
        return sum(lease.record == record for lease in self.told)

    def lease(self) -> Lease | None:
        return self.core.claims.leases.get(self.flag)


@asynccontextmanager
async def at_work(backend: Backend, root: Path) -> AsyncIterator[Desk]:
    profile = await sign_in(backend.url, "duty", PASSWORD, "ws", root)
    core = EngineCore(profile, pace=PACE)
    desk = Desk(core)
    work = asyncio.create_task(core.run())
    try:
        await desk.until(lambda: core.link.state.link is Link.ONLINE)
        desk.flag = core.reading.query(FLAGS).views[0].record.id
        yield desk
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await core.close()


def broken_by_chief(client: httpx.Client, flag: RecordId) -> int:
    said = {"act": "break", "kind": "flag", "record": flag}
    return client.post("/v1/live", json=said).status_code


def test_a_break_is_told_and_the_holder_does_not_take_it_again(
    backend: Backend, tmp_path: Path
) -> None:
    with backend.client() as client:
        push(client, report("中山西路 2 号"))

    async def run() -> None:
        async with at_work(backend, tmp_path / "ws") as desk:
            other = desk.core.reading.query(FLAGS).views[1].record.id
            for record in (desk.flag, other):
                await desk.core.claims.say("claim", Kind.FLAG, record)
            with backend.client("chief") as chief:
                assert await asyncio.to_thread(broken_by_chief, chief, desk.flag) == 200
            await desk.until(lambda: any(lease.is_lost for lease in desk.told))
            assert desk.lease() is None
            claim = {"act": "claim", "kind": "flag", "record": desk.flag}
            seen = desk.times_told(other)
            await desk.until(lambda: desk.times_told(other) >= seen + 2)  # renewals come and go
            with backend.client("chief") as chief:  # and this one is free
                told = await asyncio.to_thread(lambda: chief.post("/v1/live", json=claim))
            assert told.status_code == 200

    asyncio.run(run())


def test_a_colleagues_claim_keeps_a_verdict_back_and_nothing_is_saved(
    backend: Backend, tmp_path: Path
) -> None:
    async def run() -> None:
        async with at_work(backend, tmp_path / "ws") as desk:
            claim = {"act": "claim", "kind": "flag", "record": desk.flag}
            with backend.client("chief") as chief:
                await asyncio.to_thread(lambda: chief.post("/v1/live", json=claim))
            await desk.until(lambda: desk.lease() is not None)
            draft = Draft(kind=Kind.FLAG, record=desk.flag, transition="dismiss")
            told = desk.core.desk.submit(draft)
            assert told.forecast is Forecast.REFUSED and told.refusal is not None
            assert (told.refusal.slug, told.refusal.facts) == ("claimed", {"name": "chief"})
            assert not list(desk.core.spine.outbox)

    asyncio.run(run())


def test_without_the_server_a_claim_is_a_mark_and_then_a_claim_again(
    folder: Path, backend: Backend, tmp_path: Path
) -> None:
    async def run() -> None:
        async with at_work(backend, tmp_path / "ws") as desk:
            await desk.core.claims.say("claim", Kind.FLAG, desk.flag)
            await asyncio.to_thread(backend.kill)
            await desk.until(lambda: bool(desk.lease() and desk.lease().is_tentative))  # type: ignore[union-attr]
            port = str(urlsplit(backend.url).port)
            again = await asyncio.to_thread(Backend(folder, "--port", port).__enter__)
            try:
                await desk.until(lambda: bool(desk.lease() and not desk.lease().is_tentative))  # type: ignore[union-attr]
                assert not any(lease.is_lost for lease in desk.told)
            finally:
                await asyncio.to_thread(again.__exit__, None, None, None)

    asyncio.run(run())

"""The engine on SQLCipher files, over a network that a test can cut."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.network import STILL, Network
from tests.unit.domain.builders import DUTY, MORNING, a_flag, rid
from xiuzhou_desktop.client.engine import EngineCore, EngineThread
from xiuzhou_desktop.client.errors import SignedOut, Unavailable
from xiuzhou_desktop.client.profile import Profile
from xiuzhou_desktop.client.session import open_profile, sign_in
from xiuzhou_desktop.client.views import (
    Changed,
    Draft,
    Link,
    OutboxStatus,
    RecordQuery,
    Remedy,
)
from xiuzhou_desktop.domain.camera_body import CameraBody, CameraState
from xiuzhou_desktop.domain.envelope import Kind, Record

HOUR = timedelta(hours=1)
BLOB = "/v1/blobs/" + hashlib.sha256(STILL).hexdigest()
FLAGS = RecordQuery(kinds=(Kind.FLAG,))


def flag(number: int, **columns: object) -> Record:
    return msgspec.structs.replace(
        a_flag(), id=rid(number), subject_key=f"plate:浙F{number:05d}/blue", **columns
    )


@pytest.fixture
def server() -> DistrictServer:
    server = DistrictServer(MORNING, DUTY.grants, DUTY)
    server.put(*(flag(n) for n in range(1, 6)))
    return server


async def signed_in(network: Network, root: Path) -> Profile:
    return await sign_in(
        "https://district.test", "duty", "right", "desk-1", root, transport=network.transport()
    )


@asynccontextmanager
async def running(core: EngineCore) -> AsyncIterator[EngineCore]:
    work = asyncio.create_task(core.run())
    try:
        yield core
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await core.close()


async def until(is_so: Callable[[], bool], core: EngineCore, within_s: float = 180.0) -> None:
    """Wait for news after which it is so."""
    moved = asyncio.Event()
    seen = core.news.observe(lambda changed: moved.set())
    try:
        async with asyncio.timeout(within_s):
            while not is_so():
                moved.clear()
                await moved.wait()
    finally:
        seen.close()


def test_a_command_saved_offline_is_delivered_when_the_network_comes_back(
    server: DistrictServer, tmp_path: Path
) -> None:
    async def run() -> None:
        network = Network(server)
        profile = await signed_in(network, tmp_path)
        core = EngineCore(profile, transport=network.transport())
        async with running(core):
            await until(lambda: core.link.state.link is Link.ONLINE, core)
            network.is_up = False
            network.poke()
            await until(lambda: core.link.state.link is Link.OFFLINE, core)
            told = core.desk.submit(Draft(kind=Kind.FLAG, record=rid(1), transition="dismiss"))
            assert told.command
            assert core.desk.summary().pending == 1
            (view,) = (v for v in core.reading.query(FLAGS).views if v.record.id == rid(1))
            assert (view.record.state, view.pending[0].status) == (
                "FALSE_ALARM", OutboxStatus.QUEUED,
            )  # fmt: skip
            network.is_up = True
            await core.retry_now()
            await until(lambda: core.desk.summary().pending == 0, core)
        assert server.records[rid(1)].state == "FALSE_ALARM"
        assert server.applied[told.command] == 1

    asyncio.run(run())


def test_an_undone_command_is_never_sent_and_a_held_one_waits(
    server: DistrictServer, tmp_path: Path
) -> None:
    async def run() -> None:
        network = Network(server)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        async with running(core):
            await until(lambda: core.link.state.link is Link.ONLINE, core)
            draft = Draft(kind=Kind.FLAG, record=rid(1), transition="confirm", hold_s=60)
            undone = core.desk.submit(draft)
            assert core.desk.undo(undone.command or "") == (undone.command,)
            held = core.desk.submit(msgspec.structs.replace(draft, hold_s=1))
            entry = core.desk.entry(held.command or "")
            assert entry is not None and entry.undo_until is not None
            await until(lambda: core.desk.summary().pending == 0, core)
            assert core.spine.clock.now() >= entry.undo_until
            assert network.pushes == 1
        assert server.records[rid(1)].state == "CONFIRMED"

    asyncio.run(run())


def test_an_undo_window_outlives_a_crash_which_does_not_undo(
    server: DistrictServer, tmp_path: Path
) -> None:
    async def run() -> None:
        network = Network(server)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        await core.sync_once()
        draft = Draft(kind=Kind.FLAG, record=rid(1), transition="confirm", hold_s=60)
        told = core.desk.submit(draft)
        await core.close()
        again = EngineCore(open_profile(tmp_path), transport=network.transport())
        assert told.command
        assert 0 < (again.desk.next_release_s() or 0) <= 60
        await again.push_once()
        assert network.pushes == 0
        assert again.desk.undo(told.command) == (told.command,)
        await again.close()

    asyncio.run(run())


def test_one_command_that_breaks_the_server_does_not_hold_up_the_others(
    server: DistrictServer, tmp_path: Path
) -> None:
    async def run() -> None:
        network = Network(server)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        await core.sync_once()
        network.breaks_on = rid(3)
        told = {
            n: core.desk.submit(Draft(kind=Kind.FLAG, record=rid(n), transition="dismiss"))
            for n in range(1, 6)
        }
        await core.push_once()
        applied = {n for n, one in told.items() if server.applied[one.command or ""]}
        assert applied == {1, 2, 4, 5}
        entry = core.desk.entry(told[3].command or "")
        assert entry is not None
        assert (entry.status, entry.attempts) == (OutboxStatus.QUEUED, 1)
        await core.close()

    asyncio.run(run())


def test_a_conflict_stays_in_sight_with_both_sides_until_it_is_settled(
    server: DistrictServer, tmp_path: Path
) -> None:
    async def run() -> None:
        network = Network(server)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        async with running(core):
            await until(lambda: core.link.state.link is Link.ONLINE, core)
            server.colleague(Kind.FLAG, rid(1), "dismiss")
            told = core.desk.submit(Draft(kind=Kind.FLAG, record=rid(1), transition="confirm"))
            await until(lambda: core.desk.summary().refused == 1, core)
            (entry,) = core.desk.entries()
            assert entry.status is OutboxStatus.CONFLICT
            assert entry.theirs is not None and entry.theirs.state == "FALSE_ALARM"
            assert entry.problem is not None and entry.problem.slug == "version"
            await core.puller.catch_up()  # the server's record is here, and forecasts a refusal
            (entry,) = core.desk.entries()
            assert entry.mine is not None and entry.mine.state == "CONFIRMED"
            core.desk.resolve(told.command or "", Remedy.THEIRS, None)
            assert not core.desk.entries()

    asyncio.run(run())


def test_a_poke_brings_what_a_colleague_did(server: DistrictServer, tmp_path: Path) -> None:
    async def run() -> None:
        network = Network(server)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        async with running(core):
            await until(lambda: core.link.state.link is Link.ONLINE, core)
            server.put(flag(9))
            network.poke()
            await until(lambda: core.reading.find(rid(9)) is not None, core)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("answer", "link", "slug"),
    [
        (httpx.Response(426, content=b'{"slug":"schema-unsupported"}',
                        headers={"content-type": "application/problem+json"}),
         Link.UPGRADE, "schema"),
        (httpx.Response(200, html="<html>hotel</html>"), Link.OFFLINE, "not-json"),
    ],
)  # fmt: skip
def test_the_link_says_why_and_work_goes_on(
    server: DistrictServer, tmp_path: Path, answer: httpx.Response, link: Link, slug: str
) -> None:
    async def run() -> None:
        network = Network(server)
        profile = await signed_in(network, tmp_path)
        network.answer_all = lambda request: answer
        core = EngineCore(profile, transport=network.transport())
        async with running(core):
            await until(lambda: core.link.state.link is link, core)
            assert core.link.state.reason is not None
            assert core.link.state.reason.slug == slug
            report = {"category": "05-05", "address": "中山西路", "channel": "phone"}
            told = core.desk.submit(
                Draft(kind=Kind.FLAG, record=None, transition="report", args=report)
            )
            assert told.command

    asyncio.run(run())


def test_nothing_is_saved_any_more_in_a_profile_that_is_about_to_go(
    server: DistrictServer, tmp_path: Path
) -> None:
    shut = httpx.Response(
        403, content=b'{"slug":"account-disabled"}',
        headers={"content-type": "application/problem+json"},
    )  # fmt: skip

    async def run() -> None:
        network = Network(server)
        profile = await signed_in(network, tmp_path)
        network.answer_all = lambda request: shut
        core = EngineCore(profile, transport=network.transport())
        async with running(core):
            await until(lambda: core.link.state.link is Link.SIGNED_OUT, core)
            report = {"category": "05-05", "address": "中山西路", "channel": "phone"}
            draft = Draft(kind=Kind.FLAG, record=None, transition="report", args=report)
            with pytest.raises(SignedOut):
                core.desk.submit(draft)
            assert not list(core.spine.outbox)

    asyncio.run(run())


def test_a_profile_starts_offline_with_its_cache_and_its_clock(
    server: DistrictServer, tmp_path: Path
) -> None:
    async def run() -> None:
        network = Network(server)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        await core.sync_once()
        await core.close()
        network.is_up = False
        again = EngineCore(open_profile(tmp_path), transport=network.transport())
        assert again.reading.query(FLAGS).total == 5
        assert again.signed.account.user == "duty"
        assert abs(again.spine.clock.now() - MORNING) < timedelta(minutes=1)
        await again.close()

    asyncio.run(run())


def test_an_offline_start_says_since_when_the_server_has_been_silent(
    server: DistrictServer, tmp_path: Path
) -> None:
    class Clocks:
        passed = timedelta()

        def wall(self) -> datetime:
            return MORNING + self.passed

        def monotonic_s(self) -> float:
            return self.passed.total_seconds()

    async def run() -> None:
        network, clocks = Network(server), Clocks()
        profile = await signed_in(network, tmp_path)
        core = EngineCore(profile, transport=network.transport(), clocks=clocks)
        await core.sync_once()
        await core.close()
        network.is_up = False
        clocks.passed = timedelta(hours=3)
        again = EngineCore(open_profile(tmp_path), transport=network.transport(), clocks=clocks)
        with pytest.raises(Unavailable) as silent:
            await again.sync_once()
        again.link.down(silent.value)
        assert again.link.state.link is Link.OFFLINE
        assert abs(again.link.state.since - MORNING) <= timedelta(minutes=1)
        await again.close()

    asyncio.run(run())


def test_a_computer_whose_clock_is_an_hour_off_says_so_and_works(
    server: DistrictServer, tmp_path: Path
) -> None:
    class HourAhead:
        def wall(self):  # type: ignore[no-untyped-def]
            return MORNING + timedelta(hours=1)

        def monotonic_s(self) -> float:
            return time.monotonic()

    async def run() -> None:
        network = Network(server)
        profile = await signed_in(network, tmp_path)
        core = EngineCore(profile, transport=network.transport(), clocks=HourAhead())
        await core.sync_once()
        assert core.link.state.clock_offset_ms == pytest.approx(3_600_000, abs=60_000)
        told = core.desk.submit(Draft(kind=Kind.FLAG, record=rid(1), transition="dismiss"))
        await core.push_once()
        assert server.applied[told.command or ""] == 1
        await core.close()

    asyncio.run(run())


def test_stills_are_fetched_once_and_shown_offline(server: DistrictServer, tmp_path: Path) -> None:
    async def run() -> None:
        network = Network(server)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        await core.sync_once()
        assert await asyncio.gather(*(core.pictures.fetch(BLOB) for _ in range(3))) == [STILL] * 3
        network.is_up = False
        assert await core.pictures.fetch(BLOB) == STILL
        with pytest.raises(Unavailable):
            await core.pictures.fetch(BLOB.replace("/v1/blobs/", "/v1/blobs/0"))
        assert network.fetched == [BLOB]
        await core.close()

    asyncio.run(run())


def test_a_cache_damaged_while_open_is_loaded_again(server: DistrictServer, tmp_path: Path) -> None:
    async def run() -> None:
        network = Network(server)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        await core.sync_once()
        core.desk.submit(Draft(kind=Kind.FLAG, record=rid(1), transition="dismiss"))
        folder = core.spine.profile.folder
        await core.close()
        (file,) = folder.glob("cache-*.db")
        content = bytearray(file.read_bytes())
        content[8192:] = b"\xff" * len(content[8192:])
        file.write_bytes(content)
        again = EngineCore(open_profile(tmp_path), transport=network.transport())
        await again.guarded(lambda: again.reading.query(FLAGS))
        assert again.desk.summary().pending == 1
        await again.sync_once()
        assert again.reading.query(FLAGS).total == 5
        assert server.records[rid(1)].state == "FALSE_ALARM"
        await again.close()

    asyncio.run(run())


def test_a_window_merges_the_overlay_in_order(server: DistrictServer, tmp_path: Path) -> None:
    async def run() -> None:
        network = Network(server)
        server.put(*(flag(n, priority=1 + n % 4) for n in range(10, 60)))
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        await core.sync_once()
        for n in (12, 25, 40, 59):
            core.desk.submit(Draft(kind=Kind.FLAG, record=rid(n), transition="dismiss"))
        query = msgspec.structs.replace(FLAGS, limit=1_000)
        whole = [view.record.id for view in core.reading.query(query).views]
        assert len(whole) == 55
        assert set(whole[-4:]) == {rid(12), rid(25), rid(40), rid(59)}
        for offset in range(0, 60, 7):
            page = core.reading.query(msgspec.structs.replace(query, offset=offset, limit=7))
            assert [view.record.id for view in page.views] == whole[offset : offset + 7]
            assert page.total == 55
        assert [core.reading.position(query, one) for one in whole] == list(range(55))
        apart = msgspec.structs.replace(query, without=(rid(10), rid(12)))
        assert core.reading.query(apart).total == 53
        rest = [one for one in whole if one not in apart.without]
        assert [view.record.id for view in core.reading.query(apart).views] == rest
        assert [core.reading.position(apart, one) for one in rest] == list(range(53))
        pending = core.reading.query(msgspec.structs.replace(query, pending=True))
        assert pending.total == 4
        assert core.reading.query(msgspec.structs.replace(query, pending=False)).total == 51
        for opened in sorted({view.record.opened_at for view in pending.views}):
            before = core.reading.query(msgspec.structs.replace(query, opened_to=opened))
            assert before.total == len(before.views)
        await core.close()

    asyncio.run(run())


def test_one_search_finds_the_newest_of_each_kind(server: DistrictServer, tmp_path: Path) -> None:
    async def run() -> None:
        network = Network(server)
        hours = range(3)
        server.put(
            *(flag(20 + n, title="洪兴西路 违停", opened_at=MORNING + n * HOUR) for n in hours)
        )
        camera = Record(
            kind=Kind.CAMERA, id=rid(30), state=CameraState.ACCEPTED, opened_at=MORNING,
            title="洪兴西路口 C-0137", body=CameraBody(short_no="C-0137"),
        )  # fmt: skip
        server.put(camera)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        await core.sync_once()
        kinds = (Kind.CAMERA, Kind.FLAG, Kind.PARTY)
        found = core.reading.search("洪兴西路", kinds, 2)
        ids = {kind: [view.record.id for view in found[kind]] for kind in kinds}
        assert ids == {Kind.CAMERA: [rid(30)], Kind.FLAG: [rid(22), rid(21)], Kind.PARTY: []}
        await core.close()

    asyncio.run(run())


def test_the_thread_answers_another_loop_and_tells_news_there(
    server: DistrictServer, tmp_path: Path
) -> None:
    network_up = Network(server)

    async def run() -> None:
        profile = await signed_in(network_up, tmp_path)
        engine = EngineThread(profile, transport=network_up.transport()).start()
        news: list[Changed] = []
        came, loop = asyncio.Event(), asyncio.get_running_loop()

        def hear(changed: Changed) -> None:
            assert asyncio.get_running_loop() is loop
            news.append(changed)
            came.set()

        seen = engine.observe(hear)
        try:
            async with asyncio.timeout(180):
                while engine.link.link is not Link.ONLINE:
                    came.clear()
                    await came.wait()
            page = await engine.query(FLAGS)
            assert page.total == 5
            told = await engine.submit(Draft(kind=Kind.FLAG, record=rid(2), transition="dismiss"))
            assert told.command
            async with asyncio.timeout(180):
                while not any(rid(2) in changed.records for changed in news):
                    came.clear()
                    await came.wait()
                while server.applied[told.command] != 1:
                    came.clear()
                    await came.wait()
            assert {one.transition for one in await engine.offers(Kind.FLAG, rid(3))} >= {"confirm"}
            assert await engine.counts((FLAGS,)) == (5,)
        finally:
            seen.close()
            engine.stop()

    asyncio.run(run())

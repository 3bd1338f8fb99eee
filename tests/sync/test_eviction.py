"""A bounded cache over SQL: the longest closed become stubs, work is kept, a look brings back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec

from tests.sync.district_server import DistrictServer
from tests.sync.network import Network
from tests.sync.test_engine import flag, signed_in
from tests.unit.domain.builders import DUTY, MORNING, rid
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.views import Draft, Forecast, Link, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind, Record

OPEN, CLOSED = range(1, 4), range(10, 40)
ALL = RecordQuery(kinds=(Kind.FLAG,), limit=100)


def closed(number: int) -> Record:
    return flag(number, state="CLOSED", closed_at=MORNING - timedelta(days=100 - number))


@asynccontextmanager
async def a_desk(root: Path) -> AsyncIterator[tuple[EngineCore, Network]]:
    server = DistrictServer(MORNING, DUTY.grants, DUTY)
    server.put(*(flag(n) for n in OPEN), *(closed(n) for n in CLOSED))
    network = Network(server)
    core = EngineCore(await signed_in(network, root), transport=network.transport())
    try:
        await core.sync_once()
        yield core, network
    finally:
        await core.close()


def note(number: int) -> Draft:
    return Draft(kind=Kind.FLAG, record=rid(number), transition="annotate")


def listed(core: EngineCore) -> set[str]:
    return {view.record.id for view in core.reading.query(ALL).views}


def test_the_longest_closed_go_and_pending_work_stays(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_desk(tmp_path) as (core, network):
            core.desk.submit(note(10))  # the longest closed of all, and work hangs on it
            assert await core.puller.evict_beyond(13) == 20
            assert listed(core) == {rid(n) for n in (*OPEN, 10, *range(31, 40))}
            assert core.reading.query(ALL).total == 13
            assert await core.puller.evict_beyond(13) == 0  # stubs are not counted as rows
            await core.sync_once()  # the digest still fits: no repair, no alarm
            assert core.link.state.link is Link.ONLINE
            assert not core.desk.summary().pending
            assert network.server.records[rid(10)].version == 2

    asyncio.run(run())


def test_a_look_brings_an_evicted_record_back_and_it_stays_while_the_program_runs(
    tmp_path: Path,
) -> None:
    async def run() -> None:
        async with a_desk(tmp_path) as (core, network):
            await core.puller.evict_beyond(3)
            assert core.reading.find(rid(12)) is None
            network.is_up = False
            core.link.state = msgspec.structs.replace(core.link.state, link=Link.OFFLINE)
            assert await core.get(Kind.FLAG, rid(12)) is None
            told = core.desk.submit(note(12))
            assert told.forecast is Forecast.REFUSED and told.refusal is not None
            assert told.refusal.slug == "not-here"  # it is not gone: it is only not here
            network.is_up = True
            await core.sync_once()
            view = await core.get(Kind.FLAG, rid(12))
            assert view is not None and view.record == network.server.records[rid(12)]
            assert await core.puller.evict_beyond(3) == 0
            assert core.desk.submit(note(12)).command is not None

    asyncio.run(run())


def test_what_moved_while_it_was_a_stub_comes_whole(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_desk(tmp_path) as (core, network):
            await core.puller.evict_beyond(3)
            network.server.put(closed(12))
            await core.sync_once()
            assert rid(12) in listed(core)
            assert core.link.state.link is Link.ONLINE

    asyncio.run(run())

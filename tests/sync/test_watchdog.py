"""The watchdog over a real engine: a refusal is unseen until a person has the outbox before him."""

import asyncio
from pathlib import Path

import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.network import Network
from tests.sync.test_engine import flag, signed_in
from tests.unit.domain.builders import DUTY, MORNING, rid
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.session import open_profile
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.domain.envelope import Kind


@pytest.fixture
def server() -> DistrictServer:
    made = DistrictServer(MORNING, DUTY.grants, DUTY)
    made.put(flag(1), flag(2))
    return made


def is_unseen(core: EngineCore) -> bool:
    return "refused_unseen" in [one.check for one in core.watchdog.concerns()]


def test_a_refusal_is_unseen_until_the_outbox_was_looked_at(
    server: DistrictServer, tmp_path: Path
) -> None:
    async def refused() -> None:
        profile = await signed_in(network, tmp_path)
        core = EngineCore(profile, transport=network.transport())
        await core.sync_once()
        assert not is_unseen(core)
        server.put(flag(1, state="FALSE_ALARM", state_version=9))  # a colleague was faster
        core.desk.submit(Draft(kind=Kind.FLAG, record=rid(1), transition="dismiss"))
        await core.push_once()
        assert core.desk.summary().refused == 1
        assert is_unseen(core)
        core.watchdog.see()
        assert not is_unseen(core)
        await core.close()

    async def later() -> None:
        core = EngineCore(open_profile(tmp_path), transport=network.transport())
        assert core.desk.summary().refused == 1
        assert not is_unseen(core)
        await core.close()

    network = Network(server)
    asyncio.run(refused())
    asyncio.run(later())

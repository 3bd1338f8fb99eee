"""The watchdog over a real engine: a refusal is unseen until a person has the outbox before him."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.network import Network
from tests.sync.test_engine import flag, signed_in
from tests.unit.client.test_small_parts import HandClocks
from tests.unit.domain.builders import DUTY, MORNING, District, rid
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.client.session import open_profile
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.domain.areas import TOWNS
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.workflow import Role


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


@pytest.mark.parametrize(("hours", "until"), [(2, "10:30"), (20, "11-24 04:30")])
def test_a_kept_town_is_told_until_when_with_the_date_of_another_day(
    tmp_path: Path, hours: int, until: str
) -> None:
    officer = msgspec.structs.replace(DUTY, grants=grants_for([(Role.DUTY_OFFICER, TOWNS[0])]))
    server, district = DistrictServer(MORNING, officer.grants, officer), District()
    given = {"town": TOWNS[0], "until": (MORNING + timedelta(hours=hours)).isoformat()}
    take = (Kind.CUSTODY, rid(70), "take_over")
    server.put(district.do(DUTY, take, reason="光缆中断", **given))

    async def told() -> list[object]:
        network = Network(server)
        profile = await signed_in(network, tmp_path)
        core = EngineCore(profile, transport=network.transport())
        await core.sync_once()
        concerns = core.watchdog.concerns()
        await core.close()
        return [one.facts["until"] for one in concerns if one.check == "custody"]

    assert asyncio.run(told()) == [until]


def test_each_sign_is_read_from_the_engine_as_it_is(
    server: DistrictServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        network, clocks = Network(server), HandClocks(MORNING)
        profile = await signed_in(network, tmp_path)
        core = EngineCore(profile, transport=network.transport(), clocks=clocks)

        def seen() -> dict[str, object]:
            return {one.check: one.facts for one in core.watchdog.concerns()}

        await core.sync_once()
        assert seen() == {}
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1024**2))
        assert seen() == {"disk": {"free_mib": 1}}
        monkeypatch.undo()
        network.breaks_on = rid(1)
        core.desk.submit(Draft(kind=Kind.FLAG, record=rid(1), transition="dismiss"))
        for _ in range(3):
            await core.push_once()
            clocks.pass_s(60)
        assert seen() == {
            "stuck": {"attempts": 3, "count": 1}, "oldest_pending": {"minutes": 3, "count": 1},
        }  # fmt: skip
        network.breaks_on = None
        await core.push_once()
        core.link.down(Unavailable("unreachable"), 40.0)
        assert seen() == {"retry": {"seconds": 40}}
        clocks.now += timedelta(minutes=5)  # this computer's clock was set wrong
        await core.sync_once()
        assert list(seen()) == ["clock"]
        await core.close()

    asyncio.run(run())

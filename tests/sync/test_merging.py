"""A conflict settled field by field over a real engine: texts of both, arguments theirs or mine."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.network import Network
from tests.sync.test_engine import flag, signed_in
from tests.unit.domain.builders import DUTY, MORNING, rid
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.views import Draft, Remedy
from xiuzhou_desktop.domain.command import FieldChange
from xiuzhou_desktop.domain.envelope import Kind


@pytest.fixture
def server() -> DistrictServer:
    made = DistrictServer(MORNING, DUTY.grants, DUTY)
    made.put(flag(1))
    return made


def test_a_note_that_both_wrote_is_merged_on_what_the_server_holds(
    server: DistrictServer, tmp_path: Path
) -> None:
    async def run() -> None:
        network = Network(server)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        await core.sync_once()
        mine = FieldChange(base=None, new="副驾驶无人")
        draft = Draft(kind=Kind.FLAG, record=rid(1), transition="annotate", fields={"note": mine})
        told = core.desk.submit(draft)
        held = server.records[rid(1)]
        body = msgspec.structs.replace(held.body, note="司机在车内")
        server.put(msgspec.structs.replace(held, body=body, version=held.version + 1))
        await core.sync_once()
        (entry,) = core.desk.entries()
        assert entry.problem is not None and entry.problem.slug == "field-conflict"
        (again,) = core.desk.resolve(told.command or "", Remedy.MERGE, {"note": "都记下"})
        assert again.refusal is None
        await core.sync_once()
        assert not core.desk.entries()
        assert server.records[rid(1)].body.note == "都记下"
        await core.close()

    asyncio.run(run())


def test_a_field_of_both_is_issued_anew_with_what_was_chosen(
    server: DistrictServer, tmp_path: Path
) -> None:
    async def run() -> None:
        network = Network(server)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        await core.sync_once()
        given = {"plate": "浙F11111", "colour": "blue"}
        draft = Draft(kind=Kind.FLAG, record=rid(1), transition="correct_plate", args=given)
        told = core.desk.submit(draft)
        held = server.records[rid(1)]
        body = msgspec.structs.replace(held.body, plate="浙F22222")
        moved = {"version": held.version + 1, "state_version": held.state_version + 1}
        server.put(msgspec.structs.replace(held, body=body, **moved))
        await core.sync_once()
        results = {"plate": "浙F33333", "note": "都记下"}
        (again,) = core.desk.resolve(told.command or "", Remedy.MERGE, results)
        assert again.refusal is None
        await core.sync_once()
        assert not core.desk.entries()
        found = server.records[rid(1)].body
        assert (found.plate, found.note) == ("浙F33333", "都记下")
        assert found.plate_colour == "blue"
        await core.close()

    asyncio.run(run())

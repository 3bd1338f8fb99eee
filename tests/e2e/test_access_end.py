"""Access ends: by the clock, by a changed role, by a shut account; nothing unsent is lost, nothing
that may no longer be read stays.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
import sqlcipher3.dbapi2 as sqlite

from tests.backend.process import PASSWORD, Backend, administer, push, report, with_officer
from tests.e2e.waits import until
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import SignedOut
from xiuzhou_desktop.client.session import open_profile, sign_in
from xiuzhou_desktop.client.sync.stored import decode_record
from xiuzhou_desktop.client.views import AccessEnded, Draft, OutboxStatus, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind

TOWN = "330411103"
FLAGS = RecordQuery(kinds=(Kind.FLAG,))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = with_officer(tmp_path / "district")
    for scope in ((), ("--scope", TOWN)):
        act = ("grant",) if scope else ("add",)
        asked = ("user", *act, "wang", "--role", "duty_officer", *scope)
        assert administer(folder, *asked, stdin=f"{PASSWORD}\n").returncode == 0
    return folder


@pytest.fixture
def backend(folder: Path) -> Iterator[Backend]:
    with Backend(folder) as running:
        with running.client() as client:
            at_town = {"category": "05-05", "address": "新塍", "channel": "phone", "area": TOWN}
            push(client, report("中山西路 1 号"), report("中山西路 2 号"))
        with running.client("wang") as client:
            push(client, report(args=at_town))
        yield running


class CutAtTheDoor(httpx.AsyncHTTPTransport):
    """The way to the server, on which sealed work never arrives."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/sealed":
            raise httpx.ConnectError("cut", request=request)
        return await super().handle_async_request(request)


@asynccontextmanager
async def a_desk(
    backend: Backend, root: Path, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[tuple[EngineCore, list[AccessEnded]]]:
    """Wang's workstation at the horizon, and what it says of the end."""
    core = EngineCore(
        await sign_in(backend.url, "wang", PASSWORD, "ws-1", root), transport=transport
    )
    ended: list[AccessEnded] = []
    core.news.observe(lambda changed: ended.append(changed.ended) if changed.ended else None)
    try:
        await core.sync_once()
        yield core, ended
    finally:
        await core.close()


def dismiss_all(core: EngineCore) -> list[str]:
    views = core.reading.query(FLAGS).views
    drafts = [Draft(kind=Kind.FLAG, record=v.record.id, transition="dismiss") for v in views]
    return [told.command or "" for told in map(core.desk.submit, drafts)]


def in_database(folder: Path, statement: str) -> None:
    connection = sqlite.connect(str(folder / "district.db"), timeout=60)
    connection.execute(statement)
    connection.commit()
    connection.close()


async def shut(folder: Path, core: EngineCore) -> None:
    """The administrator shuts the account; the workstation hears of it."""
    done = await asyncio.to_thread(administer, folder, "user", "disable", "wang")
    assert done.returncode == 0
    with pytest.raises(SignedOut) as told:
        await core.sync_once()
    assert told.value.slug == "account-disabled"


def test_a_token_that_runs_out_in_mid_push_costs_nothing(
    folder: Path, backend: Backend, tmp_path: Path
) -> None:
    async def run() -> None:
        async with a_desk(backend, tmp_path / "ws") as (core, _):
            dismiss_all(core)
            await asyncio.to_thread(
                in_database, folder, "UPDATE session SET access_until = '2020-01-01T00:00:00.000Z'"
            )
            await core.sync_once()
            statuses = [entry.status for entry in core.spine.outbox]
            assert statuses == [OutboxStatus.APPLIED] * 3

    asyncio.run(run())


def test_a_role_taken_away_takes_its_rows_away_and_what_was_kept_of_them(
    folder: Path, backend: Backend, tmp_path: Path
) -> None:
    async def run() -> None:
        async with a_desk(backend, tmp_path / "ws") as (core, _):
            assert core.reading.query(FLAGS).total == 3
            as_it_stood = msgspec.structs.replace(FLAGS, at=core.spine.clock.now())
            assert (await core.lists.query(as_it_stood)).total == 3
            beside = (core.spine.stills, core.spine.track_files)
            asked_in = [kept.generation for kept in beside]
            for kept in beside:
                kept.put("seen", b"of somebody", kept.generation)
            dismiss_all(core)
            revoke = ("user", "revoke", "wang", "--role", "duty_officer")
            assert (await asyncio.to_thread(administer, folder, *revoke)).returncode == 0
            await core.puller.catch_up()
            cached = core.spine.cache.window(FLAGS, frozenset(), core.spine.clock.now())
            assert [one.record.area for one in cached] == [TOWN]
            assert decode_record.cache_info().currsize == 1
            outside = [e for e in core.spine.outbox if e.command.record != cached[0].record.id]
            assert [entry.made for entry in outside] == [None, None]
            for kept, generation in zip(beside, asked_in, strict=True):
                kept.put("on its way", b"of somebody", generation)
                assert (kept.get("seen"), kept.get("on its way")) == (None, None)
            assert (await core.lists.query(as_it_stood)).total == 1
            await core.sync_once()
            settled = {entry.id: entry.status for entry in core.spine.outbox}
            assert {settled[entry.id] for entry in outside} == {OutboxStatus.REFUSED}

    asyncio.run(run())


def test_unsent_work_of_a_shut_account_is_sealed_and_only_the_district_opens_it(
    folder: Path, backend: Backend, tmp_path: Path
) -> None:
    root = tmp_path / "ws"

    async def run() -> list[str]:
        async with a_desk(backend, root) as (core, ended):
            commands = dismiss_all(core)
            await shut(folder, core)
            await until(lambda: ended, "the end is told")
            assert ended[0] == AccessEnded(unsent=3)
            profile = core.spine.profile.folder
        assert not profile.exists()
        assert decode_record.cache_info().currsize == 0
        return commands

    commands = asyncio.run(run())
    assert not list(root.rglob("*.db")) and not list(root.glob("sealed/*"))
    (line,) = administer(folder, "sealed", "list").stdout.splitlines()
    sealed_id, user, workstation, count, _ = line.split("\t")
    assert (user, workstation, count) == ("wang", "ws-1", "3")
    opened = json.loads(administer(folder, "sealed", "open", sealed_id).stdout)
    assert [one["command"]["id"] for one in opened["commands"]] == commands
    assert opened["reason"] == "account-disabled"


def test_what_cannot_be_handed_in_stays_a_file_that_an_administrator_opens(
    folder: Path, backend: Backend, tmp_path: Path
) -> None:
    root = tmp_path / "ws"

    async def run() -> None:
        async with a_desk(backend, root, CutAtTheDoor()) as (core, ended):
            dismiss_all(core)
            await shut(folder, core)
            await until(lambda: ended, "the end is told")
            assert ended[0].file is not None

    asyncio.run(run())
    (file,) = (root / "sealed").iterdir()
    assert "dismiss" not in file.read_text()
    opened = json.loads(administer(folder, "sealed", "open", str(file)).stdout)
    assert len(opened["commands"]) == 3


def test_a_crash_between_sealing_and_destroying_leaves_nothing_to_open(
    backend: Backend, tmp_path: Path
) -> None:
    root = tmp_path / "ws"

    async def run() -> None:
        profile = await sign_in(backend.url, "wang", PASSWORD, "ws-1", root)
        core = EngineCore(profile)
        await core.sync_once()
        core.spine.session.end()
        await core.api.close()
        core.spine.cache.close()
        core.spine.journal.close()
        profile.close()  # the process is gone before it destroyed anything
        with pytest.raises(SignedOut):
            open_profile(root)
        assert not profile.folder.exists()

    asyncio.run(run())

"""Two files, two fates: a damaged cache is begun anew, a damaged journal is never touched."""

import asyncio
from pathlib import Path

import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.network import Network
from tests.sync.test_announced import awaited_by
from tests.sync.test_engine import signed_in
from tests.unit.domain.builders import DUTY, MORNING, a_flag, rid
from xiuzhou_desktop.client.cache.tables import document
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.engine.thread import EngineThread
from xiuzhou_desktop.client.journal import SqlJournal
from xiuzhou_desktop.client.profile import Profile
from xiuzhou_desktop.client.sealed_db import (
    DamagedCacheError,
    DamagedJournalError,
    Durability,
    connect,
)
from xiuzhou_desktop.client.session import open_profile
from xiuzhou_desktop.client.views import Draft, RecordQuery
from xiuzhou_desktop.domain.areas import SHARED
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.setting_body import SettingBody

FLAG = a_flag()
PAGE_BYTES = 4096  # SQLCipher's
A_SETTING = Record(
    kind=Kind.SETTING, id=rid(4), scope=SHARED, state="ACTIVE", opened_at=MORNING,
    body=SettingBody(name="looks_before_onsite", value=3),
)  # fmt: skip


def scratch(path: Path) -> bytes:
    """Bytes that no cipher wrote, over the whole file."""
    path.write_bytes(b"\xff" * max(path.stat().st_size, 4096))
    return path.read_bytes()


def test_a_damaged_journal_costs_no_cache_and_is_not_begun_anew(tmp_path: Path) -> None:
    server = DistrictServer(MORNING, DUTY.grants, DUTY)
    server.put(FLAG)

    async def run() -> None:
        network = Network(server)
        core = EngineCore(await signed_in(network, tmp_path), transport=network.transport())
        await core.sync_once()
        core.desk.submit(Draft(kind=Kind.FLAG, record=FLAG.id, transition="dismiss"))
        journal, key = core.spine.profile.journal_path, core.spine.profile.key
        await core.close()
        whole, damaged = journal.read_bytes(), scratch(journal)
        profile = open_profile(tmp_path)
        with pytest.raises(DamagedJournalError):
            EngineCore(profile, transport=network.transport())
        profile.close()
        assert journal.read_bytes() == damaged

        journal.write_bytes(whole)
        copy = tmp_path / "copy.db"
        copy.write_bytes(damaged)
        again = EngineCore(open_profile(tmp_path), transport=network.transport())
        with pytest.raises(DamagedJournalError):
            await again.guarded(lambda: SqlJournal(copy, key).entries())
        assert not again.spine.cache.was_rebuilt
        assert again.reading.query(RecordQuery(kinds=(Kind.FLAG,))).total == 1
        await again.close()

    asyncio.run(run())


def scratch_documents(profile: Profile) -> None:
    """A page that no opening reads: the cache is whole until somebody asks for a record."""
    (path,) = profile.folder.glob("cache-*.db")
    asked = "SELECT rootpage FROM sqlite_master WHERE name = ?"
    with connect(path, profile.key, Durability.NORMAL, 1024, DamagedCacheError) as opened:
        opened.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        page = opened.exec_driver_sql(asked, (document.name,)).scalar_one()
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE_BYTES)
        file.write(b"\xff" * PAGE_BYTES)


@pytest.mark.parametrize(
    "record",
    [awaited_by(DUTY.user, 3), A_SETTING],
    ids=["asked-for-as-the-spine-opens", "asked-for-as-the-engine-starts"],
)
def test_a_cache_that_turns_out_damaged_at_the_start_is_begun_anew(
    tmp_path: Path, record: Record
) -> None:
    server = DistrictServer(MORNING, DUTY.grants, DUTY)
    server.put(record)
    network = Network(server)

    async def once() -> Profile:
        profile = await signed_in(network, tmp_path)
        core = EngineCore(profile, transport=network.transport())
        await core.sync_once()
        await core.close()
        return profile

    scratch_documents(asyncio.run(once()))
    network.is_up = False
    profile = open_profile(tmp_path)
    EngineThread(profile, transport=network.transport()).start().stop()

    async def loaded_again() -> None:
        network.is_up = True
        again = EngineCore(open_profile(tmp_path), transport=network.transport())
        await again.sync_once()
        assert again.reading.find(record.id) is not None
        await again.close()

    asyncio.run(loaded_again())

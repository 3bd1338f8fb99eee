"""Two files, two fates: a damaged cache is begun anew, a damaged journal is never touched."""

import asyncio
from pathlib import Path

import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.network import Network
from tests.sync.test_engine import signed_in
from tests.unit.domain.builders import DUTY, MORNING, a_flag
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.journal import SqlJournal
from xiuzhou_desktop.client.sealed_db import DamagedJournalError
from xiuzhou_desktop.client.session import open_profile
from xiuzhou_desktop.client.views import Draft, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind

FLAG = a_flag()


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

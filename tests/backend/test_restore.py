"""After a restore: replays end as told or as a visible conflict, nothing is sent twice (sync.md
§4.4, R17–R19).
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.backend.cluster import copy_database
from tests.backend.district import District, open_district
from xiuzhou_desktop.backend.high_water import HighWater, notice_restore
from xiuzhou_desktop.backend.restore import begin_after_restore
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import Store, effects, open_store
from xiuzhou_desktop.backend.store.effects import EffectState
from xiuzhou_desktop.backend.store.meta import Meta
from xiuzhou_desktop.contract.sync import Receipt, Resent, Status
from xiuzhou_desktop.domain.command import Command
from xiuzhou_desktop.domain.envelope import Record


class Restored:
    """A district whose verdict was told and then lost; the backup is from before it."""

    def __init__(self, district: District, flag: Record, verdict: Command, told: Receipt) -> None:
        self.district = district
        self.flag = flag
        self.verdict = verdict
        self.told = told


@pytest.fixture
def restored(tmp_path: Path, database_url: str | None) -> Iterator[Restored]:
    settings = Settings(folder=tmp_path / "district", database=database_url)
    with open_district(settings) as before:
        flag = before.reported(plate="浙F12345", plate_colour="blue")
        backup = backup_of(before)
        verdict = before.command("confirm", flag)
        told = before.send(verdict).result.receipt
        wall = before.wall
    assert told is not None
    wall.advance(minutes=20)
    store = open_store(backup, wall())
    begin_after_restore(store, wall())
    yield Restored(District(store, wall, backup), flag, verdict, told)
    store.close()


def backup_of(district: District) -> Settings:
    """A copy of the database as it stands, with the same keys beside it."""
    settings = district.settings
    for engine in (district.store.database.writing, district.store.database.reading):
        engine.dispose()  # what nobody is connected to is whole
    if settings.database is not None:
        return msgspec.structs.replace(settings, database=copy_database(settings.database))
    folder = settings.folder.with_name("backup")
    shutil.copytree(settings.folder, folder)
    return msgspec.structs.replace(settings, folder=folder)


def resent(told: Receipt) -> Resent:
    return Resent(first_epoch=told.epoch, receipt=told)


def test_a_replay_brings_back_what_was_told(restored: Restored) -> None:
    district = restored.district

    result = district.send(restored.verdict, resent=resent(restored.told)).result

    back = district.record(restored.flag.id)
    assert result.status is Status.APPLIED
    assert result.at == restored.told.applied_at
    assert back is not None and back.state_version == restored.told.versions[back.id]


def test_what_a_replay_owes_is_looked_up_before_it_is_sent(restored: Restored) -> None:
    district = restored.district
    district.send(restored.verdict, resent=resent(restored.told))
    with district.store.snapshot() as connection:
        owed = effects.waiting(connection, district.clock.now(), 10)
    assert [one.state for one in owed] == [EffectState.CHECK]


def test_a_forged_receipt_proves_nothing(restored: Restored) -> None:
    district = restored.district
    district.wall.advance(hours=9)  # past not_after: only a true receipt skips it
    forged = msgspec.structs.replace(restored.told, mac="0" * 64)

    assert district.send(restored.verdict, resent=resent(forged)).result.status is Status.EXPIRED


def test_a_version_that_may_come_back_is_waited_for_inside_the_window_only(
    restored: Restored,
) -> None:
    district = restored.district
    lost = msgspec.structs.replace(restored.flag, state_version=restored.flag.state_version + 1)
    command = district.command("dismiss", lost)

    inside = district.send(command).result.status
    district.wall.advance(hours=3)
    outside = district.send(command).result.status

    assert (inside, outside) == (Status.HELD, Status.CONFLICT)


def test_new_versions_lie_above_all_that_were_used(restored: Restored) -> None:
    district = restored.district
    flag = district.record(restored.flag.id)
    assert flag is not None
    district.send(district.command("dismiss", flag))
    judged = district.record(flag.id)
    assert judged is not None
    assert judged.state_version > max(restored.told.versions.values())


def test_of_two_processes_that_start_on_a_backup_one_begins_the_epoch(restored: Restored) -> None:
    store, now = restored.district.store, restored.district.clock.now()
    file = restored.district.settings.high_water_file
    before = read_meta_of(store)
    HighWater(file).rise(msgspec.structs.replace(before, horizon=before.horizon + 1))
    both = [HighWater(file) for _ in range(2)]
    begun = []
    for one in both:
        notice_restore(store, one, now)
        begun.append(read_meta_of(store).epoch)
    assert begun[0] == begun[1] != before.epoch


def read_meta_of(store: Store) -> Meta:
    with store.reading() as tables:
        return tables.meta()

"""A district moves from SQLite to PostgreSQL, and its workstations notice nothing
(docs/operations.md *More than one server*).
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from tests.backend.district import MORNING, PASSWORD, TOWN, District, open_district
from tests.e2e.twin import Backend, Twin
from xiuzhou_desktop.backend.cli import main
from xiuzhou_desktop.backend.positions import Fix, open_positions
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import UnavailableError, meta, open_store
from xiuzhou_desktop.backend.store.engine import unpooled
from xiuzhou_desktop.backend.store.schema import session
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.workflow import Role

FIX = Fix("truck", 1_795_000_000_000, 1, 2, 3, -1, 0)


def moved(folder: Path, url: str) -> int:
    return main(["move", "--from", f"sqlite:///{folder}/district.db", "--to", url])


def test_a_workstation_goes_on_where_it_was(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    here, url = Settings(folder=tmp_path), new_database()
    with open_district(here) as district:
        district.add_officer("town", Role.DUTY_OFFICER, TOWN)
        district.accounts.sign_in("duty", PASSWORD, "ws-1")
        told = district.report()
        receipt = district.told(district.send(told), "duty").receipt
        cursor = district.pull(district.cursor()).cursor
        flag = district.record(told.record)
        assert flag is not None
        queued = (district.command("confirm", flag, after=(told.id,)), district.sender("duty"))
    positions = open_positions(None, here.positions_file)
    positions.add([FIX, FIX._replace(at_ms=FIX.at_ms + 3 * 86_400_000)], came_ms=1)
    positions.close()

    assert moved(tmp_path, url) == 0

    there = Settings(folder=tmp_path, database=url)
    store = open_store(there, MORNING)
    district = District(store, district.wall, there)
    assert district.pull(cursor).changes == ()
    assert district.told(district.send(told), "duty").receipt == receipt
    judged = district.desk.execute(queued[1], queued[0])
    assert judged.result.status is Status.APPLIED
    page = district.pull(cursor)
    assert [one.id for one in page.changes if one.id == flag.id] == [flag.id]
    with store.snapshot() as connection:
        signed_in = connection.execute(select(session.c.workstation)).scalars().all()
    assert signed_in == ["ws-1"]
    store.close()
    positions = open_positions(url, here.positions_file)
    assert positions.track("truck", 0, 2 * FIX.at_ms)[0] == FIX
    assert len(positions.track("truck", 0, 2 * FIX.at_ms)) == 2
    positions.close()


def test_what_an_officer_saved_meanwhile_is_delivered_to_the_new_place(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    folder, url = tmp_path / "data", new_database()
    with open_district(Settings(folder=folder)):
        pass
    backend, duty = Backend(folder), Twin(tmp_path / "profile")
    backend.start()
    try:
        said = duty.run("login", "--server", backend.url, "--user", "duty", stdin=f"{PASSWORD}\n")
        assert said.code == 0, said.err
        flag = duty.report("中山西路 16 号")
        assert duty.run("sync").code == 0
        backend.stop()
        assert duty.run("do", flag, "confirm").json["status"] == "queued"

        assert moved(folder, url) == 0

        backend.database = url
        backend.start()
        assert duty.run("sync").code == 0
        assert {one["status"] for one in duty.run("outbox").json} == {"applied"}
        thread = duty.run("show", flag).json["transitions"]
        assert [one["name"] for one in thread][:2] == ["report", "confirm"]
    finally:
        backend.stop()


def test_what_was_moved_is_served_from_its_new_place_alone(
    tmp_path: Path, new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    with open_district(Settings(folder=tmp_path)):
        pass
    url = new_database()
    assert moved(tmp_path, url) == 0
    with pytest.raises(UnavailableError, match="moved to postgresql"):
        open_store(Settings(folder=tmp_path), MORNING)
    assert moved(tmp_path, new_database()) == 1
    assert "already" in capsys.readouterr().err


def test_a_target_that_is_not_empty_is_refused(
    tmp_path: Path, new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    url = new_database()
    with open_district(Settings(folder=tmp_path / "other", database=url)) as other:
        epoch = other.sender("duty").epoch
    with open_district(Settings(folder=tmp_path)):
        pass
    assert moved(tmp_path, url) == 1
    assert "not empty" in capsys.readouterr().err
    with unpooled(url).connect() as connection:
        assert meta.read_meta(connection).epoch == epoch
    open_store(Settings(folder=tmp_path), MORNING).close()  # and the source is as it was


def test_a_row_that_does_not_fit_is_said_and_nothing_is_moved(
    tmp_path: Path, new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    with open_district(Settings(folder=tmp_path)) as district:
        district.add_officer("x" * 70, Role.CLERK)
    url = new_database()
    assert moved(tmp_path, url) == 1
    assert "does not fit" in capsys.readouterr().err
    with unpooled(url).connect() as connection:
        assert not inspect(connection).get_table_names()
    open_store(Settings(folder=tmp_path), MORNING).close()


def test_a_district_that_is_served_is_not_moved(
    tmp_path: Path, new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    with open_district(Settings(folder=tmp_path)) as district:
        district.reported()
        assert moved(tmp_path, new_database()) == 1
        assert "stop the backend" in capsys.readouterr().err
        district.reported()

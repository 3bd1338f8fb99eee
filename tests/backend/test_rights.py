"""What belongs to another scope is neither seen nor changed, by whatever door."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.backend.district import OTHER_TOWN, TOWN, District, note
from tests.backend.process import (
    Backend,
    administer,
    push,
    report,
    with_officer,
    with_towns_officer,
)
from xiuzhou_desktop.backend.store import meta, records, uploads
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.ids import derived_id
from xiuzhou_desktop.domain.workflow import Role

CAMERAS = """short_no,gb_id,area,lon,lat,crs,address
C-0001,,330411002,120.709000,30.763300,WGS84,中山西路 1 号
"""
CAMERA = derived_id("camera", "C-0001")
PICTURE = f"sha256:{'ab' * 32}"
LIVE = f"/v1/cameras/{CAMERA}/live"


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    folder = with_towns_officer(with_officer(tmp_path_factory.mktemp("rights") / "data"))
    file = Path(folder).parent / "cameras.csv"
    file.write_text(CAMERAS, "utf-8")
    assert not administer(folder, "import", "cameras", str(file)).returncode
    with Backend(folder) as one:
        yield one


@pytest.fixture(scope="module")
def duty(backend: Backend) -> Iterator[httpx.Client]:
    with backend.client() as one:
        yield one


@pytest.fixture(scope="module")
def town(backend: Backend) -> Iterator[httpx.Client]:
    with backend.client("town") as one:
        yield one


def test_a_ticket_is_given_for_cameras_that_one_may_see(
    duty: httpx.Client, town: httpx.Client
) -> None:
    ticket = duty.post("/v1/media-token", json={"path": LIVE})
    assert ticket.status_code == 200
    shown = httpx.get(f"{duty.base_url}{LIVE}".replace("//v1", "/v1"), params=ticket.json())
    assert shown.json()["slug"] == "no-picture"  # past the door; this district has no pictures
    assert town.post("/v1/media-token", json={"path": LIVE}).status_code == 404
    nowhere = "/v1/cameras/../records/live"
    assert duty.post("/v1/media-token", json={"path": nowhere}).status_code == 404


def test_nobody_speaks_of_a_record_of_another_scope(duty: httpx.Client, town: httpx.Client) -> None:
    flag = report()
    push(duty, flag)
    claim = {"act": "claim", "kind": "flag", "record": flag["record"]}
    assert town.post("/v1/live", json=claim).status_code == 404
    assert duty.post("/v1/live", json=claim).status_code == 200
    health = {"act": "health", "kind": "camera", "record": CAMERA, "health": "frozen"}
    assert town.post("/v1/live", json=health).status_code == 404
    assert duty.post("/v1/live", json=health).status_code == 200
    assert duty.post("/v1/live", json=health | {"record": "invented"}).status_code == 404
    assert duty.post("/v1/live", json=claim | {"record": "x" * 37}).status_code == 404
    no_camera = {"kind": "flag", "record": flag["record"]}
    assert duty.post("/v1/live", json=health | no_camera).status_code == 404


def test_a_path_with_a_nul_names_nothing(duty: httpx.Client) -> None:
    assert duty.get("/v1/records/flag/a%00b").status_code == 404
    assert duty.get("/v1/commands/%00").status_code == 404


def test_a_duplicate_does_not_reach_into_another_town(district: District) -> None:
    district.add_officer("town", Role.DUTY_OFFICER, TOWN)
    district.add_officer("other", Role.DUTY_OFFICER, OTHER_TOWN)
    plate = {"plate": "浙F12345", "plate_colour": "blue", "area": "330411103"}
    urgent = district.reported("town", **plate, priority=1)
    foreign = district.reported("other", **(plate | {"area": "330411104"}))

    command = district.command("attach", urgent, args={"parent": foreign.id})
    judged = district.send(command, "town").result

    assert judged.status is Status.REFUSED
    assert judged.problem is not None and judged.problem.slug == "grant-revoked"
    assert district.record(foreign.id) == foreign


def test_the_floor_never_falls(small_district: District) -> None:
    with small_district.store.transaction() as connection:
        meta.raise_floor(connection, 10)
        meta.raise_floor(connection, 5)
        assert meta.read_meta(connection).floor == 10


def test_naming_a_hash_gives_nobody_another_ones_picture(district: District) -> None:
    district.add_officer("town", Role.DUTY_OFFICER, TOWN)
    own = district.reported("town", area=TOWN)
    theft = district.command("annotate", own, fields=note(None, f"see {PICTURE}"))

    judged = district.send(theft, "town").result

    assert judged.status is Status.HELD  # as for bytes that are nowhere: what exists is not told
    assert judged.problem is not None and judged.problem.facts == {"blob": PICTURE}
    assert district.record(own.id) == own
    with district.store.snapshot() as connection:
        assert not records.blob_grants(connection, PICTURE)


def test_a_file_is_named_by_who_uploaded_it_and_by_who_reads_it(district: District) -> None:
    district.add_officer("town", Role.DUTY_OFFICER, TOWN)
    with district.store.transaction() as connection:
        uploads.note_sender(connection, PICTURE, "town")
    own = district.reported("town", area=TOWN)
    named = district.command("annotate", own, fields=note(None, f"see {PICTURE}"))
    assert district.send(named, "town").result.status is Status.APPLIED
    other = district.reported("town", area=TOWN)
    district.add_officer("colleague", Role.DUTY_OFFICER, TOWN)
    again = district.command("annotate", other, fields=note(None, f"see {PICTURE}"))
    assert district.send(again, "colleague").result.status is Status.APPLIED

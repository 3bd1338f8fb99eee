"""Positions: from files and over HTTP, bad ones named, twice the same, nothing without a grant."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import islice
from pathlib import Path

import httpx
import msgspec
import pytest

from tests.backend.process import (
    ANSWER_S,
    Backend,
    administer,
    with_officer,
    with_towns_officer,
)
from xiuzhou_desktop.backend.positions import Fix, PositionStore, open_positions
from xiuzhou_desktop.backend.positions.store import DAY_MS, Reading
from xiuzhou_desktop.contract.positions import LivePositions, TrackPage
from xiuzhou_desktop.domain.ids import derived_id
from xiuzhou_desktop.geo import Point, destination, wgs84_to_gcj02

VEHICLES = """plate,plate_colour,type,company,terminal,area
浙FA3712,yellow,muck,嘉兴恒通土方,013800000001,
浙FB0956,yellow,muck,嘉兴恒通土方,013800000002,330411103
浙F5T119,yellow,sprinkler,秀洲环卫,,
"""
TRUCK = derived_id("vehicle", "plate:浙FA3712/yellow")
OF_A_TOWN = derived_id("vehicle", "plate:浙FB0956/yellow")
HERE = Point(120.709, 30.7633)
BEGIN = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=5)
E7 = 10_000_000


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    folder = with_towns_officer(with_officer(tmp_path_factory.mktemp("positions") / "data"))
    file = folder.parent / "vehicles.csv"
    file.write_text(VEHICLES, "utf-8")
    done = administer(folder, "import", "vehicles", str(file))
    assert done.stdout == "3 new, 0 changed, 0 unchanged, 0 bad\n", done.stderr
    assert "3 unchanged" in administer(folder, "import", "vehicles", str(file)).stdout
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


@pytest.fixture(scope="module")
def device(backend: Backend) -> Iterator[httpx.Client]:
    token = administer(backend.folder, "device", "add", "terminals").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=backend.url, timeout=ANSWER_S, headers=headers) as one:
        yield one


def at(seconds: int) -> str:
    return (BEGIN + timedelta(seconds=seconds)).isoformat()


def a_fix(seconds: int, point: Point = HERE, **more: object) -> dict[str, object]:
    place = {"lon_e7": round(point.lon * E7), "lat_e7": round(point.lat * E7)}
    return {"vehicle": "浙F·A3712", "at": at(seconds), **place, **more}


def send(device: httpx.Client, *fixes: dict[str, object]) -> dict[str, object]:
    answer = device.post("/v1/ingest/positions", json={"positions": fixes})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def track(client: httpx.Client, vehicle: str, start: int, end: int) -> TrackPage:
    asked = {"vehicle": vehicle, "from": at(start), "to": at(end)}
    answer = client.get("/v1/positions", params=asked)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=TrackPage)


def imported(backend: Backend, name: str, content: bytes, *more: str) -> tuple[str, str, int]:
    file = backend.folder.parent / name
    file.write_bytes(content)
    done = administer(backend.folder, "import", "positions", str(file), *more)
    return done.stdout, done.stderr, done.returncode


def test_what_is_sent_is_there_once(device: httpx.Client, duty: httpx.Client) -> None:
    fixes = [a_fix(n * 10, speed_dkmh=350, heading_deg=90) for n in range(30)]
    assert send(device, *fixes) == {"new": 30, "known": 0, "faults": []}
    assert send(device, *fixes[:20], a_fix(295))["new"] == 1  # late, between what is known
    page = track(duty, TRUCK, 0, 300)
    assert len(page.at_ms) == 31
    assert list(page.at_ms) == sorted(page.at_ms)
    assert set(page.speed_dkmh) == {350, -1}


@pytest.mark.parametrize(
    ("fix", "reason"),
    [
        (a_fix(4000, Point(0, 0)), "null-island"),
        (a_fix(4000, Point(2.35, 48.85)), "not-in-china"),
        (a_fix(4000) | {"at": "2000-01-01T00:00:00+08:00"}, "too-old"),
        (a_fix(4000) | {"at": "2000-01-01T00:00:00"}, "no-zone"),
        (a_fix(4000) | {"at": (BEGIN + timedelta(hours=9)).isoformat()}, "in-the-future"),
        (a_fix(4000, is_fixed=False), "no-fix"),
        (a_fix(4000, vehicle="浙F99999"), "unknown-vehicle"),
    ],
)  # fmt: skip
def test_a_bad_fix_costs_itself_and_is_named(
    device: httpx.Client, fix: dict[str, object], reason: str
) -> None:
    good = a_fix(4001)
    told = send(device, fix, good)
    assert told["faults"] == [{"place": 0, "reason": reason}]
    assert (told["new"], told["known"]) in {(1, 0), (0, 1)}


def test_four_hundred_kilometres_an_hour_is_kept_for_the_filter_to_show(
    device: httpx.Client, duty: httpx.Client
) -> None:
    far = destination(HERE, 0, 1_200)
    assert send(device, a_fix(6000), a_fix(6010, far, speed_dkmh=4000), a_fix(6020))["new"] == 3
    assert 4000 in track(duty, TRUCK, 6000, 6030).speed_dkmh


def test_a_town_sees_its_own_and_no_other(device: httpx.Client, town: httpx.Client) -> None:
    send(device, a_fix(10, vehicle="013800000002"))
    asked = {"vehicle": TRUCK, "from": at(0), "to": at(300)}
    assert town.get("/v1/positions", params=asked).status_code == 404
    assert town.get("/v1/positions", params=asked | {"vehicle": "nobody"}).status_code == 404
    unsigned = httpx.get(town.base_url.join("/v1/positions"), params=asked)
    assert unsigned.status_code == 401


@pytest.mark.parametrize("end", [0, -10, 8 * 86_400])
def test_a_period_that_is_none_or_too_long_is_refused(duty: httpx.Client, end: int) -> None:
    asked = {"vehicle": TRUCK, "from": at(0), "to": at(end)}
    assert duty.get("/v1/positions", params=asked).json()["slug"] == "bad-parameter"


def test_the_live_lane_tells_each_grant_its_vehicles(
    device: httpx.Client, duty: httpx.Client, town: httpx.Client
) -> None:
    send(device, a_fix(7200), a_fix(7200, vehicle="浙FB0956"))
    assert _heard(town) == {OF_A_TOWN}
    everybody = _heard(duty)
    assert TRUCK in everybody or OF_A_TOWN in everybody


def _heard(client: httpx.Client) -> set[str]:
    """The vehicles of the first `positions` event."""
    with client.stream("GET", "/v1/live") as answer:
        is_positions = False
        for line in islice(answer.iter_lines(), 40):
            if is_positions and line.startswith("data: "):
                told = msgspec.json.decode(line.removeprefix("data: "), type=LivePositions)
                return {one.vehicle for one in told.positions}
            is_positions = line == "event: positions"
    return set()


def test_csv_lands_line_by_line_and_a_second_run_keeps_nothing(
    backend: Backend, duty: httpx.Client
) -> None:
    gcj = wgs84_to_gcj02(HERE)
    lines = [
        "vehicle,at,lon,lat,crs,speed_kmh",
        f"浙FA3712,{at(8000)},120.709,30.7633,,35.5",
        f"浙FA3712,{at(8010)},{gcj.lon},{gcj.lat},GCJ02,",
        f"浙FA3712,{at(8020)},0,0,,",
        f"浙FA3712,{at(8030)},east,30,,",
        f"浙FA3712,{at(8040)},120.71",
    ]
    content = "\n".join(lines).encode()
    out, err, code = imported(backend, "a.csv", content)
    assert (out, code) == ("2 new, 0 changed, 0 unchanged, 3 bad\n", 1)
    assert "line 4: null-island" in err
    assert "line 5: " in err
    assert "line 6: " in err
    assert imported(backend, "a.csv", content)[0] == "0 new, 0 changed, 2 unchanged, 3 bad\n"
    page = track(duty, TRUCK, 8000, 8100)
    assert page.speed_dkmh[0] == 355
    assert page.lon_e7[1] == pytest.approx(HERE.lon * E7, abs=2)


GPX = """<?xml version="1.0"?>
<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
{points}
</trkseg></trk></gpx>
"""


def a_gpx(first: int, count: int) -> str:
    points = (
        f'<trkpt lat="30.7633" lon="{120.709 + n / 1000}"><time>{at(first + n * 10)}</time></trkpt>'
        for n in range(count)
    )
    return GPX.format(points="\n".join(points))


def test_gpx_lands_for_the_vehicle_that_is_named(backend: Backend, duty: httpx.Client) -> None:
    whole = a_gpx(9000, 20).encode()
    assert "names no vehicle" in imported(backend, "b.gpx", whole)[1]
    done = imported(backend, "b.gpx", whole, "--vehicle", "浙FA3712")
    assert done == ("20 new, 0 changed, 0 unchanged, 0 bad\n", "", 0)
    assert len(track(duty, TRUCK, 9000, 9200).at_ms) == 20


def test_a_gpx_cut_in_half_gives_what_came_before_the_cut(
    backend: Backend, duty: httpx.Client
) -> None:
    text = a_gpx(10_000, 20)
    half = text[: text.index("<trkpt", len(text) // 2) + 9].encode()
    out, err, code = imported(backend, "c.gpx", half, "--vehicle", "浙FA3712")
    assert code == 1
    kept = len(track(duty, TRUCK, 10_000, 10_200).at_ms)
    assert out == f"{kept} new, 0 changed, 0 unchanged, 1 bad\n"
    assert 8 <= kept <= 12
    assert f"line {kept + 3}: the file ends or breaks here" in err


def test_an_entity_is_refused(backend: Backend) -> None:
    bomb = b'<!DOCTYPE gpx [<!ENTITY a "aaaa">]><gpx>&a;</gpx>'
    out, err, code = imported(backend, "d.gpx", bomb, "--vehicle", "浙FA3712")
    assert (out, code) == ("", 1)
    assert "entity" in err


def _sentence(seconds: int, valid: str = "A") -> str:
    then = BEGIN + timedelta(seconds=seconds)
    body = f"GNRMC,{then:%H%M%S}.00,{valid},3045.7980,N,12042.5400,E,10.80,90.0,{then:%d%m%y},,,A"
    return f"${body}*{reduce(lambda total, char: total ^ ord(char), body, 0):02X}"


def test_nmea_is_read_with_its_checksum(backend: Backend, duty: httpx.Client) -> None:
    whole = _sentence(11_010)
    damaged = whole[:-1] + ("0" if whole[-1] != "0" else "1")
    lines = [_sentence(11_000), "$GNGGA,other*00", damaged,
             _sentence(11_020, valid="V"), _sentence(11_030)]  # fmt: skip
    content = "\r\n".join(lines).encode()
    out, err, code = imported(backend, "e.nmea", content, "--vehicle", "浙FA3712")
    assert (out, code) == ("2 new, 0 changed, 0 unchanged, 2 bad\n", 1)
    assert "line 3: the checksum is wrong" in err
    assert "line 4: no-fix" in err
    page = track(duty, TRUCK, 11_000, 11_100)
    assert page.speed_dkmh == (200, 200)
    assert page.lat_e7[0] == pytest.approx(HERE.lat * E7, abs=20)


def test_gcj02_declared_as_wgs84_is_flagged(device: httpx.Client, duty: httpx.Client) -> None:
    """On the base map's own first streets, ten fixes each."""
    document = msgspec.json.decode(duty.get("/v1/basemap").content)
    lines = [
        one["geometry"]["coordinates"]
        for one in document["features"]
        if one["properties"].get("road") == "street"
    ]
    drive = [
        Point(a[0] + (b[0] - a[0]) * n / 10, a[1] + (b[1] - a[1]) * n / 10)
        for a, b in ((line[0], line[1]) for line in lines[:6])
        for n in range(10)
    ]
    send(device, *(a_fix(12_000 + n * 10, one) for n, one in enumerate(drive)))
    assert track(duty, TRUCK, 12_000, 12_600).doubt_e4 is None
    shifted = [wgs84_to_gcj02(one) for one in drive]
    send(device, *(a_fix(13_000 + n * 10, one) for n, one in enumerate(shifted)))
    doubt = track(duty, TRUCK, 13_000, 13_600).doubt_e4
    assert doubt is not None
    assert doubt[1] > 9_000 > doubt[0]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PositionStore]:
    url = None
    if request.param == "postgresql":
        new_database: Callable[[], str] = request.getfixturevalue("new_database")
        url = new_database()
    one = open_positions(url, tmp_path / "positions.db")
    yield one
    one.close()


def test_both_databases_keep_each_fix_once_and_know_the_newest(store: PositionStore) -> None:
    fixes = [Fix("truck", 1_795_000_000_000 + n * 1000, 1, 2, n, -1, 1 << 31) for n in range(1200)]
    assert store.add(fixes, came_ms=5) == 1200
    assert store.add([*fixes[:7], fixes[0]._replace(at_ms=1_792_000_000_000)], came_ms=6) == 1
    assert store.track("truck", fixes[0].at_ms, fixes[-1].at_ms) == fixes[:-1]
    assert store.newer_than(4) == ([fixes[-1]], 5)  # what came late is not the newest
    assert store.newer_than(5) == ([], 5)
    assert store.forget_before(fixes[0].at_ms // DAY_MS * DAY_MS) == 1  # a partition, or its row
    assert store.track("truck", 0, fixes[-1].at_ms) == fixes[:-1]
    named = Fix("'\"\\,{卡车}", fixes[0].at_ms, -1, 2, 3, -1, 0)  # however a batch travels
    assert store.add([named], came_ms=7) == 1
    assert store.newer_than(6) == ([named], 7)
    store.note(Reading("duty", "truck", 1, 2), at_ms=7)
    assert store.readings() == [Reading("duty", "truck", 1, 2)]

"""A vehicle-day as columns and as files, and as it lies sealed on the disk."""

import asyncio
import csv
import io
import xml.etree.ElementTree as Tree
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec

from xiuzhou_desktop.client.blobs import BlobCache
from xiuzhou_desktop.client.engine.tracks import Tracks, path_of
from xiuzhou_desktop.client.tracks import TrackFormat, days_between, exported, fixes_of
from xiuzhou_desktop.contract.positions import TrackPage
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.ids import RecordId

BEGIN = datetime(2026, 11, 22, 22, tzinfo=UTC)
TRUCK = RecordId("truck")
PLATE = "浙FA3712"
DAY = date(2026, 11, 23)
GPX = "{http://www.topografix.com/GPX/1/1}"


def a_page() -> TrackPage:
    """Forty fixes northward, a gap of five minutes after the twentieth, the tenth far away."""
    gap_ms = [0 if n < 20 else 300_000 for n in range(40)]
    first_ms = round(BEGIN.timestamp() * 1000)
    return TrackPage(
        vehicle=TRUCK, start=BEGIN, end=BEGIN + timedelta(days=1), as_of=BEGIN,
        at_ms=tuple(first_ms + n * 10_000 + gap_ms[n] for n in range(40)),
        lon_e7=tuple(1_207_090_000 + (500_000 if n == 10 else 0) for n in range(40)),
        lat_e7=tuple(307_633_000 + n * 9_000 for n in range(40)),
        speed_dkmh=(360,) * 39 + (-1,), heading_deg=(0,) * 40, alarm=(0,) * 40,
    )  # fmt: skip


def test_gpx_breaks_at_the_gap_and_sets_drift_apart() -> None:
    root = Tree.fromstring(exported(PLATE, fixes_of(a_page()), TrackFormat.GPX))
    segments = root.findall(f"{GPX}trk/{GPX}trkseg")
    assert [len(one) for one in segments] == [19, 20]
    assert len(root.findall(f"{GPX}wpt")) == 1
    assert root.findtext(f"{GPX}trk/{GPX}name") == PLATE
    first = segments[0][0]
    assert (first.get("lon"), first.findtext(f"{GPX}time")) == (
        "120.7090000", "2026-11-22T22:00:00.000Z",
    )  # fmt: skip


def test_geojson_has_a_line_a_stretch_and_the_drift_as_points() -> None:
    content = exported(PLATE, fixes_of(a_page()), TrackFormat.GEOJSON)
    features = msgspec.json.decode(content)["features"]
    told = [(one["geometry"]["type"], one["properties"]["kind"]) for one in features]
    assert told == [("LineString", "track"), ("LineString", "track"), ("Point", "drift")]


def test_csv_has_every_fix_as_it_was_sent() -> None:
    content = exported(PLATE, fixes_of(a_page()), TrackFormat.CSV).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == 40
    assert [row["drift"] for row in rows].count("1") == 1
    assert rows[-1]["speed_kmh"] == ""  # the terminal did not say: no number is made up


def test_a_day_without_fixes_is_a_file_too() -> None:
    empty = msgspec.structs.replace(
        a_page(), at_ms=(), lon_e7=(), lat_e7=(), speed_dkmh=(), heading_deg=(), alarm=()
    )
    for form in TrackFormat:
        assert exported(PLATE, fixes_of(empty), form)


def test_a_period_touches_local_days() -> None:
    midnight = datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert days_between(midnight - timedelta(hours=1), midnight) == [DAY]
    assert len(days_between(midnight - timedelta(hours=1), midnight + timedelta(seconds=1))) == 2


async def _kept(folder: Path, *, damage: bool) -> TrackPage | None:
    files = BlobCache(folder / "tracks", bytes(32))
    files.put(path_of(TRUCK, DAY), canonical(a_page()), files.generation)
    (file,) = (folder / "tracks").iterdir()
    assert PLATE.encode() not in file.read_bytes()
    assert b"lon_e7" not in file.read_bytes()  # sealed
    if damage:
        *kept, last = file.read_bytes()
        file.write_bytes(bytes([*kept, last ^ 1]))
    return await Tracks(SimpleNamespace(track_files=files), SimpleNamespace()).kept(TRUCK, DAY)


def test_what_was_opened_lies_sealed_and_comes_back(tmp_path: Path) -> None:
    assert asyncio.run(_kept(tmp_path, damage=False)) == a_page()


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    assert asyncio.run(_kept(tmp_path, damage=True)) is None

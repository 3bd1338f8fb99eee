"""`export`: every record of a kind that this computer holds, as CSV for a spreadsheet or GeoJSON
for a map.
"""

import argparse
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.geo import DEGREE_E7

from .opened import opened
from .say import ENVELOPE, Out

PAGE = 1_000


async def export(asked: argparse.Namespace, out: Out) -> int:
    """Write the file whole, or leave the old one."""
    async with opened(asked) as core:
        records = sorted(_all(core, asked.kind), key=lambda record: record.id)
    content = _csv(records) if asked.format == "csv" else _geojson(records)
    replace_file(asked.out, content)
    out.say(
        {"out": str(asked.out), "records": len(records)},
        [out.text("cli.exported", count=len(records), path=str(asked.out))],
    )
    return 0


def _all(core: EngineCore, kind: Kind) -> Iterator[Record]:
    offset = 0
    while True:
        query = RecordQuery(kinds=(kind,), order=Order.NEWEST, limit=PAGE, offset=offset)
        views = core.reading.query(query).views
        yield from (view.record for view in views)
        if len(views) < PAGE:
            return
        offset += PAGE


def _row(record: Record) -> dict[str, Json]:
    row: dict[str, Json] = {
        name: to_json(getattr(record, name)) for name in ENVELOPE if name != "place"
    }
    row["lon"] = _degrees(record.place.lon_e7) if record.place else None
    row["lat"] = _degrees(record.place.lat_e7) if record.place else None
    row["body"] = json.dumps(to_json(record.body), ensure_ascii=False, sort_keys=True)
    return row


def _csv(records: list[Record]) -> bytes:
    """UTF-8 with its mark: spreadsheets else read Chinese as something else."""
    file = io.StringIO(newline="")
    names = [*(name for name in ENVELOPE if name != "place"), "lon", "lat", "body"]
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerows(_row(record) for record in records)
    return file.getvalue().encode("utf-8-sig")


def _geojson(records: list[Record]) -> bytes:
    features = [_feature(record) for record in records]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False).encode()


def _feature(record: Record) -> dict[str, object]:
    row = _row(record)
    lon, lat = row.pop("lon"), row.pop("lat")
    row["body"] = to_json(record.body)
    point: dict[str, object] | None = None
    if record.place:
        point = {"type": "Point", "coordinates": [float(str(lon)), float(str(lat))]}
    return {"type": "Feature", "id": record.id, "geometry": point, "properties": row}


def _degrees(e7: int) -> str:
    sign, whole = ("-", -e7) if e7 < 0 else ("", e7)
    return f"{sign}{whole // DEGREE_E7}.{whole % DEGREE_E7:07d}"


def replace_file(path: Path, content: bytes) -> None:
    """Whole, or the old one stays. Raises Unavailable."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        raise Unavailable("disk", detail=str(error)) from error

"""A vehicle's day as the engine gives it, as columns to reckon with, and as files for others.

    TrackPage ──fixes_of──► Fixes ──read_track──► Track ──► GPX · GeoJSON · CSV

In GPX and GeoJSON a gap ends a segment and drift stands apart as points; CSV has every fix as it
was sent, with a column that says whether it drifts. Coordinates are WGS-84.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from xml.sax.saxutils import escape

import numpy as np

from xiuzhou_desktop.contract.positions import TrackPage
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.geo import DEGREE_E7
from xiuzhou_desktop.geo.tracks import Fixes, Track, read_track


class TrackFormat(StrEnum):
    """Of an exported file; the value is its ending."""

    GPX = "gpx"
    GEOJSON = "geojson"
    CSV = "csv"


def fixes_of(page: TrackPage) -> Fixes:
    """The columns in degrees and km/h. Some milliseconds for a day: call it in a worker."""
    return Fixes(
        np.array(page.at_ms, np.int64),
        np.array(page.lon_e7, np.float64) / DEGREE_E7,
        np.array(page.lat_e7, np.float64) / DEGREE_E7,
        _unless_unknown(np.array(page.speed_dkmh, np.float64), 10.0),
        _unless_unknown(np.array(page.heading_deg, np.float64), 1.0),
        np.array(page.alarm, np.int64),
    )


def day_span(day: date) -> tuple[datetime, datetime]:
    """A local day as instants."""
    start = datetime.combine(day, time(), LOCAL).astimezone(UTC)
    return start, start + timedelta(days=1)


def days_between(start: datetime, end: datetime) -> list[date]:
    """The local days that a period touches."""
    first = start.astimezone(LOCAL).date()
    last = (end - timedelta(milliseconds=1)).astimezone(LOCAL).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def exported(name: str, fixes: Fixes, form: TrackFormat) -> bytes:
    """The file's content. `name` is the vehicle's plate."""
    return _WRITERS[form](name, read_track(fixes))


def _unless_unknown(values: np.ndarray, scale: float) -> np.ndarray:
    return np.where(values < 0, values, values / scale)


def _gpx(name: str, track: Track) -> bytes:
    drift = track.all.where(track.drift)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gpx version="1.1" creator="xiuzhou-desktop" xmlns="http://www.topografix.com/GPX/1/1">',
        *_gpx_points(drift, "wpt", "<type>drift</type>"),
        f"<trk><name>{escape(name)}</name>",
    ]
    for part in track.parts():
        honest = track.honest.where(slice(part.first, part.last + 1))
        lines += ["<trkseg>", *_gpx_points(honest, "trkpt", ""), "</trkseg>"]
    return "\n".join([*lines, "</trk>", "</gpx>", ""]).encode()


def _gpx_points(fixes: Fixes, tag: str, more: str) -> Iterator[str]:
    for lon, lat, at, *_ in _rows(fixes):
        place = f'lat="{lat:.7f}" lon="{lon:.7f}"'
        yield f"<{tag} {place}><time>{at}</time>{more}</{tag}>"


def _geojson(name: str, track: Track) -> bytes:
    features = []
    for part in track.parts():
        rows = list(_rows(track.honest.where(slice(part.first, part.last + 1))))
        about: dict[str, object] = {
            "vehicle": name, "kind": "track", "times": [row[2] for row in rows],
            "speeds_kmh": [row[3] for row in rows],
        }  # fmt: skip
        shape = "LineString" if len(rows) > 1 else "Point"
        line = [[round(row[0], 7), round(row[1], 7)] for row in rows]
        features.append(_feature(shape, line if len(rows) > 1 else line[0], about))
    for stop in track.stops:
        about = {"vehicle": name, "kind": "stop", "from": _instant(stop.start_ms),
                 "seconds": stop.seconds}  # fmt: skip
        features.append(_feature("Point", [stop.place.lon, stop.place.lat], about))
    for lon, lat, at, *_ in _rows(track.all.where(track.drift)):
        about = {"vehicle": name, "kind": "drift", "time": at}
        features.append(_feature("Point", [round(lon, 7), round(lat, 7)], about))
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False).encode()


def _feature(shape: str, coordinates: object, about: dict[str, object]) -> dict[str, object]:
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": about}


def _csv(name: str, track: Track) -> bytes:
    """UTF-8 with its mark: spreadsheets else read Chinese as something else."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["vehicle", "at", "lon", "lat", "speed_kmh", "heading_deg", "alarm", "drift"])
    for row, is_drift in zip(_rows(track.all), track.drift.tolist(), strict=True):
        lon, lat, at, speed, heading, alarm = row
        writer.writerow(
            [name, at, f"{lon:.7f}", f"{lat:.7f}", _known(speed), _known(heading), alarm,
             int(is_drift)]
        )  # fmt: skip
    return file.getvalue().encode("utf-8-sig")


def _rows(fixes: Fixes) -> Iterator[tuple[float, float, str, float, float, int]]:
    columns = (
        fixes.lon, fixes.lat, fixes.at_ms, fixes.speed_kmh, fixes.heading_deg, fixes.alarm,
    )  # fmt: skip
    for lon, lat, at, speed, heading, alarm in zip(*(c.tolist() for c in columns), strict=True):
        yield lon, lat, _instant(at), speed, heading, alarm


def _instant(at_ms: int) -> str:
    return format_instant(datetime.fromtimestamp(at_ms / 1000, UTC))


def _known(value: float) -> str:
    return "" if value < 0 else f"{value:g}"


_WRITERS: dict[TrackFormat, Callable[[str, Track], bytes]] = {
    TrackFormat.GPX: _gpx,
    TrackFormat.GEOJSON: _geojson,
    TrackFormat.CSV: _csv,
}

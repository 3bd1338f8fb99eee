"""Positions from files: CSV, GPX, NMEA. Each reader gives (line, fix) or (line, reason).

    CSV    UTF-8, a header line, columns of PositionRow
    GPX    trkpt of 1.0 and 1.1; a file that was cut short gives what came before the cut
    NMEA   $GxRMC sentences with their checksum; a wrong one is named

GPX and NMEA name no vehicle, so the caller does. XML entities are refused: no terminal writes them.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, DecimalException
from functools import reduce
from pathlib import Path
from xml.parsers import expat

import msgspec

from xiuzhou_desktop.backend.csv_import import FileError, LineError, lines_of, row_of
from xiuzhou_desktop.contract.positions import UNKNOWN, IngestPosition
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.geo import DEGREE_E7, Datum

Read = tuple[int, IngestPosition | str]
KNOT_DKMH = Decimal("18.52")
MS_DKMH = 36
BLOCK = 64 * 1024
MAX_TEXT = 100  # of one GPX element that we read


class PositionRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of a CSV file."""

    vehicle: str
    at: datetime
    lon: Decimal
    lat: Decimal
    crs: Datum = Datum.WGS84
    speed_kmh: Decimal | None = None
    heading_deg: Decimal | None = None
    alarm: int = 0
    fixed: bool = True


def read_positions(file: Path, vehicle: str | None) -> Iterator[Read]:
    """By the ending of the file's name. Raises FileError."""
    ending = file.suffix.lower().lstrip(".")
    reader = READERS.get(ending)
    if reader is None:
        raise FileError(f"{file.name}: .{ending} is none of {', '.join(sorted(READERS))}")
    if ending != "csv" and vehicle is None:
        raise FileError(f"{file.name} names no vehicle: say --vehicle")
    return reader(file, vehicle or "")


def _csv(file: Path, _vehicle: str) -> Iterator[Read]:
    for line, given in lines_of(file, PositionRow):
        try:
            yield line, _of_row(row_of(PositionRow, given))
        except (LineError, msgspec.ValidationError) as error:
            yield line, str(error)


def _of_row(row: PositionRow) -> IngestPosition:
    return _position(
        vehicle=row.vehicle, at=row.at, lon_e7=_e7(row.lon), lat_e7=_e7(row.lat), datum=row.crs,
        speed_dkmh=UNKNOWN if row.speed_kmh is None else round(row.speed_kmh * 10),
        heading_deg=UNKNOWN if row.heading_deg is None else round(row.heading_deg),
        alarm=row.alarm, is_fixed=row.fixed,
    )  # fmt: skip


def _position(**given: object) -> IngestPosition:
    """With the limits of the wire. Raises msgspec.ValidationError."""
    return msgspec.convert(given, IngestPosition)


def _e7(degrees: Decimal) -> int:
    try:
        return round(degrees * DEGREE_E7)
    except (DecimalException, ValueError, OverflowError) as error:
        raise LineError(f"{degrees} are no degrees") from error


class _Gpx:
    """Gathers trkpt elements as the parser meets them."""

    def __init__(self, vehicle: str) -> None:
        self.found: list[Read] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.EntityDeclHandler = _refuse_entity
        self._vehicle = vehicle
        self._point: dict[str, str] | None = None
        self._text = ""

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._text = ""
        if name.rpartition(" ")[2] == "trkpt":
            self._point = {**attributes, "line": str(self.parser.CurrentLineNumber)}

    def _data(self, text: str) -> None:
        self._text = (self._text + text)[:MAX_TEXT]

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if self._point is None:
            return
        if tag != "trkpt":
            self._point.setdefault(tag, self._text.strip())
            return
        self.found.append((int(self._point["line"]), self._read(self._point)))
        self._point = None

    def _read(self, point: Mapping[str, str]) -> IngestPosition | str:
        if "time" not in point:
            return "the point has no time"
        try:
            speed = round(Decimal(point["speed"]) * MS_DKMH) if "speed" in point else UNKNOWN
            heading = round(Decimal(point["course"])) if "course" in point else UNKNOWN
            return _position(
                vehicle=self._vehicle, at=datetime.fromisoformat(point["time"]),
                lon_e7=_e7(Decimal(point["lon"])), lat_e7=_e7(Decimal(point["lat"])),
                speed_dkmh=speed, heading_deg=heading,
            )  # fmt: skip
        except KeyError as error:
            return f"the point has no {error.args[0]}"
        except (DecimalException, ValueError, LineError) as error:
            return f"not a point: {error}"


def _refuse_entity(name: str, *_: object) -> None:
    raise FileError(f"the file defines an entity {name}: refused")


def _gpx(file: Path, vehicle: str) -> Iterator[Read]:
    gathering = _Gpx(vehicle)
    try:
        with file.open("rb") as blocks:
            while block := blocks.read(BLOCK):
                gathering.parser.Parse(block, False)
                yield from gathering.found
                gathering.found.clear()
            gathering.parser.Parse(b"", True)
    except expat.ExpatError as error:
        yield from gathering.found
        yield error.lineno, f"the file ends or breaks here: {expat.ErrorString(error.code)}"
    except OSError as error:
        raise FileError(f"{file.name}: {error}") from error


def _nmea(file: Path, vehicle: str) -> Iterator[Read]:
    try:
        with file.open(encoding="ascii", errors="replace") as lines:
            sentences = ((at, line) for at, line in enumerate(lines, start=1) if RMC.match(line))
            yield from ((at, _rmc(line.strip(), vehicle)) for at, line in sentences)
    except OSError as error:
        raise FileError(f"{file.name}: {error}") from error


RMC = re.compile(r"^\$[A-Z]{2}RMC,")


def _rmc(sentence: str, vehicle: str) -> IngestPosition | str:
    """$GNRMC,hhmmss.ss,A,ddmm.mm,N,dddmm.mm,E,knots,course,ddmmyy,…*hh"""
    body, star, told = sentence[1:].partition("*")
    summed = reduce(lambda sum_, char: sum_ ^ ord(char), body, 0)
    if not star or told.upper() != f"{summed:02X}":
        return "the checksum is wrong, or the sentence was cut short"
    part = body.split(",")
    try:
        return _position(
            vehicle=vehicle, is_fixed=part[2] == "A",
            at=datetime.strptime(part[9] + part[1][:6], "%d%m%y%H%M%S").replace(tzinfo=UTC),
            lon_e7=_minutes_e7(part[5], part[6] == "W"),
            lat_e7=_minutes_e7(part[3], part[4] == "S"),
            speed_dkmh=round(Decimal(part[7]) * KNOT_DKMH) if part[7] else UNKNOWN,
            heading_deg=round(Decimal(part[8])) if part[8] else UNKNOWN,
        )  # fmt: skip
    except (IndexError, DecimalException, ValueError, LineError) as error:
        return f"not an RMC sentence: {error}"


def _minutes_e7(text: str, is_negative: bool) -> int:  # noqa: FBT001 - a sign, no behaviour
    """dddmm.mmmm to 1e-7 degrees; an empty field of a receiver without a fix is zero."""
    if not text:
        return 0
    whole = Decimal(text)
    degrees = int(whole) // 100
    e7 = round((degrees + (whole - degrees * 100) / 60) * DEGREE_E7)
    return -e7 if is_negative else e7


READERS: dict[str, Callable[[Path, str], Iterator[Read]]] = {
    "csv": _csv, "gpx": _gpx, "nmea": _nmea, "nma": _nmea, "log": _nmea,
}  # fmt: skip
csv.field_size_limit(1 << 20)

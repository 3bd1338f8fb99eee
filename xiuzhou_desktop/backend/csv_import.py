"""Cameras, flags and vehicles from CSV files (UTF-8, header line first).

    cameras   key short_no                  columns: CameraRow
    flags     key source + external_id      columns: FlagRow; `image` is a file beside the CSV
    vehicles  key plate + plate_colour      columns: VehicleRow

Coordinates are degrees, with `crs` WGS84 (default), GCJ02 or BD09; they are converted once, here.
Each bad line is told with its number and the reason, the good ones land; a second run of the same
file changes nothing.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import msgspec

from xiuzhou_desktop.backend.console import Console, NotDoneError
from xiuzhou_desktop.backend.ingest import Intake
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.contract.ingest import IngestFlag
from xiuzhou_desktop.domain.camera import RegisterCamera
from xiuzhou_desktop.domain.camera_body import CameraBatch, CameraBody, CameraState
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.envelope import Args, Kind, Record, Struct
from xiuzhou_desktop.domain.ids import AreaCode, CategoryCode, derived_id
from xiuzhou_desktop.domain.plate import PlateColour, plate_key
from xiuzhou_desktop.domain.vehicle import RegisterVehicle, UpdateVehicle, VehicleType
from xiuzhou_desktop.geo import Datum, Point, to_wgs84

R = TypeVar("R", bound=Struct)
CAMERA_SOURCE, VEHICLE_SOURCE = "camera", "vehicle"


class FileError(Exception):
    """The file as a whole cannot be read."""


class LineError(Exception):
    """One line cannot be taken; the text says why."""


class Imported(Struct, frozen=True, kw_only=True):
    """What came of a file; `faults` are (line number, reason)."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: tuple[tuple[int, str], ...] = ()


class Located(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where something is: degrees in a named datum."""

    area: AreaCode | None = None
    lon: Decimal | None = None
    lat: Decimal | None = None
    crs: Datum = Datum.WGS84
    address: str = ""

    def place_e7(self) -> tuple[int | None, int | None]:
        """WGS-84 in 1e-7 degrees. Raises LineError for half a position."""
        if (self.lon is None) != (self.lat is None):
            raise LineError("lon and lat go together")
        if self.lon is None or self.lat is None:
            return None, None
        return to_wgs84(Point(float(self.lon), float(self.lat)), self.crs).e7


class CameraRow(Located, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of cameras.csv; the names are those of the camera's form."""

    short_no: str
    gb_id: str | None = None
    name: str = ""
    state: CameraState = CameraState.ACCEPTED
    batch: CameraBatch = CameraBatch.KEEP
    installed_on: date | None = None
    stream_url: str | None = None
    heading_deg: int | None = None
    legal_review_on: date | None = None
    tech_review_on: date | None = None
    calibration_until: date | None = None
    sign_ok: bool = False
    published_on: date | None = None
    publish_url: str | None = None


class FlagRow(Located, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of flags.csv; `confidence` is a percentage."""

    source: str
    external_id: str
    category: CategoryCode
    captured_at: datetime
    camera: str | None = None
    confidence: Decimal | None = None
    object_text: str | None = None
    plate: str | None = None
    plate_colour: str | None = None
    dwell_s: int | None = None
    priority: int | None = None
    image: str | None = None


class VehicleRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of vehicles.csv; the names are those of the vehicle's form."""

    plate: str
    plate_colour: PlateColour
    type: VehicleType
    area: AreaCode | None = None
    company: str = ""
    uscc: str | None = None
    terminal: str | None = None
    speed_limit_kmh: int | None = None


def import_cameras(file: Path, console: Console) -> Imported:
    """Register new cameras, update changed ones. Raises FileError."""
    return _each(file, CameraRow, lambda row: _camera(console, row))


def import_flags(file: Path, intake: Intake) -> Imported:
    """Take flags as a device would send them. Raises FileError."""
    return _each(file, FlagRow, lambda row: _flag(intake, row, file.parent))


def import_vehicles(file: Path, console: Console) -> Imported:
    """Register new vehicles, update changed ones. Raises FileError."""
    return _each(file, VehicleRow, lambda row: _vehicle(console, row))


def _each(file: Path, form: type[R], take: Callable[[R], str]) -> Imported:
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    faults: list[tuple[int, str]] = []
    for line, given in lines_of(file, form):
        try:
            counts[take(row_of(form, given))] += 1
        except LineError as error:
            faults.append((line, str(error)))
    return Imported(faults=tuple(faults), **counts)


def lines_of(file: Path, form: type[R]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Line number and named values of each line. Raises FileError."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            _refuse_header(reader.fieldnames, form)
            for given in reader:
                yield reader.line_num, given
    except UnicodeDecodeError as error:
        raise FileError(f"{file.name} is not UTF-8: save it again as UTF-8") from error
    except (csv.Error, OSError) as error:
        raise FileError(f"{file.name}: {error}") from error


def _refuse_header(names: Sequence[str] | None, form: type[R]) -> None:
    known = {field.name: field.required for field in msgspec.structs.fields(form)}
    unknown = sorted(set(names or ()) - set(known))
    missing = sorted(
        name for name, required in known.items() if required and name not in (names or ())
    )
    if unknown or missing:
        told = [f"unknown column {name}" for name in unknown]
        raise FileError("; ".join(told + [f"column {name} is missing" for name in missing]))


def row_of(form: type[R], given: Mapping[str, str]) -> R:
    """The typed values of a line. Raises LineError."""
    if None in given or None in given.values():
        raise LineError("another number of values than the header has")
    values = {name: value.strip() for name, value in given.items() if value.strip()}
    try:
        return msgspec.convert(values, form, strict=False)
    except msgspec.ValidationError as error:
        raise LineError(str(error)) from error


def _camera(console: Console, row: CameraRow) -> str:
    lon_e7, lat_e7 = row.place_e7()
    given = {name: getattr(row, name) for name in _SHARED_FIELDS}
    form = RegisterCamera(lon_e7=lon_e7, lat_e7=lat_e7, **given)
    known = console.external(CAMERA_SOURCE, row.short_no)
    try:
        if known is None:
            record = derived_id(CAMERA_SOURCE, row.short_no)
            console.create(Kind.CAMERA, record, "register", _args(form))
            return "new"
        wanted = msgspec.structs.replace(form, **_not_in_files(known))
        if _as_registered(known) == to_json(wanted):
            return "unchanged"
        console.change(known, "update", _args(wanted))
    except NotDoneError as error:
        raise LineError(str(error)) from error
    return "changed"


def _flag(intake: Intake, row: FlagRow, folder: Path) -> str:
    lon_e7, lat_e7 = row.place_e7()
    confidence = None if row.confidence is None else round(row.confidence * 100)
    given = {name: getattr(row, name) for name in _FLAG_FIELDS}
    flag = IngestFlag(lon_e7=lon_e7, lat_e7=lat_e7, confidence_e4=confidence, **given)
    try:
        image = (folder / row.image).read_bytes() if row.image else None
        told = intake.take(row.source, flag, image)
    except OSError as error:
        raise LineError(f"image: {error.strerror}") from error
    except ProblemError as error:
        raise LineError(f"{error.slug}: {error.detail or ''}".rstrip(": ")) from error
    return "new" if told.created else "unchanged"


def _vehicle(console: Console, row: VehicleRow) -> str:
    key = plate_key(row.plate, row.plate_colour)
    known = console.external(VEHICLE_SOURCE, key)
    try:
        if known is None:
            form = msgspec.convert(to_json(row), RegisterVehicle)
            console.create(Kind.VEHICLE, derived_id(VEHICLE_SOURCE, key), "register", _args(form))
            return "new"
        wanted = {name: getattr(row, name) for name in UpdateVehicle.__struct_fields__}
        if all(getattr(known.body, name) == value for name, value in wanted.items()):
            return "unchanged"
        console.change(known, "update", _args(UpdateVehicle(**wanted)))
    except (NotDoneError, msgspec.ValidationError) as error:
        raise LineError(str(error)) from error
    return "changed"


def _as_registered(known: Record) -> Json:
    """What the form would have to say for this camera as it stands."""
    body = {name: getattr(known.body, name) for name in _BODY_FIELDS}
    place = known.place
    form = RegisterCamera(
        **body, state=CameraState(known.state), area=known.area,
        lon_e7=place.lon_e7 if place else None, lat_e7=place.lat_e7 if place else None,
    )  # fmt: skip
    return to_json(form)


def _not_in_files(known: Record) -> dict[str, object]:
    """What a camera has that no column carries: it stays."""
    return {name: getattr(known.body, name) for name in ("presets", "zones")}


def _args(form: Args) -> dict[str, Json]:
    plain = to_json(form)
    return plain if isinstance(plain, dict) else {}


_SHARED_FIELDS = tuple(
    name for name in CameraRow.__struct_fields__ if name in RegisterCamera.__struct_fields__
)
_BODY_FIELDS = tuple(
    name for name in RegisterCamera.__struct_fields__ if name in CameraBody.__struct_fields__
)
_FLAG_FIELDS = tuple(
    name for name in FlagRow.__struct_fields__ if name in IngestFlag.__struct_fields__
)
COLUMNS: dict[str, tuple[str, ...]] = {
    "cameras": CameraRow.__struct_fields__,
    "flags": FlagRow.__struct_fields__,
    "vehicles": VehicleRow.__struct_fields__,
}

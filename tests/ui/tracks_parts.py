"""A window with the tracks panel over the fake engine, and a fleet with its day."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from pytestqt.qtbot import QtBot

from plugins.tracks.panel import TracksPanel
from tests.e2e.hands import press, type_text
from tests.e2e.sight import words
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_window, in_front
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.fleet import Fleet, FleetVehicle
from xiuzhou_desktop.contract.positions import LivePosition, TrackPage
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.envelope import Kind, Place, Record
from xiuzhou_desktop.domain.ids import RecordId, SubjectKey, derived_id
from xiuzhou_desktop.domain.permit import PermitBody
from xiuzhou_desktop.domain.plate import PlateColour, plate_key
from xiuzhou_desktop.domain.vehicle import VehicleBody, VehicleType

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
DAY = date(2026, 11, 23)
E7 = 10_000_000
OFF_ROUTE, GAP, DRIFT, OFFLINE = 0, 1, 2, 3


@cache
def world() -> World:
    return World(7, DAY)


@cache
def fleet() -> Fleet:
    return Fleet(7, world().midnight, (world().junctions, world().streets))


def id_of(vehicle: FleetVehicle) -> RecordId:
    return derived_id("vehicle", plate_key(vehicle.plate, PlateColour.YELLOW))


def vehicle(number: int) -> RecordId:
    return id_of(fleet().vehicles[number])


def records() -> list[Record]:
    """Vehicles, permits and cameras of the world."""
    opened = world().opening.astimezone(UTC)
    found = [_vehicle_record(one, opened) for one in fleet().vehicles]
    found += [_permit(one, opened) for one in fleet().vehicles if one.type == "muck"]
    for camera in world().cameras:
        place = Place(lon_e7=round(camera.point.lon * E7), lat_e7=round(camera.point.lat * E7))
        body = CameraBody(short_no=camera.no, name=camera.name, address=camera.place)
        found.append(
            Record(kind=Kind.CAMERA, id=derived_id("camera", camera.no), state="ACCEPTED",
                   opened_at=opened, title=camera.name, place=place, body=body)
        )  # fmt: skip
    return found


def _vehicle_record(one: FleetVehicle, at: datetime) -> Record:
    body = VehicleBody(
        plate=one.plate, plate_colour=PlateColour.YELLOW, type=VehicleType(one.type),
        company=one.company, terminal=one.terminal, speed_limit_kmh=50,
    )  # fmt: skip
    return Record(
        kind=Kind.VEHICLE, id=id_of(one), state="IN_SERVICE", opened_at=at, title=one.plate,
        subject_key=plate_key(one.plate, PlateColour.YELLOW), body=body,
    )  # fmt: skip


def _permit(one: FleetVehicle, at: datetime) -> Record:
    body = PermitBody(
        permit_no=f"秀渣 2026-{one.number:04d}", company=one.company, site="工地",
        disposal_site="消纳场", trucks=(SubjectKey(plate_key(one.plate, PlateColour.YELLOW)),),
        route=tuple((round(p.lon * E7), round(p.lat * E7)) for p in one.line),
        windows=((360, 1200),), valid_from=DAY, valid_to=DAY,
    )  # fmt: skip
    return Record(
        kind=Kind.PERMIT, id=derived_id("permit", body.permit_no), state="GRANTED", opened_at=at,
        title=body.permit_no, body=body,
    )  # fmt: skip


def a_page(number: int) -> TrackPage:
    """The vehicle's day until the opening, as the server would give it."""
    one = fleet().vehicles[number]
    fixes = list(fleet().fixes_of(one, world().midnight, world().opening))
    return TrackPage(
        vehicle=id_of(one), start=world().midnight, end=world().midnight + timedelta(days=1),
        as_of=world().opening,
        at_ms=tuple(round(fix.at.timestamp() * 1000) for fix in fixes),
        lon_e7=tuple(round(fix.point.lon * E7) for fix in fixes),
        lat_e7=tuple(round(fix.point.lat * E7) for fix in fixes),
        speed_dkmh=tuple(round(fix.speed_kmh * 10) for fix in fixes),
        heading_deg=tuple(round(fix.heading_deg) for fix in fixes),
        alarm=(0,) * len(fixes),
    )  # fmt: skip


def an_engine(*opened: int) -> FakeEngine:
    """With the fleet's newest fixes, and the days of these vehicles."""
    engine = FakeEngine(*records())
    engine.days = {(vehicle(number), DAY): a_page(number) for number in opened}
    start = world().opening - timedelta(minutes=60)
    newest = {fix.vehicle: fix for fix in fleet().fixes(start, world().opening)}
    engine.fixes = {
        vehicle(number): LivePosition(
            vehicle(number), round(fix.at.timestamp() * 1000), round(fix.point.lon * E7),
            round(fix.point.lat * E7), round(fix.speed_kmh * 10), round(fix.heading_deg),
        )
        for number, fix in newest.items()
    }  # fmt: skip
    return engine


class Watch:
    """One officer before the panel."""

    def __init__(
        self, qtbot: QtBot, engine: FakeEngine, folder: Path, language: str = "zh_CN"
    ) -> None:
        self.qtbot, self.engine = qtbot, engine
        self.window = a_window(engine, folder, panels=PLUGINS, language=language)
        in_front(qtbot, self.window)
        self.window.docks.show("tracks")
        qtbot.waitUntil(lambda: self.window.findChild(TracksPanel) is not None)
        found = self.window.findChild(TracksPanel)
        assert found is not None
        self.panel = found
        qtbot.waitUntil(lambda: len(self.panel.keeper.vehicles) > 0)

    def plate(self, number: int) -> str:
        """As it is typed."""
        return fleet().vehicles[number].plate

    def open(self, number: int) -> None:
        """By its plate and T."""
        press("/")
        self.qtbot.waitUntil(self.panel.view.search.hasFocus)
        type_text(self.plate(number))
        press("Return")
        self.qtbot.waitUntil(lambda: self.panel.view.vehicles.current == vehicle(number))
        press("T")
        self.qtbot.waitUntil(lambda: self.panel.keeper.day_of(vehicle(number)) is not None)
        press("Esc")

    def until_says(self, sentence: str) -> None:
        """Anywhere in the panel."""
        self.qtbot.waitUntil(lambda: sentence in words(self.panel))

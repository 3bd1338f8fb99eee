"""What is selected in one panel is found by all the others: every panel × every sort of subject.

Five corners of the district, one a subject, each with a camera, a vehicle, a flag, its case and the
case's publication: so each selection leads each panel to a record of its own.
"""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError as WaitedTooLong
from pytestqt.qtbot import QtBot

from plugins.admin.panel import AdminPanel
from plugins.cases.panel import CasesPanel
from plugins.publication.panel import PublicationPanel
from plugins.tracks.panel import TracksPanel
from plugins.wall.panel import WallPanel
from tests.e2e.hands import press
from tests.e2e.sight import Sight, has_keyboard
from tests.ui.admin_parts import a_market
from tests.ui.shell_parts import a_window, in_front, running_loop
from tests.ui.triage_parts import PLUGINS
from tests.ui.wall_parts import WallEngine
from tests.unit.domain.builders import HERE, MORNING, a_flag, rid
from tests.unit.domain.case_builders import CASE, decided
from ui.shell.window import ShellWindow
from xiuzhou_desktop.contract.live import CameraHealth, Health
from xiuzhou_desktop.contract.positions import LivePosition, TrackPage
from xiuzhou_desktop.domain.camera_body import CameraBody, CameraState
from xiuzhou_desktop.domain.case_body import CaseBody, Procedure
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Kind, Place, Record
from xiuzhou_desktop.domain.ids import AreaCode, RecordId, SubjectKey
from xiuzhou_desktop.domain.plate import PlateColour, plate_key
from xiuzhou_desktop.domain.publication_body import PublicationBody, PublicationState
from xiuzhou_desktop.domain.vehicle import VehicleBody, VehicleType
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.domain.writing import body_of, with_body, with_columns
from xiuzhou_desktop.geo import Point, metres_between
from xiuzhou_desktop.plugin_api.context import Scheme, Selected
from xiuzhou_desktop.plugin_api.kin import kin
from xiuzhou_desktop.plugin_api.subjects import place_subject, selected_record, subject

PANELS = ("triage", "wall", "tracks", "cases", "publication", "admin")
CORNERS = (Scheme.PLATE, Scheme.CAMERA, Scheme.COMPANY, Scheme.CASE, Scheme.PLACE)
CAMERAS, FLAGS, CASES, NOTICES, VEHICLES, EXEMPTIONS = 5000, 1000, 2000, 3000, 4000, 6000
USCC = "91330411MA00TEXT0P"
STEP_E7 = 200_000  # two kilometres
TOWN = AreaCode("330411002")
STANDS = "—"  # the panel has nothing of it: it stays as it was
Shown = Mapping[str, object]
PanelT = TypeVar("PanelT", bound=QWidget)


def number_of(scheme: Scheme) -> int:
    return CORNERS.index(scheme) + 1


def corner(number: int) -> Place:
    return Place(lon_e7=HERE.lon_e7 + number * STEP_E7, lat_e7=HERE.lat_e7)


def point(number: int) -> Point:
    return Point.from_e7(corner(number).lon_e7, corner(number).lat_e7)


def plate(number: int) -> str:
    return f"浙F1000{number}"


def key_of(number: int) -> SubjectKey:
    """Of a corner's flag: a company's own at its corner, else a vehicle's."""
    if number == number_of(Scheme.COMPANY):
        return subject(Scheme.COMPANY, USCC)
    return plate_key(plate(number), PlateColour.YELLOW)


SUBJECTS: Mapping[Scheme, SubjectKey] = {
    Scheme.PLATE: key_of(number_of(Scheme.PLATE)),
    Scheme.CAMERA: subject(Scheme.CAMERA, rid(CAMERAS + number_of(Scheme.CAMERA))),
    Scheme.COMPANY: subject(Scheme.COMPANY, USCC),
    Scheme.CASE: subject(Scheme.CASE, rid(CASES + number_of(Scheme.CASE))),
    Scheme.PLACE: place_subject(*point(number_of(Scheme.PLACE)).e7),
}
EXEMPTED = (Scheme.PLATE, Scheme.COMPANY)
ADMINISTERED = {
    Scheme.PLATE: EXEMPTIONS, Scheme.COMPANY: EXEMPTIONS,
    Scheme.CAMERA: CAMERAS, Scheme.PLACE: CAMERAS,
}  # fmt: skip
DRIVEN = (Scheme.PLATE, Scheme.COMPANY, Scheme.CASE)


def expected(scheme: Scheme) -> Shown:
    """What each panel shows of a subject: a row of the table in docs/writing-a-panel.md."""
    number = number_of(scheme)
    line = ADMINISTERED.get(scheme)
    return {
        "triage": rid(FLAGS + number),
        "wall": rid(CAMERAS + number),
        "tracks": rid(VEHICLES + number) if scheme in DRIVEN else f"at {number}",
        "cases": rid(CASES + number),
        "publication": rid(NOTICES + number),
        "admin": rid(line + number) if line is not None else STANDS,
    }


def a_corner(number: int) -> list[Record]:
    """Everything that is there."""
    here, key = corner(number), key_of(number)
    columns = {"place": here, "area": TOWN, "opened_at": MORNING}
    camera = Record(
        kind=Kind.CAMERA, id=rid(CAMERAS + number), state=CameraState.ACCEPTED.value,
        title=f"C-{number:04d}", body=CameraBody(short_no=f"C-{number:04d}", name=f"路-{number}"),
        **columns,
    )  # fmt: skip
    flag = with_columns(
        a_flag(camera=camera.id), id=rid(FLAGS + number), place=here, area=TOWN, subject_key=key
    )
    made = with_columns(
        decided().records[CASE], id=rid(CASES + number), place=here, area=TOWN, subject_key=key,
        parent_id=flag.id,
    )  # fmt: skip
    made = with_body(made, flag=flag.id, party_uscc=None)
    day = body_of(made, CaseBody).decided_on or date.min
    notice = Record(
        kind=Kind.PUBLICATION, id=rid(NOTICES + number), state=PublicationState.DUE.value,
        parent_id=made.id, subject_key=key, area=TOWN, opened_at=MORNING, due_at=MORNING,
        body=PublicationBody(
            case=made.id, decision_no=str(number), decided_on=day, publish_by=MORNING,
            master=CaseMaster.LOCAL, procedure=Procedure.ORDINARY,
        ),
    )  # fmt: skip
    is_company = key.startswith(Scheme.COMPANY)
    vehicle = Record(
        kind=Kind.VEHICLE, id=rid(VEHICLES + number), state="IN_SERVICE", opened_at=MORNING,
        title=plate(number), subject_key=plate_key(plate(number), PlateColour.YELLOW),
        body=VehicleBody(
            plate=plate(number), plate_colour=PlateColour.YELLOW, type=VehicleType.MUCK,
            uscc=USCC if is_company else None,
        ),
    )  # fmt: skip
    exempted = with_columns(a_market(), id=rid(EXEMPTIONS + number), subject_key=key)
    is_exempt = CORNERS[number - 1] in EXEMPTED
    return [camera, flag, made, notice, vehicle, *((exempted,) if is_exempt else ())]


class District(WallEngine):
    """Every camera gives a picture, whatever a tile sees; each truck stands at its corner."""

    def __init__(self) -> None:
        records = [one for number in range(1, len(CORNERS) + 1) for one in a_corner(number)]
        super().__init__(*records)
        roles = (Role.SUPERVISOR,)
        self.signed = msgspec.structs.replace(
            self.signed, account=msgspec.structs.replace(self.signed.account, roles=roles)
        )
        self.fixes = {
            one.id: LivePosition(one.id, round(MORNING.timestamp() * 1000), *self._at(one).e7)
            for one in records
            if one.kind is Kind.VEHICLE
        }

    def _at(self, vehicle: Record) -> Point:
        return point(int(vehicle.title[-1]))

    def health(self, camera: RecordId) -> CameraHealth | None:  # type: ignore[override]
        return CameraHealth(camera=camera, health=Health.ONLINE, since=MORNING)

    def saw(self, camera: RecordId, seen: CameraHealth | None) -> None:
        """No stream plays here."""

    async def track(self, vehicle: RecordId, day: date) -> TrackPage:
        fix = self.fixes[vehicle]
        page = a_day(vehicle, day, (fix.lon_e7, fix.lat_e7))
        self.kept_days[vehicle, day] = page
        return page


def a_day(vehicle: RecordId, day: date, *fixes: tuple[int, int]) -> TrackPage:
    """A fix a minute, the last one now."""
    last, count = round(MORNING.timestamp() * 1000), len(fixes)
    start = MORNING.astimezone(LOCAL).replace(hour=0, minute=0)
    return TrackPage(
        vehicle=vehicle, start=start, end=start + timedelta(days=1), as_of=MORNING,
        at_ms=tuple(last - 60_000 * (count - 1 - n) for n in range(count)),
        lon_e7=tuple(lon for lon, _ in fixes), lat_e7=tuple(lat for _, lat in fixes),
        speed_dkmh=(0,) * count, heading_deg=(0,) * count, alarm=(0,) * count,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


class Desk:
    """A supervisor with six panels open."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.engine = qtbot, District()
        self.window: ShellWindow = a_window(self.engine, folder, panels=PLUGINS)
        in_front(qtbot, self.window)
        self.selection = self.window.place.selection
        for name in PANELS:
            self.window.show_panel(name)
            qtbot.waitUntil(lambda name=name: self.panel(name) is not None)
        qtbot.waitUntil(lambda: self.wall.is_arranged and bool(self.tracks.keeper.vehicles))

    def panel(self, name: str) -> object:
        frame = self.window.docks.frame(name)
        return frame.panel if frame is not None else None

    @property
    def wall(self) -> WallPanel:
        return self._panel("wall", WallPanel)

    @property
    def tracks(self) -> TracksPanel:
        return self._panel("tracks", TracksPanel)

    def _panel(self, name: str, kind: type[PanelT]) -> PanelT:
        panel = self.panel(name)
        assert isinstance(panel, kind)
        return panel

    def shown(self) -> Shown:
        """What is under the hand of each panel."""
        lines = self._panel("admin", AdminPanel).current
        camera = self.wall.grid.cameras[self.wall.grid.current]
        return {
            "triage": Sight(self.window).current_id(),
            "wall": camera.id if camera is not None else None,
            "tracks": self.on_the_map(),
            "cases": self._panel("cases", CasesPanel).case_id,
            "publication": self._panel("publication", PublicationPanel).shown,
            "admin": lines.view.record.id if lines is not None and lines.view else None,
        }

    def on_the_map(self) -> object:
        """The vehicle opened last if the map shows it; else the corner it shows."""
        ground = self.tracks.view.map
        here = ground.base.projection.to_point(ground.sight.middle)
        near = [n for n in range(1, len(CORNERS) + 1) if metres_between(here, point(n)) < 300]
        opened = self.tracks.keeper.order
        is_opened = bool(opened and near) and opened[-1] == rid(VEHICLES + near[0])
        return opened[-1] if is_opened else f"at {near[0]}" if near else None


def test_each_panel_finds_what_is_selected_elsewhere(qtbot: QtBot, tmp_path: Path) -> None:
    desk, wrong = Desk(qtbot, tmp_path), {}
    for scheme in (Scheme.PLACE, *CORNERS):  # each once something else was shown
        chosen, before = Selected(subject_key=SUBJECTS[scheme]), desk.shown()
        wanted = {
            name: before[name] if what == STANDS else what
            for name, what in expected(scheme).items()
        }
        desk.selection.select(chosen)
        try:
            qtbot.waitUntil(lambda wanted=wanted: desk.shown() == wanted)
        except WaitedTooLong:
            shown = desk.shown()
            wrong[scheme.value] = {
                name: (shown[name], wanted[name]) for name in PANELS if shown[name] != wanted[name]
            }
        assert desk.selection.current == chosen  # nobody selects what is shown because it follows
    assert wrong == {}


@pytest.mark.parametrize(
    ("name", "hand"),
    [("triage", "J"), ("tracks", "Return"), ("cases", "J"), ("publication", "J")],
)
def test_a_hand_in_one_panel_leads_all_the_others_and_is_told_once(
    qtbot: QtBot, tmp_path: Path, name: str, hand: str
) -> None:
    desk, told = Desk(qtbot, tmp_path), []
    desk.window.show_panel(name)
    panel = desk.panel(name)
    assert isinstance(panel, QWidget)
    panel.setFocus()
    qtbot.waitUntil(lambda: has_keyboard(panel))
    qtbot.waitUntil(lambda: desk.shown()[name] is not None or name == "tracks")
    desk.selection.observe(told.append)
    press(hand)
    qtbot.waitUntil(lambda: bool(told))
    number = str(told[0].record)[-1]  # of the corner
    led = [one for one in PANELS if one != "admin"]  # which has not something at each corner
    qtbot.waitUntil(lambda: all(str(desk.shown()[one])[-1] == number for one in led))
    assert [one.record for one in told] == [desk.shown()[name]]


def test_news_of_what_a_panel_shows_takes_no_selection_from_another(
    qtbot: QtBot, tmp_path: Path
) -> None:
    desk = Desk(qtbot, tmp_path)
    chosen = Selected(subject_key=SUBJECTS[Scheme.CAMERA])
    desk.selection.select(chosen)
    item = rid(FLAGS + number_of(Scheme.CAMERA))
    qtbot.waitUntil(lambda: desk.shown()["triage"] == item)
    flag = desk.engine.district.records[item]
    desk.engine.arrive(with_columns(flag, title="改过的标题", version=9))
    sight = Sight(desk.window)
    qtbot.waitUntil(
        lambda: sight.current is not None and sight.current.record.title == "改过的标题"
    )
    assert desk.selection.current == chosen


def test_replay_moves_wall_and_tracks_and_no_other_panel(qtbot: QtBot, tmp_path: Path) -> None:
    window = a_window(District(), tmp_path, panels=PLUGINS)
    qtbot.addWidget(window)
    window.place.clock.go_to(MORNING - timedelta(hours=1))
    moved = {one.found.id for one in window.panels() if one.time.clock.view_at is not None}
    worn = {one.found.id for one in window.panels() if one.property("past") == "true"}
    assert set(PANELS) <= {one.found.id for one in window.panels()}
    assert moved == worn == {"wall", "tracks"}


def test_in_the_past_a_plate_is_where_it_was(loop: asyncio.AbstractEventLoop) -> None:
    engine, day = District(), MORNING.astimezone(LOCAL).date()
    truck = rid(VEHICLES + number_of(Scheme.PLATE))
    then, now = corner(9), corner(number_of(Scheme.PLATE))
    engine.kept_days[truck, day] = a_day(
        truck, day, (then.lon_e7, then.lat_e7), (now.lon_e7, now.lat_e7)
    )
    chosen = Selected(subject_key=SUBJECTS[Scheme.PLATE])

    async def place(at: object) -> Point | None:
        return (await kin(engine, chosen, at)).place()

    asyncio.events._set_running_loop(None)  # noqa: SLF001 - no window here
    assert loop.run_until_complete(place(None)) == Point.from_e7(now.lon_e7, now.lat_e7)
    past = MORNING - timedelta(seconds=30)
    assert loop.run_until_complete(place(past)) == Point.from_e7(then.lon_e7, then.lat_e7)
    asyncio.events._set_running_loop(loop)  # noqa: SLF001


def test_a_record_brings_every_subject_that_it_names() -> None:
    made = next(one for one in a_corner(number_of(Scheme.CASE)) if one.kind is Kind.CASE)
    chosen = selected_record(with_body(made, party_uscc=USCC))
    assert chosen.itself(Scheme.PLATE) == f"{plate(number_of(Scheme.CASE))}/yellow"
    assert chosen.about(Scheme.COMPANY) == USCC
    assert chosen.itself(Scheme.COMPANY) is None
    assert chosen.place() == point(number_of(Scheme.CASE))

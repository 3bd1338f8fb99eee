"""The video points: 152 existing ones and the phase-2 plan of which 79 are installed.

    batch   keep 保留 · upgrade 提升 · retire 淘汰 (existing)      new 新增 (phase 2)
    state   existing: ACCEPTED    phase 2: ACCEPTED → INSTALLED → PLANNED by progress

How many phase 2 should have in the end is nowhere stated, so nothing here is a share of anything.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from xiuzhou_desktop.backend.demo.world.dice import Key, dice, pick, unit
from xiuzhou_desktop.backend.demo.world.names import AREAS, LANDMARKS, SIDES
from xiuzhou_desktop.backend.demo.world.sight import Sight, ground_polygon, look
from xiuzhou_desktop.backend.demo.world.streets import Network, lay_streets
from xiuzhou_desktop.backend.demo.world.things import (
    Batch,
    Camera,
    CameraState,
    Health,
    Street,
    View,
    Zone,
)
from xiuzhou_desktop.geo import Point, bearing_deg, destination, metres_between

EXISTING = 152
INSTALLED_NEW = 79
ACCEPTED_NEW = 61
PLANNED_NEW = 12
RETIRED_EXISTING = 14
UPGRADED_EXISTING = 38
GB_PREFIX = "33041100081326"
"""Centre 330411 00, industry 08 urban management, type 132 IPC, network 6 government extranet."""

FIRST_EXISTING = date(2017, 3, 1)
FIRST_NEW = date(2026, 3, 2)
SHOWN = ("中山西路", "吉水路口", "东")
SHOWN_NO = 137
"""C-0137 is the camera of the pictures in the manual: 中山西路-吉水路口 东, footway on the left."""

FROZEN_NO = 42
FROZEN_AFTER = timedelta(hours=8, minutes=9, seconds=12)
OFFLINE_EVERY = 23
VIEWS = (View.FOOTWAY_LEFT,) * 4 + (View.FOOTWAY_RIGHT,) * 3 + (View.CROSSING,) * 2 + (View.CANAL,)


class _Place(NamedTuple):
    street: Street
    label: str
    side: str
    point: Point
    bearing_deg: int


def place_cameras(seed: int, midnight: datetime) -> tuple[Camera, ...]:
    """All cameras by number, with the day's freeze and outages."""
    places = _numbered_places(seed)
    return tuple(
        _camera((seed, midnight), number, place) for number, place in enumerate(places, start=1)
    )


def health_of(camera: Camera, at: datetime) -> Health:
    """What the platform sees of it; a planned camera is offline."""
    if camera.state is CameraState.PLANNED:
        return Health.OFFLINE
    if camera.offline_since is not None and at >= camera.offline_since:
        return Health.OFFLINE
    if camera.frozen_since is not None and at >= camera.frozen_since:
        return Health.FROZEN
    return Health.ONLINE


def health_since(camera: Camera, at: datetime) -> datetime | None:
    """Since when it is so; None where it was never otherwise."""
    match health_of(camera, at):
        case Health.OFFLINE:
            return camera.offline_since
        case Health.FROZEN:
            return camera.frozen_since
        case Health.ONLINE:
            return None


def _numbered_places(seed: int) -> list[_Place]:
    """Choose the places area by area; existing ones take the first numbers in street order."""
    network = lay_streets(seed)
    total = EXISTING + INSTALLED_NEW + PLANNED_NEW
    existing: list[_Place] = []
    new: list[_Place] = []
    for plan in AREAS:
        found = _places_in(seed, network, plan.code)
        dice(seed, "choose", plan.code).shuffle(found)
        found.sort(key=lambda place: (place.street.name, place.label, place.side) != SHOWN)
        chosen = found[: plan.cameras]
        cut = round(plan.cameras * EXISTING / total)
        existing += sorted(chosen[:cut], key=_by_street)
        new += sorted(chosen[cut:], key=_by_street)
    while len(existing) < EXISTING:
        existing.append(new.pop(0))
    while len(existing) > EXISTING:
        new.insert(0, existing.pop())
    numbered = existing + new
    at = next(
        i
        for i, place in enumerate(numbered)
        if (place.street.name, place.label, place.side) == SHOWN
    )
    numbered[at], numbered[SHOWN_NO - 1] = numbered[SHOWN_NO - 1], numbered[at]
    return numbered


def _by_street(place: _Place) -> tuple[str, str, str]:
    return place.street.id, place.label, place.side


def _places_in(seed: int, network: Network, area: str) -> list[_Place]:
    nodes = {node.id: node for node in network.junctions}
    crossing = {
        node: [street.name for street in network.streets if node in street.junctions]
        for node in nodes
    }
    found: list[_Place] = []
    for street in network.streets:
        if street.area != area or street.id.startswith("ST-T"):
            continue
        for node in street.junctions:
            other = next(name for name in crossing[node] if name != street.name)
            found += _around(street, f"{other}口", nodes[node].point, 18.0)
        for index, (start, end) in enumerate(zip(street.line, street.line[1:], strict=False)):
            if metres_between(start, end) > 150:
                middle = Point((start.lon + end.lon) / 2, (start.lat + end.lat) / 2)
                label = pick(LANDMARKS, seed, "landmark", street.id, index)
                found += _around(street, label, middle, 30.0)
    return list({(p.street.id, p.label, p.side): p for p in found}.values())


def _around(street: Street, label: str, point: Point, offset_m: float) -> list[_Place]:
    """Two cameras of one spot, looking along the street in both directions."""
    heading = bearing_deg(street.line[0], street.line[-1])
    found = []
    for way in (heading, heading + 180):
        side = SIDES[round((way % 360) / 90) % 4]
        mast = destination(point, way, offset_m)
        found.append(_Place(street, label, side, mast, round(way) % 360))
    return found


def _camera(world: tuple[int, datetime], number: int, place: _Place) -> Camera:
    seed, midnight = world
    no = f"C-{number:04d}"
    view = _view(seed, number, no)
    batch, state, installed, accepted = _progress(seed, number)
    offline = (
        midnight + timedelta(minutes=int(unit(seed, midnight.isoformat(), no) * 480))
        if number % OFFLINE_EVERY == 5
        else None
    )
    return Camera(
        gb_id=f"{GB_PREFIX}{number:06d}",
        no=no,
        name=f"{place.street.name}-{place.label} {place.side}",
        place=f"{place.street.name}{place.label}{place.side}侧",
        point=Point(round(place.point.lon, 7), round(place.point.lat, 7)),
        bearing_deg=place.bearing_deg,
        street=place.street.id,
        area=place.street.area,
        batch=batch,
        state=state,
        installed_on=installed,
        accepted_on=accepted,
        view=view,
        zones=_zones(look(view, seed, no), no),
        frozen_since=midnight + FROZEN_AFTER if number == FROZEN_NO else None,
        offline_since=offline,
    )


def _view(seed: int, number: int, no: str) -> View:
    if number in {SHOWN_NO, FROZEN_NO}:
        return View.FOOTWAY_LEFT
    return pick(VIEWS, seed, "view", no)


def _progress(seed: int, number: int) -> tuple[Batch, CameraState, str | None, str | None]:
    """Batch, state, day of installation and of acceptance."""
    key: tuple[Key, ...] = (seed, "progress", number)
    if number <= EXISTING:
        rank = sorted(range(1, EXISTING + 1), key=lambda n: unit(seed, "batch", n)).index(number)
        batch = (
            Batch.RETIRE
            if rank < RETIRED_EXISTING
            else Batch.UPGRADE
            if rank < RETIRED_EXISTING + UPGRADED_EXISTING
            else Batch.KEEP
        )
        day = FIRST_EXISTING + timedelta(days=int(unit(*key) * 2200))
        accepted = day + timedelta(days=10 + int(unit(*key, "a") * 40))
        return batch, CameraState.ACCEPTED, day.isoformat(), accepted.isoformat()
    order = number - EXISTING
    if order > INSTALLED_NEW:
        return Batch.NEW, CameraState.PLANNED, None, None
    day = FIRST_NEW + timedelta(days=order * 2 + int(unit(*key) * 3))
    if order > ACCEPTED_NEW:
        return Batch.NEW, CameraState.INSTALLED, day.isoformat(), None
    accepted = day + timedelta(days=12 + int(unit(*key, "a") * 20))
    return Batch.NEW, CameraState.ACCEPTED, day.isoformat(), accepted.isoformat()


def _zones(sight: Sight, no: str) -> tuple[Zone, ...]:
    near = 15.0 if sight.view is not View.CROSSING else 13.8
    inner = sight.curb + sight.side * 0.55
    parking = ground_polygon(sight, (inner, inner + sight.side * 3.2), (near, near + 22.0))
    by_wall = sight.wall - sight.side * 0.15
    front = ground_polygon(sight, (by_wall, by_wall - sight.side * 2.7), (near + 1.2, near + 20.0))
    on_canal = sight.view is View.CANAL
    return (
        Zone(
            id=f"{no}-Z1",
            name="沿河步道禁停区" if on_canal else "人行道禁停区",
            category="05-05",
            polygon=parking,
        ),
        Zone(
            id=f"{no}-Z2",
            name="沿河绿化带" if on_canal else "店前人行道",
            category="05-07" if on_canal else "05-04",
            polygon=front,
        ),
    )

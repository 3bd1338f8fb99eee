"""Who stands where and when: the stays before every camera, at any instant, without a state.

Time before each spot is cut into windows of 100 minutes; in a window at most one stay arrives,
lasts and departs. So the stay at an instant is found from the window's number alone, for any day.

    ├──────── window k ────────┤├──────── window k+1 ──────┤
        arrives ▒▒▒▒▒ departs        (empty)
"""

from datetime import UTC, datetime
from typing import NamedTuple

from xiuzhou_desktop.backend.demo.world.dice import between, pick, unit
from xiuzhou_desktop.backend.demo.world.plates import draw_vehicle
from xiuzhou_desktop.backend.demo.world.sight import Sight, Spot, curb_spots, wall_spots
from xiuzhou_desktop.backend.demo.world.things import (
    Body,
    Camera,
    Innocence,
    Matter,
    Stay,
    View,
)
from xiuzhou_desktop.domain.workcalendar import LOCAL

"""Asia/Shanghai has had no summer time since 1991."""

WINDOW_S = 6_000
SPARE_S = 150
"""Least pause between two stays of one spot."""

BUSY = (
    0.10,
    0.08,
    0.06,
    0.06,
    0.08,
    0.18,
    0.34,
    0.62,
    0.74,
    0.66,
    0.60,
    0.60,
    0.62,
    0.58,
    0.56,
    0.58,
    0.62,
    0.70,
    0.72,
    0.60,
    0.46,
    0.34,
    0.22,
    0.14,
)
"""Chance that a window holds a stay, by local hour."""

FALSE_SHARE = 0.16
WALL_MATTERS = (
    (Matter.STALL,) * 11 + (Matter.HEAP,) * 4 + (Matter.RUBBISH,) * 3 + (Matter.PEDDLER,) * 2
)
CANAL_MATTERS = (Matter.PEDDLER,) * 2 + (Matter.RUBBISH,) * 2 + (Matter.HEAP,)

SIZES_M: dict[Body, tuple[float, float, float]] = {
    Body.SEDAN: (4.5, 1.82, 1.46),
    Body.SUV: (4.6, 1.9, 1.72),
    Body.VAN: (4.5, 1.74, 1.95),
    Body.TRUCK: (5.7, 2.05, 2.55),
}
"""Length, width, height of each body."""

FOOTPRINTS_M: dict[Matter, tuple[float, float, float]] = {
    Matter.STALL: (3.0, 2.3, 2.45),
    Matter.PEDDLER: (2.3, 1.3, 2.2),
    Matter.HEAP: (2.3, 1.7, 1.25),
    Matter.RUBBISH: (1.9, 1.4, 0.85),
}
"""Length along the street, width across it, height."""

INSIDE_DEPTH_M = 0.55
"""How far goods reach out that stay inside the shop's own threshold."""


class Extent(NamedTuple):
    """The cuboid of a stay on its street."""

    across: tuple[float, float]
    along: tuple[float, float]
    height_m: float


def spots_of(sight: Sight) -> tuple[Spot, ...]:
    """All spots of a camera's footway."""
    return curb_spots(sight) + wall_spots(sight)


def window_of(seed: int, camera_no: str, spot: str, at: datetime) -> int:
    """The number of the window of this spot that holds the instant."""
    return int((at.timestamp() + _phase(seed, camera_no, spot)) // WINDOW_S)


def stay_in_window(seed: int, camera: Camera, spot: str, window: int) -> Stay | None:
    """The stay of a window, or None where the spot keeps empty."""
    stay_id = f"{camera.no}-{spot}-{window}"
    start = window * WINDOW_S - _phase(seed, camera.no, spot)
    arrives_s = int(start + between(0, 0.42 * WINDOW_S, seed, "arrive", stay_id))
    hour = datetime.fromtimestamp(arrives_s, LOCAL).hour
    if unit(seed, "there", stay_id) >= BUSY[hour]:
        return None
    room = start + WINDOW_S - SPARE_S - arrives_s
    departs_s = arrives_s + min(int(room), _lasting_s(seed, stay_id))
    matter = _matter(seed, camera, spot, stay_id)
    innocent = _innocence(seed, matter, stay_id)
    return Stay(
        id=stay_id,
        camera=camera.no,
        matter=matter,
        spot=spot,
        arrives=datetime.fromtimestamp(arrives_s, UTC),
        departs=datetime.fromtimestamp(departs_s, UTC),
        vehicle=draw_vehicle(seed, stay_id) if matter is Matter.VEHICLE else None,
        innocent=innocent,
    )


def extent_of(sight: Sight, stay: Stay) -> Extent:
    """Where the stay's cuboid lies, so that box and picture agree."""
    spot = next(s for s in spots_of(sight) if s.name == stay.spot)
    if stay.vehicle is not None:
        length, width, height = SIZES_M[stay.vehicle.body]
    else:
        length, width, height = FOOTPRINTS_M[stay.matter]
    x = spot.x
    if stay.innocent is Innocence.INSIDE_THRESHOLD:
        width, height = INSIDE_DEPTH_M, 1.1
        x = sight.wall - sight.side * (INSIDE_DEPTH_M / 2 + 0.05)
    return Extent(
        (x - width / 2, x + width / 2), (spot.z - length / 2, spot.z + length / 2), height
    )


def _phase(seed: int, camera_no: str, spot: str) -> int:
    return int(unit(seed, "phase", camera_no, spot) * WINDOW_S)


def _lasting_s(seed: int, stay_id: str) -> int:
    """Some stop for minutes, some leave on a notice, some stay for good."""
    temper = unit(seed, "temper", stay_id)
    if temper < 0.22:
        return int(between(150, 480, seed, "short", stay_id))
    if temper < 0.62:
        return int(between(900, 1_900, seed, "middle", stay_id))
    return int(between(2_000, 5_400, seed, "long", stay_id))


def _matter(seed: int, camera: Camera, spot: str, stay_id: str) -> Matter:
    if spot.startswith("P"):
        return Matter.VEHICLE
    choices = CANAL_MATTERS if camera.view is View.CANAL else WALL_MATTERS
    return pick(choices, seed, "matter", stay_id)


def _innocence(seed: int, matter: Matter, stay_id: str) -> Innocence | None:
    if unit(seed, "innocent", stay_id) >= FALSE_SHARE:
        return None
    if matter is Matter.VEHICLE:
        return pick((Innocence.LOADING, Innocence.DRIVER_PRESENT), seed, "why", stay_id)
    if matter in {Matter.STALL, Matter.HEAP}:
        return Innocence.INSIDE_THRESHOLD
    return Innocence.COLLECTION_POINT if matter is Matter.RUBBISH else None

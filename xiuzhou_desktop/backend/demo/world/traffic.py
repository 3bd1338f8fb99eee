"""What moves: vehicles in the lanes, riders on the shoulder, people on the footways.

Each lane is a row of numbered starts; the position of number k at an instant follows from k alone,
so any frame can be drawn without those before it. Seconds are counted from the world's midnight.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from xiuzhou_desktop.backend.demo.world.dice import Key, between, unit
from xiuzhou_desktop.backend.demo.world.paint_ground import lane_width, shoulder_width
from xiuzhou_desktop.backend.demo.world.paint_person import Person
from xiuzhou_desktop.backend.demo.world.paint_vehicle import Pose
from xiuzhou_desktop.backend.demo.world.plates import draw_vehicle
from xiuzhou_desktop.backend.demo.world.sight import Sight
from xiuzhou_desktop.backend.demo.world.things import Vehicle, View

DENSITY = (
    0.10,
    0.06,
    0.05,
    0.05,
    0.08,
    0.22,
    0.48,
    0.82,
    0.86,
    0.70,
    0.62,
    0.62,
    0.64,
    0.60,
    0.58,
    0.60,
    0.68,
    0.84,
    0.80,
    0.62,
    0.48,
    0.36,
    0.24,
    0.14,
)
"""Share of the starts that are taken, by local hour."""

HEADWAY_S = 5.6
SPEEDS_M_S = (8.5, 11.5)
NEAR_M, FAR_M = 5.0, 165.0
WALK_HEADWAY_S = 16.0
WALK_SPEEDS_M_S = (1.0, 1.35)
WALK_NEAR_M, WALK_FAR_M = 7.0, 95.0
RIDE_HEADWAY_S = 9.0
RIDE_SPEEDS_M_S = (4.6, 6.0)
WALK_FROM_WALL_M = 2.45


class Driven(NamedTuple):
    """A vehicle on its way."""

    vehicle: Vehicle
    pose: Pose


class Ridden(NamedTuple):
    """A rider on the shoulder."""

    rider: Person
    shade_key: str


class Track(NamedTuple):
    """One row of starts: how often, how fast, from where to where."""

    key: str
    headway_s: float
    speed_m_s: float
    near_m: float
    far_m: float
    is_away: bool


def driven_at(sight: Sight, key: str, second: float) -> Iterator[Driven]:
    """Vehicles in all lanes."""
    for way in (-1, 1):
        for lane in range(sight.lanes):
            name = f"{key}|lane{way}{lane}"
            x = sight.centre + way * (lane + 0.5) * lane_width()
            speed = between(*SPEEDS_M_S, name) * (1.0 if lane == 0 else 0.88)
            track = Track(name, HEADWAY_S, speed, NEAR_M, FAR_M, way > 0)
            for number, z in positions(track, second):
                vehicle = draw_vehicle(name, number)
                drift = between(-0.25, 0.25, name, number, "drift")
                yield Driven(vehicle, Pose(x + drift, z, track.is_away))


def ridden_at(sight: Sight, key: str, second: float) -> Iterator[Ridden]:
    """Electric scooters along both curbs."""
    for way, curb in ((-1, sight.curb_left), (1, sight.curb_right)):
        name = f"{key}|ride{way}"
        x = curb - way * min(1.1, shoulder_width(sight) / 2)
        speed = between(*RIDE_SPEEDS_M_S, name)
        track = Track(name, RIDE_HEADWAY_S, speed, NEAR_M, 110.0, way > 0)
        for number, z in positions(track, second):
            who = f"{name}|{number}"
            yield Ridden(Person(x + between(-0.3, 0.3, who), z, who), who)


def walking_at(sight: Sight, key: str, second: float) -> Iterator[Person]:
    """People on the footways, in both directions."""
    sides = ((-1, sight.wall_left), (1, sight.wall_right))
    for way, wall in sides:
        if sight.view is View.CANAL and way == -1:
            continue
        for is_away in (False, True):
            name = f"{key}|walk{way}{is_away}"
            speed = between(*WALK_SPEEDS_M_S, name)
            track = Track(name, WALK_HEADWAY_S, speed, WALK_NEAR_M, WALK_FAR_M, is_away)
            x = wall - way * (WALK_FROM_WALL_M + (0.3 if is_away else 0.0))
            for number, z in positions(track, second):
                who = f"{name}|{number}"
                stride = math.tau * (0.9 * second + unit(who, "step"))
                yield Person(x + between(-0.1, 0.1, who), z, who, stride)


def positions(track: Track, second: float) -> Iterator[tuple[int, float]]:
    """Number and distance of everyone on a track at the instant."""
    length = track.far_m - track.near_m
    lasting = length / track.speed_m_s
    first = math.floor((second - lasting) / track.headway_s) - 1
    last = math.floor(second / track.headway_s)
    for number in range(first, last + 1):
        if not _is_taken(track, number):
            continue
        start = (number + 0.45 * unit(track.key, number, "jitter")) * track.headway_s
        gone = (second - start) * track.speed_m_s
        if 0 <= gone <= length:
            yield number, (track.near_m + gone if track.is_away else track.far_m - gone)


def _is_taken(track: Track, number: int) -> bool:
    key: tuple[Key, ...] = (track.key, number, "taken")
    hour = int(number * track.headway_s // 3600) % 24
    return unit(*key) < DENSITY[hour]

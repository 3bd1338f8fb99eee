"""What a camera has before it at an instant: what stands, and what moves.

    standing   trees, lamps, stays between arrival and departure      drawn once until a change
    moving     traffic, people, and stays on their way in or out      drawn in every frame

A frozen camera sees the instant of its freeze for ever.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from xiuzhou_desktop.backend.demo.world.dice import unit
from xiuzhou_desktop.backend.demo.world.paint_person import Person
from xiuzhou_desktop.backend.demo.world.paint_tree import Prop, street_props
from xiuzhou_desktop.backend.demo.world.paint_vehicle import Pose
from xiuzhou_desktop.backend.demo.world.sight import Sight
from xiuzhou_desktop.backend.demo.world.stays import Extent, extent_of
from xiuzhou_desktop.backend.demo.world.things import (
    CameraState,
    Health,
    Innocence,
    Matter,
    Stay,
    Vehicle,
)
from xiuzhou_desktop.backend.demo.world.traffic import (
    Driven,
    Ridden,
    driven_at,
    ridden_at,
    walking_at,
)
from xiuzhou_desktop.backend.demo.world.world import World

MANOEUVRE_S = 9.0
"""How long a vehicle is seen on its way in or out."""

PULL_M_S2 = 1.6
SLIDE_S = 4.0
SHOULDER_M = 1.2
LEAVES_AT_M = 5.0


class NoPicture(LookupError):
    """The camera gives no picture at this instant: planned or offline."""


class Standing(NamedTuple):
    """Something that does not move: a prop of the street or a stay; `z` orders, `near` hides."""

    z: float
    prop: Prop | None
    stay: Stay | None


class Moving(NamedTuple):
    """Something that moves: exactly one of the three is set."""

    z: float
    driven: Driven | None = None
    ridden: Ridden | None = None
    person: Person | None = None


def seen_instant(world: World, no: str, at: datetime) -> datetime:
    """The instant that the picture really shows; raises NoPicture where there is none."""
    camera = world.camera(no)
    if camera.state is CameraState.PLANNED:
        raise NoPicture(f"{no} is not installed")
    health = world.health(no, at)
    if health is Health.OFFLINE:
        raise NoPicture(f"{no} is offline")
    if health is Health.FROZEN and camera.frozen_since is not None:
        return camera.frozen_since
    return at


def standing_at(world: World, no: str, at: datetime) -> tuple[Standing, ...]:
    """Everything that stands, farthest first."""
    sight = world.sight(no)
    things = [Standing(prop.z, prop, None) for prop in street_props(sight, street_key(world, no))]
    for stay in world.stays_at(no, at):
        things.append(Standing(sum(extent_of(sight, stay).along) / 2, None, stay))
    return tuple(sorted(things, key=lambda thing: -thing.z))


def moving_at(world: World, no: str, at: datetime) -> tuple[Moving, ...]:
    """Everything that moves, farthest first."""
    sight = world.sight(no)
    key = street_key(world, no)
    second = (at - world.midnight).total_seconds()
    things = [Moving(d.pose.z, driven=d) for d in driven_at(sight, key, second)]
    things += [Moving(r.rider.z, ridden=r) for r in ridden_at(sight, key, second)]
    things += [Moving(p.z, person=p) for p in walking_at(sight, key, second)]
    things += [Moving(d.pose.z, driven=d) for d in _manoeuvring(world, no, at)]
    return tuple(sorted(things, key=lambda thing: -thing.z))


def street_key(world: World, no: str) -> str:
    """What the chance of a camera's street depends on."""
    return f"{world.seed}|{no}"


def parked_pose(sight: Sight, stay: Stay) -> Pose:
    """How a parked vehicle stands on its spot."""
    extent = extent_of(sight, stay)
    is_driver_there = stay.innocent is not None
    return Pose(
        sum(extent.across) / 2,
        sum(extent.along) / 2,
        is_turned_away(sight, stay),
        is_blinking=is_driver_there,
    )


def is_turned_away(sight: Sight, stay: Stay) -> bool:
    """Whether the nose of a parked vehicle points away from the camera."""
    share = 0.45 if sight.side < 0 else 0.85
    return unit("turned", stay.id) < share


def attendants(sight: Sight, stay: Stay, extent: Extent) -> tuple[Person, ...]:
    """Who stands beside a vehicle whose driver is there."""
    if stay.matter is not Matter.VEHICLE or stay.innocent is None:
        return ()
    x0, x1 = extent.across
    beside = x0 - 0.45 if sight.side < 0 else x1 + 0.45
    z0, z1 = extent.along
    if stay.innocent is Innocence.LOADING:
        return (
            Person(beside, z0 + 0.4, f"{stay.id}|driver"),
            Person(beside - 0.5 * (1 if sight.side < 0 else -1), z0 + 1.5, f"{stay.id}|mate"),
        )
    return (Person(beside, (z0 + z1) / 2, f"{stay.id}|driver"),)


def _manoeuvring(world: World, no: str, at: datetime) -> list[Driven]:
    sight = world.sight(no)
    span = timedelta(seconds=MANOEUVRE_S)
    gone = [
        (stay, (at - stay.departs).total_seconds())
        for stay in world.stays_at(no, at - span)
        if stay.departs <= at
    ]
    coming = [
        (stay, (stay.arrives - at).total_seconds())
        for stay in world.stays_at(no, at + span)
        if stay.arrives > at
    ]
    found = [_rolling(sight, stay, seconds, 1) for stay, seconds in gone if stay.vehicle]
    found += [_rolling(sight, stay, seconds, -1) for stay, seconds in coming if stay.vehicle]
    return [driven for driven in found if LEAVES_AT_M < driven.pose.z < 120.0]


def _rolling(sight: Sight, stay: Stay, seconds: float, way: int) -> Driven:
    """A vehicle `seconds` after its departure (way 1) or before its arrival (way -1)."""
    pose = parked_pose(sight, stay)
    vehicle: Vehicle | None = stay.vehicle
    assert vehicle is not None
    ahead = 1 if pose.is_ahead else -1
    share = min(1.0, seconds / SLIDE_S)
    slide = share * share * (3 - 2 * share)
    target = sight.curb - sight.side * SHOULDER_M
    z = pose.z + ahead * way * PULL_M_S2 / 2 * seconds * seconds
    x = pose.x + (target - pose.x) * slide
    turn = 0.16 * (1 - abs(2 * share - 1)) * (1 if target > pose.x else -1) * ahead * way
    return Driven(vehicle, Pose(x, z, pose.is_ahead, turn, is_blinking=int(seconds * 2) % 2 == 0))

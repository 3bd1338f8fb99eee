"""One picture of one camera: street, what stands on it, what moves over it, and the writing.

street   painted once a camera (and light): twice the size, reduced, grained
  └► dressed   + standing things, once while the same things stand; fills the depth map
       └► frame  + moving things, hidden where the depth map is nearer     + clock and name
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xiuzhou_desktop.backend.demo.world.brush import Brush, Canvas, Light, rgb
from xiuzhou_desktop.backend.demo.world.daylight import light_at
from xiuzhou_desktop.backend.demo.world.dice import dice, pick
from xiuzhou_desktop.backend.demo.world.overlay import paint_overlay
from xiuzhou_desktop.backend.demo.world.paint_front import paint_fronts
from xiuzhou_desktop.backend.demo.world.paint_goods import (
    paint_goods,
    paint_goods_shadow,
    paint_load,
)
from xiuzhou_desktop.backend.demo.world.paint_ground import paint_ground
from xiuzhou_desktop.backend.demo.world.paint_person import (
    paint_person,
    paint_person_shadow,
    paint_rider,
)
from xiuzhou_desktop.backend.demo.world.paint_tree import paint_prop, paint_prop_shadow
from xiuzhou_desktop.backend.demo.world.paint_vehicle import paint_vehicle, paint_vehicle_shadow
from xiuzhou_desktop.backend.demo.world.plates import PAINTS
from xiuzhou_desktop.backend.demo.world.scene import (
    Moving,
    Standing,
    attendants,
    moving_at,
    parked_pose,
    seen_instant,
    standing_at,
    street_key,
)
from xiuzhou_desktop.backend.demo.world.sight import Sight
from xiuzhou_desktop.backend.demo.world.stays import SIZES_M, extent_of
from xiuzhou_desktop.backend.demo.world.things import Innocence
from xiuzhou_desktop.backend.demo.world.world import World

STREETS_KEPT = 6
DRESSED_KEPT = 6
STREET_FACTOR = 2
STANDING_FACTOR = 3
MOVING_FACTOR = 2
GRAIN = 2.1
K = TypeVar("K")
V = TypeVar("V")
DepthMap = NDArray[np.float32]
Room = tuple[int, int, int, int]
"""Pixels of the picture: left, top, right, bottom."""


class Dressed(NamedTuple):
    """A street with what stands on it, and how far each pixel's standing thing is."""

    image: Image.Image
    depth: DepthMap


class Size(NamedTuple):
    """Picture size in pixels."""

    wide: int
    high: int


class Camera2D:
    """The pictures of one world at one size; keeps the streets it painted."""

    def __init__(self, world: World, size: Size) -> None:
        self.world = world
        self.size = size
        self._streets: OrderedDict[tuple[str, Light], Image.Image] = OrderedDict()
        self._dressed: OrderedDict[tuple[str, Light, tuple[str, ...]], Dressed] = OrderedDict()

    def frame(self, no: str, at: datetime) -> Image.Image:
        """The picture of a camera at an instant; raises NoPicture."""
        seen = seen_instant(self.world, no, at)
        light = light_at(seen)
        dressed = self._dress(no, seen, light)
        image = dressed.image.copy()
        sight = self.world.sight(no)
        for thing in moving_at(self.world, no, seen):
            self._paint_moving(image, dressed.depth, _Eye(sight, light), thing)
        camera = self.world.camera(no)
        paint_overlay(image, seen, f"{camera.no} {camera.name}")
        return image

    def _street(self, no: str, light: Light) -> Image.Image:
        found = self._streets.get((no, light))
        if found is None:
            found = paint_street(self.world, no, self.size, light)
            _keep(self._streets, (no, light), found, STREETS_KEPT)
        return found

    def _dress(self, no: str, seen: datetime, light: Light) -> Dressed:
        standing = standing_at(self.world, no, seen)
        stays = tuple(thing.stay.id for thing in standing if thing.stay is not None)
        found = self._dressed.get((no, light, stays))
        if found is None:
            found = self._paint_standing(no, standing, light)
            _keep(self._dressed, (no, light, stays), found, DRESSED_KEPT)
        return found

    def _paint_standing(self, no: str, standing: tuple[Standing, ...], light: Light) -> Dressed:
        image = self._street(no, light).copy()
        depth = np.full((self.size.high, self.size.wide), np.inf, np.float32)
        eye = _Eye(self.world.sight(no), light)
        for thing in standing:
            room = self._room_of(eye.sight, thing)
            if room is None:
                continue
            before, after = _repaint(image, room, eye, _standing_painter(eye.sight, thing))
            red, green, blue = np.moveaxis(np.asarray(before) != np.asarray(after), 2, 0)
            changed = red | green | blue
            left, top, right, bottom = room
            depth[top:bottom, left:right][changed] = thing.z
        return Dressed(image, depth)

    def _paint_moving(
        self, image: Image.Image, depth: DepthMap, eye: "_Eye", thing: Moving
    ) -> None:
        room = self._moving_room(eye.sight, thing)
        if room is None:
            return
        left, top, right, bottom = room
        hidden = depth[top:bottom, left:right] < thing.z
        factor = MOVING_FACTOR
        part = image.crop(room)
        big = part.resize((part.width * factor, part.height * factor), Image.Resampling.NEAREST)
        canvas = Canvas(big, (self.size.wide, self.size.high), (left, top), factor)
        _draw_moving(Brush(eye.sight, canvas, eye.light), thing)
        drawn = big.reduce(factor)
        if not hidden.any():
            image.paste(drawn, (left, top))
            return
        mask = Image.fromarray(np.where(hidden, 0, 255).astype(np.uint8))
        image.paste(drawn, (left, top), mask)

    def _room_of(self, sight: Sight, thing: Standing) -> Room | None:
        if thing.prop is not None:
            reach = 2.6 if thing.prop.name == "tree" else 2.2
            x, top = thing.prop.x, 6.9 if thing.prop.name == "tree" else 8.9
            return self._room(sight, (x - reach, x + reach), (thing.z - 0.8, thing.z + 0.8), top)
        assert thing.stay is not None
        extent = extent_of(sight, thing.stay)
        across = (extent.across[0] - 1.5, extent.across[1] + 1.5)
        along = (extent.along[0] - 0.5, extent.along[1] + 0.5)
        return self._room(sight, across, along, extent.height_m + 0.5)

    def _moving_room(self, sight: Sight, thing: Moving) -> Room | None:
        if thing.driven is not None:
            length, width, height = SIZES_M[thing.driven.vehicle.body]
            x, z = thing.driven.pose.x, thing.z
            across = (x - width / 2 - 0.9, x + width / 2 + 0.9)
            return self._room(sight, across, (z - length / 2 - 0.5, z + length / 2 + 0.5), height)
        figure = thing.person or (thing.ridden.rider if thing.ridden else None)
        assert figure is not None
        across = (figure.x - 0.7, figure.x + 0.8)
        return self._room(sight, across, (thing.z - 0.4, thing.z + 0.4), 2.1)

    def _room(
        self, sight: Sight, across: tuple[float, float], along: tuple[float, float], top: float
    ) -> Room | None:
        """The pixels that a cuboid may touch, or None where it is out of the picture."""
        near = max(2.5, along[0])
        points = [
            sight.project(x, y, z) for x in across for z in (near, along[1]) for y in (0.0, top)
        ]
        wide, high = self.size
        left = max(0, int(min(p[0] for p in points) * wide) - 2)
        right = min(wide, int(max(p[0] for p in points) * wide) + 3)
        upper = max(0, int(min(p[1] for p in points) * high) - 2)
        lower = min(high, int(max(p[1] for p in points) * high) + 3)
        return (left, upper, right, lower) if right > left and lower > upper else None


class _Eye(NamedTuple):
    sight: Sight
    light: Light


def paint_street(world: World, no: str, size: Size, light: Light) -> Image.Image:
    """Ground and fronts of a camera's street, smoothed and grained, with nothing on it."""
    factor = STREET_FACTOR
    big = Image.new("RGB", (size.wide * factor, size.high * factor))
    brush = Brush(world.sight(no), Canvas(big, (size.wide, size.high), (0, 0), factor), light)
    key = street_key(world, no)
    paint_ground(brush, key)
    paint_fronts(brush, world.shops_of(no), key)
    return _grained(big.reduce(factor), key)


def _grained(image: Image.Image, key: str) -> Image.Image:
    """The uneven surface of real ground and the grain of a real sensor, the same every time."""
    grain = np.random.Generator(np.random.PCG64(dice("grain", key).getrandbits(63)))
    wide, high = image.size
    coarse = Image.fromarray(grain.normal(0, 1, (high // 40, wide // 40)).astype(np.float32))
    uneven = np.asarray(coarse.resize(image.size, Image.Resampling.BICUBIC))
    fine = GRAIN * grain.standard_normal((high, wide), np.float32)
    across = np.linspace(-1, 1, wide, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, high, dtype=np.float32)[:, None]
    vignette = 1.02 - 0.1 * (across**2 + down**2) / 2
    real = np.asarray(image) * ((1 + 0.011 * uneven) * vignette)[..., None]
    real += (fine * vignette)[..., None]
    np.clip(np.rint(real, out=real), 0, 255, out=real)
    return Image.fromarray(real.astype(np.uint8))


def _repaint(
    image: Image.Image, room: Room, eye: _Eye, paint: "Painter"
) -> tuple[Image.Image, Image.Image]:
    """Paint into a part of the picture, smoothed; returns it after the shadow and after all."""
    factor = STANDING_FACTOR
    part = image.crop(room)
    big = part.resize((part.width * factor, part.height * factor), Image.Resampling.NEAREST)
    brush = Brush(eye.sight, Canvas(big, image.size, room[:2], factor), eye.light)
    paint.shadow(brush)
    before = big.reduce(factor)
    paint.body(brush)
    after = big.reduce(factor)
    image.paste(after, room[:2])
    return before, after


class Painter(NamedTuple):
    """How a thing is painted: what lies on the ground first, then what stands."""

    shadow: Callable[[Brush], None]
    body: Callable[[Brush], None]


def _standing_painter(sight: Sight, thing: Standing) -> Painter:
    prop, stay = thing.prop, thing.stay
    if prop is not None:
        return Painter(lambda b: paint_prop_shadow(b, prop), lambda b: paint_prop(b, prop))
    assert stay is not None
    extent = extent_of(sight, stay)
    if stay.vehicle is None:
        return Painter(
            lambda b: paint_goods_shadow(b, extent), lambda b: paint_goods(b, stay, extent)
        )
    vehicle, pose = stay.vehicle, parked_pose(sight, stay)
    people = attendants(sight, stay, extent)

    def shadow(brush: Brush) -> None:
        paint_vehicle_shadow(brush, vehicle, pose)
        for person in people:
            paint_person_shadow(brush, person)

    def body(brush: Brush) -> None:
        paint_vehicle(brush, vehicle, pose)
        for person in sorted(people, key=lambda p: -p.z):
            paint_person(brush, person)
        if stay.innocent is Innocence.LOADING:
            paint_load(brush, extent)

    return Painter(shadow, body)


def _draw_moving(brush: Brush, thing: Moving) -> None:
    if thing.driven is not None:
        paint_vehicle_shadow(brush, thing.driven.vehicle, thing.driven.pose)
        paint_vehicle(brush, thing.driven.vehicle, thing.driven.pose)
    elif thing.ridden is not None:
        paint_person_shadow(brush, thing.ridden.rider)
        paint = rgb(pick(PAINTS, "scooter", thing.ridden.shade_key))
        paint_rider(brush, thing.ridden.rider, paint)
    elif thing.person is not None:
        paint_person_shadow(brush, thing.person)
        paint_person(brush, thing.person)


def _keep(kept: "OrderedDict[K, V]", key: K, value: V, limit: int) -> None:
    kept[key] = value
    while len(kept) > limit:
        kept.popitem(last=False)


@lru_cache(maxsize=8)
def camera_2d(world: World, size: Size) -> Camera2D:
    """The picture maker of a world at a size, kept while it is used."""
    return Camera2D(world, size)

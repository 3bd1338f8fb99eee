"""A vehicle as a chamfered body with a tapered cabin, lamps, wheels and plates, in any turn.

local: a to the right, s along from tail to nose, y up; `ahead` = nose away from the camera
"""

import math
from typing import NamedTuple

from xiuzhou_desktop.backend.demo.world.brush import Brush, Colour, Spot3, rgb, shade
from xiuzhou_desktop.backend.demo.world.faces import PLATE_M, plate_face
from xiuzhou_desktop.backend.demo.world.stays import SIZES_M
from xiuzhou_desktop.backend.demo.world.things import Body, PlateColour, Vehicle

GLASS: Colour = (40, 47, 54)
GLASS_SKY: Colour = (104, 118, 130)
DARK: Colour = (28, 30, 33)
TYRE: Colour = (24, 25, 27)
HUB: Colour = (150, 153, 156)
TAIL_LAMP: Colour = (176, 34, 30)
HEAD_LAMP: Colour = (236, 238, 232)
BLINKER: Colour = (244, 158, 42)
SMALL_PX = 26.0
PLATE_TEXT_PX = 13.0
SILL_M = 0.3
CHAMFER_M = 0.22


class Pose(NamedTuple):
    """Where a vehicle stands and how it is turned: yaw 0 along the street, nose away."""

    x: float
    z: float
    is_ahead: bool
    yaw: float = 0.0
    is_blinking: bool = False


class Cabin(NamedTuple):
    """The glass house: share of the length at its foot and roof (tail, nose), belt and roof."""

    foot: tuple[float, float]
    roof: tuple[float, float]
    belt_m: float
    inset_m: float


CABINS: dict[Body, Cabin] = {
    Body.SEDAN: Cabin((0.10, 0.76), (0.26, 0.58), 0.92, 0.17),
    Body.SUV: Cabin((0.02, 0.76), (0.09, 0.62), 1.02, 0.15),
    Body.VAN: Cabin((0.01, 0.93), (0.03, 0.80), 1.02, 0.1),
    Body.TRUCK: Cabin((0.74, 0.99), (0.76, 0.95), 1.25, 0.08),
}


class _Frame:
    """Local metres to street metres for one pose."""

    def __init__(self, pose: Pose, length: float) -> None:
        turn = pose.yaw if pose.is_ahead else pose.yaw + math.pi
        self._cos, self._sin = math.cos(turn), math.sin(turn)
        self._pose, self._half = pose, length / 2

    def at(self, a: float, y: float, s: float) -> Spot3:
        along = s - self._half
        x = self._pose.x + a * self._cos + along * self._sin
        return x, y, self._pose.z - a * self._sin + along * self._cos


def paint_vehicle(brush: Brush, vehicle: Vehicle, pose: Pose) -> None:
    """The whole vehicle without its shadow."""
    length, width, height = SIZES_M[vehicle.body]
    frame = _Frame(pose, length)
    if brush.scale_at(pose.z) * height / brush.canvas.factor < SMALL_PX:
        _small(brush, frame, vehicle)
        _ends(brush, frame, vehicle, pose)
        return
    _underside(brush, frame, (length, width))
    if vehicle.body is Body.TRUCK:
        _truck(brush, frame, vehicle)
    else:
        _car(brush, frame, vehicle)
    _wheels(brush, frame, (length, width))
    _ends(brush, frame, vehicle, pose)


def paint_vehicle_shadow(brush: Brush, vehicle: Vehicle, pose: Pose) -> None:
    """The shadow on the ground, to the right and behind."""
    length, width, _ = SIZES_M[vehicle.body]
    frame = _Frame(pose, length)
    for grow, alpha in ((0.34, 34), (0.16, 58)):
        half = width / 2 + grow
        corners = [(-half, -grow), (half, -grow), (half, length + grow), (-half, length + grow)]
        shift = 0.22
        spots = [frame.at(a, 0.0, s) for a, s in corners]
        brush.polygon([(x + shift, y, z) for x, y, z in spots], (10, 12, 16), alpha)


def _small(brush: Brush, frame: _Frame, vehicle: Vehicle) -> None:
    """A far vehicle: a box on a dark strip, and its cabin."""
    length, width, height = SIZES_M[vehicle.body]
    half = width / 2
    plan = [(-half, 0.0), (half, 0.0), (half, length), (-half, length)]
    is_truck = vehicle.body is Body.TRUCK
    belt = height if is_truck else CABINS[vehicle.body].belt_m
    _prism(brush, frame, plan, (0.05, SILL_M), DARK)
    _prism(brush, frame, plan, (SILL_M, belt), rgb(vehicle.paint))
    if not is_truck:
        _house(brush, frame, vehicle, (belt, height))


def _underside(brush: Brush, frame: _Frame, size: tuple[float, float]) -> None:
    length, width = size
    half = width / 2 - 0.12
    _prism(brush, frame, _plan(half, (0.25, length - 0.25), 0.1), (0.05, SILL_M + 0.1), DARK)
    for s in (0.2, length - 0.5):
        for a in (-half + 0.02, half - 0.26):
            plan = [(a, s), (a + 0.24, s), (a + 0.24, s + 0.3), (a, s + 0.3)]
            _prism(brush, frame, plan, (0.0, SILL_M + 0.05), TYRE)


def _car(brush: Brush, frame: _Frame, vehicle: Vehicle) -> None:
    length, width, height = SIZES_M[vehicle.body]
    cabin = CABINS[vehicle.body]
    paint = rgb(vehicle.paint)
    half = width / 2
    plan = _plan(half, (0.0, length), CHAMFER_M)
    belt = cabin.belt_m
    _prism(brush, frame, plan, (SILL_M, SILL_M + 0.15), shade(DARK, 1.6))
    _prism(brush, frame, plan, (SILL_M + 0.15, belt - 0.1), paint)
    shoulder = _plan(half - 0.05, (0.05, length - 0.06), CHAMFER_M)
    _loft(brush, frame, (plan, shoulder), (belt - 0.1, belt), paint)
    _house(brush, frame, vehicle, (belt, height))


def _truck(brush: Brush, frame: _Frame, vehicle: Vehicle) -> None:
    length, width, height = SIZES_M[vehicle.body]
    paint = rgb(vehicle.paint)
    half = width / 2
    box = _plan(half, (0.0, length * 0.71), 0.03)
    cab = _plan(half - 0.06, (length * 0.735, length), 0.16)
    crate = (186, 190, 192) if sum(paint) < 480 else (128, 146, 160)

    def paint_box() -> None:
        _prism(brush, frame, box, (0.72, height), crate)

    def paint_cab() -> None:
        _prism(brush, frame, cab, (0.42, 1.25), paint)
        _house(brush, frame, vehicle, (1.25, 2.2))

    is_nose_near = frame.at(0, 0, length)[2] < frame.at(0, 0, 0)[2]
    for part in (paint_box, paint_cab) if is_nose_near else (paint_cab, paint_box):
        part()


def _house(brush: Brush, frame: _Frame, vehicle: Vehicle, high: tuple[float, float]) -> None:
    """The cabin: four glass sides in frames of the paint, and the roof."""
    length, width, _ = SIZES_M[vehicle.body]
    cabin = CABINS[vehicle.body]
    paint = rgb(vehicle.paint)
    half, top = width / 2 - 0.08, width / 2 - cabin.inset_m - 0.04
    foot = [s * length for s in cabin.foot]
    roof = [s * length for s in cabin.roof]
    low = [(-half, foot[0]), (half, foot[0]), (half, foot[1]), (-half, foot[1])]
    upper = [(-top, roof[0]), (top, roof[0]), (top, roof[1]), (-top, roof[1])]
    for index in range(4):
        other = (index + 1) % 4
        corners = [
            frame.at(low[index][0], high[0], low[index][1]),
            frame.at(low[other][0], high[0], low[other][1]),
            frame.at(upper[other][0], high[1], upper[other][1]),
            frame.at(upper[index][0], high[1], upper[index][1]),
        ]
        if not _is_seen(brush, corners):
            continue
        brush.polygon(corners, _face_tone(paint, corners))
        is_side = index in {1, 3}
        _glass(brush, corners, is_side=is_side)
    top_spots = [frame.at(a, high[1], s) for a, s in upper]
    brush.polygon(top_spots, shade(paint, 1.1))


def _glass(brush: Brush, corners: list[Spot3], *, is_side: bool) -> None:
    inner = _inset(corners, 0.06 if is_side else 0.08)
    brush.polygon(inner, GLASS)
    bottom_left, bottom_right, top_right, top_left = inner
    upper = [
        _between(bottom_left, top_left, 0.55),
        _between(bottom_right, top_right, 0.55),
        top_right,
        top_left,
    ]
    brush.polygon(upper, GLASS_SKY, 92)
    if is_side:
        post = [
            _between(bottom_left, bottom_right, 0.5),
            _between(bottom_left, bottom_right, 0.55),
            _between(top_left, top_right, 0.55),
            _between(top_left, top_right, 0.5),
        ]
        brush.polygon(post, DARK)


def _wheels(brush: Brush, frame: _Frame, size: tuple[float, float]) -> None:
    """Wheels of the side that is seen, drawn on it."""
    length, width = size
    for way in (-1, 1):
        a = way * width / 2
        middle = frame.at(a, 0.35, length / 2)
        outward = frame.at(a + way, 0.35, length / 2)
        if not _looks_at(middle, outward):
            continue
        for s in (length * 0.19, length * 0.81):
            for radius, colour in ((0.36, DARK), (0.31, TYRE), (0.18, HUB)):
                rim = [
                    frame.at(a, 0.32 + radius * math.sin(t), s + radius * math.cos(t))
                    for t in (i * math.tau / 14 for i in range(14))
                ]
                brush.polygon([(x, max(0.0, y), z) for x, y, z in rim], colour)


def _ends(brush: Brush, frame: _Frame, vehicle: Vehicle, pose: Pose) -> None:
    """Lamps and plate on the end turned to the camera."""
    length, width, _ = SIZES_M[vehicle.body]
    tail, nose = frame.at(0, 0.5, 0), frame.at(0, 0.5, length)
    is_tail = tail[2] < nose[2]
    s, out = (0.0, -0.015) if is_tail else (length, 0.015)
    base = 0.72 if vehicle.body is not Body.TRUCK else 0.66
    reach = width / 2 - CHAMFER_M - 0.02

    def panel(a: tuple[float, float], y: tuple[float, float]) -> list[Spot3]:
        way = 1 if is_tail else -1
        left, right = a[0] * way, a[1] * way
        return [
            frame.at(left, y[1], s + out),
            frame.at(right, y[1], s + out),
            frame.at(right, y[0], s + out),
            frame.at(left, y[0], s + out),
        ]

    lamp = TAIL_LAMP if is_tail else HEAD_LAMP
    if pose.is_blinking:
        lamp = BLINKER
    for way in (-1, 1):
        a = sorted((way * reach, way * (reach - 0.34)))
        brush.polygon(panel((a[0], a[1]), (base - 0.09, base + 0.06)), lamp)
    if not is_tail:
        brush.polygon(panel((-reach + 0.4, reach - 0.4), (base - 0.08, base + 0.04)), DARK)
    plate_y = 0.6 if is_tail and vehicle.body is not Body.TRUCK else 0.5
    half_w, half_h = PLATE_M[0] / 2, PLATE_M[1] / 2
    corners = panel((-half_w, half_w), (plate_y - half_h, plate_y + half_h))
    _plate(brush, vehicle, corners)


def _plate(brush: Brush, vehicle: Vehicle, corners: list[Spot3]) -> None:
    wide = brush.scale_at(corners[0][2]) * PLATE_M[0] / brush.canvas.factor
    if wide >= PLATE_TEXT_PX:
        brush.picture(plate_face(vehicle.plate, vehicle.plate_colour), corners)
        return
    flat = {
        PlateColour.BLUE: (40, 88, 160),
        PlateColour.GREEN: (130, 190, 146),
        PlateColour.YELLOW: (214, 168, 40),
    }
    brush.polygon(corners, flat[vehicle.plate_colour])


def _plan(half: float, along: tuple[float, float], cut: float) -> list[tuple[float, float]]:
    """The outline of a body from above, corners cut, anticlockwise from the tail."""
    tail, nose = along
    return [
        (-half + cut, tail),
        (half - cut, tail),
        (half, tail + cut),
        (half, nose - cut),
        (half - cut, nose),
        (-half + cut, nose),
        (-half, nose - cut),
        (-half, tail + cut),
    ]


def _prism(
    brush: Brush,
    frame: _Frame,
    plan: list[tuple[float, float]],
    high: tuple[float, float],
    colour: Colour,
) -> None:
    _loft(brush, frame, (plan, plan), high, colour)


def _loft(
    brush: Brush,
    frame: _Frame,
    plans: tuple[list[tuple[float, float]], list[tuple[float, float]]],
    high: tuple[float, float],
    colour: Colour,
) -> None:
    """Walls from one plan up to another, and the lid."""
    low, upper = plans
    for index in range(len(low)):
        other = (index + 1) % len(low)
        corners = [
            frame.at(low[index][0], high[0], low[index][1]),
            frame.at(low[other][0], high[0], low[other][1]),
            frame.at(upper[other][0], high[1], upper[other][1]),
            frame.at(upper[index][0], high[1], upper[index][1]),
        ]
        if _is_seen(brush, corners):
            brush.polygon(corners, _face_tone(colour, corners))
    brush.polygon([frame.at(a, high[1], s) for a, s in upper], shade(colour, 1.06))


def _is_seen(brush: Brush, corners: list[Spot3]) -> bool:
    """Whether the face's outside is turned to the camera."""
    nx, ny, nz = _normal(corners)
    x, y, z = corners[0]
    return nx * (0 - x) + ny * (brush.sight.height_m - y) + nz * (0 - z) > 0


def _looks_at(middle: Spot3, outward: Spot3) -> bool:
    nx, nz = outward[0] - middle[0], outward[2] - middle[2]
    return nx * -middle[0] + nz * -middle[2] > 0


def _normal(corners: list[Spot3]) -> Spot3:
    (ax, ay, az), (bx, by, bz), _, (dx, dy, dz) = corners
    ux, uy, uz = bx - ax, by - ay, bz - az
    vx, vy, vz = dx - ax, dy - ay, dz - az
    return uz * vy - uy * vz, ux * vz - uz * vx, uy * vx - ux * vy


def _face_tone(colour: Colour, corners: list[Spot3]) -> Colour:
    """Sun from above, a little from the left and from behind the camera."""
    nx, ny, nz = _normal(corners)
    size = math.sqrt(nx * nx + ny * ny + nz * nz) or 1.0
    return shade(colour, 0.82 + (-0.16 * nx + 0.3 * ny - 0.14 * nz) / size)


def _inset(corners: list[Spot3], share: float) -> list[Spot3]:
    centre = tuple(sum(c[i] for c in corners) / len(corners) for i in range(3))
    middle: Spot3 = (centre[0], centre[1], centre[2])
    return [_between(corner, middle, share * 2) for corner in corners]


def _between(one: Spot3, other: Spot3, share: float) -> Spot3:
    return (
        one[0] + (other[0] - one[0]) * share,
        one[1] + (other[1] - one[1]) * share,
        one[2] + (other[2] - one[2]) * share,
    )

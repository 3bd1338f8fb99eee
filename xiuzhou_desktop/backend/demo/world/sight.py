"""How a camera sees its street: one-point perspective along the road, and what lies across it.

    picture                          across the street (metres from the camera, x to the right)
      vanish,horizon                 wall_left │ footway │ curb_left │ road, centre │ curb_right │
         \\ | /                       z grows along the street, y up; verticals stay vertical
        street

`u` and `v` are fractions of the picture's width and height; the picture is 16:9.
"""

from typing import NamedTuple

from xiuzhou_desktop.backend.demo.world.dice import between, unit
from xiuzhou_desktop.backend.demo.world.things import PictureBox, PicturePoint, View

ASPECT = 16 / 9
UNITS = 10_000
"""Picture coordinates are integers of one ten-thousandth."""

FAR_M = 190.0


class Sight(NamedTuple):
    """Lens and cross-section of one camera's street."""

    view: View
    vanish: float
    horizon: float
    focal: float
    height_m: float
    wall_left: float
    curb_left: float
    centre: float
    curb_right: float
    wall_right: float
    lanes: int
    side: int
    """-1 where the watched footway lies on the left, +1 on the right."""

    def project(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Where a point of the street falls in the picture."""
        scale = self.focal / z
        return self.vanish + x * scale, self.horizon + (self.height_m - y) * scale * ASPECT

    @property
    def curb(self) -> float:
        """The curb of the watched footway."""
        return self.curb_left if self.side < 0 else self.curb_right

    @property
    def wall(self) -> float:
        """The line of fronts (or of the railing) behind the watched footway."""
        return self.wall_left if self.side < 0 else self.wall_right


class Spot(NamedTuple):
    """A place of the watched footway where something may stand."""

    name: str
    x: float
    z: float


def look(view: View, seed: int, camera_no: str) -> Sight:
    """The sight of a camera: the view's pattern with the small differences of a real mast."""

    def wobble(low: float, high: float, what: str) -> float:
        return between(low, high, seed, "sight", camera_no, what)

    narrow = unit(seed, "narrow", camera_no) < 0.4
    road = 11.4 if narrow else 17.2
    footway = wobble(6.2, 7.0, "footway")
    if view is View.CROSSING:
        left = -wobble(3.9, 4.6, "curb")
        return Sight(
            view,
            wobble(0.58, 0.64, "vanish"),
            wobble(0.14, 0.19, "horizon"),
            wobble(0.92, 1.0, "focal"),
            wobble(5.6, 6.2, "height"),
            left - footway,
            left,
            left + road / 2,
            left + road,
            left + road + footway,
            1 if narrow else 2,
            -1,
        )
    curb = wobble(2.3, 3.0, "curb")
    vanish, side = wobble(0.76, 0.83, "vanish"), -1
    horizon, focal = wobble(0.08, 0.13, "horizon"), wobble(1.16, 1.26, "focal")
    height = wobble(5.2, 5.7, "height")
    lanes = 1 if narrow else 2
    if view is View.FOOTWAY_RIGHT:
        return Sight(
            view,
            1 - vanish,
            horizon,
            focal,
            height,
            curb - road - footway,
            curb - road,
            curb - road / 2,
            curb,
            curb + footway,
            lanes,
            1,
        )
    return Sight(
        view,
        vanish,
        horizon,
        focal,
        height,
        -curb - footway,
        -curb,
        road / 2 - curb,
        road - curb,
        road - curb + footway,
        lanes,
        side,
    )


def curb_spots(sight: Sight) -> tuple[Spot, ...]:
    """Where vehicles are left on the footway, nearest first."""
    x = sight.curb + sight.side * 2.05
    first = 18.4 if sight.view is not View.CROSSING else 17.2
    return tuple(Spot(f"P{i + 1}", x, first + i * 7.4) for i in range(3))


def wall_spots(sight: Sight) -> tuple[Spot, ...]:
    """Where stalls, goods and rubbish stand before the fronts, nearest first."""
    x = sight.wall - sight.side * 1.25
    first = 19.4 if sight.view is not View.CROSSING else 19.0
    return tuple(Spot(f"W{i + 1}", x, first + i * 6.6) for i in range(3))


def ground_polygon(
    sight: Sight, across: tuple[float, float], along: tuple[float, float]
) -> tuple[PicturePoint, ...]:
    """A rectangle of ground as a polygon in picture coordinates, cut at the picture's edge."""
    (x0, x1), (z0, z1) = across, along
    corners = [(x0, z0), (x0, z1), (x1, z1), (x1, z0)]
    outline = [sight.project(x, 0.0, z) for x, z in corners]
    for axis in (0, 1):
        outline = _cut(outline, axis, 1.0)
        outline = [_mirror(p) for p in _cut([_mirror(p) for p in outline], axis, 1.0)]
    return tuple(_clamped(u, v) for u, v in outline)


def picture_box(
    sight: Sight, across: tuple[float, float], along: tuple[float, float], height_m: float
) -> PictureBox:
    """The box around a cuboid that stands on the ground."""
    points = [sight.project(x, y, z) for x in across for z in along for y in (0.0, height_m)]
    left, top = _clamped(min(p[0] for p in points), min(p[1] for p in points))
    right, bottom = _clamped(max(p[0] for p in points), max(p[1] for p in points))
    return left, top, right, bottom


def _mirror(point: tuple[float, float]) -> tuple[float, float]:
    return 1.0 - point[0], 1.0 - point[1]


def _cut(outline: list[tuple[float, float]], axis: int, limit: float) -> list[tuple[float, float]]:
    """The part of a polygon whose coordinate stays within the limit."""
    kept: list[tuple[float, float]] = []
    for index, current in enumerate(outline):
        previous = outline[index - 1]
        before, after = previous[axis] - limit, current[axis] - limit
        if (before <= 0) != (after <= 0):
            share = before / (before - after)
            kept.append(
                (
                    previous[0] + (current[0] - previous[0]) * share,
                    previous[1] + (current[1] - previous[1]) * share,
                )
            )
        if after <= 0:
            kept.append(current)
    return kept


def _clamped(u: float, v: float) -> PicturePoint:
    return (
        min(UNITS, max(0, round(u * UNITS))),
        min(UNITS, max(0, round(v * UNITS))),
    )

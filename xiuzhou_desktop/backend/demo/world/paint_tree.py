"""Street trees, lamp posts and the no-parking sign: what stands along the curb and hides others."""

import math
from typing import NamedTuple

from xiuzhou_desktop.backend.demo.world.brush import Brush, Colour, Range, shade
from xiuzhou_desktop.backend.demo.world.dice import between, dice
from xiuzhou_desktop.backend.demo.world.paint_ground import CROSSING_ALONG, JUNCTION_ALONG
from xiuzhou_desktop.backend.demo.world.sight import Sight, curb_spots
from xiuzhou_desktop.backend.demo.world.things import View

GREENS: tuple[Colour, ...] = ((62, 84, 56), (70, 92, 58), (56, 78, 58), (78, 96, 60))
TRUNK: Colour = (82, 72, 62)
RED: Colour = (196, 44, 40)
BLUE: Colour = (38, 82, 160)
SPACING_M = 7.4
UNTIL_M = 140.0
FROM_CURB_M = 0.55


class Prop(NamedTuple):
    """A tree, a lamp post or a sign at a place of the street."""

    name: str
    x: float
    z: float
    key: str


def street_props(sight: Sight, key: str) -> list[Prop]:
    """Trees between the spots of the footways, and a lamp post every fourth place."""
    props: list[Prop] = []
    first = curb_spots(sight)[0].z + SPACING_M / 2
    for side, curb in ((-1, sight.curb_left), (1, sight.curb_right)):
        index = 0
        z = first if side == sight.side else first - 2.0
        while z < UNTIL_M:
            x = curb + side * FROM_CURB_M
            name = _name_of(index, is_watched=side == sight.side)
            if name is not None and not _is_open(sight, z):
                props.append(Prop(name, x, z, f"{key}|{side}|{index}"))
            index += 1
            z += SPACING_M
    return props


def paint_prop(brush: Brush, prop: Prop) -> None:
    """The standing part."""
    if prop.name == "tree":
        _paint_tree(brush, prop)
    elif prop.name == "lamp":
        _paint_lamp(brush, prop)
    else:
        _paint_no_parking(brush, prop)


def paint_prop_shadow(brush: Brush, prop: Prop) -> None:
    """What it throws on the ground."""
    if prop.name == "tree":
        brush.pool((prop.x + 0.9, prop.z + 0.5), (1.9, 1.6), 52)
        brush.pool((prop.x, prop.z), (0.5, 0.4), 60)


def _name_of(index: int, *, is_watched: bool) -> str | None:
    """The first place of the watched side keeps free of a trunk that would hide a vehicle."""
    if is_watched and index in {0, 2}:
        return "sign" if index == 2 else None
    return "lamp" if index % 4 == 3 else "tree"


def _is_open(sight: Sight, z: float) -> bool:
    if sight.view is not View.CROSSING:
        return False
    return CROSSING_ALONG[0] - 4 < z < JUNCTION_ALONG[1] + 8


def _paint_tree(brush: Brush, tree: Prop) -> None:
    chance = dice("tree", tree.key)
    lean = between(-0.12, 0.12, "lean", tree.key)
    thick = between(0.12, 0.17, "thick", tree.key)
    brush.facing(tree.z, (tree.x - thick, tree.x + thick), (0.0, 3.6), TRUNK)
    brush.facing(tree.z, (tree.x - thick, tree.x - thick * 0.2), (0.0, 3.6), shade(TRUNK, 1.25))
    crown_y = between(4.7, 5.2, "crown", tree.key)
    spread = between(1.45, 1.85, "spread", tree.key)
    green = GREENS[chance.randrange(len(GREENS))]
    blobs = 90 if tree.z < 45 else 26 if tree.z < 90 else 8
    for index in range(blobs):
        share = index / blobs
        angle, reach = chance.random() * 6.283, chance.random() ** 0.5
        x = tree.x + lean + spread * reach * math.cos(angle) * 0.8
        y = crown_y + 1.35 * reach * math.sin(angle) * 0.75 + share * 0.25 - 0.1
        size = spread * (0.42 - 0.3 * share**0.6)
        lift = (y - crown_y) * 0.16 - (x - tree.x) * 0.07
        tone = shade(green, 0.74 + 0.3 * share + lift + 0.1 * chance.random())
        brush.disc((x, y, tree.z), (size, size * 0.82), tone)


def _paint_lamp(brush: Brush, lamp: Prop) -> None:
    steel = (122, 128, 132)
    side = 1.0 if lamp.x < brush.sight.centre else -1.0
    brush.facing(lamp.z, (lamp.x - 0.08, lamp.x + 0.08), (0.0, 8.6), steel)
    brush.facing(lamp.z, (lamp.x - 0.14, lamp.x + 0.14), (0.0, 0.9), shade(steel, 0.85))
    arm = sorted((lamp.x, lamp.x + side * 1.8))
    brush.facing(lamp.z, (arm[0], arm[1]), (8.5, 8.62), steel)
    head = sorted((lamp.x + side * 1.2, lamp.x + side * 2.0))
    brush.cuboid(Range((head[0], head[1]), (8.4, 8.56), (lamp.z, lamp.z + 0.3)), (200, 203, 203))


def _paint_no_parking(brush: Brush, sign: Prop) -> None:
    """禁止停车: red ring and stroke on blue."""
    brush.facing(sign.z, (sign.x - 0.035, sign.x + 0.035), (0.0, 2.3), (160, 164, 166))
    brush.disc((sign.x, 2.55, sign.z), (0.34, 0.34), RED)
    brush.disc((sign.x, 2.55, sign.z), (0.26, 0.26), BLUE)
    stroke = ((-0.22, 0.15), (-0.15, 0.22), (0.22, -0.15), (0.15, -0.22))
    brush.polygon([(sign.x + a, 2.55 + b, sign.z) for a, b in stroke], RED)

"""The buildings along a street: storeys with windows, shops with signs on the ground floor.

Painted from far to near, so that a nearer building covers the end wall of the next.
"""

from collections.abc import Sequence
from typing import NamedTuple

from xiuzhou_desktop.backend.demo.world.brush import Brush, Colour, Range, mix, rgb, shade
from xiuzhou_desktop.backend.demo.world.dice import between, pick, unit
from xiuzhou_desktop.backend.demo.world.faces import sign_face
from xiuzhou_desktop.backend.demo.world.names import SHOP_WORDS, TRADES
from xiuzhou_desktop.backend.demo.world.paint_ground import JUNCTION_ALONG
from xiuzhou_desktop.backend.demo.world.sight import FAR_M, Sight, wall_spots
from xiuzhou_desktop.backend.demo.world.things import Shop, View

WALLS: tuple[Colour, ...] = (
    (178, 165, 146),
    (158, 150, 142),
    (190, 180, 164),
    (150, 138, 124),
    (168, 160, 154),
    (186, 170, 150),
    (142, 146, 150),
    (176, 152, 132),
)
GLASS: Colour = (58, 68, 78)
GROUND_FLOOR_M = 4.0
STOREY_M = 3.1
BAY_M = 6.6
SIGN_M = (2.85, 3.75)
SIGN_OUT_M = 0.28
SIGNS_UNTIL_M = 95.0
DETAIL_UNTIL_M = 120.0
SIGN_PIXELS = (672, 104)


class _Block(NamedTuple):
    """One building: where it stands along the street and how it looks."""

    along: tuple[float, float]
    storeys: int
    wall: Colour
    key: str


class Front(NamedTuple):
    """One side of the street: its wall line, the side (-1 left), the shops watched there."""

    x: float
    side: int
    shops: Sequence[Shop]
    key: str


def paint_fronts(brush: Brush, shops: Sequence[Shop], key: str) -> None:
    """Both sides of the street; shops of the watched side stand behind its spots."""
    sight = brush.sight
    for side, x in ((-1, sight.wall_left), (1, sight.wall_right)):
        if sight.view is View.CANAL and side == -1:
            continue
        watched = shops if side == sight.side else ()
        _paint_side(brush, Front(x, side, watched, f"{key}|{side}"))


def first_bay_z(sight: Sight) -> float:
    """Where the bay behind the first wall spot begins."""
    return wall_spots(sight)[0].z - BAY_M / 2


def _paint_side(brush: Brush, front: Front) -> None:
    for block in reversed(_blocks(brush.sight, front.key)):
        _paint_block(brush, front, block)


def _blocks(sight: Sight, key: str) -> list[_Block]:
    """Buildings in whole bays, leaving the cross street open at a crossing."""
    start = first_bay_z(sight) - 2 * BAY_M
    blocks: list[_Block] = []
    while start < FAR_M:
        name = f"{key}|{len(blocks)}"
        end = start + BAY_M * (2 + int(unit("bays", name) * 3))
        storeys = 3 + int(unit("storeys", name) * 4)
        if sight.view is View.CROSSING and start < JUNCTION_ALONG[1] < end + 16:
            end = min(end, JUNCTION_ALONG[0] - 4)
            if end - start > 3:
                blocks.append(_Block((start, end), storeys, pick(WALLS, "wall", name), name))
            start = JUNCTION_ALONG[1] + 4
            continue
        blocks.append(_Block((start, end), storeys, pick(WALLS, "wall", name), name))
        start = end
    return blocks


def _paint_block(brush: Brush, front: Front, block: _Block) -> None:
    x, side = front.x, front.side
    z0, z1 = block.along
    top = GROUND_FLOOR_M + block.storeys * STOREY_M
    tone = 0.93 if side < 0 else 0.8
    wall = shade(block.wall, tone)
    brush.facing(z0, (x, x + side * 14), (0, top), shade(block.wall, 0.7))
    brush.upright(x, (0, top), block.along, wall)
    brush.upright(x, (top - 0.5, top), block.along, shade(wall, 1.12))
    for storey in range(block.storeys):
        base = GROUND_FLOOR_M + storey * STOREY_M
        brush.upright(x, (base - 0.1, base + 0.08), block.along, shade(wall, 0.86))
    bays = max(1, round((z1 - z0) / BAY_M))
    for bay in reversed(range(bays)):
        along = (z0 + bay * (z1 - z0) / bays, z0 + (bay + 1) * (z1 - z0) / bays)
        if along[0] < DETAIL_UNTIL_M:
            _paint_windows(brush, front, block, along)
        _paint_shop(brush, front, along, f"{block.key}|{bay}")


def _paint_windows(brush: Brush, front: Front, block: _Block, along: tuple[float, float]) -> None:
    x = front.x
    wide = (along[1] - along[0]) / 2
    for storey in range(block.storeys):
        low = GROUND_FLOOR_M + storey * STOREY_M + 0.85
        for half in range(2):
            z = along[0] + wide * half + wide * 0.2
            name = f"{block.key}|{round(z)}|{storey}"
            span = (z, z + wide * 0.62)
            frame = (span[0] - 0.09, span[1] + 0.09)
            brush.upright(x, (low - 0.09, low + 1.69), frame, shade(block.wall, 1.14))
            glass = mix(GLASS, (128, 142, 152), unit("glass", name) * 0.45)
            brush.upright(x, (low, low + 1.6), span, glass)
            brush.upright(x, (low + 0.95, low + 1.6), span, shade(glass, 1.22), 130)
            middle = sum(span) / 2
            brush.upright(x, (low, low + 1.6), (middle - 0.04, middle + 0.04), (150, 152, 150))
            if unit("cooler", name) < 0.35:
                _cooler(brush, front, (span[0] + 0.2, low - 0.75))


def _cooler(brush: Brush, front: Front, at: tuple[float, float]) -> None:
    z, y = at
    x0, x1 = sorted((front.x, front.x - front.side * 0.35))
    brush.cuboid(Range((x0, x1), (y, y + 0.55), (z, z + 0.85)), (196, 197, 194))


def _paint_shop(brush: Brush, front: Front, along: tuple[float, float], name: str) -> None:
    """Glass, door, step and the sign board of one bay."""
    x, side = front.x, front.side
    z0, z1 = along
    inner = (z0 + 0.3, z1 - 0.3)
    tone = 1.0 if side < 0 else 0.86
    brush.upright(x, (0, SIGN_M[0]), inner, shade((52, 56, 60), tone))
    door = z0 + (z1 - z0) * 0.66
    warm = mix((74, 84, 92), (150, 132, 98), unit("warm", name) * 0.7)
    for pane in ((inner[0] + 0.12, door - 0.1), (door + 0.08, inner[1] - 0.12)):
        brush.upright(x, (0.32, SIGN_M[0] - 0.18), pane, shade(warm, tone))
        brush.upright(x, (1.5, SIGN_M[0] - 0.18), pane, shade(warm, 1.22 * tone), 120)
        goods = shade((96, 78, 60), between(0.7, 1.3, "goods", name))
        brush.upright(x, (0.32, 1.0), pane, goods, 110)
    x0, x1 = sorted((x, x - side * 0.35))
    brush.cuboid(Range((x0, x1), (0.0, 0.14), (z0 + 0.1, z1 - 0.1)), (150, 147, 140))
    _paint_sign(brush, front, along, name)


def _paint_sign(brush: Brush, front: Front, along: tuple[float, float], name: str) -> None:
    x, side = front.x - front.side * SIGN_OUT_M, front.side
    z0, z1 = along[0] + 0.12, along[1] - 0.12
    text, colour = _sign_of(brush.sight, front, z0, name)
    x0, x1 = sorted((front.x, x))
    brush.cuboid(Range((x0, x1), SIGN_M, (z0, z1)), shade(rgb(colour), 0.8))
    if z0 > SIGNS_UNTIL_M:
        brush.upright(x, SIGN_M, (z0, z1), rgb(colour))
        return
    face = sign_face(text, colour, SIGN_PIXELS)
    low, high = SIGN_M
    first, last = (z0, z1) if side < 0 else (z1, z0)
    corners = [(x, high, first), (x, high, last), (x, low, last), (x, low, first)]
    brush.picture(face, corners)


def _sign_of(sight: Sight, front: Front, z: float, name: str) -> tuple[str, str]:
    index = round((z - first_bay_z(sight)) / BAY_M)
    if 0 <= index < len(front.shops):
        shop = front.shops[index]
        return shop.sign, shop.sign_colour
    trade, colour = pick(TRADES, "trade", name)
    return pick(SHOP_WORDS, "word", name) + trade, colour

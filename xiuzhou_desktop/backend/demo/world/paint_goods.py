"""What stands before the fronts: stalls outside the door, peddlers, heaps of goods and rubbish."""

from collections.abc import Callable

from xiuzhou_desktop.backend.demo.world.brush import Brush, Colour, Range, shade
from xiuzhou_desktop.backend.demo.world.dice import between, dice, pick, unit
from xiuzhou_desktop.backend.demo.world.paint_person import Person, paint_person
from xiuzhou_desktop.backend.demo.world.stays import Extent
from xiuzhou_desktop.backend.demo.world.things import Innocence, Matter, Stay

AWNINGS: tuple[tuple[Colour, Colour], ...] = (
    ((158, 52, 46), (214, 206, 194)),
    ((46, 92, 132), (208, 212, 212)),
    ((58, 112, 78), (214, 212, 200)),
    ((186, 128, 52), (216, 210, 196)),
)
FRUIT: tuple[Colour, ...] = (
    (196, 62, 44),
    (222, 148, 48),
    (122, 158, 66),
    (206, 186, 72),
    (140, 60, 92),
    (96, 132, 60),
    (214, 106, 58),
    (230, 216, 180),
)
CRATE: Colour = (142, 112, 78)
CARTON: Colour = (168, 134, 92)
POLE: Colour = (150, 154, 156)
BAGS: tuple[Colour, ...] = ((38, 40, 42), (52, 54, 50), (62, 88, 96), (160, 158, 150))
BIN: Colour = (52, 92, 66)


def paint_goods(brush: Brush, stay: Stay, extent: Extent) -> None:
    """The standing part of a stay that is no vehicle."""
    painters: dict[Matter, Callable[[Brush, Stay, Extent], None]] = {
        Matter.STALL: _paint_stall,
        Matter.PEDDLER: _paint_peddler,
        Matter.HEAP: _paint_heap,
        Matter.RUBBISH: _paint_rubbish,
    }
    if stay.innocent is Innocence.INSIDE_THRESHOLD:
        _paint_row(brush, extent, stay.id)
        return
    painters[stay.matter](brush, stay, extent)


def paint_goods_shadow(brush: Brush, extent: Extent) -> None:
    """What it throws on the paving."""
    x0, x1 = extent.across
    z0, z1 = extent.along
    brush.flat((x0 - 0.1, x1 + 0.45), (z0 - 0.15, z1 + 0.2), (12, 14, 18), 62)


def paint_load(brush: Brush, extent: Extent) -> None:
    """Cartons beside the near end of a vehicle that is being loaded."""
    z = extent.along[0] - 0.15
    edge = extent.across[0] if brush.sight.side < 0 else extent.across[1] + 0.95
    for offset, low, tone in ((0.0, 0.0, 1.0), (0.5, 0.0, 0.9), (0.22, 0.4, 1.08)):
        x = edge - 1.05 + offset
        brush.cuboid(Range((x, x + 0.46), (low, low + 0.4), (z, z + 0.45)), shade(CARTON, tone))


def _paint_stall(brush: Brush, stay: Stay, extent: Extent) -> None:
    """Four poles, a striped awning, tiers of crates with goods, the keeper behind them."""
    (x0, x1), (z0, z1) = extent.across, extent.along
    for x in (x0 + 0.08, x1 - 0.08):
        brush.facing(z1, (x - 0.03, x + 0.03), (0, 2.2), POLE)
    out = 1.0 if brush.sight.side < 0 else -1.0
    keeper = x0 + 0.45 if out > 0 else x1 - 0.45
    middle = (z0 + z1) / 2
    paint_person(brush, Person(keeper, middle + 0.5, stay.id, is_apron=True))
    _paint_tiers(brush, stay.id, extent, out)
    for x in (x0 + 0.08, x1 - 0.08):
        brush.facing(z0, (x - 0.035, x + 0.035), (0, 2.2), POLE)
    _paint_awning(brush, stay.id, extent)


def _paint_tiers(brush: Brush, key: str, extent: Extent, out: float) -> None:
    (x0, x1), (z0, z1) = extent.across, extent.along
    wide = (x1 - x0) - 1.0
    first = x0 + 0.9 if out > 0 else x0 + 0.1
    rows = 2
    columns = 4
    cells = [(row, column) for column in reversed(range(columns)) for row in range(rows)]
    for row, column in cells:
        step = row if out > 0 else rows - 1 - row
        height = 0.82 - 0.26 * (row if out > 0 else rows - 1 - row)
        a = first + wide * row / rows
        z = z0 + 0.1 + (z1 - z0 - 0.2) * column / columns
        sides = Range((a, a + wide / rows - 0.04), (0.0, height), (z, z + 0.62))
        brush.cuboid(sides, shade(CRATE, 1.0 - 0.08 * step))
        goods = pick(FRUIT, "fruit", key, row, column)
        top = Range(
            (a + 0.05, a + wide / rows - 0.09), (height, height + 0.1), (z + 0.05, z + 0.56)
        )
        brush.cuboid(top, goods)
        for spot in range(5):
            x = between(top.x[0] + 0.08, top.x[1] - 0.08, key, row, column, spot, "x")
            deep = between(top.z[0] + 0.06, top.z[1] - 0.06, key, row, column, spot, "z")
            brush.disc((x, height + 0.12, deep), (0.07, 0.06), shade(goods, 1.2))


def _paint_awning(brush: Brush, key: str, extent: Extent) -> None:
    (x0, x1), (z0, z1) = extent.across, extent.along
    one, other = pick(AWNINGS, "awning", key)
    low, high = (2.08, 2.42) if brush.sight.side > 0 else (2.42, 2.08)
    count = 7
    for index in reversed(range(count)):
        a, b = z0 + (z1 - z0) * index / count, z0 + (z1 - z0) * (index + 1) / count
        colour = one if index % 2 == 0 else other
        brush.polygon([(x0, low, a), (x0, low, b), (x1, high, b), (x1, high, a)], colour)
        edge, y = (x1, high) if brush.sight.side < 0 else (x0, low)
        brush.upright(edge, (y - 0.24, y), (a, b), shade(colour, 0.82))
    brush.polygon(
        [(x0, low - 0.22, z0), (x0, low, z0), (x1, high, z0), (x1, high - 0.22, z0)],
        shade(one, 0.9),
    )


def _paint_peddler(brush: Brush, stay: Stay, extent: Extent) -> None:
    """A cargo tricycle under an umbrella and its owner."""
    (x0, x1), (z0, z1) = extent.across, extent.along
    paint_person(brush, Person(x0 + 0.25, z1 - 0.1, stay.id))
    for x in (x0 + 0.2, x1 - 0.2):
        brush.facing(z0 + 0.3, (x - 0.07, x + 0.07), (0.0, 0.55), (26, 27, 29))
    bed = Range((x0 + 0.12, x1 - 0.05), (0.45, 0.85), (z0, z0 + 1.5))
    brush.cuboid(bed, pick(((54, 92, 128), (150, 60, 52), (70, 110, 84)), "bed", stay.id))
    for index in range(8):
        x = between(bed.x[0] + 0.1, bed.x[1] - 0.1, stay.id, index, "x")
        z = bed.z[1] - 0.1 - 1.3 * index / 8
        brush.disc((x, 0.92, z), (0.14, 0.1), pick(FRUIT, "load", stay.id, index))
    middle = ((x0 + x1) / 2, z0 + 0.8)
    brush.facing(middle[1], (middle[0] - 0.025, middle[0] + 0.025), (0.9, 2.0), POLE)
    one, other = pick(AWNINGS, "umbrella", stay.id)
    brush.disc((middle[0], 1.98, middle[1]), (0.95, 0.24), one)
    brush.disc((middle[0], 2.04, middle[1]), (0.5, 0.16), other)


def _paint_heap(brush: Brush, stay: Stay, extent: Extent) -> None:
    """Cartons and sacks stacked on the footway."""
    (x0, x1), (z0, z1) = extent.across, extent.along
    chance = dice("heap", stay.id)
    layers = 3
    for column in reversed(range(4)):
        z = z0 + (z1 - z0) * column / 4
        for row in range(3):
            a = x0 + (x1 - x0) * row / 3
            height = 0.0
            for _ in range(chance.randint(1, layers)):
                tall = chance.uniform(0.3, 0.42)
                sides = Range(
                    (a + 0.02, a + (x1 - x0) / 3 - 0.03),
                    (height, min(1.25, height + tall)),
                    (z + 0.02, z + (z1 - z0) / 4 - 0.03),
                )
                brush.cuboid(sides, shade(CARTON, chance.uniform(0.82, 1.14)))
                height = min(1.2, height + tall)


def _paint_rubbish(brush: Brush, stay: Stay, extent: Extent) -> None:
    """Bags and litter; at a collection point two bins stand behind them."""
    (x0, x1), (z0, z1) = extent.across, extent.along
    if stay.innocent is Innocence.COLLECTION_POINT:
        for index, colour in enumerate((BIN, (58, 84, 118))):
            a = x0 + 0.05 + index * 0.68
            brush.cuboid(Range((a, a + 0.6), (0.0, 0.8), (z1 - 0.6, z1)), colour)
    chance = dice("bags", stay.id)
    for index in range(12):
        z = z1 - 0.35 - (z1 - z0 - 0.5) * index / 12
        x = chance.uniform(x0 + 0.25, x1 - 0.25)
        size = chance.uniform(0.2, 0.34)
        colour = BAGS[chance.randrange(len(BAGS))]
        brush.disc((x, size * 0.75, z), (size, size * 0.78), colour)
        brush.disc((x - size * 0.2, size * 1.0, z), (size * 0.5, size * 0.35), shade(colour, 1.3))
    for _ in range(10):
        spot = (chance.uniform(x0, x1), chance.uniform(z0, z1))
        litter = shade((198, 194, 182), chance.uniform(0.7, 1.1))
        brush.flat((spot[0], spot[0] + 0.16), (spot[1], spot[1] + 0.2), litter)


def _paint_row(brush: Brush, extent: Extent, key: str) -> None:
    """A row of goods that keeps within the shop's own step."""
    (x0, x1), (z0, z1) = extent.across, extent.along
    for index in reversed(range(4)):
        a = z0 + (z1 - z0) * index / 4
        height = 0.55 + 0.5 * unit("row", key, index)
        sides = Range((x0, x1), (0.0, height), (a + 0.03, a + (z1 - z0) / 4 - 0.05))
        brush.cuboid(sides, shade(CRATE, 0.9))
        top = Range((x0, x1), (height, height + 0.08), (a + 0.05, a + (z1 - z0) / 4 - 0.07))
        brush.cuboid(top, pick(FRUIT, "goods", key, index))

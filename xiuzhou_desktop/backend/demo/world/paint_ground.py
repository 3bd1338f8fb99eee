"""Sky, far haze, road with its markings, curbs and footways of one camera's street."""

from xiuzhou_desktop.backend.demo.world.brush import HAZE, Brush, Colour, Range, mix, shade
from xiuzhou_desktop.backend.demo.world.dice import between
from xiuzhou_desktop.backend.demo.world.sight import FAR_M, Sight
from xiuzhou_desktop.backend.demo.world.things import View

SKY_TOP: Colour = (150, 170, 188)
ROAD: Colour = (88, 92, 97)
PAVING: Colour = (163, 160, 152)
PAVING_JOINT: Colour = (138, 135, 128)
TACTILE: Colour = (186, 164, 96)
CURB: Colour = (196, 196, 190)
WHITE: Colour = (226, 227, 223)
YELLOW: Colour = (212, 172, 66)
WATER: Colour = (92, 112, 112)
GRASS: Colour = (98, 112, 84)
ROOF: Colour = (70, 74, 78)

CANAL_WIDTH_M = 24.0

NEAR_M = 3.0
JOINT_M = 1.2
JOINTS_UNTIL_M = 70.0
DASH_M = 6.0
DASH_GAP_M = 9.0
CROSSING_ALONG = (38.0, 42.0)
JUNCTION_ALONG = (43.5, 57.0)


def paint_ground(brush: Brush, key: str) -> None:
    """Everything flat, from the sky down to the markings."""
    sight = brush.sight
    _sky(brush)
    brush.flat((-400, 400), (NEAR_M, 2_000.0), mix(GRASS, HAZE, 0.35))
    _skyline(brush, key)
    _footways(brush, sight)
    if sight.view is View.CANAL:
        _water(brush, sight, key)
    _road(brush, sight, key)
    _markings(brush, sight)
    if sight.view is View.CROSSING:
        _junction(brush, sight)


def _sky(brush: Brush) -> None:
    rows = round(brush.image.height * brush.sight.horizon) + 12
    for row in range(rows):
        colour = brush.tint(mix(SKY_TOP, HAZE, (row / max(1, rows)) ** 0.7), 0.0)
        brush.image.paste(colour, (0, row, brush.image.width, row + 1))


def _skyline(brush: Brush, key: str) -> None:
    """Pale blocks where the street ends in the distance."""
    x = -230.0
    index = 0
    while x < 230.0:
        wide = between(9, 26, key, "skyline", index)
        high = between(9, 34, key, "skyline height", index)
        far = between(260, 420, key, "skyline distance", index)
        brush.facing(far, (x, x + wide), (0.0, high), shade((150, 156, 162), 0.96))
        x += wide
        index += 1


def _footways(brush: Brush, sight: Sight) -> None:
    for wall, curb in ((sight.wall_left, sight.curb_left), (sight.wall_right, sight.curb_right)):
        side = -1 if wall < curb else 1
        brush.flat((wall, curb), (NEAR_M, FAR_M), PAVING)
        _joints(brush, (wall, curb))
        strip = curb + side * 3.55
        brush.flat((strip, strip + side * 0.42), (NEAR_M, FAR_M), TACTILE)
        brush.flat((wall, wall - side * 1.5), (NEAR_M, FAR_M), (30, 32, 38), 46)
        brush.flat((wall, wall - side * 0.5), (NEAR_M, FAR_M), (20, 22, 28), 50)


def _joints(brush: Brush, across: tuple[float, float]) -> None:
    z = 8.0
    while z < JOINTS_UNTIL_M:
        brush.line([(across[0], 0, z), (across[1], 0, z)], PAVING_JOINT, 0.025)
        z += JOINT_M
    low, high = min(across), max(across)
    x = low + JOINT_M
    while x < high - 0.4:
        brush.line([(x, 0, 8.0), (x, 0, JOINTS_UNTIL_M)], PAVING_JOINT, 0.006)
        x += JOINT_M


def _road(brush: Brush, sight: Sight, key: str) -> None:
    brush.flat((sight.curb_left, sight.curb_right), (NEAR_M, FAR_M), ROAD)
    for x in _lane_middles(sight):
        for track in (-0.75, 0.75):
            across = (x + track - 0.28, x + track + 0.28)
            brush.flat(across, (NEAR_M, FAR_M), shade(ROAD, 0.86), 90)
    for index in range(5):
        x = between(sight.curb_left + 1, sight.curb_right - 2, key, "patch", index)
        z = between(12, 60, key, "patch z", index)
        tone = shade(ROAD, between(0.82, 1.08, key, "patch tone", index))
        brush.flat((x, x + 1.6), (z, z + 3.5), tone, 150)
    for curb, side in ((sight.curb_left, -1), (sight.curb_right, 1)):
        brush.flat((curb - side * 0.35, curb), (NEAR_M, FAR_M), shade(ROAD, 0.8), 150)
        brush.flat((curb, curb + side * 0.16), (NEAR_M, FAR_M), CURB)


def _markings(brush: Brush, sight: Sight) -> None:
    for curb, side in ((sight.curb_left, 1), (sight.curb_right, -1)):
        edge = curb + side * 0.5
        brush.flat((edge, edge + side * 0.13), (NEAR_M, FAR_M), YELLOW)
    offsets = (-0.2, 0.08) if sight.lanes == 2 else (-0.07,)
    for offset in offsets:
        brush.flat((sight.centre + offset, sight.centre + offset + 0.13), (NEAR_M, FAR_M), YELLOW)
    for x in _lane_borders(sight):
        z = 9.0
        while z < 150:
            brush.flat((x - 0.07, x + 0.07), (z, z + DASH_M), WHITE)
            z += DASH_M + DASH_GAP_M


def lane_width() -> float:
    """Width of a traffic lane; the rest beside the curb is the shoulder."""
    return 3.3


def shoulder_width(sight: Sight) -> float:
    """What lies between the outer lane and the curb."""
    return (sight.curb_right - sight.curb_left) / 2 - sight.lanes * lane_width()


def _lane_middles(sight: Sight) -> list[float]:
    wide = lane_width()
    return [
        sight.centre + way * (index + 0.5) * wide for way in (-1, 1) for index in range(sight.lanes)
    ]


def _lane_borders(sight: Sight) -> list[float]:
    wide = lane_width()
    return [
        sight.centre + way * (index + 1) * wide for way in (-1, 1) for index in range(sight.lanes)
    ]


def _junction(brush: Brush, sight: Sight) -> None:
    brush.flat((-70, 70), JUNCTION_ALONG, ROAD)
    for along in (CROSSING_ALONG, (JUNCTION_ALONG[1] + 1, JUNCTION_ALONG[1] + 5)):
        brush.flat((sight.curb_left, sight.curb_right), (along[0] - 1.5, along[1] + 1.5), ROAD)
        x = sight.curb_left + 0.7
        while x < sight.curb_right - 0.7:
            brush.flat((x, x + 0.5), along, WHITE)
            x += 1.15
    brush.flat(
        (sight.centre + 0.2, sight.curb_right - 0.8),
        (CROSSING_ALONG[0] - 1.9, CROSSING_ALONG[0] - 1.5),
        WHITE,
    )


def _water(brush: Brush, sight: Sight, key: str) -> None:
    """A canal beside the footway, its far bank with houses, and the railing."""
    edge = sight.wall_left
    bank = edge - CANAL_WIDTH_M
    brush.flat((bank, edge), (NEAR_M, FAR_M), WATER)
    brush.flat((bank, bank + 3.2), (NEAR_M, FAR_M), shade(WATER, 0.72), 120)
    for index in range(90):
        z = 8.0 + 150.0 * between(0, 1, key, "ripple z", index) ** 2
        start = between(bank + 1, edge - 2, key, "ripple", index)
        length = between(1.5, 6, key, "ripple length", index)
        spots = [(start, 0, z), (min(start + length, edge - 0.5), 0, z)]
        brush.line(spots, shade(WATER, 1.14), 0.035)
    brush.flat((bank - 7, bank), (NEAR_M, FAR_M), GRASS)
    brush.flat((bank - 0.5, bank), (NEAR_M, FAR_M), CURB)
    _houses(brush, bank - 7, key)
    for z in range(6, 150, 2):
        brush.upright(edge, (0.0, 1.1), (z, z + 0.14), (176, 180, 180))
    for height in (1.08, 0.62, 0.25):
        brush.upright(edge, (height - 0.06, height), (6.0, 150.0), (188, 192, 192))


def _houses(brush: Brush, x: float, key: str) -> None:
    """White walls under dark roofs along the far bank, far ones first."""
    z = 176.0
    index = 0
    while z > 18.0:
        deep = between(8, 13, key, "house", index)
        high = between(5.6, 9.5, key, "house height", index)
        near = z - deep
        walls = Range((x - 9, x), (0.0, high), (near, z - 0.8))
        brush.cuboid(walls, (206, 206, 200))
        for storey in range(int(high // 3)):
            for part in range(3):
                at = near + 1.0 + part * (deep - 1.5) / 3
                low = 1.0 + 3 * storey
                brush.upright(x, (low, low + 1.4), (at, at + 1.1), (86, 92, 96))
        ridge = (x - 4.5, high + 2.2)
        brush.polygon(
            [
                (x + 0.4, high, near - 0.4),
                (*ridge, near - 0.4),
                (*ridge, z - 0.4),
                (x + 0.4, high, z - 0.4),
            ],
            ROOF,
        )
        gable = [(x - 9, high, near), (*ridge, near), (x, high, near)]
        brush.polygon(gable, (190, 190, 184))
        z -= deep
        index += 1

"""The street graph: a slightly turned grid in each area and trunk roads between them.

junction = crossing of one east-west and one north-south street of an area
street   = named line over its junctions; trunk roads join the nearest junctions of two areas
"""

from functools import cache
from itertools import product
from typing import NamedTuple

from xiuzhou_desktop.backend.demo.world.dice import Key, between
from xiuzhou_desktop.backend.demo.world.districts import load_outline
from xiuzhou_desktop.backend.demo.world.names import AREAS, TRUNK_ROADS, AreaPlan
from xiuzhou_desktop.backend.demo.world.things import Junction, Street
from xiuzhou_desktop.geo import Point, destination, is_in_multipolygon, metres_between

BLOCK_M = 420.0
OVERHANG_M = 210.0
"""How far a street goes on beyond its last junction."""


class Network(NamedTuple):
    """The graph: nodes and named lines over them."""

    junctions: tuple[Junction, ...]
    streets: tuple[Street, ...]


@cache
def lay_streets(seed: int) -> Network:
    """All junctions and streets of the district."""
    junctions: dict[str, Junction] = {}
    streets: list[Street] = []
    for plan in AREAS:
        grid = _grid(seed, plan)
        junctions |= {node.id: node for node in grid.values()}
        streets += _grid_streets(seed, plan, grid)
    streets += [_trunk(road, junctions) for road in TRUNK_ROADS]
    return Network(tuple(junctions.values()), tuple(streets))


def _grid(seed: int, plan: AreaPlan) -> dict[tuple[int, int], Junction]:
    rows, columns = len(plan.east_west), len(plan.north_south)
    turn = between(-7, 7, seed, "turn", plan.code)
    nodes: dict[tuple[int, int], Junction] = {}
    for row, column in product(range(rows), range(columns)):
        key: tuple[Key, ...] = (seed, "node", plan.code, row, column)
        south = (row - (rows - 1) / 2) * BLOCK_M + between(-40, 40, *key, "s")
        east = (column - (columns - 1) / 2) * BLOCK_M + between(-40, 40, *key, "e")
        point = destination(destination(plan.centre, 180 + turn, south), 90 + turn, east)
        name = f"J-{plan.code[-3:]}-{row}{column}"
        nodes[row, column] = Junction(id=name, area=plan.code, point=point)
    return nodes


def _grid_streets(seed: int, plan: AreaPlan, grid: dict[tuple[int, int], Junction]) -> list[Street]:
    rows, columns = len(plan.east_west), len(plan.north_south)
    lines = [
        (name, [grid[row, column] for column in range(columns)], 90.0)
        for row, name in enumerate(plan.east_west)
    ] + [
        (name, [grid[row, column] for row in range(rows)], 180.0)
        for column, name in enumerate(plan.north_south)
    ]
    turn = between(-7, 7, seed, "turn", plan.code)
    return [
        Street(
            id=f"ST-{plan.code[-3:]}-{number}",
            name=name,
            area=plan.code,
            junctions=tuple(node.id for node in nodes),
            line=_with_ends([node.point for node in nodes], heading + turn),
        )
        for number, (name, nodes, heading) in enumerate(lines, start=1)
    ]


def _with_ends(points: list[Point], heading_deg: float) -> tuple[Point, ...]:
    """Let a street run on past its last junctions, as far as the district goes."""
    outline = load_outline()
    ends = (
        destination(points[0], heading_deg + 180, OVERHANG_M),
        destination(points[-1], heading_deg, OVERHANG_M),
    )
    first, last = (([end] if is_in_multipolygon(end, outline) else []) for end in ends)
    return (*first, *points, *last)


def _trunk(road: tuple[str, str, str], junctions: dict[str, Junction]) -> Street:
    name, start_area, end_area = road
    starts = [node for node in junctions.values() if node.area == start_area]
    ends = [node for node in junctions.values() if node.area == end_area]
    start, end = min(
        product(starts, ends), key=lambda pair: metres_between(pair[0].point, pair[1].point)
    )
    return Street(
        id=f"ST-T-{start_area[-3:]}{end_area[-3:]}",
        name=name,
        area=start_area,
        junctions=(start.id, end.id),
        line=(start.point, end.point),
    )

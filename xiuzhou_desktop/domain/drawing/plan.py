"""Where boxes and lines go: layers from the top down, few crossings, lines around the boxes.

A state's layer is its longest way from a beginning. An arrow over several layers gets a thin
stand-in in each, so that it has a place of its own between the boxes. Rows are sorted by the mean
place of what they hang on, then moved towards it as far as their neighbours allow.
"""

from ..envelope import Struct
from .chart import Arrow, Chart

BOX_W, BOX_H, THIN_W = 158, 34, 26
GAP_X, LAYER_H, MARGIN = 34, 104, 30
SWEEPS = 12


class Box(Struct, frozen=True, kw_only=True):
    """A state; x and y are its centre."""

    name: str
    x: float
    y: float
    is_closed: bool
    made_by: tuple[str, ...] = ()


class Line(Struct, frozen=True, kw_only=True):
    """An arrow and the points that it passes."""

    arrow: Arrow
    points: tuple[tuple[float, float], ...]


class Plan(Struct, frozen=True, kw_only=True):
    """The picture, without its style."""

    title: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def arrange(chart: Chart) -> Plan:
    """Give each state and arrow its place."""
    layer = _layers(chart)
    paths = {arrow: _path(arrow, layer) for arrow in chart.arrows}
    rows = _rows(chart, layer, paths)
    links = _links(paths)
    _sort(rows, links)
    places = _places(rows, links)
    width = max(x + _width(item) / 2 for item, (x, _) in places.items()) + MARGIN
    boxes = tuple(
        Box(
            name=state, x=places[state][0], y=places[state][1], is_closed=state in chart.closed,
            made_by=tuple(name for name, made in chart.entries if made == state),
        )
        for state in chart.states
    )  # fmt: skip
    lines = tuple(
        Line(arrow=arrow, points=tuple(places[item] for item in path))
        for arrow, path in paths.items()
    )
    return Plan(
        title=chart.title, width=width, height=MARGIN + len(rows) * LAYER_H, boxes=boxes,
        lines=lines, notes=chart.notes,
    )  # fmt: skip


def _layers(chart: Chart) -> dict[str, int]:
    layer = dict.fromkeys(chart.states, 0)
    for state in chart.states:  # arrows lead onwards, so that this order is topological
        for arrow in chart.arrows:
            if arrow.source == state:
                layer[arrow.target] = max(layer[arrow.target], layer[state] + 1)
    return layer


def _path(arrow: Arrow, layer: dict[str, int]) -> tuple[str, ...]:
    """The source, a stand-in in each layer between, the target."""
    between = range(layer[arrow.source] + 1, layer[arrow.target])
    key = f"{arrow.source}>{arrow.target}>{arrow.by}"
    return (arrow.source, *(f"{key}@{at}" for at in between), arrow.target)


def _rows(
    chart: Chart, layer: dict[str, int], paths: dict[Arrow, tuple[str, ...]]
) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    for state in chart.states:
        rows[layer[state]].append(state)
    for arrow, path in paths.items():
        for step, item in enumerate(path[1:-1], start=1):
            rows[layer[arrow.source] + step].append(item)
    return rows


def _links(paths: dict[Arrow, tuple[str, ...]]) -> dict[str, list[str]]:
    """What each item hangs on, above and below."""
    links: dict[str, list[str]] = {}
    for path in paths.values():
        for one, other in zip(path, path[1:], strict=False):
            links.setdefault(one, []).append(other)
            links.setdefault(other, []).append(one)
    return links


def _sort(rows: list[list[str]], links: dict[str, list[str]]) -> None:
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            place = {
                item: index / max(1, len(one) - 1) for one in rows for index, item in enumerate(one)
            }
            row.sort(key=lambda item, place=place: _mean(links.get(item, []), place, place[item]))  # type: ignore[misc]  # bound at once


def _mean(items: list[str], place: dict[str, float], otherwise: float) -> float:
    return sum(place[item] for item in items) / len(items) if items else otherwise


def _places(rows: list[list[str]], links: dict[str, list[str]]) -> dict[str, tuple[float, float]]:
    x: dict[str, float] = {}
    for row in rows:
        at = 0.0
        for item in row:
            x[item] = at + _width(item) / 2
            at += _width(item) + GAP_X
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else list(reversed(rows)):
            _move(row, links, x)
    left = min(x[item] - _width(item) / 2 for item in x) - MARGIN
    return {
        item: (x[item] - left, MARGIN + 46 + index * LAYER_H)
        for index, row in enumerate(rows)
        for item in row
    }


def _move(row: list[str], links: dict[str, list[str]], x: dict[str, float]) -> None:
    """Each item towards the mean of what it hangs on; neighbours keep their order and distance."""
    wanted = {item: _mean(links.get(item, []), x, x[item]) for item in row}
    forth = _spread(row, wanted)
    back = {
        item: -at for item, at in _spread(row[::-1], {i: -w for i, w in wanted.items()}).items()
    }
    for item in row:
        x[item] = (forth[item] + back[item]) / 2


def _spread(row: list[str], wanted: dict[str, float]) -> dict[str, float]:
    placed: dict[str, float] = {}
    edge = float("-inf")
    for item in row:
        placed[item] = max(wanted[item], edge + _width(item) / 2)
        edge = placed[item] + _width(item) / 2 + GAP_X
    return placed


def _width(item: str) -> float:
    return THIN_W if "@" in item else BOX_W

"""How tiles share the wall: cells on a small grid, numbered in reading order. Four in a place that
is higher than wide stand under one another: so each picture is larger.

1    4      6 (one large)   9        16
┌─┐  ┌┬┐    ┌──┬┐           ┌┬┬┐     ┌┬┬┬┐
│ │  ├┼┤    │  ├┤           ├┼┼┤     ├┼┼┼┤  …
└─┘  └┴┘    ├┬┬┤            └┴┴┘     └┴┴┴┘
"""

import msgspec

GAP_PX = 2
MOST_TILES = 16


class Cell(msgspec.Struct, frozen=True):
    """Where a tile lies on the layout's grid; `span` is its width and its height."""

    column: int
    row: int
    span: int = 1


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """A grid of equal cells and the tiles on it."""

    columns: int
    rows: int
    cells: tuple[Cell, ...]


def _even(side: int) -> Layout:
    cells = tuple(Cell(column, row) for row in range(side) for column in range(side))
    return Layout(columns=side, rows=side, cells=cells)


_ONE_LARGE = (Cell(0, 0, 2), Cell(2, 0), Cell(2, 1), Cell(0, 2), Cell(1, 2), Cell(2, 2))
LAYOUTS: dict[int, Layout] = {
    1: _even(1),
    4: _even(2),
    6: Layout(columns=3, rows=3, cells=_ONE_LARGE),
    9: _even(3),
    16: _even(4),
}
"""By the number of tiles."""
UPRIGHT = {4: Layout(columns=1, rows=4, cells=tuple(Cell(0, row) for row in range(4)))}
"""The same in a place that is higher than wide."""


def layout_for(tiles: int, width: int, height: int) -> Layout:
    """As that many tiles lie in a place of that shape."""
    return UPRIGHT.get(tiles, LAYOUTS[tiles]) if height > width else LAYOUTS[tiles]


def following(tiles: int) -> int:
    """The next layout, after the largest the smallest."""
    sizes = [*LAYOUTS]
    return sizes[(sizes.index(tiles) + 1) % len(sizes)]


def placed(layout: Layout, width: int, height: int) -> tuple[tuple[int, int, int, int], ...]:
    """x, y, width and height of each tile in pixels; together they fill the wall but for gaps."""
    found = []
    for cell in layout.cells:
        left, right = _ends(cell.column, cell.span, layout.columns, width)
        top, bottom = _ends(cell.row, cell.span, layout.rows, height)
        found.append((left, top, right - left, bottom - top))
    return tuple(found)


def _ends(first: int, span: int, count: int, length: int) -> tuple[int, int]:
    """Where cells begin and end along one side, without the gap behind them."""
    begin, end = first * length // count, (first + span) * length // count
    return begin, end if first + span == count else end - GAP_PX

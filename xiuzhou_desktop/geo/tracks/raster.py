"""Very many tracks as small pictures: a million fixes that pan like a photograph.

    lines ──PieceIndex──► pieces by square of the ground ──lit()──► the pixels of a tile they touch

A tile is a square of the ground at one resolution. What is drawn is cut into pixels once, off the
screen's thread, and moved about as a whole; nothing here knows a screen.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xiuzhou_desktop.geo.tracks.plane import Floats

TILE_PX = 256
SQUARE_M = 2_048.0
COARSE_M = 8.0
HALF = 1 << 20
"""Cells of the coarse pieces, and the middle of their numbers."""
Pixels = NDArray[np.bool_]
Pieces = NDArray[np.float32]
Square = tuple[int, int]


class Tile(NamedTuple):
    """A square of `TILE_PX` pixels of `metres_a_px`; (0, 0) has its south-west corner at the
    origin."""

    metres_a_px: float
    column: int
    row: int

    @property
    def west(self) -> float:
        """Of its corner, in metres."""
        return self.column * self.metres_a_px * TILE_PX

    @property
    def south(self) -> float:
        """Of its corner, in metres."""
        return self.row * self.metres_a_px * TILE_PX


class PieceIndex:
    """The pieces of all lines, as they are and as eight metres tell them apart: on a street that
    many drive, a coarse piece is there once. A second for a million fixes: make it in a worker."""

    def __init__(self, lines: Sequence[tuple[Floats, Floats]]) -> None:
        kept = [line for line in lines if len(line[0]) > 1]
        rows = [np.stack([x[:-1], y[:-1], x[1:], y[1:]], axis=1) for x, y in kept]
        pieces = (np.concatenate(rows) if rows else np.empty((0, 4))).astype(np.float32)
        self._fine = _Squares(pieces)
        self._coarse = _Squares(_told_apart(pieces))

    def lit(self, tile: Tile) -> Pixels:
        """The tile's pixels that any piece touches, north up. Some milliseconds."""
        picture = np.zeros((TILE_PX, TILE_PX), dtype=np.bool_)
        squares = self._coarse if tile.metres_a_px >= COARSE_M else self._fine
        for pieces in squares.near(tile):
            _light(picture, pieces, tile)
        return picture


class _Squares:
    """Pieces by the square that their middle lies in."""

    def __init__(self, pieces: Pieces) -> None:
        column = np.floor((pieces[:, 0] + pieces[:, 2]) / 2 / SQUARE_M).astype(np.int64)
        row = np.floor((pieces[:, 1] + pieces[:, 3]) / 2 / SQUARE_M).astype(np.int64)
        order = np.lexsort((row, column))
        self._pieces = pieces[order]
        self._slices = _slices(column[order], row[order])

    def near(self, tile: Tile) -> Iterator[Pieces]:
        """A piece may reach half its length into the next square: one more all around."""
        size = tile.metres_a_px * TILE_PX
        columns = range(int(tile.west // SQUARE_M) - 1, int((tile.west + size) // SQUARE_M) + 2)
        rows = range(int(tile.south // SQUARE_M) - 1, int((tile.south + size) // SQUARE_M) + 2)
        for square in ((column, row) for column in columns for row in rows):
            if square in self._slices:
                yield self._pieces[self._slices[square]]


def _told_apart(pieces: Pieces) -> Pieces:
    """Each pair of cells once, in whichever direction it was driven."""
    cells = np.round(pieces / COARSE_M).astype(np.int64) + HALF
    start, end = cells[:, 0] << 22 | cells[:, 1], cells[:, 2] << 22 | cells[:, 3]
    pairs = np.stack([np.minimum(start, end), np.maximum(start, end)], axis=1)[start != end]
    if not len(pairs):
        return np.empty((0, 4), np.float32)
    ordered = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    once = ordered[np.concatenate(([True], (np.diff(ordered, axis=0) != 0).any(axis=1)))]
    low = (1 << 22) - 1
    corners = np.stack([once[:, 0] >> 22, once[:, 0] & low, once[:, 1] >> 22, once[:, 1] & low])
    return ((corners.T - HALF) * COARSE_M).astype(np.float32)


def _light(picture: Pixels, pieces: Pieces, tile: Tile) -> None:
    """A point a pixel along the part of each piece that lies in the tile."""
    scaled = (pieces - np.array([tile.west, tile.south] * 2, np.float32)) / tile.metres_a_px
    start, step = scaled[:, :2], scaled[:, 2:] - scaled[:, :2]
    enters, leaves = _shares_inside(start, step)
    inside = enters <= leaves
    start, step, enters = start[inside], step[inside], enters[inside]
    spans = leaves[inside] - enters
    count = (np.abs(step).max(axis=1, initial=0) * spans).astype(np.int64) + 2
    piece = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count)
    share = enters[piece] + spans[piece] * (place / (count[piece] - 1))
    x, y = np.floor(start[piece] + step[piece] * share[:, None]).astype(np.int64).T
    is_lit = (x >= 0) & (y >= 0) & (x < TILE_PX) & (y < TILE_PX)
    picture[TILE_PX - 1 - y[is_lit], x[is_lit]] = True


def _shares_inside(start: Pieces, step: Pieces) -> tuple[Pieces, Pieces]:
    """From which share of each piece to which it lies in the tile (Liang and Barsky)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = -start / step, (TILE_PX - start) / step
    is_still = step == 0
    is_outside = is_still & ((start < 0) | (start >= TILE_PX))
    first = np.where(is_still, np.where(is_outside, 2.0, 0.0), np.minimum(low, high))
    last = np.where(is_still, np.where(is_outside, -1.0, 1.0), np.maximum(low, high))
    return np.maximum(first.max(axis=1), 0.0), np.minimum(last.min(axis=1), 1.0)


def _slices(column: NDArray[np.int64], row: NDArray[np.int64]) -> dict[Square, slice]:
    if not len(column):
        return {}
    changes = (np.diff(column) != 0) | (np.diff(row) != 0)
    starts = np.concatenate(([0], np.flatnonzero(changes) + 1))
    ends = np.concatenate((starts[1:], [len(column)]))
    return {
        (int(column[start]), int(row[start])): slice(int(start), int(end))
        for start, end in zip(starts, ends, strict=True)
    }

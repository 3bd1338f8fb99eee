"""Tiles of many tracks: every piece is in them at each scale, and nothing that was not driven."""

import numpy as np
import pytest

from xiuzhou_desktop.geo.tracks.raster import TILE_PX, PieceIndex, Tile

A_LINE = (np.array([0.0, 900.0, 900.0]), np.array([10.0, 10.0, 700.0]))


@pytest.mark.parametrize("metres_a_px", [1.0, 4.0, 8.0, 32.0])
def test_a_line_lights_its_pixels_at_every_scale(metres_a_px: float) -> None:
    lit = PieceIndex([A_LINE]).lit(Tile(metres_a_px, 0, 0))
    row = TILE_PX - 1 - int(10 // metres_a_px)
    seen = min(TILE_PX, int(900 / metres_a_px))
    assert lit[row, : seen - 1].all()
    assert lit.sum() <= 2 * (seen + 700 / metres_a_px + 2)


def test_a_piece_is_found_from_the_next_square() -> None:
    across = (np.array([2_000.0, 2_100.0]), np.array([50.0, 50.0]))
    index = PieceIndex([across])
    left, right = index.lit(Tile(1.0, 7, 0)), index.lit(Tile(1.0, 8, 0))
    assert left[:, 2_000 - 7 * TILE_PX :].any()
    assert right[:, : 2_100 - 8 * TILE_PX].any()


def test_two_lines_are_not_joined() -> None:
    other = (A_LINE[0] + 3_000, A_LINE[1])
    lit = PieceIndex([A_LINE, other]).lit(Tile(16.0, 0, 0))
    between = lit[:, 1_000 // 16 : 2_900 // 16]
    assert not between.any()


def test_a_street_driven_often_is_one_coarse_piece() -> None:
    often = [(A_LINE[0], A_LINE[1] + n % 2) for n in range(500)]
    once, many = PieceIndex([A_LINE]), PieceIndex(often)
    assert (many.lit(Tile(8.0, 0, 0)) == once.lit(Tile(8.0, 0, 0))).all()


def test_no_lines_light_nothing() -> None:
    assert not PieceIndex([]).lit(Tile(4.0, 0, 0)).any()

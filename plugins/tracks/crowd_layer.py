"""The paths of all opened vehicles but the chosen one, however many: tiles, painted off the screen.

    opened days ──worker──► PieceIndex      sight ──► tiles wanted ──worker──► pictures ──► moved

A tile that is not there yet is shown from a coarser one, a little blurred, never left out.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from ui.map import Projection, Sight
from ui.start import start
from ui.theme import colour, theme
from xiuzhou_desktop.geo.tracks import Fixes, Plane, Track
from xiuzhou_desktop.geo.tracks.raster import TILE_PX, PieceIndex, Tile

MOST_TILES = 160
COARSER = (2.0, 4.0, 8.0)


class CrowdLayer:
    """Shows tracks; asks for a repaint when a tile has come."""

    def __init__(self, owner: QWidget, repaint: Callable[[], None]) -> None:
        self._owner, self._repaint = owner, repaint
        self._tracks: tuple[Track, ...] = ()
        self._projection: Projection | None = None
        self._index: PieceIndex | None = None
        self._tiles: OrderedDict[Tile, QPixmap | None] = OrderedDict()
        self._wanted: list[Tile] = []
        self._is_busy = False
        theme().changed.connect(self._forget)

    @property
    def is_whole(self) -> bool:
        """Whether every tile in sight is there."""
        return not self._wanted and not self._is_busy

    def show(self, tracks: Sequence[Track]) -> None:
        """Other tracks; the same ones cost nothing."""
        if [id(one) for one in tracks] != [id(one) for one in self._tracks]:
            self._tracks, self._index = tuple(tracks), None
            self._forget()

    def paint(self, painter: QPainter, sight: Sight, projection: Projection) -> None:
        if projection is not self._projection:
            self._projection, self._index = projection, None
            self._forget()
        if not self._tracks:
            return
        self._wanted = []
        for tile in _tiles_in(sight):
            picture = self._tiles.get(tile)
            if picture is not None:
                self._tiles.move_to_end(tile)
                painter.drawPixmap(_on_screen(tile, sight), picture, QRectF(picture.rect()))
            elif tile not in self._tiles:
                self._wanted.append(tile)
                self._paint_coarser(painter, sight, tile)
        if self._wanted and not self._is_busy:
            self._is_busy = True
            start(self._make(), owner=self._owner)

    def covered(self, sight: Sight, projection: Projection) -> tuple[QRectF, ...]:
        """Nothing: a crowd has no words."""
        del sight, projection
        return ()

    def found_at(self, point: QPointF, sight: Sight, projection: Projection) -> object | None:
        """Nothing: a crowd is looked at as a whole."""
        del point, sight, projection

    def _forget(self) -> None:
        self._tiles.clear()
        self._wanted = []

    def _paint_coarser(self, painter: QPainter, sight: Sight, tile: Tile) -> None:
        for factor in COARSER:
            coarser = Tile(tile.metres_a_px * factor, int(tile.column // factor),
                           int(tile.row // factor))  # fmt: skip
            picture = self._tiles.get(coarser)
            if picture is not None:
                target = _on_screen(tile, sight)
                painter.drawPixmap(target, picture, _part_of(tile, coarser, picture))
                return

    async def _make(self) -> None:
        """Until nothing in sight is wanted."""
        try:
            while self._wanted:
                await self._make_one(self._wanted[0])
        finally:
            self._is_busy = False

    async def _make_one(self, tile: Tile) -> None:
        tracks, projection = self._tracks, self._projection
        if self._index is None and projection is not None:
            self._index = await asyncio.to_thread(_index, tracks, projection)
        index = self._index
        if index is None or tracks is not self._tracks:
            return
        image = await asyncio.to_thread(_painted, index, tile, QColor(colour("text3")))
        if index is self._index:
            self._tiles[tile] = QPixmap.fromImage(image) if image is not None else None
            while len(self._tiles) > MOST_TILES:
                self._tiles.popitem(last=False)
        self._wanted = [one for one in self._wanted if one != tile]
        self._repaint()


def _tiles_in(sight: Sight) -> list[Tile]:
    """At the power of two that is next below the scale of the sight."""
    metres_a_px = 2.0 ** np.floor(np.log2(sight.metres_a_px))
    size = metres_a_px * TILE_PX
    west, north = sight.to_ground(sight.window.topLeft())
    east, south = sight.to_ground(sight.window.bottomRight())
    return [
        Tile(float(metres_a_px), column, row)
        for column in range(int(west // size), int(east // size) + 1)
        for row in range(int(south // size), int(north // size) + 1)
    ]


def _on_screen(tile: Tile, sight: Sight) -> QRectF:
    size = tile.metres_a_px * TILE_PX
    corner = sight.to_screen((tile.west, tile.south + size))
    return QRectF(corner.x(), corner.y(), size / sight.metres_a_px, size / sight.metres_a_px)


def _part_of(tile: Tile, coarser: Tile, picture: QPixmap) -> QRectF:
    """Where a fine tile lies in the picture of a coarse one."""
    share = tile.metres_a_px / coarser.metres_a_px
    side = picture.width() * share
    left = (tile.column * share - coarser.column) * picture.width()
    top = (1 - (tile.row * share - coarser.row) - share) * picture.height()
    return QRectF(left, top, side, side)


def _index(tracks: tuple[Track, ...], projection: Projection) -> PieceIndex:
    plane = Plane(projection.origin)
    return PieceIndex([line for track in tracks for line in _lines(plane, track)])


def _lines(plane: Plane, track: Track) -> list[tuple[np.ndarray, np.ndarray]]:
    honest: Fixes = track.honest
    east, north = plane.metres(honest.lon, honest.lat)
    return [
        (east[part.first : part.last + 1], north[part.first : part.last + 1])
        for part in track.parts()
    ]


def _painted(index: PieceIndex, tile: Tile, tone: QColor) -> QImage | None:
    """The tile's picture; None: nothing lies there."""
    lit = index.lit(tile)
    if not lit.any():
        return None
    pixels = np.where(lit, np.uint32(tone.rgba()), np.uint32(0))
    image = QImage(
        pixels.data, TILE_PX, TILE_PX, 4 * TILE_PX, QImage.Format.Format_ARGB32_Premultiplied
    )
    return image.copy()  # Qt would keep pointing into numpy's memory

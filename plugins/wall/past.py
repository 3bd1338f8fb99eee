"""A tile in the past: recorded pieces, one after the other, kept to the view clock.

    view clock ──tick──► piece of ten seconds ──► tile plays, holds or seeks within it

Kept within 1.5 s of the clock while it plays, at once where it stands.
"""

from datetime import datetime

from plugins.wall.cameras import Camera
from plugins.wall.sources import PIECE, piece_at, recorded_source
from plugins.wall.tile import WallTile
from ui.video import TileCaption
from xiuzhou_desktop.contract.live import Health
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Engine, View, ViewMode


class Recorded:
    """Keeps one tile to an instant."""

    def __init__(
        self, engine: Engine, tile: WallTile, camera: Camera, caption: TileCaption
    ) -> None:
        self._engine = engine
        self._tile = tile
        self._camera = camera
        self._caption = caption
        self._start: datetime | None = None
        self._health: Health | None = None

    @property
    def camera(self) -> RecordId:
        return self._camera.id

    def look(self) -> Health | None:
        """What the piece shows of its camera; till it was looked through, what the one just before
        did. None: nobody knows."""
        self._health = self._tile.health_then or self._health
        return self._health

    def keep(self, view: View) -> None:
        """Show what was recorded at `view.at`."""
        piece = piece_at(view.at)
        if piece.start != self._start:
            if self._start is None or piece.start != self._start + PIECE:
                self._health = None
            self._start = piece.start
            key, source = recorded_source(self._engine, self._camera, piece.start)
            self._tile.show_source(key, source, self._caption)
        if view.mode is ViewMode.PLAYING:
            self._tile.controls.play_at(piece.into_ms)
        else:
            self._tile.controls.hold_at(piece.into_ms)

"""What the tiles show: each camera's source by the view clock, its caption, and what they see told
to the tree and the map."""

from collections.abc import Callable

from plugins.wall.cameras import WITHOUT_PICTURE, Camera
from plugins.wall.grid import TileGrid
from plugins.wall.past import Recorded
from plugins.wall.placing import Placement
from plugins.wall.sources import live_source
from plugins.wall.tile import WallTile
from ui.video import TileCaption
from xiuzhou_desktop.contract.live import CameraHealth, Health
from xiuzhou_desktop.media import SessionState
from xiuzhou_desktop.plugin_api.context import PanelContext, View, ViewMode

SEEN = {
    SessionState.PLAYING: Health.ONLINE,
    SessionState.FROZEN: Health.FROZEN,
    SessionState.RECONNECTING: Health.OFFLINE,
    SessionState.OFFLINE: Health.OFFLINE,
}
"""What a tile's picture says of its camera; states that say nothing are left out."""


class Wall:
    """One grid of tiles with their sources. A second wall on another monitor is another one."""

    def __init__(self, context: PanelContext, watermark: str) -> None:
        self._context = context
        self._watermark = watermark
        self._recorded: dict[WallTile, Recorded] = {}
        self.grid = TileGrid(self._make_tile, self._show)
        self.grid.stated.connect(self._tell_state)

    def arrange(self, placement: Placement, known: Callable[[str], Camera | None]) -> None:
        """As it was kept; cameras that are gone leave their tile empty."""
        for tile, camera in enumerate(placement.cameras):
            found = known(camera) if camera else None
            if found is not None:
                self.grid.place(tile, found)
        self.grid.set_layout(placement.tiles)

    def tick(self) -> None:
        """While in the past each tile is kept to the clock."""
        view = self._context.clock.view
        for recorded in self._recorded.values():
            recorded.keep(view)

    def turn(self, _view: View) -> None:
        """The clock jumped, started, stopped or came back: other sources."""
        is_past = self._context.clock.view.mode is not ViewMode.LIVE
        if is_past != bool(self._recorded):
            self._recorded = {}
            self.grid.reload()
        self.tick()

    def close(self) -> None:
        """Sessions end, and what they saw is no longer ours to say."""
        for tile in self.grid.tiles:
            tile.clear()
        for camera in self.grid.shown():
            self._context.engine.saw(camera, None)

    # -- parts -------------------------------------------------------------------------------

    def _make_tile(self, number: int) -> WallTile:
        tile = WallTile(self._context.media, self._context.text, self._context.clock.now, number)
        tile.set_watermark(self._watermark)
        return tile

    def _show(self, tile: WallTile, camera: Camera) -> None:
        self._recorded.pop(tile, None)
        caption = self._caption(tile, camera)
        if camera.standing in WITHOUT_PICTURE:
            tile.show_nothing()
            return
        view = self._context.clock.view
        if view.mode is ViewMode.LIVE:
            tile.show_source(*live_source(self._context.engine, camera), caption)
            return
        self._recorded[tile] = Recorded(self._context.engine, tile, camera, caption)
        self._recorded[tile].keep(view)

    def _caption(self, tile: WallTile, camera: Camera) -> TileCaption:
        is_live = self._context.clock.view.mode is ViewMode.LIVE
        note = self._context.text("media.caption.live") if is_live else ""
        name = f"{camera.street} {camera.name}".strip()
        return TileCaption(number=str(tile.number), code=camera.code, name=name, note=note)

    def _tell_state(self, number: int) -> None:
        """A picture that stands still is said on tree and map as well, and so is one that is gone;
        in the past a tile says nothing of the present."""
        camera, tile = self.grid.cameras[number], self.grid.tiles[number]
        if camera is None or tile in self._recorded or tile.state is None:
            return
        health = SEEN.get(tile.state)
        if health is not None:
            now = self._context.clock.now()
            seen = CameraHealth(camera=camera.id, health=health, since=now)
            self._context.engine.saw(camera.id, seen)

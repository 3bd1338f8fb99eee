"""What the tiles show: each camera's source by the view clock, and its caption."""

from collections.abc import Callable, Iterator
from datetime import datetime

from plugins.wall.cameras import WITHOUT_PICTURE, Camera
from plugins.wall.grid import TileGrid
from plugins.wall.past import Recorded
from plugins.wall.placing import Placement
from plugins.wall.sources import live_source
from plugins.wall.tile import WallTile
from ui.video import TileCaption
from xiuzhou_desktop.contract.live import Health
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.media import SessionStatus
from xiuzhou_desktop.plugin_api.context import PanelContext, View, ViewMode


class Wall:
    """One grid of tiles with their sources. A second wall on another monitor is another one."""

    def __init__(self, context: PanelContext, watermark: str) -> None:
        self._context = context
        self._watermark = watermark
        self._recorded: dict[WallTile, Recorded] = {}
        self.grid = TileGrid(self._make_tile, self._show)

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

    def seen(self) -> Iterator[tuple[RecordId, SessionStatus | None]]:
        """What its tiles see of their cameras now; in the past they see nothing of the present."""
        for tile, camera in zip(self.grid.tiles, self.grid.cameras, strict=False):
            if camera is not None and tile not in self._recorded:
                yield camera.id, tile.status

    def seen_then(self) -> dict[RecordId, Health]:
        """In the past: what the recorded pictures show of their cameras; of the others nobody
        knows."""
        then = ((one.camera, one.look()) for one in self._recorded.values())
        return {camera: health for camera, health in then if health is not None}

    def tell(self, known_since: Callable[[RecordId], datetime | None]) -> None:
        """To each tile since when its camera is known to be as it is seen."""
        for tile, camera in zip(self.grid.tiles, self.grid.cameras, strict=False):
            if camera is not None:
                tile.stood_since = known_since(camera.id)

    def close(self) -> None:
        """Sessions end."""
        for tile in self.grid.tiles:
            tile.clear()

    # -- parts -------------------------------------------------------------------------------

    def _make_tile(self, number: int) -> WallTile:
        tile = WallTile(self._context.media, self._context.text, self._context.clock.now, number)
        tile.set_watermark(self._watermark)
        return tile

    def _show(self, tile: WallTile, camera: Camera) -> None:
        self._recorded.pop(tile, None)
        caption = self._caption(tile, camera)
        if camera.standing in WITHOUT_PICTURE:
            word = self._context.text(f"wall.standing.{camera.standing.value}")
            tile.show_none_of(camera.code, word)
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
        number = str(tile.number)
        others = " ".join(
            str(one) for one in self.grid.shown().get(camera.id, ()) if one != tile.number
        )
        twins = self._context.text("wall.tile.twins", numbers=others) if others else ""
        return TileCaption(number=number, code=camera.code, name=name, twins=twins, note=note)

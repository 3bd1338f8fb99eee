"""Which cameras are on the wall when it opens: as this role left it, else those of the most urgent
flags."""

import msgspec

from plugins.wall.grid import TileGrid
from plugins.wall.layouts import LAYOUTS, MOST_TILES
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Engine

FLAGS_LOOKED_AT = 40
FIRST_TILES = 4
URGENT = RecordQuery(kinds=(Kind.FLAG,), is_open=True, limit=FLAGS_LOOKED_AT)


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a wall: how many tiles, and the camera of each place (None: empty)."""

    tiles: int = 4
    cameras: tuple[RecordId | None, ...] = ()


def kept_placement(kept: Json) -> Placement | None:
    """What was written down; None for nothing, or for another version's words."""
    try:
        placement = msgspec.convert(kept, Placement)
    except msgspec.ValidationError:
        return None
    is_sound = placement.tiles in LAYOUTS and len(placement.cameras) <= MOST_TILES
    return placement if is_sound else None


async def first_placement(engine: Engine) -> Placement:
    """The cameras where something waits for a decision, most urgent first."""
    page = await engine.query(URGENT)
    bodies = (view.record.body for view in page.views)
    named = dict.fromkeys(b.camera for b in bodies if isinstance(b, FlagBody) and b.camera)
    return Placement(tiles=FIRST_TILES, cameras=tuple(named)[:FIRST_TILES])


def first_empty(grid: TileGrid) -> int | None:
    """The first tile of the layout without a camera."""
    return next((tile for tile in range(grid.count) if grid.cameras[tile] is None), None)


def placement_of(grid: TileGrid) -> Placement:
    """What to keep of this wall."""
    ids = tuple(camera.id if camera else None for camera in grid.cameras)
    return Placement(tiles=grid.count, cameras=ids)

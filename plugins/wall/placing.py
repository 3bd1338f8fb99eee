"""Which cameras are on the wall when it opens: as this role left it, else those of the most urgent
flags."""

from typing import TypeVar

import msgspec

from plugins.wall.grid import TileGrid
from plugins.wall.layouts import LAYOUTS, MOST_TILES
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.plugin_api.context import AWAKE, Engine, PanelStore

FLAGS_LOOKED_AT = 40
FIRST_TILES = 4
URGENT = RecordQuery(kinds=(Kind.FLAG,), is_open=True, limit=FLAGS_LOOKED_AT)


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a wall: how many tiles, and the camera of each place (None: empty)."""

    tiles: int = 4
    cameras: tuple[RecordId | None, ...] = ()


KeptT = TypeVar("KeptT", bound=Placement)


class Pushed(Placement, frozen=True, kw_only=True):
    """A wall on another monitor, which has this name."""

    screen: str


def kept_placement(kept: Json) -> Placement | None:
    """What was written down; None for nothing, or for another version's words."""
    return _sound(kept, Placement)


def pushed_wall(store: PanelStore, role: str) -> Pushed | None:
    """What this role pushed to another monitor and has not brought back."""
    return _sound(store.read(_pushed(role)), Pushed)


def keep_pushed(store: PanelStore, role: str, pushed: Pushed | None) -> None:
    """It comes again at the next start, whatever panel is in front then; None: it was brought
    back. The panel stays awake while anybody's wall is to come again: people share this desk."""
    store.write(_pushed(role), None if pushed is None else msgspec.to_builtins(pushed))
    store.write(AWAKE, any(pushed_wall(store, one.value) is not None for one in Role))


def _pushed(role: str) -> str:
    return f"{role}.second"


def _sound(kept: Json, kind: type[KeptT]) -> KeptT | None:
    try:
        found = msgspec.convert(kept, kind)
    except msgspec.ValidationError:
        return None
    return found if found.tiles in LAYOUTS and len(found.cameras) <= MOST_TILES else None


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

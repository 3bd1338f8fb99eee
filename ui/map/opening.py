"""Opening a map: the ground as the district has it, else the one that is shipped."""

import asyncio
from pathlib import Path

from ui.map.base_map import BaseMapError, read_base_map
from ui.map.canvas import MapCanvas
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.plugin_api.context import Engine

BASE_MAP = "/v1/basemap"
SHIPPED = Path(__file__).parents[2] / "resources" / "basemap.geojson"


async def open_base(canvas: MapCanvas, engine: Engine) -> None:
    """Put the ground under a canvas; one that cannot be read is said on it."""
    try:
        ground = await engine.fetch(BASE_MAP)
    except ClientError:  # no link and nothing cached
        ground = await asyncio.to_thread(SHIPPED.read_bytes)
    try:
        canvas.set_base(await asyncio.to_thread(read_base_map, ground))
    except BaseMapError:
        canvas.say_no_base("map.base.broken")

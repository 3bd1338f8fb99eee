"""The source of pictures of a district that has none connected yet: it says so. The base map is the
product's own.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from xiuzhou_desktop.backend.hooks import NoPictureError, SeenCamera
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import RecordId

BASEMAP = Path(__file__).parents[2] / "resources" / "basemap.geojson"


class NoMedia:
    """Every camera is without a picture."""

    async def still(self, camera: Record, at: datetime) -> bytes:
        """Never."""
        del at
        raise NoPictureError(f"{camera.number}: no recorder is connected")

    async def clip(self, camera: Record, start: datetime, seconds: int) -> bytes:
        """Never."""
        del start, seconds
        raise NoPictureError(f"{camera.number}: no recorder is connected")

    def live(self, camera: Record) -> AsyncIterator[bytes]:
        """Never."""
        raise NoPictureError(f"{camera.number}: no stream is connected")

    async def basemap(self) -> bytes:
        """The district's outline that comes with the product."""
        if not BASEMAP.exists():
            raise NoPictureError("no base map is installed")
        return await asyncio.to_thread(BASEMAP.read_bytes)

    def health(self) -> dict[RecordId, SeenCamera]:
        """Nothing is known."""
        return {}

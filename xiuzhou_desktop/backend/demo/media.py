"""The demonstration's cameras as a source of pictures (hooks.MediaSource).

    live: the segment that holds "now", then the next, rendered while a player shows this one

A viewer starts within the running segment of two seconds, so what it shows is a few seconds old
when the stream begins, and stays as old. A jump of the clock ends the stream: the player connects
anew.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.demo.pictures import Pictures, Shot
from xiuzhou_desktop.backend.demo.world import TsJoiner, World
from xiuzhou_desktop.backend.demo.world.basemap import basemap_geojson
from xiuzhou_desktop.backend.demo.world.cameras import health_of, health_since
from xiuzhou_desktop.backend.demo.world.things import Camera, CameraState
from xiuzhou_desktop.backend.demo.world.world import SEGMENT_S
from xiuzhou_desktop.backend.hooks import NoPictureError, SeenCamera
from xiuzhou_desktop.contract.live import Health
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import RecordId, derived_id

AHEAD_S = 3.0  # what a player may buffer
BEHIND = 3  # segments: a stream that lags more, as with a fast clock, leaves some out
TOLERATED = 10  # segments: more between stream and clock is a jump
LEAST_CLIP_S = 1


class WorldMedia:
    """Every camera of the world, at business time."""

    def __init__(self, world: World, pictures: Pictures, clock: BusinessClock) -> None:
        self._world = world
        self._pictures = pictures
        self._clock = clock
        self._map = basemap_geojson(world.seed)
        self._by_record = {
            derived_id("camera", camera.no): camera.no
            for camera in world.cameras
            if camera.state is not CameraState.PLANNED
        }

    async def still(self, camera: Record, at: datetime) -> bytes:
        """The picture at an instant that has been. Raises NoPictureError."""
        self._refuse_future(at)
        return await self._pictures.still(Shot(self._number_of(camera), at))

    async def clip(self, camera: Record, start: datetime, seconds: int) -> bytes:
        """What was recorded from `start`, as far as it has been. Raises NoPictureError."""
        self._refuse_future(start + timedelta(seconds=LEAST_CLIP_S))
        recorded = int((self._clock.now() - start) / timedelta(seconds=1))
        return await self._pictures.clip(self._number_of(camera), start, min(seconds, recorded))

    async def live(self, camera: Record) -> AsyncIterator[bytes]:
        """MPEG-TS as it comes. Raises NoPictureError."""
        number, joiner = self._number_of(camera), TsJoiner()
        index = self._index_now()
        segment = await self._pictures.segment(number, index)
        due = time.monotonic() - AHEAD_S
        while True:
            following = self._next_index(index)
            coming = asyncio.ensure_future(self._pictures.segment(number, following))
            try:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                yield joiner.join(segment)
                if abs(self._index_now() - index) > TOLERATED * self._clock.rate:
                    return
                segment = await coming
            finally:
                coming.cancel()
            index, due = following, max(due + SEGMENT_S, time.monotonic() - AHEAD_S)

    async def basemap(self) -> bytes:
        """Outline, borders and streets."""
        return self._map

    def health(self) -> dict[RecordId, SeenCamera]:
        """How each camera is at business time."""
        now = self._clock.now()
        return {
            record: _seen(self._world.camera(number), now)
            for record, number in self._by_record.items()
        }

    def _next_index(self, index: int) -> int:
        """A second of video is a second for who watches, however fast the clock."""
        now = self._index_now()
        return now if now - index > BEHIND else index + 1

    def _index_now(self) -> int:
        return self._world.segment_index(self._clock.now())

    def _number_of(self, camera: Record) -> str:
        body = camera.body
        number = body.short_no if isinstance(body, CameraBody) else ""
        if self._by_record.get(camera.id) != number:
            raise NoPictureError(f"{number}: no picture comes from this camera")
        return number

    def _refuse_future(self, at: datetime) -> None:
        if at > self._clock.now():
            raise NoPictureError("not yet recorded")


def _seen(camera: Camera, at: datetime) -> SeenCamera:
    return SeenCamera(health=Health(health_of(camera, at).value), since=health_since(camera, at))

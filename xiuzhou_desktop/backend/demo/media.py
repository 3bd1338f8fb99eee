"""The demonstration's cameras as a source of pictures (hooks.MediaSource).

    live: the ten seconds that hold "now", in pieces of a second, then the next, rendered meanwhile

A viewer starts within the running segment, so what it shows is at most ten seconds old when the
stream begins, and stays as old. A jump of the clock ends the stream: the player connects anew.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.demo.base_map import base_map
from xiuzhou_desktop.backend.demo.pictures import Pictures, Shot
from xiuzhou_desktop.backend.demo.world import TsJoiner, World
from xiuzhou_desktop.backend.demo.world.things import CameraState
from xiuzhou_desktop.backend.hooks import NoPictureError
from xiuzhou_desktop.contract.live import Health
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import RecordId, derived_id

PIECES = 10  # a segment goes out in so many parts, about a second each
SEGMENT_S = 10
AHEAD_S = 3.0  # what a player may buffer
PACKET = 188
TOLERATED = 2  # segments: more between stream and clock is a jump
LEAST_CLIP_S = 1


class WorldMedia:
    """Every camera of the world, at business time."""

    def __init__(self, world: World, pictures: Pictures, clock: BusinessClock) -> None:
        self._world = world
        self._pictures = pictures
        self._clock = clock
        self._map = base_map(world)
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
        index = self._world.segment_index(self._clock.now())
        segment = await self._pictures.segment(number, index)
        begun = time.monotonic()
        while True:
            following = self._next_index(index)
            coming = asyncio.ensure_future(self._pictures.segment(number, following))
            try:
                async for piece in _paced(joiner.join(segment), begun):
                    yield piece
                if abs(self._world.segment_index(self._clock.now()) - index) > self._tolerated():
                    return
                segment = await coming
            finally:
                coming.cancel()
            index, begun = following, begun + SEGMENT_S

    async def basemap(self) -> bytes:
        """Outline, borders and streets."""
        return self._map

    def health(self) -> dict[RecordId, Health]:
        """How each camera is at business time."""
        now = self._clock.now()
        return {
            record: Health(self._world.health(number, now).value)
            for record, number in self._by_record.items()
        }

    def _next_index(self, index: int) -> int:
        """A fast clock leaves segments out: a second of video is a second for who watches."""
        return max(index + 1, self._world.segment_index(self._clock.now()))

    def _tolerated(self) -> int:
        return TOLERATED * self._clock.rate

    def _number_of(self, camera: Record) -> str:
        body = camera.body
        number = body.short_no if isinstance(body, CameraBody) else ""
        if self._by_record.get(camera.id) != number:
            raise NoPictureError(f"{number}: no picture comes from this camera")
        return number

    def _refuse_future(self, at: datetime) -> None:
        if at > self._clock.now():
            raise NoPictureError("not yet recorded")


async def _paced(segment: bytes, begun: float) -> AsyncIterator[bytes]:
    """A segment's parts, each about when it is shown, some seconds ahead of the viewer."""
    packets = len(segment) // PACKET
    size = PACKET * (packets // PIECES + 1)
    for number, start in enumerate(range(0, len(segment), size)):
        due = begun + number * SEGMENT_S / PIECES - AHEAD_S
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        yield segment[start : start + size]

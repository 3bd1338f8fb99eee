"""The live lane: leases and camera health, lossy, never records (architecture.md rule 10)."""

import asyncio
import logging
from collections.abc import Mapping
from random import Random

import msgspec

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.backoff import Backoff
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.contract.live import CameraHealth, LeaseState
from xiuzhou_desktop.contract.positions import LivePosition, LivePositions
from xiuzhou_desktop.contract.sync import Poke
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId

from .claims import Claims
from .link import LinkKeeper
from .news import News
from .pulling import Puller

log = logging.getLogger(__name__)


class LiveLane:
    """What is true just now."""

    def __init__(self, api: Api, link: LinkKeeper, news: News, claims: Claims, pace: float) -> None:
        self._api = api
        self._link = link
        self._news = news
        self._claims = claims
        self._backoff = Backoff(Random(), pace)
        self._health: dict[RecordId, CameraHealth] = {}
        self._seen: dict[RecordId, CameraHealth] = {}
        self.positions: Mapping[RecordId, LivePosition] = {}

    async def run(self) -> None:
        """Listen for ever."""
        while True:
            await self._link.wait_up()
            try:
                async for event in self._api.stream("/v1/live"):
                    self._backoff.reset()
                    self._hear(event.name, event.data)
            except ClientError as error:
                log.debug("live lane ended", extra={"slug": error.slug})
            self._claims.unheard()
            await asyncio.sleep(self._backoff.next_s())

    def health(self, camera: RecordId) -> CameraHealth | None:
        """What a tile of this computer sees of it now; else the server's word."""
        return self._seen.get(camera) or self._health.get(camera)

    def saw(self, camera: RecordId, seen: CameraHealth | None) -> None:
        """How a picture shown here is; None: it is no longer shown. Told to nobody else: trouble of
        this computer's network is not the camera's.
        """
        known = self._seen.pop(camera, None)
        if seen is not None:
            self._seen[camera] = seen
        if known is None or seen is None or known.health is not seen.health:
            self._news.moved((Kind.CAMERA,), (camera,))

    # -- parts ----------------------------------------------------------------------------------

    def _hear(self, name: str, data: str) -> None:
        try:
            if name == "lease":
                self._claims.heard(msgspec.json.decode(data, type=LeaseState))
            elif name == "camera":
                health = msgspec.json.decode(data, type=CameraHealth)
                self._health[health.camera] = health
                self._news.moved((Kind.CAMERA,), (health.camera,))
            elif name == "positions":
                moved = msgspec.json.decode(data, type=LivePositions).positions
                self.positions = {**self.positions, **{one.vehicle: one for one in moved}}
        except msgspec.MsgspecError as error:
            log.warning("live event not understood", extra={"event": name, "error": str(error)})


async def listen_for_pokes(api: Api, link: LinkKeeper, puller: Puller, pace: float) -> None:
    """`/v1/events` for ever.

    When the stream ends, a pull finds out at once whether the server is still there.
    """
    backoff = Backoff(Random(), pace)
    while True:
        await link.wait_up()
        try:
            await _hear_pokes(api, puller, backoff)
        except ClientError as error:
            log.debug("event stream ended", extra={"slug": error.slug})
        except msgspec.MsgspecError as error:
            log.warning("poke not understood", extra={"error": str(error)})
        puller.wake()
        await asyncio.sleep(backoff.next_s())


async def _hear_pokes(api: Api, puller: Puller, backoff: Backoff) -> None:
    async for event in api.stream("/v1/events"):
        backoff.reset()
        if event.name == "horizon":
            puller.poked(msgspec.json.decode(event.data, type=Poke))

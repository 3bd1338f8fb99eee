"""The live lane: leases and camera health, lossy, never records (architecture.md rule 10).

Online a claim is the server's to give. Offline it is a mark of our own, tentative, shown as such
and told to nobody.
"""

import asyncio
import logging
from datetime import timedelta
from random import Random

import msgspec

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.backoff import Backoff
from xiuzhou_desktop.client.errors import ClientError, Unavailable
from xiuzhou_desktop.client.views import Lease
from xiuzhou_desktop.contract.live import CameraHealth, LeaseState, LiveAct, LiveSay
from xiuzhou_desktop.contract.sync import Poke
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId

from .link import LinkKeeper
from .news import News
from .pulling import Puller
from .spine import Spine

log = logging.getLogger(__name__)
TENTATIVE_FOR = timedelta(minutes=5)


class LiveLane:
    """What is true just now."""

    def __init__(self, spine: Spine, api: Api, link: LinkKeeper, news: News) -> None:
        self._spine = spine
        self._api = api
        self._link = link
        self._news = news
        self._backoff = Backoff(Random(), spine.pace)
        self.leases: dict[RecordId, Lease] = {}
        self.health: dict[RecordId, CameraHealth] = {}

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
            self._forget_others()
            await asyncio.sleep(self._backoff.next_s())

    async def say(self, act: str, kind: Kind, record: RecordId) -> Lease | None:
        """Claim, renew, release, break. Raises Rejected where somebody else holds the claim."""
        said = LiveSay(act=LiveAct(act), kind=kind, record=record)
        if self._link.is_up:
            try:
                told = await self._api.live_say(said)
            except Unavailable:
                return self._alone(said)
            return self._hold(told) if told else None
        return self._alone(said)

    # -- parts ----------------------------------------------------------------------------------

    def _hear(self, name: str, data: str) -> None:
        try:
            if name == "lease":
                self._hold(msgspec.json.decode(data, type=LeaseState))
            elif name == "camera":
                health = msgspec.json.decode(data, type=CameraHealth)
                self.health[health.camera] = health
                self._news.moved((Kind.CAMERA,), (health.camera,))
        except msgspec.MsgspecError as error:
            log.warning("live event not understood", extra={"event": name, "error": str(error)})

    def _hold(self, told: LeaseState) -> Lease:
        lease = Lease(
            record=told.record, holder=told.holder, holder_name=told.holder_name,
            until=told.until, is_mine=told.holder == self._spine.account.user,
        )  # fmt: skip
        self._put(lease)
        return lease

    def _alone(self, said: LiveSay) -> Lease | None:
        if said.act not in (LiveAct.CLAIM, LiveAct.RENEW):
            lease = Lease(record=said.record, holder=None, holder_name=None, until=None)
            self._put(lease)
            return lease
        account = self._spine.account
        lease = Lease(
            record=said.record, holder=account.user, holder_name=account.name,
            until=self._spine.clock.now() + TENTATIVE_FOR, is_mine=True, is_tentative=True,
        )  # fmt: skip
        self._put(lease)
        return lease

    def _put(self, lease: Lease) -> None:
        if lease.holder is None:
            self.leases.pop(lease.record, None)
        else:
            self.leases[lease.record] = lease
        self._news.lease(lease)

    def _forget_others(self) -> None:
        """Without the stream nobody knows whether a colleague's claim still stands."""
        for lease in [one for one in self.leases.values() if not one.is_mine]:
            self._put(Lease(record=lease.record, holder=None, holder_name=None, until=None))


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

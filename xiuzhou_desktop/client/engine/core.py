"""The engine on its own loop: everything that a window or the twin may ask, and the loops that keep
it true.

    Reading   lists, records, offers         no network
    OutboxDesk submit, undo, settle          no network
    Puller · Pusher · LiveLane · Pictures    the loops of `run`, in one TaskGroup

`run` ends when it is cancelled. A loop that raises what nobody foresaw is logged with its trace,
told as a defect, and begun again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import TypeVar

import httpx

from xiuzhou_desktop.client.api import Api, Transport
from xiuzhou_desktop.client.clock import Clocks, SystemClocks
from xiuzhou_desktop.client.errors import ClientError, Unavailable
from xiuzhou_desktop.client.profile import Profile
from xiuzhou_desktop.client.sealed_db import DamagedCacheError
from xiuzhou_desktop.client.session import CLIENT_NAME
from xiuzhou_desktop.client.sync.stored import decode_record
from xiuzhou_desktop.client.trust import load_trust
from xiuzhou_desktop.client.views import RecordView, Signed
from xiuzhou_desktop.contract.demo import DemoAct, DemoSay
from xiuzhou_desktop.contract.figures import Figures
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId

from .access_end import AccessEnd
from .claims import Claims
from .link import LinkKeeper
from .lists import Lists
from .live import LiveLane, listen_for_pokes
from .news import News
from .office import Office
from .outbox_desk import OutboxDesk
from .past import Past
from .pictures import Pictures
from .pulling import Puller
from .pushing import Pusher
from .reading import Reading
from .spine import Spine
from .tracks import Tracks
from .transfers import Transfers
from .uploading import Uploader
from .watchdog import Watchdog

log = logging.getLogger(__name__)
BEGIN_AGAIN_S = 5.0
AnswerT = TypeVar("AnswerT")


class EngineCore:
    """One opened profile at work. Create it on the loop that will run it."""

    def __init__(
        self,
        profile: Profile,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clocks: Clocks | None = None,
        pace: float = 1.0,
    ) -> None:
        self.spine = Spine(profile, clocks or SystemClocks(), pace)
        self.api = Api(
            Transport(profile.server, CLIENT_NAME, transport, pace, load_trust(profile.root)),
            self.spine.session,
        )
        self._is_at_work = False
        self.reading = Reading(self.spine)
        self.link = LinkKeeper(self.spine, lambda: self.news.moved())
        self.news = News(lambda: self.link.state, lambda: self.desk.summary())
        self.desk = OutboxDesk(
            self.spine, self.news, self._wake_senders, lambda record: self.claims.refusal(record)
        )
        self.watchdog = Watchdog(self.spine, self.link, self.desk)
        self.access = AccessEnd(self.spine, self.api, self.news)
        self.puller = Puller(self.spine, self.api, self.link, self.news, self.access)
        self.pusher = Pusher(self.spine, self.api, self.link, self.news, self.desk)
        self.transfers = Transfers(self.spine, self.reading, self.news)
        self.uploader = Uploader(self.spine, self.api, self.link, self.desk, self.transfers)
        past = Past(self.api, self.link, lambda: self.spine.rules().actor.grants)
        self.lists = Lists(self.reading, past, self.guarded)
        self.claims = Claims(self.spine, self.api, self.link, self.news)
        self.live = LiveLane(self.api, self.link, self.news, self.claims, self.spine.pace)
        self.pictures = Pictures(self.spine, self.api, self.link, self.reading)
        self.tracks = Tracks(self.spine, self.api)
        self.office = Office(self.api, self.link)
        if self.spine.cache.was_rebuilt:
            log.warning("the cache was damaged and is loaded again; the journal is whole")

    async def run(self) -> None:
        """All loops, until cancelled."""
        self._is_at_work = True
        loops: tuple[Callable[[], Coroutine[object, object, None]], ...] = (
            self.puller.run,
            lambda: self.pusher.run(self.puller.wake),
            lambda: self.uploader.run(self.pusher.wake),
            self.live.run,
            self.claims.run,
            self.pictures.run,
            self.pictures.let_go,
            lambda: listen_for_pokes(self.api, self.link, self.puller, self.spine.pace),
        )
        async with asyncio.TaskGroup() as group:
            for loop in loops:
                group.create_task(self._kept_up(loop))

    async def keep_at_work(self) -> None:
        """Until cancelled: with its own loops, or beside those that the holder runs already."""
        if self._is_at_work:
            await asyncio.Event().wait()
        await self.run()

    async def sync_once(self) -> None:
        """Connect, send what is ready, and be at the horizon: the twin's `sync`.

        Raises ClientError.
        """
        self.puller.wake()
        async with self.access.noticed():
            async with self.puller.turn:
                await self._connected()
            await self._send_all()
            async with self.puller.turn:
                await self.puller.catch_up()

    async def push_once(self) -> None:
        """Send what is ready, if the epoch is known: the twin's `do`. Raises ClientError.

        Beside running loops, which know how the link is, nothing is tried while it is down.
        """
        if self._is_at_work:
            self._need_link()
        elif self.spine.cache.meta().epoch is None:
            await self._connected()
        else:
            self.link.online()
        try:
            await self._send_all()
        except ClientError:
            self.puller.wake()
            raise

    async def close(self) -> None:
        """Drop connections and files."""
        try:
            await self.api.close()
        finally:
            self.spine.close()

    # -- what needs both disk and network --------------------------------------------------------

    async def get(self, kind: Kind, record: RecordId) -> RecordView | None:
        """One record; an evicted one is fetched if the server can be reached."""
        found = self.reading.find(record)
        if found is not None or not self.link.is_up:
            return found
        epoch = self.spine.cache.meta().epoch or ""
        try:
            raw = await self.api.record(kind, record)
        except ClientError:
            return None
        self.spine.asked_for.append(record)
        await self.spine.write(self.spine.feed.fetched, epoch, raw)
        return self.reading.find(record) or RecordView(record=decode_record(raw))

    async def fetch(self, path: str) -> bytes:
        """A file that was attached here, else a picture by its path. Raises as `Pictures.fetch`."""
        ours = await self.uploader.content(path)
        return await self.pictures.fetch(path) if ours is None else ours

    async def figures(self, names: tuple[str, ...], about: Mapping[str, str]) -> Figures:
        """Counts from the backend. Raises Unavailable at once while the link is down."""
        self._need_link()
        return await self.api.figures({"name": ",".join(names), **about})

    async def media_url(self, path: str) -> str:
        """A URL for libVLC, good for this path and a minute."""
        self._need_link()
        token = await self.api.media_token(path)
        return f"{self.api.server}{path}{'&' if '?' in path else '?'}token={token}"

    async def demo(self, act: str, record: RecordId | None) -> None:
        """A demonstration control."""
        answer = await self.api.demo(DemoSay(act=DemoAct(act), record=record))
        self.spine.clock.told(answer.server_time, self.spine.clock.anchor.rate)
        self.puller.wake()

    async def retry_now(self) -> None:
        """F5."""
        self.puller.wake()
        self.pusher.wake()

    async def guarded(self, ask: Callable[[], AnswerT]) -> AnswerT:
        """A question to the cache; where its file turns out damaged, it is begun anew and loaded
        again.
        """
        try:
            return ask()
        except DamagedCacheError:
            log.warning("the cache is damaged and is rebuilt; the journal is not touched")
            await self.puller.rebuild()
            self.puller.wake()
            return ask()

    @property
    def signed(self) -> Signed:
        """Who is at this workstation."""
        saved = self.spine.session.saved
        return Signed(
            server=self.spine.profile.server, account=self.spine.account,
            grants=tuple(saved.grants), workstation=saved.workstation,
        )  # fmt: skip

    # -- parts ----------------------------------------------------------------------------------

    async def _send_all(self) -> None:
        """What needs no file, which nothing slows; files, then the commands that name them."""
        await self.pusher.drain()
        await self.uploader.drain()
        await self.pusher.drain()

    def _wake_senders(self) -> None:
        self.uploader.wake()
        self.pusher.wake()

    def _need_link(self) -> None:
        if not self.link.is_up:
            raise Unavailable("offline")

    async def _connected(self) -> None:
        try:
            await self.puller.connect()
        except DamagedCacheError:
            await self.puller.rebuild()
            await self.puller.connect()

    async def _kept_up(self, loop: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await loop()
            except Exception:  # the top of a loop: log, tell, begin again
                log.exception("a loop of the engine broke")
                self.news.defect("engine-loop")
            await asyncio.sleep(BEGIN_AGAIN_S * self.spine.pace)

"""Receiving: connect, catch up with the feed, load what is missing; poked by the server, with a
poll as net.

session ──epoch known?──► resync ──► catch up ──► wait for a poke (or 60 s) ──► catch up …
     └──any error──► link down, back-off with full jitter (or F5) ──► session
"""

import asyncio
import logging
from collections import deque
from random import Random

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.backoff import LONGEST_DEMO_S, LONGEST_S, Backoff
from xiuzhou_desktop.client.errors import (
    ClientError,
    ResyncNeeded,
    SignedOut,
    Unavailable,
    UpgradeNeeded,
)
from xiuzhou_desktop.client.sealed_db import DamagedCacheError
from xiuzhou_desktop.client.sync.bootstrap import (
    Bootstrap,
    EpochMovedError,
    Purpose,
    SnapshotRequest,
)
from xiuzhou_desktop.client.sync.pull import Moved
from xiuzhou_desktop.contract.sync import SCHEMA, Poke, SnapshotPage, SyncSession
from xiuzhou_desktop.domain.ids import Grant
from xiuzhou_desktop.domain.kinds import RULING

from .access_end import AccessEnd
from .link import LinkKeeper
from .loading import LoadClock
from .news import News
from .spine import Spine
from .waking import woken

log = logging.getLogger(__name__)

POLL_S = 60.0  # a lost poke costs at most this (sync.md §4.4)
JITTER_S = 2.0  # five hundred workstations hear the same poke
RETRY_SIGNED_OUT_S = 600.0  # only a person can help; F5 asks at once
MOST_RESYNCS, WITHIN_S = 3, 600.0
MOST_ROWS = 500_000  # beyond that the longest closed become stubs
EVICT_STEP = 500  # rows a step: commands wait for it


class Puller:
    """The receiving loop."""

    def __init__(
        self, spine: Spine, api: Api, link: LinkKeeper, news: News, access: AccessEnd
    ) -> None:
        self._spine = spine
        self._access = access
        self._api = api
        self._link = link
        self._news = news
        self._random = Random()
        self._backoff = Backoff(self._random, spine.pace)
        self.turn = asyncio.Lock()  # one at a time: this loop, or a twin's `sync` beside it
        self._wake = asyncio.Event()
        self._repairs: deque[float] = deque()
        self._promised = 0  # records that the server holds for us
        self._is_demo = spine.session.saved.is_demo

    def wake(self) -> None:
        """Look now: F5, a poke, or a stream that ended."""
        self._wake.set()

    def poked(self, poke: Poke) -> None:
        """The clock is told; if the horizon moved, data comes by pull."""
        before = self._spine.clock.anchor.rate
        self._spine.clock.told(poke.server_time, poke.clock_rate)
        if poke.clock_rate != before:
            self._link.refresh()
        meta = self._spine.cache.meta()
        if poke.horizon > meta.cursor_seq or poke.epoch != meta.epoch:
            self.wake()
        else:
            self._link.heard()

    async def run(self) -> None:
        """For ever."""
        while True:
            self._wake.clear()
            try:
                async with self._access.noticed():
                    await self._follow()
            except SignedOut as error:
                await self._down(error, RETRY_SIGNED_OUT_S * self._spine.pace)
            except UpgradeNeeded as error:
                await self._down(error, LONGEST_S * self._spine.pace)
            except ResyncNeeded:
                log.info("resync", extra={"why": "cursor or epoch is gone"})
            except DamagedCacheError:
                log.warning("the cache is damaged and is rebuilt; the journal is not touched")
                await self.rebuild()
            except EpochMovedError:
                log.info("resync", extra={"why": "epoch moved while loading"})
            except Unavailable as error:
                await self._down(error, self._backoff.next_s(error.retry_after_s))
            except ClientError as error:
                log.warning("link", extra={"slug": error.slug})
                await self._down(error, self._backoff.next_s())

    async def connect(self) -> None:
        """Say who we are, learn epoch and clock, and be at the horizon. Raises ClientError."""
        session, heard = await self._api.session()
        if not session.schema.min <= SCHEMA <= session.schema.max:
            raise UpgradeNeeded(
                "schema", min=session.schema.min, max=session.schema.max, ours=SCHEMA
            )
        self._spine.clock.introduced(session, heard.date, heard.round_trip_s)
        if self._learn(session):
            await self._forget_seen(session)
        self._link.syncing()
        meta = self._spine.cache.meta()
        if meta.epoch != session.epoch or meta.cursor is None:
            await self._load(session.grants, Purpose.RESYNC, session.version_base)
        try:
            await self.catch_up()
        except ResyncNeeded:
            await self._load(session.grants, Purpose.RESYNC, session.version_base)
            await self.catch_up()

    async def catch_up(self) -> None:
        """Pull until the cache is at the horizon. Raises ClientError."""
        while True:
            meta = self._spine.cache.meta()
            if meta.cursor is None:
                raise ResyncNeeded("cursor-expired")
            page = await self._api.pull(meta.cursor)
            moved = await self._spine.write(self._spine.feed.page, page, self._spine.clock.now())
            self._tell(moved)
            if moved.grants is not None:
                await self._rights_moved(moved)
            if moved.mismatched:
                await self._repair(moved.mismatched)
            if not moved.has_more and not moved.is_stale:
                break
        self._backoff.reset()
        self._link.online()
        while await self.evict_beyond(MOST_ROWS):
            await asyncio.sleep(0)

    async def rebuild(self) -> None:
        """An empty cache in place of a damaged one."""
        await self._spine.exchange(self._spine.cache.rebuild)
        self._spine.rules_moved()
        self._news.all_moved()

    async def evict_beyond(self, most: int) -> int:
        """One step of making stubs of the longest closed records, while more than `most` are whole;
        how many it made. Never what is pending, unsettled, or was asked for in this run.
        """
        cache = self._spine.cache
        whole = sum(part.n for part in cache.parts().values())
        if whole > most:
            whole -= cache.stubs()
        return await self._spine.exchange(self._evict, whole - most) if whole > most else 0

    # -- parts ----------------------------------------------------------------------------------

    async def _follow(self) -> None:
        async with self.turn:
            await self.connect()
        while True:
            await self._quiet()
            async with self.turn:
                await self.catch_up()

    async def _quiet(self) -> None:
        """Until there is something to pull."""
        if not await woken(self._wake, POLL_S * self._spine.pace):
            return
        self._wake.clear()
        if not self._is_demo:
            await asyncio.sleep(self._random.uniform(0, JITTER_S) * self._spine.pace)

    async def _down(self, error: ClientError, wait_s: float) -> None:
        self._link.down(error, wait_s)
        await woken(self._wake, wait_s)

    def _learn(self, session: SyncSession) -> bool:
        """Whether the rights are others than before."""
        self._promised = session.records
        old = self._spine.session.saved
        self._spine.session.learn(session, self._spine.clock.anchor)
        self._is_demo = session.demo
        self._backoff.limit(LONGEST_DEMO_S if session.demo else LONGEST_S)
        is_moved = frozenset(old.grants) != frozenset(session.grants)
        if is_moved or old.account != session.account:
            self._spine.rules_moved()
        return is_moved

    def _tell(self, moved: Moved) -> None:
        if moved.kinds & RULING:
            self._spine.rules_moved()
        if moved.records:
            self._news.moved(moved.kinds, moved.records)

    async def _rights_moved(self, moved: Moved) -> None:
        session, _ = await self._api.session()
        self._learn(session)
        await self._forget_seen(session)
        self._news.all_moved()
        if moved.to_load and moved.grants is not None and moved.cursor is not None:
            await self._load(tuple(moved.to_load), Purpose.ADD)
            await self._spine.write(self._spine.feed.settle, moved)

    async def _forget_seen(self, session: SyncSession) -> None:
        """Rights moved: what is kept beside rows goes, for nobody knows whose it is."""
        self._spine.outbox.forget_pictures(frozenset(session.grants))
        self._spine.forget_read()
        for kept in (self._spine.stills, self._spine.track_files, self._spine.files):
            await asyncio.to_thread(kept.clear)

    async def _repair(self, grants: frozenset[Grant]) -> None:
        """Load again what the digest says is wrong; three times in ten minutes is an alarm."""
        now_s = self._spine.clocks.monotonic_s()
        self._repairs.append(now_s)
        while self._repairs and self._repairs[0] < now_s - WITHIN_S:
            self._repairs.popleft()
        log.error("digest mismatch", extra={"grants": len(grants)})
        self._news.defect("digest-mismatch")
        if len(self._repairs) >= MOST_RESYNCS:
            error = ClientError("digest-mismatch", times=len(self._repairs))
            self._link.stopped(error)
            await self._wake.wait()
            self._wake.clear()
        await self._load(tuple(grants), Purpose.REPAIR)

    async def _load(
        self, grants: tuple[Grant, ...], purpose: Purpose, version_base: int = 0
    ) -> None:
        load = Bootstrap(self._spine.cache, self._spine.feed, grants, purpose, version_base)
        promised = self._promised if purpose is Purpose.RESYNC else 0
        clock = LoadClock(load, promised, self._spine.clocks.monotonic_s())
        fetching, take = self._fetch(load.next_request()), self._spine.exchange
        try:
            while fetching is not None:
                page = await fetching
                fetching = self._fetch(load.request_after(page))
                kinds = await take(load.accept, page)
                take = self._spine.write  # only the first page may exchange the file
                if kinds & RULING:
                    self._spine.rules_moved()
                self._link.syncing(clock.loaded(self._spine.clocks.monotonic_s()))
                if kinds:
                    self._news.all_moved()
        finally:
            if fetching is not None:  # nobody waits for it: its error is not one more
                fetching.cancel()
                await asyncio.gather(fetching, return_exceptions=True)
        self._spine.rules_moved()
        self._news.all_moved()

    def _fetch(self, asked: SnapshotRequest | None) -> asyncio.Task[SnapshotPage] | None:
        """The next page is on its way while the present one is written."""
        return None if asked is None else asyncio.create_task(self._api.snapshot(asked))

    def _evict(self, surplus: int) -> int:
        """Where commands are saved, so that none is saved on a record as it goes."""
        asked = {entry.command.record for entry in self._spine.outbox.unsettled()}
        keep = asked | self._spine.view.overlay().keys() | set(self._spine.asked_for)
        return self._spine.feed.evict(min(surplus, EVICT_STEP), frozenset(keep))

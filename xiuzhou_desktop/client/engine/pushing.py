"""Sending: waves of ready commands as soon as the server answers, never waited for by the pull
(sync.md §0.5).

wave ──► answer ──► cache, journal ──► next wave
   ├── Unavailable   the link's business: wait until it is up
   ├── 500, 413      halve the wave until one command is alone; that one backs off, the others go on
   └── one alone 8 times in ≥ 15 min, while others pass ──► attention
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from random import Random

import msgspec

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.backoff import LONGEST_S
from xiuzhou_desktop.client.errors import (
    ClientError,
    ResyncNeeded,
    ServerFailed,
    TooLarge,
)
from xiuzhou_desktop.client.sync.entry import Entry
from xiuzhou_desktop.client.sync.push import Acknowledged, Wave, records_in
from xiuzhou_desktop.contract.sync import BATCH_COMMANDS, PushAnswer, Status

from .link import LinkKeeper
from .news import News
from .outbox_desk import OutboxDesk
from .spine import Spine
from .waking import woken

log = logging.getLogger(__name__)

MOST_FAILURES, AT_LEAST = 8, timedelta(minutes=15)
HELD_FIRST_S = 1.0


class Pusher:
    """The sending loop."""

    def __init__(
        self, spine: Spine, api: Api, link: LinkKeeper, news: News, desk: OutboxDesk
    ) -> None:
        self._spine = spine
        self._api = api
        self._link = link
        self._news = news
        self._desk = desk
        self._random = Random()
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._most = BATCH_COMMANDS

    def wake(self) -> None:
        """Something was saved, or may go now."""
        self._wake.set()

    async def run(self, wake_pull: Callable[[], None]) -> None:
        """For ever; when sending fails, the receiving loop finds out how the link is."""
        while True:
            await self._link.wait_up()
            self._wake.clear()
            try:
                await self.drain()
            except ClientError as error:
                log.info("push waits", extra={"slug": error.slug})
                wake_pull()
                await asyncio.sleep(self._random.uniform(0.2, 1.0) * self._spine.pace)
                continue
            await self._rest()

    async def drain(self) -> None:
        """Send until nothing is ready; one at a time. Raises ClientError."""
        async with self._turn:
            await self._drain()

    # -- parts ----------------------------------------------------------------------------------

    async def _drain(self) -> None:
        while wave := self._spine.push.wave(self._desk.may_go, self._most):
            try:
                answer = await self._api.push(wave.request())
            except (ServerFailed, TooLarge) as error:
                self._blame(wave, error)
                continue
            self._note_lacking(answer)
            if await self._spine.write(self._spine.feed.answer, wave.epoch, records_in(answer)):
                told = self._spine.push.settle(wave.epoch, answer, self._spine.clocks.wall())
                self._answered(told)
            else:
                raise ResyncNeeded("epoch-mismatch")

    async def _rest(self) -> None:
        longest_s = LONGEST_S * self._spine.pace
        await woken(self._wake, self._desk.next_release_s() or longest_s)

    def _note_lacking(self, answer: PushAnswer) -> None:
        """Files that the server has lost since we sent them, as by a restore."""
        for result in answer.results:
            if result.status is Status.HELD and result.problem is not None:
                self._desk.lacking(str(result.problem.facts.get("blob", "")))

    def _answered(self, told: Acknowledged) -> None:
        self._most = BATCH_COMMANDS
        for entry in told.held:  # waits for a cause, or for its record to come back in the window
            wait_s = min(LONGEST_S, HELD_FIRST_S * 2 ** min(entry.attempts, 6))
            hold_s = self._random.uniform(HELD_FIRST_S, max(wait_s, 2.0)) * self._spine.pace
            self._desk.hold(entry.id, hold_s)
        entries = (*told.applied, *told.failed, *told.held)
        records = {entry.command.record for entry in entries}
        records |= {record for entry in told.applied for record in entry.left}
        self._news.moved({entry.command.kind for entry in entries}, records)

    def _blame(self, wave: Wave, error: ServerFailed | TooLarge) -> None:
        if len(wave.entries) > 1:
            self._most = max(1, len(wave.entries) // 2)
            return
        (entry,) = wave.entries
        failed = self._failed_again(entry)
        is_hopeless = isinstance(error, TooLarge)
        if is_hopeless or self._is_surfaced(failed):
            self._desk.surface(failed, error)
        else:
            self._spine.outbox.write(failed)
            hold_s = self._random.uniform(1.0, 2.0 ** min(failed.attempts, 6)) * self._spine.pace
            self._desk.hold(entry.id, hold_s)
        self._most = BATCH_COMMANDS

    def _failed_again(self, entry: Entry) -> Entry:
        since = entry.failing_since or self._spine.clocks.wall()
        return msgspec.structs.replace(entry, attempts=entry.attempts + 1, failing_since=since)

    def _is_surfaced(self, entry: Entry) -> bool:
        since = entry.failing_since or self._spine.clocks.wall()
        failed_for = self._spine.clocks.wall() - since
        return entry.attempts >= MOST_FAILURES and failed_for >= AT_LEAST

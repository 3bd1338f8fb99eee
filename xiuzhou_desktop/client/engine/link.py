"""The link's state as the status bar tells it, and who waits for it to come up."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from xiuzhou_desktop.client.errors import ClientError, SignedOut, UpgradeNeeded
from xiuzhou_desktop.client.views import Link, LinkState

from .loading import Loaded
from .spine import Spine

UP = frozenset({Link.ONLINE, Link.SYNCING})
NOTHING_LOADED = Loaded()
KEEP_EVERY = timedelta(minutes=1)  # of real time: how well an offline start knows the last contact


class LinkKeeper:
    """Holds the state; every change is news."""

    def __init__(self, spine: Spine, on_change: Callable[[], None]) -> None:
        self._spine = spine
        self._on_change = on_change
        self._up = asyncio.Event()
        self._heard_at: datetime | None = None
        self.retry_in_s: int | None = None  # as planned when the link went down
        saved = spine.session.saved
        self._contact = saved.heard_at
        self.state = LinkState(
            link=Link.CONNECTING,
            since=spine.clock.now(),
            data_as_of=spine.cache.meta().synced_at,
            clock_offset_ms=spine.clock.anchor.offset_ms,
            clock_rate=spine.clock.anchor.rate,
            demo=saved.is_demo,
        )

    @property
    def is_up(self) -> bool:
        """Whether the server answers."""
        return self.state.link in UP

    async def wait_up(self) -> None:
        """Return as soon as the server answers."""
        await self._up.wait()

    def online(self) -> None:
        """The cache is at the horizon."""
        self._set(Link.ONLINE)

    def syncing(self, loaded: Loaded = NOTHING_LOADED) -> None:
        """Records are coming."""
        self._set(Link.SYNCING, loaded=loaded)

    def stopped(self, error: ClientError) -> None:
        """Digest mismatches repeated; an alarm stands."""
        self._set(Link.STOPPED, error)

    def down(self, error: ClientError, retry_in_s: float | None = None) -> None:
        """No server, or none for us."""
        link = Link.OFFLINE
        if isinstance(error, SignedOut):
            link = Link.SIGNED_OUT
        elif isinstance(error, UpgradeNeeded):
            link = Link.UPGRADE
        self._set(link, error, retry_in_s=retry_in_s)

    def heard(self) -> None:
        """The server says that there is nothing new: the cache is as good as just read."""
        if self.state.link is Link.ONLINE:
            self._heard_at = self._spine.clock.now()
            self._note_contact(self._heard_at)
            self._publish(self.state)

    def refresh(self) -> None:
        """Clock or data age moved, the link did not."""
        self._publish(self.state)

    def _set(
        self,
        link: Link,
        error: ClientError | None = None,
        *,
        loaded: Loaded = NOTHING_LOADED,
        retry_in_s: float | None = None,
    ) -> None:
        self.retry_in_s = None if retry_in_s is None else round(retry_in_s)
        now = self._spine.clock.now()
        rate = self._spine.clock.anchor.rate
        retry_at = now + timedelta(seconds=retry_in_s) * rate if retry_in_s else None
        is_same = self.state.link is link or {self.state.link, link} == UP
        if link in UP:
            self._note_contact(now)
        begun = self._contact or now if link is Link.OFFLINE else now
        state = msgspec.structs.replace(
            self.state, link=link, since=self.state.since if is_same else begun,
            done=loaded.done, total=loaded.total, done_bytes=loaded.done_bytes,
            left_s=loaded.left_s, retry_at=retry_at, reason=error.problem() if error else None,
        )  # fmt: skip
        if link in UP:
            self._up.set()
        else:
            self._up.clear()
        self._publish(state)

    def _note_contact(self, now: datetime) -> None:
        """Kept on the disk now and then, so that the next start knows it, too."""
        self._contact = now
        kept = self._spine.session.saved.heard_at
        if kept is None or abs(now - kept) >= KEEP_EVERY * self._spine.clock.anchor.rate:
            self._spine.session.heard(now)

    def _publish(self, state: LinkState) -> None:
        anchor = self._spine.clock.anchor
        state = msgspec.structs.replace(
            state, data_as_of=self._as_of(),
            clock_offset_ms=anchor.offset_ms, clock_rate=anchor.rate,
            demo=self._spine.session.saved.is_demo,
        )  # fmt: skip
        if state != self.state:
            self.state = state
            self._on_change()

    def _as_of(self) -> datetime | None:
        synced_at = self._spine.cache.meta().synced_at
        if synced_at is None or self._heard_at is None:
            return synced_at
        return max(synced_at, self._heard_at)

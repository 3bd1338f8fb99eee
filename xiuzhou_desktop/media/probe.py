"""A source played without a window, to tell what comes of it: `python -m xiuzhou_desktop probe`."""

from __future__ import annotations

import asyncio
import time

import msgspec

from xiuzhou_desktop.media.hub import MediaHub
from xiuzhou_desktop.media.session import MediaSession
from xiuzhou_desktop.media.source import MediaSource
from xiuzhou_desktop.media.status import Reason, SessionState

LOOK_EVERY_S = 0.02
KEY = "probe"
OVER = frozenset({SessionState.ENDED, SessionState.ERROR})


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """`fps` is what was shown from the first picture on; None: there was none. `frozen`: whether
    the picture stood still or was black at any time. `reason`: why it is not playing now."""

    codec: str | None = None
    width: int = 0
    height: int = 0
    fps: float | None = None
    first_frame_ms: int | None = None
    frames: int = 0
    frozen: bool = False
    reconnects: int = 0
    reason: Reason = Reason.NONE


class _Looking:
    """Looks at one session until its time is over."""

    def __init__(self, session: MediaSession) -> None:
        self._session = session
        self._began = time.monotonic()
        self._first_at: float | None = None
        self._first_number = 0
        self._before: SessionState | None = None
        self._is_frozen = False
        self._losses = 0

    def look(self) -> None:
        state = self._session.status.state
        if self._first_at is None and state in {SessionState.PLAYING, SessionState.FROZEN}:
            self._first_at, self._first_number = time.monotonic(), self._session.buffer.shown
        self._is_frozen |= state is SessionState.FROZEN
        is_lost = state is SessionState.RECONNECTING and self._before is not state
        self._losses += is_lost and self._first_at is not None
        self._before = state

    def told(self) -> Probed:
        stream, status, first_at = self._session.stream, self._session.status, self._first_at
        width, height = self._session.buffer.size
        frames = self._session.buffer.shown
        found = Probed(
            codec=stream.codec if stream else None, width=width, height=height, frames=frames,
            frozen=self._is_frozen, reconnects=self._losses, reason=status.reason,
        )  # fmt: skip
        if first_at is None:
            return found
        seconds = max(LOOK_EVERY_S, time.monotonic() - first_at)
        fps = round((frames - self._first_number) / seconds, 1)
        first_ms = round((first_at - self._began) * 1000)
        return msgspec.structs.replace(found, fps=fps, first_frame_ms=first_ms)


async def probe(source: MediaSource, seconds: float) -> Probed:
    """Play it for so long; a file for as long as it lasts at most."""
    hub = MediaHub()
    session = hub.open(KEY, source)
    looking = _Looking(session)
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until and session.status.state not in OVER:
            looking.look()
            await asyncio.sleep(LOOK_EVERY_S)
        return looking.told()
    finally:
        await asyncio.to_thread(hub.close)

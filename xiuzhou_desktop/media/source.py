"""Where a picture comes from."""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from xiuzhou_desktop.media.address import Address
from xiuzhou_desktop.media.frames import Size


class SourceKind(StrEnum):
    LIVE = "LIVE"
    """Endless: its end is a loss, and it is reconnected."""
    CLIP = "CLIP"
    """Has an end; can be paused, stepped and sought."""


@dataclass(frozen=True, slots=True)
class MediaSource:
    """`locate` is asked at every (re)connect on the session's thread, because addresses carry a
    short-lived ticket; None means that there is no address now. `size` saves a live stream its
    second opening (libvlc.py). `own`: the camera's own stream, which FFmpeg opens (remux.py);
    then nothing is located. `began_at`: when a clip's first picture was taken."""

    locate: Callable[[], str | None]
    kind: SourceKind
    size: Size | None = None
    own: Address | None = None
    began_at: datetime | None = None


def live(url: str, size: Size | None = None) -> MediaSource:
    return MediaSource(lambda: url, SourceKind.LIVE, size)


def camera_source(address: Address) -> MediaSource:
    """A camera's own stream: RTSP, or MJPEG, HLS and MPEG-TS over HTTP; or a file."""
    kind = SourceKind.CLIP if address.place is None else SourceKind.LIVE
    return MediaSource(lambda: None, kind, own=address)


def clip(url: str) -> MediaSource:
    return MediaSource(lambda: url, SourceKind.CLIP)


LOCATE_WITHIN_S = 3.0
"""An address that takes longer counts as none; the session tries again."""


def renewed(
    ask: Callable[[], Coroutine[object, object, str | None]],
    loop: asyncio.AbstractEventLoop,
    kind: SourceKind,
    size: Size | None = None,
) -> MediaSource:
    """A source whose address is asked on `loop` at every (re)connect. `ask` answers None while the
    server cannot be reached; it is waited for on the session's thread, never on the loop's."""

    def locate() -> str | None:
        if loop.is_closed():
            return None
        asked = ask()
        answer = asyncio.run_coroutine_threadsafe(asked, loop)
        try:
            return answer.result(LOCATE_WITHIN_S)
        except (TimeoutError, concurrent.futures.CancelledError):
            answer.cancel()
            if inspect.getcoroutinestate(asked) == inspect.CORO_CREATED:
                asked.close()  # the loop ended before it came to it
            return None

    return MediaSource(locate, kind, size)

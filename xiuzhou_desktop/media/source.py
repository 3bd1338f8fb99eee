"""Where a picture comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

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
    second opening (libvlc.py)."""

    locate: Callable[[], str | None]
    kind: SourceKind
    size: Size | None = None


def live(url: str, size: Size | None = None) -> MediaSource:
    return MediaSource(lambda: url, SourceKind.LIVE, size)


def clip(url: str) -> MediaSource:
    return MediaSource(lambda: url, SourceKind.CLIP)

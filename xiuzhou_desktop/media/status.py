"""What a session is doing, and why; the tile chooses its sentence from this.

OPENING ─first picture─► PLAYING ⇄ PAUSED            clip: PLAYING ─end─► ENDED ─play─► PLAYING
   │                      │   ▲      clip: not opened ─► ERROR ─retry─► OPENING
   │ live: lost           │   └──moves again── FROZEN
   ▼                      ▼
RECONNECTING ──third attempt failed──► OFFLINE (goes on trying, more slowly)
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class SessionState(StrEnum):
    OPENING = "OPENING"
    PLAYING = "PLAYING"
    PAUSED = "PAUSED"
    FROZEN = "FROZEN"
    RECONNECTING = "RECONNECTING"
    OFFLINE = "OFFLINE"
    ENDED = "ENDED"
    ERROR = "ERROR"
    CLOSED = "CLOSED"


class Reason(StrEnum):
    NONE = "NONE"
    LIBVLC_MISSING = "LIBVLC_MISSING"
    CANNOT_OPEN = "CANNOT_OPEN"
    """Refused, unknown address, expired ticket or a format libVLC does not read."""
    NO_FIRST_PICTURE = "NO_FIRST_PICTURE"
    LINK_LOST = "LINK_LOST"
    SAME_PICTURE = "SAME_PICTURE"
    NO_NEW_FRAME = "NO_NEW_FRAME"
    BLACK_PICTURE = "BLACK_PICTURE"
    NO_ANSWER = "NO_ANSWER"
    """The camera took the connection, or not even that, and said nothing."""
    REFUSED = "REFUSED"
    """Nobody listens there."""
    WRONG_PASSWORD = "WRONG_PASSWORD"
    NOT_FOUND = "NOT_FOUND"
    NO_VIDEO = "NO_VIDEO"
    """It answered, but not with a picture."""
    DEFECT = "DEFECT"
    """This program is wrong; the log has the trace."""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """What a source said it sends; `rate` in pictures a second, None where it does not say."""

    codec: str
    size: tuple[int, int]
    rate: float | None = None


class SessionStatus(msgspec.Struct, frozen=True, kw_only=True):
    """`since` is when the state began (for FROZEN: when the picture last moved)."""

    state: SessionState
    since: datetime
    reason: Reason = Reason.NONE
    attempt: int = 0
    retry_at: float | None = None
    """On the session's monotonic clock."""
    last_frame_at: datetime | None = None
    stood_before: bool = False
    """FROZEN, and never seen to move: it stood already at `since`, nobody here knows how long."""

"""The two clocks a session needs: monotonic for waits, business time for what people read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class MediaClock:
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = utc_now

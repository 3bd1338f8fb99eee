"""Wait for a condition, never for a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

POLL_S = 0.02
PAUSE = threading.Event()


def wait_until(condition: Callable[[], bool], within_s: float = 180.0) -> None:
    end = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {within_s} s: {condition}")
        PAUSE.wait(POLL_S)


class HandClock:
    """Business and monotonic time that run with real time plus what the test adds."""

    def __init__(self) -> None:
        self.added_s = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.added_s


class StillClock:
    """Time that moves by what the test adds alone: a pause of this machine is none of a camera."""

    def __init__(self) -> None:
        self.added_s = 0.0

    def monotonic(self) -> float:
        return self.added_s

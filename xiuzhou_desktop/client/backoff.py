"""Full-jitter back-off: 1 → 60 s, so that five hundred workstations do not come back in one second
(sync.md §4.2).
"""

from random import Random

FIRST_S = 1.0
LONGEST_S = 60.0
LONGEST_DEMO_S = (
    5.0  # a demonstration is watched: its network comes back when the button is pressed
)


class Backoff:
    """Delays of one link; `pace` scales them (Spine)."""

    def __init__(self, random: Random, pace: float = 1.0, longest_s: float = LONGEST_S) -> None:
        self._random = random
        self._pace = pace
        self._longest_s = longest_s
        self._attempt = 0

    def next_s(self, retry_after_s: int | None = None) -> float:
        """How long to wait now; the server's own wish wins."""
        ceiling = min(self._longest_s, FIRST_S * 2**self._attempt)
        self._attempt = min(self._attempt + 1, 16)
        if retry_after_s is not None:
            return retry_after_s * self._pace
        return self._random.uniform(0.1, ceiling) * self._pace

    def reset(self) -> None:
        """It works again."""
        self._attempt = 0

    def limit(self, longest_s: float) -> None:
        """Another ceiling."""
        self._longest_s = longest_s

"""How long a lost camera waits for its next attempt."""

from __future__ import annotations

import random

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
SPREAD = 0.2
"""Sixteen tiles of one lost switch do not come back in the same instant."""


def wait_s(attempt: int, dice: random.Random) -> float:
    """Seconds before `attempt` (1, 2, …): doubled each time, spread by ± 20 %."""
    base = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempt - 1, 10))
    return base * dice.uniform(1 - SPREAD, 1 + SPREAD)

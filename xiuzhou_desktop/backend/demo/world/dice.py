"""Deterministic chance: every draw is a function of the seed and of what it is drawn for.

Nothing here keeps a state between calls, so the same question always has the same answer, in any
order and in any process.
"""

import hashlib
import random
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")
_UNIT = float(1 << 53)

Key = int | str


@lru_cache(maxsize=1 << 15)
def _digest(parts: tuple[Key, ...]) -> int:
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def unit(*parts: Key) -> float:
    """A number in [0, 1) that belongs to these parts."""
    return (_digest(parts) >> 11) / _UNIT


def between(low: float, high: float, *parts: Key) -> float:
    """A number in [low, high) that belongs to these parts."""
    return low + (high - low) * unit(*parts)


def pick(choices: Sequence[T], *parts: Key) -> T:
    """One of the choices."""
    return choices[_digest(parts) % len(choices)]


def dice(*parts: Key) -> random.Random:
    """A generator of its own for these parts, where many draws belong together."""
    return random.Random(_digest(parts))

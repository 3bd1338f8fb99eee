"""How far a camera's own judgement may be trusted: its share of confirmed flags, with interval."""

from math import sqrt

from xiuzhou_desktop.domain.envelope import Struct

Z_95 = 1.96


class Interval(Struct, frozen=True, kw_only=True):
    """A share between 0 and 1 with its 95 % interval; None where nothing was counted."""

    value: float | None
    low: float | None = None
    high: float | None = None


def wilson(counted: int, of: int) -> Interval:
    """Wilson's score interval: honest for small counts, never outside 0 … 1."""
    if of == 0:
        return Interval(value=None)
    share = counted / of
    spread = Z_95 * sqrt(share * (1 - share) / of + Z_95**2 / (4 * of**2))
    centre = share + Z_95**2 / (2 * of)
    scale = 1 + Z_95**2 / of
    return Interval(value=share, low=(centre - spread) / scale, high=(centre + spread) / scale)

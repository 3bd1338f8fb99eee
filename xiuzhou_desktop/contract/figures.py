"""Counts over whole populations come from the backend, with their age (`GET
/v1/figures?name=…&subject_key=…&camera=…`).
"""

from datetime import datetime

from xiuzhou_desktop.domain.envelope import Struct


class Figure(Struct, frozen=True, kw_only=True):
    """One count or ratio.

    Counted/of over a named period. `of` None: a plain count. A ratio over zero is shown as "—".
    """

    name: str
    counted: int
    of: int | None = None
    period_from: datetime | None = None
    period_to: datetime | None = None


class Figures(Struct, frozen=True, kw_only=True):
    """The answer, as of `at` (business time)."""

    at: datetime
    figures: tuple[Figure, ...]

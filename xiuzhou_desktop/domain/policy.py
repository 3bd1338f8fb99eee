"""Limits and rules that the district sets for itself: versioned `setting` records, read into one typed value.

Every number marked [D] in domain.md is here with its default, so that it can be changed without a release.
"""

from .envelope import Struct


class Policy(Struct, frozen=True, kw_only=True):
    """What the judge may be told. Durations are in the unit of their name."""

    version: int = 0  # highest version of the settings it was read from
    correct_by_min: dict[str, int] = {"05-05": 15, "05-04": 30}  # domain.md §2.3, from delivery
    correct_by_default_min: int = 30

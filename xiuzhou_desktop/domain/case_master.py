"""Whose decision counts in a penalty case (domain.md §3)."""

from enum import StrEnum


class CaseMaster(StrEnum):
    """The province's penalty system, or this product."""

    PROVINCIAL = "provincial"
    LOCAL = "local"

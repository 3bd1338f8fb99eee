"""Mainland mobile numbers: check and mask. Workstations never hold a whole one (domain.md §2.3)."""

import re
import unicodedata

PATTERN = re.compile(r"^1[3-9][0-9]{9}$")
PREFIX = re.compile(r"^(?:\+|00)?86(?=1)")


def normalise_mobile(text: str) -> str:
    """Eleven digits, without the country code, spaces and dashes."""
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    return PREFIX.sub("", digits)


def mask_mobile(number: str) -> str:
    """138****5678."""
    digits = normalise_mobile(number)
    return f"{digits[:3]}****{digits[-4:]}"


def is_mobile(text: str) -> bool:
    """Whether it can be a mobile number."""
    return PATTERN.fullmatch(normalise_mobile(text)) is not None

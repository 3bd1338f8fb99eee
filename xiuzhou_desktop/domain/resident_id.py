"""Resident identity numbers (GB 11643): check, and the mask in which alone they are shown."""

from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def is_resident_id(text: str) -> bool:
    """Whether the date exists and the check character fits."""
    if len(text) != 18 or not (text[:17].isascii() and text[:17].isdigit()):
        return False
    total = sum(int(char) * weight for char, weight in zip(text[:17], WEIGHTS, strict=True))
    return CHECKS[total % 11] == text[17].upper() and _is_date(text[6:14])


def birth_date(text: str) -> date:
    """The day of birth in a number that `is_resident_id` accepts."""
    return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))


def mask_resident_id(text: str) -> str:
    """330411********001*."""
    return f"{text[:6]}********{text[14:17]}*" if len(text) == 18 else "*" * len(text)


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True

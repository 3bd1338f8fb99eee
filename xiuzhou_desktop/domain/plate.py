"""Vehicle plates (GA 36-2018 as in domain.md §4): normalise, check, mask; the colour is part of
the key.

Two vehicles may carry the same characters on plates of two colours, so a subject is
"plate:浙FD8K31/green".
"""

import re
import unicodedata
from enum import StrEnum

from .ids import SubjectKey

PATTERN = re.compile(
    r"^(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
    r"(?:[A-HJ-NP-Z0-9]{5}|[A-HJ-NP-Z0-9]{4}[挂学警港澳领]"
    r"|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK])"
    r"|[0-9]{6}使|WJ[\u4e00-\u9fa5]?[0-9]{4}[0-9A-Z])$"
)
DROPPED = re.compile(r"[·\-\s]")
UNKNOWN_COLOUR = "unknown"


class PlateColour(StrEnum):
    """Colour of the plate, not of the vehicle."""

    BLUE = "blue"
    YELLOW = "yellow"
    BLACK = "black"
    WHITE = "white"
    GREEN = "green"
    YELLOW_GREEN = "yellow_green"


def normalise_plate(text: str) -> str:
    """NFKC, upper case, without dots, dashes and spaces."""
    return DROPPED.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_plate(text: str) -> bool:
    """Whether the normalised text can be a plate."""
    return PATTERN.fullmatch(normalise_plate(text)) is not None


def plate_key(plate: str, colour: str | None) -> SubjectKey:
    """The subject key of a vehicle."""
    return SubjectKey(f"plate:{normalise_plate(plate)}/{colour or UNKNOWN_COLOUR}")


def pretty_plate(plate: str) -> str:
    """浙FD8K31 as it stands on the car: 浙F·D8K31."""
    return f"{plate[:2]}·{plate[2:]}"


def pretty_title(title: str, subject_key: str | None) -> str:
    """A record's title; the plate that it begins with, as it stands on the car."""
    plate = (subject_key or "").removeprefix("plate:").partition("/")[0]
    is_first = plate != subject_key and plate != "" and title.startswith(plate)
    return pretty_plate(plate) + title[len(plate) :] if is_first else title


def mask_plate(plate: str) -> str:
    """As it may be published: 浙F·**3**5 (domain.md §3.4)."""
    text = normalise_plate(plate)
    if len(text) < 7:
        return "*" * len(text)
    last = len(text) - 3
    tail = "".join(c if i in (2, last) else "*" for i, c in enumerate(text[2:]))
    return f"{text[:2]}·{tail}"

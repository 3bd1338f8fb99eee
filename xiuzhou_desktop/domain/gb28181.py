"""GB/T 28181 device ids: twenty digits with a meaning (domain.md §4, rule A); text, never a number.

33041100 08 132 6 000152
centre   industry type network serial
"""

import re

from .envelope import Struct

PATTERN = re.compile(r"^[0-9]{20}$")
CAMERA_TYPES = frozenset({"131", "132"})


class DeviceId(Struct, frozen=True, kw_only=True):
    """The parts of an id."""

    centre: str
    industry: str
    type: str
    network: str
    serial: str


def parse_device_id(text: str) -> DeviceId | None:
    """The parts, or None where it is no id."""
    if not PATTERN.fullmatch(text):
        return None
    return DeviceId(
        centre=text[:8], industry=text[8:10], type=text[10:13], network=text[13], serial=text[14:]
    )


def is_camera_id(text: str) -> bool:
    """Whether the id is a camera's (131, 132)."""
    parts = parse_device_id(text)
    return parts is not None and parts.type in CAMERA_TYPES

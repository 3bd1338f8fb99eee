"""How fast files go up: in parts of about a second, and no faster than a person allows.

    a limit     a token bucket that holds one part: the next one goes when the last is paid for
    no limit    a part is what the line carried in its last second: on a slow line, too, a person
                sees how far a file is, and a pause is heeded at once

Only files pass here. Commands and records go as fast as they can.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec

from xiuzhou_desktop.domain.envelope import Struct

from .key import write_private

FILE = "transfer.json"
LEAST_BYTES, FIRST_BYTES = 64 * 1024, 1024 * 1024
MOST_BYTES = 8 * 1024 * 1024  # of one request: what is in memory, and what is lost at most


class Allowed(Struct, frozen=True, kw_only=True):
    """What a person allows on this workstation; None: as fast as it can."""

    bytes_per_s: Annotated[int, msgspec.Meta(ge=LEAST_BYTES)] | None = None


def load_allowed(root: Path) -> Allowed:
    """What was allowed last."""
    try:
        return msgspec.json.decode((root / FILE).read_bytes(), type=Allowed)
    except (FileNotFoundError, msgspec.MsgspecError):
        return Allowed()


def keep_allowed(root: Path, allowed: Allowed) -> None:
    """For whoever signs in here, from now on."""
    write_private(root / FILE, msgspec.json.encode(allowed))


class Line:
    """The way up of one workstation; `monotonic_s` is its clock."""

    def __init__(self, monotonic_s: Callable[[], float], allowed: Allowed) -> None:
        self._monotonic_s = monotonic_s
        self._free_at_s = monotonic_s()
        self._carries = FIRST_BYTES  # in a second
        self.allowed = allowed

    def allow(self, allowed: Allowed) -> None:
        """From the next part on; what was booked at the old rate is forgotten."""
        self.allowed, self._free_at_s = allowed, self._monotonic_s()

    @property
    def part_bytes(self) -> int:
        """How much the next part may hold."""
        return min(self._carries, self.allowed.bytes_per_s or MOST_BYTES, MOST_BYTES)

    def book(self, size: int) -> float:
        """Seconds until so many bytes may go."""
        now_s, rate = self._monotonic_s(), self.allowed.bytes_per_s
        begins_s = max(self._free_at_s, now_s)
        self._free_at_s = begins_s + (size / rate if rate else 0.0)
        return begins_s - now_s

    def carried(self, size: int, began_s: float) -> None:
        """So many bytes have gone since then."""
        took_s = self._monotonic_s() - began_s
        pace = int(size / took_s) if took_s > 0 else MOST_BYTES
        self._carries = min(max(pace, LEAST_BYTES), MOST_BYTES)

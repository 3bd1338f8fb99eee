"""Telephone numbers of the demonstration's people: invented, the same for the same subject.

Numbers of a series that belongs to nobody; one ends in 0000, which the provider cannot reach.
"""

import hashlib

UNREACHABLE = "0000"


class PhoneBook:
    """A contact book that knows a number for every plate and shop."""

    def __init__(self, unreachable: frozenset[str]) -> None:
        self._unreachable = unreachable

    def number_of(self, subject_key: str, purpose: str) -> str | None:
        """The number; the purpose is kept by the outbox."""
        del purpose
        raw = hashlib.blake2b(subject_key.encode(), digest_size=4).digest()
        middle = f"{int.from_bytes(raw, 'big') % 10_000:04d}"
        last = UNREACHABLE if subject_key in self._unreachable else f"{raw[3] * 37 % 9000 + 1000}"
        return f"199{middle}{last}"

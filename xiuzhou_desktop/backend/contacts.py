"""Telephone numbers of those who are told: known to the backend alone, read from a file that the
administrator keeps.

DIR/contacts.csv has the columns subject_key, number; a district with a register puts its own
adapter in this place.
"""

import csv
from pathlib import Path

from xiuzhou_desktop.domain.mobile import is_mobile


class ContactFile:
    """A small register in a file, read again when it changes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_at = 0
        self._numbers: dict[str, str] = {}

    def number_of(self, subject_key: str, purpose: str) -> str | None:
        """The number, or None where there is none. The caller keeps the purpose."""
        del purpose  # audited by the outbox; a remote register would be told
        if not self._file.exists():
            return None
        changed_at = self._file.stat().st_mtime_ns
        if changed_at != self._read_at:
            self._numbers, self._read_at = _read(self._file), changed_at
        return self._numbers.get(subject_key)


def _read(file: Path) -> dict[str, str]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {row["subject_key"]: row["number"] for row in rows if is_mobile(row["number"])}

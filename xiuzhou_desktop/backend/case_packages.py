"""The `case system` adapter, as a file drop: a case's package for the province's penalty system,
one file a key.

The province is the master of a case (domain.md §3); it picks the files up and deduplicates by their
names.
"""

import hashlib
import os
from pathlib import Path

import msgspec


class CasePackages:
    """A folder that the other system watches."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, case: str | None, flag: str | None) -> None:
        """Drop one package, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        parts = {"case": _raw(case), "flag": _raw(flag), "key": key}
        file = self._file(key)
        part = file.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(parts, order="sorted"))
        os.replace(part, file)

    def has(self, key: str) -> bool:
        """Whether that package was dropped."""
        return self._file(key).exists()

    def _file(self, key: str) -> Path:
        return self._folder / f"{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}.json"


def _raw(doc: str | None) -> msgspec.Raw | None:
    return msgspec.Raw(doc.encode()) if doc else None

"""A keyring in a file, for tests: also for programs that a test starts.

PYTHON_KEYRING_BACKEND=tests.unit.media.keyring_file.FileKeyring  XIUZHOU_TEST_KEYRING=<file>
"""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend

FILE = "XIUZHOU_TEST_KEYRING"


class FileKeyring(KeyringBackend):
    """One JSON object; the key is service and name."""

    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        found: str | None = self._all().get(f"{service}/{username}")
        return found

    def set_password(self, service: str, username: str, password: str) -> None:
        told = self._all() | {f"{service}/{username}": password}
        self._file().write_text(json.dumps(told), encoding="utf-8")

    def delete_password(self, service: str, username: str) -> None:
        told = self._all()
        told.pop(f"{service}/{username}", None)
        self._file().write_text(json.dumps(told), encoding="utf-8")

    def _all(self) -> dict[str, str]:
        file = self._file()
        return json.loads(file.read_text("utf-8")) if file.exists() else {}

    def _file(self) -> Path:
        return Path(os.environ[FILE])

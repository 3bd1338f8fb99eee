"""A backend process of the product with a stand-in SMS provider at its border.

    python -m tests.backend.with_provider URL DIR      → as `serve --data DIR --database URL`;
        URL empty: SQLite

The provider is a folder, DIR/provider, that outlives the process: `tried` has a line a call,
`sent/<key>` a message that was accepted. Where `DIR/provider/stall` is a pipe, it answers only once
somebody has written to that.
"""

import dataclasses
import os
import sys
from pathlib import Path

from xiuzhou_desktop.backend.build import build
from xiuzhou_desktop.backend.case_packages import PACKAGES, CasePackages
from xiuzhou_desktop.backend.cli.serving import say
from xiuzhou_desktop.backend.effects import Outbox, Providers
from xiuzhou_desktop.backend.hooks import Delivery, Failure
from xiuzhou_desktop.backend.serve import serve
from xiuzhou_desktop.backend.settings import Settings

NUMBER = "13800000001"


class FolderProvider:
    """Accepts a message once a key, and may then keep its caller waiting."""

    deduplicates = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "sent").mkdir(parents=True, exist_ok=True)

    def number_of(self, subject_key: str, purpose: str) -> str | None:
        return NUMBER

    def send(self, key: str, number: str, words: str) -> Failure | None:
        with (self._folder / "tried").open("a", encoding="utf-8") as tried:
            tried.write(f"{os.getpid()} {key}\n")
        self._message(key).touch()
        stall = self._folder / "stall"
        if stall.exists():
            stall.read_bytes()
        return None

    def knows(self, key: str) -> bool:
        return self._message(key).exists()

    def receipt(self, key: str, now: object) -> Delivery | None:
        return None

    def _message(self, key: str) -> Path:
        return self._folder / "sent" / key.replace("/", "-")


def main(url: str, folder: Path) -> None:
    """Serve until a signal."""
    parts = build(Settings(folder=folder, database=url or None))
    provider = FolderProvider(folder / "provider")
    packages = CasePackages(folder / PACKAGES)
    providers = Providers(sms=provider, contacts=provider, packages=packages)
    outbox = Outbox(parts.store, parts.clock, parts.desk, providers)
    serve(dataclasses.replace(parts, sms=provider, outbox=outbox), say)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

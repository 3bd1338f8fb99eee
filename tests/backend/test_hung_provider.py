"""A provider that does not come back keeps no officer waiting."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

from tests.backend.district import open_district
from tests.backend.process import push
from tests.backend.test_two_processes import MORNING, WithProvider, confirmed, reported
from tests.e2e.waits import until
from xiuzhou_desktop.backend.clock import Anchor
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.domain.canonical import canonical


def test_commands_go_on_while_a_provider_hangs(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with open_district(Settings(folder=folder)):
        (folder / "clock.json").write_bytes(
            canonical(Anchor(wall=datetime.now(UTC), business=MORNING))
        )
    with WithProvider(folder, "") as backend, backend.client() as client:
        stall = folder / "provider" / "stall"
        os.mkfifo(stall)
        flag = reported()
        push(client, flag, confirmed(flag))
        tried = folder / "provider" / "tried"
        asyncio.run(until(tried.exists, "the provider is asked"))

        told = push(client, reported()).json()["results"][0]

        stall.write_bytes(b"")  # it comes back, or the process could not end
        assert told["status"] == "applied"

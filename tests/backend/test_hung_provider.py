"""A provider, a tray or a portal that does not come back keeps no officer waiting, and no stop."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests.backend.district import open_district
from tests.backend.process import push
from tests.backend.test_two_processes import MORNING, WithProvider, confirmed, reported
from tests.e2e.waits import until
from xiuzhou_desktop.backend.clock import Anchor
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.domain.canonical import canonical


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    one = tmp_path / "data"
    with open_district(Settings(folder=one)):
        anchor = Anchor(wall=datetime.now(UTC), business=MORNING)
        (one / "clock.json").write_bytes(canonical(anchor))
    return one


def test_commands_go_on_while_a_provider_hangs(folder: Path) -> None:
    with WithProvider(folder, "") as backend, backend.client() as client:
        stall = folder / "provider" / "stall"
        os.mkfifo(stall)
        flag = reported()
        push(client, flag, confirmed(flag))
        tried = folder / "provider" / "tried"
        asyncio.run(until(tried.exists, "the provider is asked"))

        told = push(client, reported()).json()["results"][0]

        stall.write_bytes(b"")
        assert told["status"] == "applied"


def test_a_stop_leaves_behind_what_hangs_and_the_next_start_sends_once(folder: Path) -> None:
    provider, flag = folder / "provider", reported()
    trays = [folder / "case-packages/in/a.json", folder / "portal/listing.json"]
    hanging = [provider / "stall", *trays]
    for one in hanging:
        one.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(one)
    with WithProvider(folder, "") as backend, backend.client() as client:
        push(client, flag, confirmed(flag))
        asyncio.run(until((provider / "tried").exists, "the provider is asked"))
        assert backend.stop() == 0
    for one in hanging:
        one.unlink()
    with WithProvider(folder, "") as backend, backend.client() as client:
        asyncio.run(until(lambda: is_told(client, flag), "the flag knows that it was sent"))
    tried = (provider / "tried").read_text("utf-8").splitlines()
    assert len(tried) == 1  # the next start asked by the key: it was there
    assert len([*(provider / "sent").iterdir()]) == 1


def is_told(client: httpx.Client, flag: dict[str, object]) -> bool:
    """Whether the flag knows that its message went out."""
    told = client.get(f"/v1/records/flag/{flag['record']}").json()
    return "notice_sent" in [entry["name"] for entry in told["log"]]

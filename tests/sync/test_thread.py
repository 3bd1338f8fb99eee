"""The engine's thread holds its profile for as long as it has the profile's files open."""

import asyncio
import logging
import threading
from pathlib import Path

import httpx
import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.network import Network
from tests.sync.test_damage import scratch
from tests.sync.test_engine import signed_in
from tests.unit.domain.builders import DUTY, MORNING
from ui.shell.application import Running
from xiuzhou_desktop.client.engine.thread import EngineThread
from xiuzhou_desktop.client.errors import ProfileInUse
from xiuzhou_desktop.client.profile import Profile
from xiuzhou_desktop.client.sealed_db import DamagedJournalError
from xiuzhou_desktop.client.session import open_profile


class SlowToClose(httpx.MockTransport):
    """Connections that are dropped when the test says so."""

    def __init__(self, network: Network) -> None:
        super().__init__(network.answer)
        self.may_close = threading.Event()

    async def aclose(self) -> None:
        while not self.may_close.is_set():
            await asyncio.sleep(0.01)


class Impatient(EngineThread):
    """Whoever stops it waits a moment only."""

    def stop(self, patience_s: float = 0.05) -> None:
        super().stop(patience_s)


@pytest.fixture
def network() -> Network:
    return Network(DistrictServer(MORNING, DUTY.grants, DUTY))


def profile_in(root: Path, network: Network) -> Profile:
    return asyncio.run(signed_in(network, root))


def until_ended(name: str) -> None:
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join()


def test_a_window_that_ends_before_its_engine_leaves_the_profile_to_the_engine(
    tmp_path: Path, network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    profile, slow = profile_in(tmp_path, network), SlowToClose(network)
    running = Running(profile, Impatient(profile, transport=slow))
    running.engine.start()
    asyncio.run(running.end())
    assert "engine not stopped in time" in caplog.text
    with pytest.raises(ProfileInUse):
        open_profile(tmp_path)

    with caplog.at_level(logging.INFO):
        slow.may_close.set()
        until_ended("engine")
    assert "engine stopped, profile free" in caplog.text
    open_profile(tmp_path).close()


def test_an_engine_that_cannot_open_its_files_leaves_the_profile_free(
    tmp_path: Path, network: Network
) -> None:
    profile = profile_in(tmp_path, network)
    EngineThread(profile, transport=network.transport()).start().stop()
    scratch(profile.journal_path)
    again = EngineThread(open_profile(tmp_path), transport=network.transport())
    with pytest.raises(DamagedJournalError):
        again.start()
    open_profile(tmp_path).close()

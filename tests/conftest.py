"""What every test gets: no keyring and no home of the person who runs it; windows on an own Xvfb.

`display` starts one Xvfb a worker, and only if a test of that worker opens a window.
"""

import os
from collections.abc import Iterator
from functools import partialmethod
from pathlib import Path

import pytest
from hypothesis import settings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.display import virtual_display, windowed_environment

WINDOWED = ("ui", "e2e")
PATIENCE_MS = 180_000
LONGEST = "test_shift.py"  # of one test and of minutes: begun last it would run alone
HERE = Path(__file__).parent

# Two busy cores make single examples slow; the whole run has the limit. The CI judges a change
# by the same examples each time; at a desk every run looks for new ones.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file first, the rest in its order."""
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.fixture(scope="session", autouse=True)
def own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep keyring, settings and caches of the person who runs the tests out of them."""
    home = tmp_path_factory.mktemp("surroundings")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        patch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
        for name in ("CACHE", "CONFIG", "DATA", "STATE"):
            folder = home / name.lower()
            folder.mkdir()
            patch.setenv(f"XDG_{name}_HOME", str(folder))
        runtime = home / "runtime"
        runtime.mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        yield


@pytest.fixture(scope="session")
def display(own_surroundings: None) -> Iterator[str]:
    """Name of this worker's Xvfb; programs started by a test inherit it."""
    with virtual_display() as name, pytest.MonkeyPatch.context() as patch:
        wanted = windowed_environment(name)
        for dropped in os.environ.keys() - wanted.keys():
            patch.delenv(dropped)
        for variable, value in wanted.items():
            patch.setenv(variable, value)
        yield name


@pytest.fixture(scope="session")
def qapp_args(display: str) -> list[str]:
    """Arguments of pytest-qt's QApplication, which needs the display first."""
    return ["xiuzhou"]


class PatientBot(QtBot):
    """Waits as long as a busy machine may need; who waits for a condition goes on at once."""

    waitUntil = partialmethod(QtBot.waitUntil, timeout=PATIENCE_MS)
    waitSignal = partialmethod(QtBot.waitSignal, timeout=PATIENCE_MS)
    waitExposed = partialmethod(QtBot.waitExposed, timeout=PATIENCE_MS)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's own, but patient."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def _display_for_windows(request: pytest.FixtureRequest) -> None:
    if request.path.relative_to(HERE).parts[0] in WINDOWED:
        request.getfixturevalue("display")

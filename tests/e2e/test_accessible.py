"""Every panel as a screen reader meets it, over the real accessibility bus: each control has a name
and can be reached by keyboard, and a list that holds rows has a current one.

    dbus-daemon of our own ─► at-spi registry ─► the window (accessible_window.py)
                                             └─► the reader (atspi_walk.py, the system's Python)
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
PROGRAM = "accessible"
READER = "/usr/bin/python3"
CONTROLS = frozenset(
    {
        "push button", "toggle button", "check box", "radio button", "combo box", "text", "entry",
        "slider", "spin button", "list", "table", "tree", "page tab", "page tab list",
    }
)  # fmt: skip
REACHED_THROUGH = frozenset({"page tab", "text"})  # by their bar; of a combo box, by the box
LISTS = frozenset({"list", "table", "tree", "tree table"})
READ_S = 600
READINGS = 8  # a busy machine shows rows before their current one


class Widget(msgspec.Struct, frozen=True):
    """What the bus tells of one widget."""

    role: str
    name: str
    path: str
    is_showing: bool
    is_enabled: bool
    is_focusable: bool
    rows: int  # that can be selected
    current: int  # selected, or with the focus

    @property
    def is_control(self) -> bool:
        return self.role in CONTROLS and self.is_showing and self.is_enabled


@contextmanager
def own_bus() -> Iterator[dict[str, str]]:
    """The environment of programs that meet on a bus of their own."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        try:
            yield os.environ | {
                "DBUS_SESSION_BUS_ADDRESS": address,
                "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            }
        finally:
            daemon.terminate()


@contextmanager
def own_window(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The window, its first line read."""
    command = [sys.executable, "-m", "tests.e2e.accessible_window"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, env=environment, cwd=PROJECT
    ) as window:
        try:
            yield window
        finally:
            window.kill()


def said(window: subprocess.Popen[str]) -> list[str]:
    assert window.stdout is not None
    return window.stdout.readline().split()


def show(window: subprocess.Popen[str], panel: str) -> None:
    assert window.stdin is not None
    print(panel, file=window.stdin, flush=True)
    assert said(window) == ["shown", panel]


def widgets(environment: dict[str, str]) -> list[Widget]:
    """The window's tree as the reader finds it now."""
    command = [READER, str(HERE / "atspi_walk.py"), PROGRAM]
    read = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=READ_S, check=False
    )
    assert read.returncode == 0, read.stderr
    return [msgspec.convert(json.loads(line), Widget) for line in read.stdout.splitlines()]


def nameless(found: Sequence[Widget]) -> list[str]:
    return [one.path for one in found if one.is_control and not one.name]


def unreachable(found: Sequence[Widget]) -> list[str]:
    return [
        one.path
        for one in found
        if one.is_control and not one.is_focusable and one.role not in REACHED_THROUGH
    ]


def without_current(found: Sequence[Widget]) -> list[str]:
    return [
        one.path
        for one in found
        if one.role in LISTS and one.is_showing and one.rows and not one.current
    ]


def complaints(environment: dict[str, str], panel: str) -> dict[str, list[str]]:
    """What is wrong with a panel that has settled: while something is, it is read once more."""
    wrong: dict[str, list[str]] = {}
    for _ in range(READINGS):
        found = widgets(environment)
        wrong = {
            f"{panel}: no name": nameless(found),
            f"{panel}: no tab stop": unreachable(found),
            f"{panel}: no current cell": without_current(found),
            f"{panel}: the bus shows few controls": few_controls(found),
        }
        wrong = {name: paths for name, paths in wrong.items() if paths}
        if not wrong:
            break
    return wrong


def few_controls(found: Sequence[Widget]) -> list[str]:
    controls = [one.path for one in found if one.is_control]
    return [] if len(controls) > 10 else controls or ["none"]


def test_every_panel_is_named_reachable_and_has_a_current_cell() -> None:
    with own_bus() as environment, own_window(environment) as window:
        _, *panels = said(window)
        assert "triage" in panels
        wrong: dict[str, list[str]] = {}
        for panel in panels:
            show(window, panel)
            wrong |= complaints(environment, panel)
        assert wrong == {}

"""Every part of the window can be reached and named without a mouse (style.md rules 29, 30)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_window, running_loop
from tests.unit.domain.builders import a_flag
from ui.shell.demo_bar import DemoBar
from ui.shell.window import ShellWindow

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit)


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> ShellWindow:
    shown = a_window(FakeEngine(a_flag()), tmp_path, panels=PLUGINS)
    qtbot.addWidget(shown)
    shown.resize(1920, 1080)
    shown.insert_bar(DemoBar(shown.place, None))
    shown.show()
    for frame in shown.panels():
        shown.show_panel(frame.found.id)
        assert frame.panel is not None, f"{frame.found.id} did not open"
    return shown


def controls(window: ShellWindow) -> list[QWidget]:
    """Visible controls that a person may press or type into."""
    parts = [window, window.outbox, window.palette_window]
    found = [child for part in parts for child in part.findChildren(QWidget)]
    return [one for one in found if isinstance(one, CONTROLS) and _is_own(one)]


def _is_own(control: QWidget) -> bool:
    """Not a part that Qt or the docks make inside a control of ours."""
    name = type(control).__name__
    return name not in ("QLineEdit",) or not isinstance(control.parentWidget(), QComboBox)


def test_each_control_has_an_accessible_name(window: ShellWindow) -> None:
    assert len(controls(window)) > 20
    nameless = [
        f"{type(one).__name__} in {type(one.parentWidget()).__name__}"
        for one in controls(window)
        if one.isVisible() and not (one.accessibleName() or _own_text(one))
    ]
    assert nameless == []


def test_each_control_that_acts_is_a_tab_stop(window: ShellWindow) -> None:
    unreachable = [
        f"{type(one).__name__} {one.accessibleName()}"
        for one in controls(window)
        if one.isVisible()
        and one.isEnabled()
        and not one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one is not window.palette_window.list
        and type(one).__module__.startswith(("ui.", "plugins."))
    ]
    assert unreachable == []


def test_every_shortcut_of_every_panel_comes_from_the_registry(window: ShellWindow) -> None:
    registered = {key for one in window.place.actions.all() for key in one.action.keys}
    found = [one for one in window.findChildren(QShortcut) if one.isEnabled() and _is_ours(one)]
    keys = [one.property("registered_key") for one in found]
    assert None not in keys
    assert set(keys) <= registered
    acts = [one for one in window.findChildren(QAction) if _is_ours(one)]
    assert [one.text() for one in acts if not one.shortcut().isEmpty()] == []


def test_every_action_has_words_in_its_catalogue(window: ShellWindow) -> None:
    for one in window.place.actions.all():
        words = one.words or window.place.text
        assert words(one.action.text)


def _is_ours(one: QObject) -> bool:
    """Not of Qt's own dialog for files."""
    at: QObject | None = one
    while at is not None and not isinstance(at, QFileDialog):
        at = at.parent()
    return at is None


def _own_text(control: QWidget) -> str:
    return control.text() if isinstance(control, QAbstractButton) else ""

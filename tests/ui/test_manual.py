"""Shift+F1: the chapter of the panel in front, beside the window; and no key that is not there."""

import asyncio
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import (
    LABEL_PANEL,
    a_folder_of_panels,
    a_window,
    in_front,
    running_loop,
)
from ui.actions import key_name
from ui.manual.pages import FOLDER, chapters
from ui.shell.application import LOCK
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.plugin_api.context import Action

PLUGINS = FOLDER.parents[1] / "plugins"
KEY_MODULES = ("actions", "keys")
OF_FORMS = {"Tab", "Enter", "Ctrl+Enter"}  # Qt's own, and a form's submit
NAMED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    theme().apply(qapp, ThemeName.DARK)
    with running_loop(qapp) as running:
        yield running


def with_manual(folder: Path, place: str) -> Path:
    panels = a_folder_of_panels(folder, one=LABEL_PANEL)
    manifest = panels / "one" / "manifest.toml"
    manifest.write_text(f'manual = "{place}"\n{manifest.read_text(encoding="utf-8")}', "utf-8")
    return panels


@pytest.mark.usefixtures("loop")
def test_the_chapter_of_the_panel_opens_and_links_lead_on(qtbot: QtBot, tmp_path: Path) -> None:
    panels = with_manual(tmp_path / "panels", "duty#视频墙")
    window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
    manual = window.manual
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: manual.at == ("duty", "视频墙"))
    assert manual.isVisible()
    assert manual.page.verticalScrollBar().value() > 0
    manual.page.anchorClicked.emit(QUrl("review.html#办一步"))
    qtbot.waitUntil(lambda: manual.at == ("review", "办一步"))
    kind = QTextDocument.ResourceType.ImageResource.value
    picture = manual.page.loadResource(kind, QUrl("pictures/cases.png"))
    assert 0 < picture.width() <= manual.page.viewport().width()
    QTest.keyClick(manual.page, Qt.Key.Key_Escape)
    assert not manual.isVisible()


@pytest.mark.usefixtures("loop")
def test_the_manual_names_no_key_that_is_not_there(qtbot: QtBot, tmp_path: Path) -> None:
    engine = FakeEngine(roles=(Role.ADMINISTRATOR,))
    window = a_window(engine, tmp_path, panels=a_folder_of_panels(tmp_path, one=LABEL_PANEL))
    qtbot.addWidget(window)
    actions = [LOCK, *(one.action for one in window.place.actions.all()), *of_panels()]
    known = {key_name(key) for action in actions for key in action.keys} | OF_FORMS
    for chapter in chapters():
        text = (FOLDER / f"{chapter}.md").read_text(encoding="utf-8")
        assert set(NAMED.findall(text)) <= known, chapter


def of_panels() -> list[Action]:
    """Every action that a panel declares as data."""
    modules = [
        importlib.import_module(f"plugins.{path.parent.name}.{path.stem}")
        for name in KEY_MODULES
        for path in sorted(PLUGINS.glob(f"*/{name}.py"))
    ]
    values = [value for module in modules for value in vars(module).values()]
    single = [value for value in values if isinstance(value, Action)]
    several = [one for value in values if isinstance(value, tuple) for one in value]
    return [*single, *(one for one in several if isinstance(one, Action))]

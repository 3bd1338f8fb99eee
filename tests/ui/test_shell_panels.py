"""Panels from outside: found, declared, imported when shown; a broken one becomes a card."""

import asyncio
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget
from pytestqt.qtbot import QtBot

from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import (
    LABEL_PANEL,
    a_folder_of_panels,
    a_window,
    in_front,
    running_loop,
)
from tests.unit.domain.builders import a_flag, rid
from ui.shell.panel_frame import PanelFrame
from xiuzhou_desktop.plugin_api.discovery import find_panels
from xiuzhou_desktop.plugin_api.manifest import Manifest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/writing-a-panel.md"

FRAGILE = '''
"""Works until its button is pressed."""
from PySide6.QtWidgets import QPushButton
from ui.start import start

async def fail():
    raise RuntimeError("plate 浙F00000 was here")

def create_panel(context):
    button = QPushButton("press")
    button.clicked.connect(lambda: start(fail(), owner=button))
    return button
'''


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def card_text(frame: PanelFrame | None) -> str:
    assert frame is not None
    assert frame._card is not None  # noqa: SLF001 - what is shown
    return str(frame._card.accessibleName())  # noqa: SLF001


def code_of_page(language: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (whole,) = (one for one in blocks if language != "python" or "create_panel" in one)
    return str(whole)


class TestThePageInTheDocs:
    def test_its_panel_has_at_most_sixty_lines(self) -> None:
        assert len(code_of_page("python").splitlines()) <= 60

    def test_dropped_into_the_users_folder_it_appears_on_the_next_start(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        before = in_front(qtbot, a_window(FakeEngine(), tmp_path))
        assert before.panels() == ()
        before.close()
        folder = tmp_path / "plugins" / "latest"
        folder.mkdir(parents=True)
        (folder / "manifest.toml").write_text(code_of_page("toml"), encoding="utf-8")
        (folder / "panel.py").write_text(code_of_page("python"), encoding="utf-8")
        engine = FakeEngine(a_flag())
        window = in_front(qtbot, a_window(engine, tmp_path))
        assert [frame.title for frame in window.panels()] == ["最近线索"]
        panel = window.panels()[0].panel
        assert panel is not None
        rows = panel.findChild(QListWidget)
        qtbot.waitUntil(lambda: rows.count() == 1)
        engine.arrive(msgspec.structs.replace(a_flag(), id=rid(77)))
        qtbot.waitUntil(lambda: rows.count() == 2)
        rows.setCurrentRow(0)
        rows.setFocus()
        qtbot.keyClick(rows, Qt.Key.Key_Return)
        assert window.place.selection.current is not None

    def test_it_names_every_field_of_the_manifest(self) -> None:
        page = PAGE.read_text(encoding="utf-8")
        assert [name for name in Manifest.__struct_fields__ if f"| `{name}`" not in page] == []


class TestManifests:
    def test_a_missing_field_is_named_on_the_card(self, qtbot: QtBot, tmp_path: Path) -> None:
        panels = a_folder_of_panels(tmp_path / "panels", good=LABEL_PANEL, bad=LABEL_PANEL)
        manifest = panels / "bad" / "manifest.toml"
        lines = manifest.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("icon")]
        manifest.write_text("\n".join(kept), encoding="utf-8")
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        window.show_panel("bad")
        assert "缺少字段 icon" in card_text(window.docks.frame("bad"))
        window.show_panel("good")
        good = window.docks.frame("good")
        assert good is not None
        assert good.panel is not None

    @pytest.mark.parametrize(
        ("line", "slug"),
        [
            ("colour = 'red'", "unknown"),
            ("order = 'first'", "wrong"),
            ("api = 2", "api"),
            ("][", "syntax"),
        ],
    )
    def test_what_cannot_be_used_is_refused_without_raising(
        self, tmp_path: Path, line: str, slug: str
    ) -> None:
        panels = a_folder_of_panels(tmp_path / "panels", odd=LABEL_PANEL)
        manifest = panels / "odd" / "manifest.toml"
        key = line.partition(" ")[0]
        lines = [
            kept
            for kept in manifest.read_text(encoding="utf-8").splitlines()
            if not kept.startswith(f"{key} ")
        ]
        manifest.write_text("\n".join([*lines, line]), encoding="utf-8")
        (found,) = find_panels((panels,))
        assert found.error is not None
        assert found.error.slug == slug

    def test_a_panel_is_not_imported_before_it_is_shown(self, qtbot: QtBot, tmp_path: Path) -> None:
        mark = tmp_path / "imported"
        code = f"open({str(mark)!r}, 'w').close()\n{LABEL_PANEL}"
        panels = a_folder_of_panels(tmp_path / "panels", first=LABEL_PANEL, second=code)
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        assert not mark.exists()
        window.show_panel("second")
        assert mark.exists()


class TestFailures:
    def test_a_panel_that_raises_becomes_a_card_and_the_rest_lives_on(
        self, qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        panels = a_folder_of_panels(
            tmp_path / "panels", good=LABEL_PANEL, bad="raise ValueError('no')"
        )
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        with caplog.at_level(logging.ERROR):
            window.show_panel("bad")
        assert "“bad”出错并已停止,其余面板不受影响。" in card_text(window.docks.frame("bad"))
        errors = [one.message for one in caplog.records if one.levelno >= logging.ERROR]
        assert errors == ["panel stopped"]
        qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        assert window.docks.current() == "good"

    def test_a_coroutine_that_fails_becomes_the_panels_card(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        panels = a_folder_of_panels(tmp_path / "panels", fragile=FRAGILE)
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        frame = window.docks.frame("fragile")
        assert frame is not None
        button = frame.panel
        assert button is not None
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: frame.panel is None)
        assert "出错并已停止" in card_text(frame)

    def test_f5_on_the_card_reads_the_mended_code(self, qtbot: QtBot, tmp_path: Path) -> None:
        panels = a_folder_of_panels(tmp_path / "panels", bad="raise ValueError('no')")
        window = in_front(qtbot, a_window(FakeEngine(), tmp_path, panels=panels))
        (panels / "bad" / "panel.py").write_text(LABEL_PANEL + "\n# mended\n", encoding="utf-8")
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F5)
        frame = window.docks.frame("bad")
        assert frame is not None
        assert frame.panel is not None

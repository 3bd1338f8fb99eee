"""Ctrl+K by keys: whatever is found opens."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk import Desk, flag
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import LABEL_PANEL, a_folder_of_panels, a_window, running_loop
from tests.unit.domain.builders import a_flag, rid
from ui.shell.palette_search import PaletteRow, PaletteSearch, parse
from ui.shell.record_card import RecordCard
from ui.start import start

CONTROL = Qt.KeyboardModifier.ControlModifier
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def found(desk: Desk, typed: str) -> list[str]:
    desk.press(Qt.Key.Key_K, CONTROL)
    palette = desk.window.palette_window
    palette.field.setText(typed)
    queries = desk.engine.queries
    if not typed.startswith(">"):
        desk.qtbot.waitUntil(lambda: desk.engine.queries > queries)
        desk.qtbot.waitUntil(lambda: palette._asking.done())  # noqa: SLF001
    return [row.text for row in palette.list.rows.rows if not row.is_head]


def test_an_action_is_found_by_a_part_of_its_name(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path, flag(1))
    assert found(desk, ">发件") == ["发件箱"]
    desk.press(Qt.Key.Key_Return)
    assert desk.window.outbox.isVisible()


def test_a_plate_finds_its_vehicle_once(qtbot: QtBot, tmp_path: Path) -> None:
    titled = [msgspec.structs.replace(a_flag(), id=rid(n), title=f"浙FD8K31 {n}") for n in (1, 2)]
    desk = Desk(qtbot, tmp_path, *titled)
    assert found(desk, "浙FD8") == ["浙F·D8K31"]


def test_a_record_opens_where_its_kind_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path, flag(1), flag(2))
    assert "违停 中山西路 2 号" in found(desk, "@路 2")
    desk.press(Qt.Key.Key_Return)
    assert desk.window.place.selection.current is not None
    assert desk.window.place.selection.current.record == rid(2)
    assert not desk.window.palette_window.isVisible()


def test_a_kind_without_a_panel_opens_as_a_card(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path)
    assert found(desk, "李强")[:1] == ["李强"]
    desk.press(Qt.Key.Key_Return)
    card = desk.window.findChild(RecordCard)
    assert card is not None
    qtbot.waitUntil(lambda: "李强" in card._title.text())  # noqa: SLF001 - what is shown


def test_esc_gives_the_focus_back(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path)
    before: QWidget | None = QApplication.focusWidget()
    desk.press(Qt.Key.Key_K, CONTROL)
    desk.press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is before


def test_an_action_is_found_by_its_pinyin_initials(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path, flag(1))
    assert "发件箱" in found(desk, ">fjx")


def test_a_lone_first_letter_of_all_plates_asks_nothing() -> None:
    assert parse("浙")[2] == ""
    assert parse("浙F")[2] == "浙F"


def test_a_street_is_found_by_name_and_initials_where_a_panel_finds_places(
    qtbot: QtBot, tmp_path: Path
) -> None:
    folder = a_folder_of_panels(tmp_path / "panels", queue=LABEL_PANEL, ground=LABEL_PANEL)
    manifest = folder / "ground" / "manifest.toml"
    words = manifest.read_text(encoding="utf-8") + 'subjects = ["place"]\n'
    manifest.write_text(words, encoding="utf-8")
    engine = WithGround()
    window = a_window(engine, tmp_path, panels=folder)
    qtbot.addWidget(window)
    search = PaletteSearch(engine, window.place.actions, window.place.text, window.finds)
    answers: list[list[PaletteRow]] = []

    async def ask(typed: str) -> None:
        answers.append(await search.records(typed))

    for typed in ("@洪兴西", "hxxl"):
        start(ask(typed), owner=window)
        qtbot.waitUntil(lambda: bool(answers))
        row = answers.pop()[1]
        assert row.text == "洪兴西路"
    assert row.selected is not None
    window.open_record(row.selected)
    assert window.docks.current() == "ground"
    assert window.place.selection.current.place() is not None


class WithGround(FakeEngine):
    """It has the shipped base map."""

    async def fetch(self, path: str) -> bytes:
        assert path == "/v1/basemap"
        return (PROJECT / "resources" / "basemap.geojson").read_bytes()

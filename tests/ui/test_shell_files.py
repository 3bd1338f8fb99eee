"""F8, the tab of files: held back, let go and slowed by keys, and each says why it waits."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.e2e.sight import words
from tests.ui.desk import Desk, flag
from tests.ui.shell_parts import running_loop
from tests.unit.domain.builders import rid
from ui.shell.file_texts import MIB, NEXT, FileTexts, size_text
from ui.shell.outbox_window import FILES
from ui.theme.chips import Chip, ChipState
from xiuzhou_desktop.client.line import Allowed
from xiuzhou_desktop.client.uploads import FileOnItsWay, FileState, Uploads
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.text.catalogue import Catalogue

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def a_file(number: int, **more: object) -> FileOnItsWay:
    file = FileOnItsWay(
        blob=f"sha256:{number}", name=f"现场 {number}.jpg", size=4 * MIB, sent=MIB,
        state=FileState.WAITING, kind=Kind.EVIDENCE, record=rid(number), title="现场照片",
        about="违停 中山西路",
    )  # fmt: skip
    return msgspec.structs.replace(file, **more)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    """Three files on their way, shown."""
    desk = Desk(qtbot, tmp_path, flag(1))
    files = (a_file(1, state=FileState.UPLOADING), a_file(2), a_file(3, sent=None))
    desk.engine.on_their_way = Uploads(files=files, is_held=False, allowed=Allowed())
    desk.open_outbox()
    desk.window.outbox.tabs.setCurrentIndex(FILES - 1)
    desk.press(Qt.Key.Key_Tab, CONTROL)
    qtbot.waitUntil(lambda: desk.window.outbox.files.list.rows.rowCount() == 3)
    return desk


def states(desk: Desk) -> list[FileState]:
    return [one.state for one in desk.engine.on_their_way.files]


def test_p_holds_one_back_and_lets_it_go(desk: Desk, qtbot: QtBot) -> None:
    desk.press(Qt.Key.Key_J)
    desk.press(Qt.Key.Key_P)
    qtbot.waitUntil(lambda: states(desk)[1] is FileState.PAUSED)
    assert states(desk)[0] is FileState.UPLOADING
    view = desk.window.outbox.files
    qtbot.waitUntil(lambda: view.one.text() == "继续")
    row = view.list.current()
    assert row is not None
    assert row.chip == Chip(ChipState.PAUSED, "已暂停")
    desk.press(Qt.Key.Key_P)
    qtbot.waitUntil(lambda: FileState.PAUSED not in states(desk))


def test_shift_p_holds_all_back_and_the_tab_says_so(desk: Desk, qtbot: QtBot) -> None:
    desk.press(Qt.Key.Key_P, SHIFT)
    outbox = desk.window.outbox
    qtbot.waitUntil(lambda: outbox.tabs.tabText(FILES) == "文件 3 · 已暂停")
    assert set(states(desk)) == {FileState.PAUSED}
    assert outbox.files.all.text() == "全部继续"
    desk.press(Qt.Key.Key_P, SHIFT)
    qtbot.waitUntil(lambda: outbox.tabs.tabText(FILES) == "文件 3")


def test_the_keys_below_stay_in_sight_on_a_small_screen(desk: Desk, qtbot: QtBot) -> None:
    desk.window.resize(1366, 768)
    outbox, bar = desk.window.outbox, desk.window.key_bar
    qtbot.waitUntil(lambda: outbox.geometry().bottom() < bar.mapToGlobal(bar.rect().topLeft()).y())


def test_the_banner_counts_what_the_tab_shows(desk: Desk, qtbot: QtBot) -> None:
    outbox = desk.window.outbox
    qtbot.waitUntil(lambda: "3 个文件待上传" in words(outbox))
    desk.press(Qt.Key.Key_Tab, CONTROL)
    qtbot.waitUntil(lambda: "0 项等待送出" in words(outbox))


def test_l_chooses_how_fast_files_may_go(desk: Desk, qtbot: QtBot) -> None:
    desk.press(Qt.Key.Key_L)
    limit = desk.window.outbox.files.limit
    qtbot.waitUntil(limit.view().isVisible)
    qtbot.keyClick(limit.view(), Qt.Key.Key_Down)
    qtbot.keyClick(limit.view(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.engine.on_their_way.allowed.bytes_per_s == MIB // 2)
    assert limit.currentText() == "512 KB/s"


def test_a_file_that_failed_is_not_paused_but_settled(desk: Desk, qtbot: QtBot) -> None:
    failed = a_file(1, state=FileState.FAILED, problem=Problem(slug="file-damaged"))
    desk.engine.on_their_way = Uploads(files=(failed,), is_held=False, allowed=Allowed())
    desk.window.outbox.refresh()
    view = desk.window.outbox.files
    qtbot.waitUntil(lambda: view.list.rows.rowCount() == 1)
    assert view.one.reason == "没有选中可暂停的文件"
    row = view.list.current()
    assert row is not None
    assert "已损坏" in row.reason
    assert "待处理" in row.reason
    desk.press(Qt.Key.Key_P)
    assert states(desk) == [FileState.FAILED]


def test_a_file_that_the_server_does_not_take_is_neither_paused_nor_said_to_go(
    desk: Desk, qtbot: QtBot
) -> None:
    refused = a_file(1, state=FileState.REFUSED, sent=0, problem=Problem(slug="unsupported-file"))
    desk.engine.on_their_way = Uploads(files=(refused,), is_held=False, allowed=Allowed())
    desk.window.outbox.refresh()
    view = desk.window.outbox.files
    qtbot.waitUntil(lambda: view.list.rows.rowCount() == 1)
    assert not view.can_toggle()
    row = view.list.current()
    assert row is not None
    assert (row.chip.text, row.percent) == ("未接收", "0%")
    assert "待处理" in row.reason
    assert "自动重试" not in row.reason


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh_CN", "没有待上传的文件"), ("en_US", "No file waits to be uploaded")],
)
def test_an_empty_tab_says_no_more_than_it_knows(language: str, said: str) -> None:
    assert Catalogue(language)("outbox.empty.files") == said  # a dropped file is not on the server


def test_the_keys_of_commands_and_of_files_do_not_mix(desk: Desk, qtbot: QtBot) -> None:
    bar = desk.window.key_bar
    qtbot.waitUntil(lambda: "P 暂停/继续" in bar.accessibleName())
    assert "1 采用对方" not in bar.accessibleName()
    desk.press(Qt.Key.Key_Tab, CONTROL)
    qtbot.waitUntil(lambda: "P 暂停/继续" not in bar.accessibleName())
    assert not desk.window.outbox.files.isVisible()


@pytest.mark.parametrize("language", ["zh_CN", "en_US"])
@pytest.mark.parametrize("state", FileState)
def test_every_state_says_why(language: str, state: FileState) -> None:
    texts = FileTexts(Catalogue(language))
    problem = Problem(slug="server-failed") if state in NEXT else None
    for is_online in (True, False):
        row = texts.row(a_file(1, state=state, problem=problem), is_online=is_online)
        assert row.reason
        assert row.percent == "25%"
        assert row.size == "4 MB"
    cut = texts.row(a_file(1, state=FileState.UPLOADING), is_online=False)
    assert cut.chip == texts.row(a_file(1), is_online=False).chip


def test_nothing_is_said_done_before_it_is() -> None:
    texts = FileTexts(Catalogue("zh_CN"))
    assert texts.row(a_file(1, sent=4 * MIB - 1), is_online=True).percent == "99%"
    assert texts.row(a_file(1, sent=None), is_online=True).percent == "—"
    assert [size_text(n) for n in (0, 1, 512 * 1024, MIB, MIB * 5 // 2)] == [
        "0 KB", "1 KB", "512 KB", "1 MB", "2.5 MB",
    ]  # fmt: skip

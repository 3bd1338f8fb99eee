"""Files in a form: chosen, kept at once, named by hash; what cannot be kept is said."""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.shell_parts import running_loop
from ui.records import FormQuestion, FormSheet
from ui.records.form_files import Attach, FileEditor
from xiuzhou_desktop.client.errors import TooLarge
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_forms import CorrectOnSite
from xiuzhou_desktop.text.catalogue import Catalogue


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


async def keep(source: bytes | Path, _name: str) -> str:
    """As the engine does."""
    content = source if isinstance(source, bytes) else source.read_bytes()
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


async def refuse(_content: bytes, _name: str) -> str:
    raise TooLarge("file-too-large")


@pytest.fixture
def room(qtbot: QtBot) -> QWidget:
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(800, 600)
    room.show()
    return room


def photos_of(room: QWidget, attach: Attach) -> FileEditor:
    form = FormSheet(room, Catalogue("zh_CN"), attach)
    form.ask(FormQuestion(kind=Kind.FLAG, form=CorrectOnSite, title="现场改正"))
    editor = form.editors["photos"]
    assert isinstance(editor, FileEditor)
    return editor


def test_chosen_files_become_hashes(qtbot: QtBot, room: QWidget, tmp_path: Path) -> None:
    files = [tmp_path / "one.jpg", tmp_path / "two.jpg"]
    for number, file in enumerate(files):
        file.write_bytes(b"picture %d" % number)
    editor = photos_of(room, keep)
    with qtbot.waitSignal(editor.changed):
        editor.take([str(file) for file in files])
    wanted = [f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]
    assert (editor.value(), editor.fault()) == (wanted, None)


def test_a_file_that_is_gone_is_said(qtbot: QtBot, room: QWidget, tmp_path: Path) -> None:
    editor = photos_of(room, keep)
    with qtbot.waitSignal(editor.changed):
        editor.take([str(tmp_path / "gone.jpg")])
    assert (editor.value(), editor.fault()) == (None, "form.fault.file_unreadable")


def test_a_file_that_is_too_large_is_said(qtbot: QtBot, room: QWidget, tmp_path: Path) -> None:
    file = tmp_path / "large.bin"
    file.write_bytes(b"large")
    editor = photos_of(room, refuse)
    with qtbot.waitSignal(editor.changed):
        editor.take([str(file)])
    assert editor.fault() == "form.fault.file_not_kept"

"""A district file that is opened: the sign-in window knows the server, or says what is wrong."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.shell_parts import running_loop
from ui.shell.application import Application
from ui.shell.arguments import Arguments, read_arguments

SAYS = '{"server": "https://zhihui.example:8443", "ca": "district-ca.pem"}'


class Ending:
    """Stands for the loop that a finished application stops."""

    def stop(self) -> None:
        """Nothing to stop."""


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def opened(folder: Path, text: str, *more: str) -> Arguments:
    file = folder / "district.xiuzhou"
    file.write_text(text, encoding="utf-8")
    return read_arguments([str(file), *more], folder)


def test_it_names_server_and_the_ca_beside_it(tmp_path: Path) -> None:
    given = opened(tmp_path, SAYS)
    assert given.server == "https://zhihui.example:8443"
    assert given.ca == tmp_path / "district-ca.pem"


def test_what_the_command_line_says_counts_more(tmp_path: Path) -> None:
    given = opened(tmp_path, SAYS, "--server", "https://other.example")
    assert given.server == "https://other.example"


@pytest.mark.parametrize("text", ["", "no json", '{"server": 7}', '{"server": "a", "run": "b"}'])
def test_one_that_says_nothing_is_named_and_the_person_is_asked(
    qtbot: QtBot, tmp_path: Path, text: str
) -> None:
    given = opened(tmp_path, text)
    assert given.server is None
    application = Application(given, QApplication.instance(), Ending())  # type: ignore[arg-type] # stops only
    qtbot.addWidget(application.sign_in)
    application.begin()
    assert "district.xiuzhou" in application.sign_in.sentence.text()
    assert application.sign_in.server.isVisible()
    application.sign_in.hide()
    application.deleteLater()


def test_the_server_stands_in_the_field(qtbot: QtBot, tmp_path: Path) -> None:
    given = opened(tmp_path, SAYS)
    application = Application(given, QApplication.instance(), Ending())  # type: ignore[arg-type] # stops only
    qtbot.addWidget(application.sign_in)
    application.begin()
    assert application.sign_in.server.text() == "https://zhihui.example:8443"
    application.sign_in.hide()
    application.deleteLater()

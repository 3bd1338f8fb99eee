"""A district file that is opened: the sign-in window knows the server, or says what is wrong."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.backend.certificates import write_certificate
from tests.e2e.hands import click
from tests.ui.shell_parts import running_loop
from ui.shell.application import Application
from ui.shell.arguments import APP_FOLDER, Arguments, read_arguments
from ui.widgets import Button
from xiuzhou_desktop.client.trust import Trust, fingerprints, keep_trust

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
    assert (given.ca, given.offered) == (None, tmp_path / "district-ca.pem")


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


def test_another_authority_counts_only_once_the_person_has_compared_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    offered, known = tmp_path / "district-ca.pem", tmp_path / "known" / "cert.pem"
    for folder in (known.parent, tmp_path / APP_FOLDER):
        folder.mkdir()
    for folder in (tmp_path, known.parent):
        write_certificate(folder, folder.name, timedelta(days=1))
    (tmp_path / "cert.pem").rename(offered)
    keep_trust(tmp_path / APP_FOLDER, Trust(ca=str(known)))
    given = opened(tmp_path, SAYS)
    application = Application(given, QApplication.instance(), Ending())  # type: ignore[arg-type] # stops only
    window = application.sign_in
    qtbot.addWidget(window)
    application.begin()
    for authority in (offered, known):
        (fingerprint,) = fingerprints(authority)
        assert fingerprint in window.sentence.text()
    assert not window.server.isVisible()
    qtbot.waitUntil(lambda: window.focusWidget() is not None)
    qtbot.keyClick(window, Qt.Key.Key_Return)  # the safe answer
    assert window.server.isVisible()
    assert application.trusted_ca is None
    application.begin()
    click(next(b for b in window.findChildren(Button) if b.accessibleName() == "已核对,信任"))
    assert application.trusted_ca == offered
    window.hide()
    application.deleteLater()


def test_the_server_stands_in_the_field(qtbot: QtBot, tmp_path: Path) -> None:
    given = opened(tmp_path, '{"server": "https://zhihui.example:8443"}')
    application = Application(given, QApplication.instance(), Ending())  # type: ignore[arg-type] # stops only
    qtbot.addWidget(application.sign_in)
    application.begin()
    assert application.sign_in.server.text() == "https://zhihui.example:8443"
    application.sign_in.hide()
    application.deleteLater()

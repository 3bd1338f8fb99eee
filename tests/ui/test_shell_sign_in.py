"""Signing in: what goes wrong has its sentence; what is stored opens without the server."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.backend.at_console import at_console
from tests.backend.process import PASSWORD, Backend, with_officer
from tests.ui.shell_parts import running_loop
from ui.shell.application import Application
from ui.shell.arguments import read_arguments
from ui.shell.sign_in import SignInWindow, sentence_of
from xiuzhou_desktop.client.errors import SignedOut, UpgradeNeeded
from xiuzhou_desktop.client.views import Link
from xiuzhou_desktop.text.catalogue import Catalogue


class Ending:
    """Stands for the loop that a finished application stops."""

    def __init__(self) -> None:
        self.has_ended = False

    def stop(self) -> None:
        self.has_ended = True


class Person:
    """Somebody at the sign-in window."""

    def __init__(self, qtbot: QtBot, root: Path, *arguments: str) -> None:
        self.qtbot = qtbot
        self.ending = Ending()
        given = read_arguments([*arguments, "--profile", str(root)], root)
        qt = QApplication.instance()
        assert isinstance(qt, QApplication)
        self.application = Application(given, qt, self.ending)  # type: ignore[arg-type] # stops only
        self.application.begin()

    def sign_in(self, user: str, password: str) -> None:
        window = self.application.sign_in
        window.user.setText(user)
        window.password.setText(password)
        self.qtbot.keyClick(window.password, Qt.Key.Key_Return)

    def reads(self, words: str) -> None:
        sentence = self.application.sign_in.sentence
        self.qtbot.waitUntil(lambda: words in sentence.text())

    def works(self) -> None:
        self.qtbot.waitUntil(lambda: self.application.window is not None)

    def leave(self) -> None:
        self.application.end()
        self.qtbot.waitUntil(lambda: self.ending.has_ended)


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    folder = tmp_path_factory.mktemp("district") / "data"
    folder.mkdir()
    with Backend(with_officer(folder)) as running:
        yield running


@pytest.fixture
def closed(backend: Backend, tmp_path: Path) -> Iterator[Backend]:
    """Where only enrolled workstations sign in."""
    rules = tmp_path / "rules.json"
    rules.write_text('{"enrolled_only": true}')
    assert not at_console(backend.folder, "config", "import", str(rules)).returncode
    yield backend
    rules.write_text('{"enrolled_only": false}')
    assert not at_console(backend.folder, "config", "import", str(rules)).returncode


def code_for(backend: Backend, workstation: str) -> str:
    return at_console(backend.folder, "workstation", "invite", workstation).stdout.split()[1]


@pytest.fixture
def web_page() -> Iterator[str]:
    """A server that answers everything with a page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<html>hello</html>")

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_wrong_password_is_told_and_the_right_one_opens_the_window(
    qtbot: QtBot, tmp_path: Path, backend: Backend
) -> None:
    person = Person(qtbot, tmp_path, "--server", backend.url)
    person.sign_in("duty", "wrong")
    person.reads("用户名或密码不对")
    person.sign_in("duty", PASSWORD)
    person.works()
    window = person.application.window
    assert window is not None
    qtbot.waitUntil(lambda: window.place.engine.link.link is Link.ONLINE)
    assert window.windowTitle().startswith("秀洲")
    person.leave()


def test_what_is_stored_opens_without_the_server(
    qtbot: QtBot, tmp_path: Path, backend: Backend
) -> None:
    first = Person(qtbot, tmp_path, "--server", backend.url)
    first.sign_in("duty", PASSWORD)
    first.works()
    first.leave()
    again = Person(qtbot, tmp_path)
    again.works()
    assert again.application.window is not None
    assert again.application.window.place.engine.signed.account.user == "duty"
    again.leave()


def test_a_profile_that_is_open_already_says_by_whom_and_shows_that_window(
    qtbot: QtBot, tmp_path: Path, backend: Backend
) -> None:
    first = Person(qtbot, tmp_path, "--server", backend.url)
    first.sign_in("duty", PASSWORD)
    first.works()
    second = Person(qtbot, tmp_path, "--server", backend.url)
    second.sign_in("duty", PASSWORD)
    second.reads("duty 已在本机另一个程序中打开")
    window = first.application.window
    assert window is not None
    window.showMinimized()
    qtbot.waitUntil(window.isMinimized)
    qtbot.keyClick(second.application.sign_in, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.isMinimized())
    qtbot.waitUntil(lambda: second.ending.has_ended)
    first.leave()


def test_a_server_that_is_none_of_ours_is_named(
    qtbot: QtBot, tmp_path: Path, web_page: str
) -> None:
    person = Person(qtbot, tmp_path, "--server", web_page)
    person.sign_in("duty", PASSWORD)
    person.reads("不是秀洲指挥服务器")
    person.leave()


def test_a_server_that_does_not_answer_is_named(qtbot: QtBot, tmp_path: Path) -> None:
    person = Person(qtbot, tmp_path, "--server", "http://127.0.0.1:9")
    person.sign_in("duty", PASSWORD)
    person.reads("连不上 http://127.0.0.1:9")
    person.leave()


def test_f10_leaves_the_window_and_asks_who_is_next(
    qtbot: QtBot, tmp_path: Path, backend: Backend
) -> None:
    person = Person(qtbot, tmp_path, "--server", backend.url)
    person.sign_in("duty", PASSWORD)
    person.works()
    window = person.application.window
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    qtbot.keyClick(window, Qt.Key.Key_F10)
    qtbot.waitUntil(person.application.sign_in.isVisible)
    assert person.application.window is None
    person.sign_in("duty", PASSWORD)
    person.works()
    person.leave()


def test_a_computer_that_is_not_enrolled_is_let_in_by_a_code(
    qtbot: QtBot, tmp_path: Path, closed: Backend
) -> None:
    person = Person(qtbot, tmp_path, "--server", closed.url)
    window = person.application.sign_in
    assert not window.code.isVisible()
    person.sign_in("duty", PASSWORD)
    person.reads("尚未登记")
    assert window.code.isVisible()
    assert window.code.accessibleName() == "登记码"
    assert window.focusWidget() is window.code
    qtbot.keyClicks(window.code, "not-this-one")
    qtbot.keyClick(window.code, Qt.Key.Key_Return)
    person.reads("登记码不对")
    window.code.setText(code_for(closed, "desk-7"))
    window.password.setText("wrong")
    qtbot.keyClick(window.code, Qt.Key.Key_Return)
    person.reads("用户名或密码不对")
    assert not window.code.isVisible()  # it is spent: what remains is the password
    person.sign_in("duty", PASSWORD)
    person.works()
    person.leave()
    again = Person(qtbot, tmp_path, "--server", closed.url)
    again.sign_in("duty", PASSWORD)
    again.works()
    again.leave()


def test_closing_the_sign_in_window_ends_the_program(qtbot: QtBot, tmp_path: Path) -> None:
    person = Person(qtbot, tmp_path, "--server", "http://127.0.0.1:9")
    person.application.sign_in.close()
    qtbot.waitUntil(lambda: person.ending.has_ended)


def test_empty_fields_are_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    person = Person(qtbot, tmp_path, "--server", "http://127.0.0.1:9")
    person.sign_in("duty", "")
    person.reads("请填写")
    person.leave()


def test_a_second_enter_while_the_server_is_asked_sends_nothing(qtbot: QtBot) -> None:
    window = SignInWindow(Catalogue("zh_CN"))
    qtbot.addWidget(window)
    window.ask("http://127.0.0.1:9", "duty", None)
    window.password.setText("right-horse")
    given: list[object] = []
    window.submitted.connect(given.append)
    for _ in range(2):
        qtbot.keyClick(window.password, Qt.Key.Key_Return)
    assert len(given) == 1


def test_schema_and_lock_out_have_their_own_sentences() -> None:
    text = Catalogue("zh_CN")
    assert "数据版本" in sentence_of(UpgradeNeeded("schema"), "x", text)
    assert "锁定 15 分钟" in sentence_of(SignedOut("locked-out"), "x", text)

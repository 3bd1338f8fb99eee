"""The lock, the change of persons and the end of access, in the real window over a real backend."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.backend.process import PASSWORD, Backend, administer, push, report, with_officer
from tests.e2e.hands import press
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import running_loop
from tests.ui.test_shell_sign_in import Person
from ui.shell.lock import GUESSES, IdleWatch, LockWindow
from ui.start import start
from xiuzhou_desktop.client.views import Draft, Link, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.text.catalogue import Catalogue

FLAGS = RecordQuery(kinds=(Kind.FLAG,))
LATER_MS = 2000


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    folder = with_officer(tmp_path / "district")
    for user in ("wang",):
        added = ("user", "add", user, "--role", "duty_officer", "--name", "王强")
        assert administer(folder, *added, stdin=f"{PASSWORD}\n").returncode == 0
    with Backend(folder) as running:
        with running.client() as client:
            push(client, report())
        yield running


class Officer(Person):
    """At work, and away."""

    def online(self) -> None:
        self.works()
        engine = self.window.place.engine
        self.qtbot.waitUntil(lambda: engine.link.link is Link.ONLINE)

    @property
    def window(self):  # type: ignore[no-untyped-def] # the shell's own window
        assert self.application.window is not None
        return self.application.window

    @property
    def lock_window(self) -> LockWindow:
        (found,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, LockWindow)]
        return found

    def lock(self) -> None:
        self.window.activateWindow()
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)
        press("Ctrl+L")
        self.qtbot.waitUntil(lambda: self.lock_window.isVisible())
        assert not self.window.isVisible()

    def types(self, password: str) -> None:
        self.lock_window.password.setText(password)
        self.qtbot.keyClick(self.lock_window.password, Qt.Key.Key_Return)

    def says(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: words in self.lock_window.sentence.text())

    def total(self) -> int:
        found: list[int] = []

        async def ask() -> None:
            (count,) = await self.window.place.engine.counts((FLAGS,))
            found.append(count)

        start(ask(), owner=self.window)
        self.qtbot.waitUntil(lambda: bool(found))
        return found[0]

    def dismisses_one(self) -> None:
        async def act() -> None:
            engine = self.window.place.engine
            (view, *_) = (await engine.query(FLAGS)).views
            draft = Draft(kind=Kind.FLAG, record=view.record.id, transition="dismiss")
            await engine.submit(draft)

        start(act(), owner=self.window)
        engine = self.window.place.engine
        self.qtbot.waitUntil(lambda: engine.outbox_summary.pending == 1)


@pytest.fixture
def officer(qtbot: QtBot, tmp_path: Path, backend: Backend) -> Iterator[Officer]:
    one = Officer(qtbot, tmp_path / "profile", "--server", backend.url)
    one.sign_in("duty", PASSWORD)
    one.online()
    yield one
    one.leave()


def test_behind_the_lock_the_work_goes_on(officer: Officer, backend: Backend) -> None:
    officer.lock()
    with backend.client() as client:
        push(client, report("中山西路 2 号"))
    officer.qtbot.waitUntil(lambda: officer.total() == 2)
    officer.types("wrong")
    officer.says("密码不对")
    assert not officer.window.isVisible()
    officer.types(PASSWORD)
    officer.qtbot.waitUntil(officer.window.isVisible)
    assert not officer.lock_window.isVisible()


def test_it_opens_without_the_server(officer: Officer, backend: Backend) -> None:
    backend.kill()
    officer.lock()
    officer.types(PASSWORD)
    officer.qtbot.waitUntil(officer.window.isVisible)


def test_guessing_is_slow(qtbot: QtBot) -> None:
    async def is_password(password: str) -> bool:
        return password == PASSWORD

    window = LockWindow(FakeEngine(), Catalogue("zh_CN"), is_password, wait_s=1)
    qtbot.addWidget(window)
    window.lock()
    for _ in range(GUESSES):
        window.password.setText("guess")
        window.submit()
        qtbot.waitUntil(lambda: not window.password.text())
    assert "秒后再试" in window.sentence.text()
    assert not window.password.isEnabled() and not window.unlock.isEnabled()
    qtbot.waitUntil(window.password.isEnabled)
    window.password.setText(PASSWORD)
    with qtbot.waitSignal(window.unlocked):
        window.submit()


def test_an_idle_desk_is_noticed(qtbot: QtBot, qapp: QApplication) -> None:
    watch = IdleWatch(qapp, after_ms=50)
    with qtbot.waitSignal(watch.idle):
        pass
    watch.stop()


def test_a_hand_at_a_window_that_came_later_is_a_sign_of_life(
    qtbot: QtBot, qapp: QApplication
) -> None:
    watch = IdleWatch(qapp, after_ms=LATER_MS)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: qapp.focusWindow() is not None and window.isActiveWindow())
    timer = watch.findChildren(QTimer)[0]
    qtbot.waitUntil(lambda: timer.remainingTime() < LATER_MS / 2)
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_J)
    assert timer.remainingTime() > LATER_MS / 2
    watch.stop()


def test_persons_change_without_the_server_and_each_has_a_journal_of_his_own(
    officer: Officer, backend: Backend
) -> None:
    officer.window.sign_in_wanted.emit()  # F10
    officer.qtbot.waitUntil(officer.application.sign_in.isVisible)
    officer.sign_in("wang", PASSWORD)
    officer.online()
    backend.kill()
    engine = officer.window.place.engine
    officer.qtbot.waitUntil(lambda: engine.link.link is Link.OFFLINE)
    officer.dismisses_one()
    officer.lock()
    officer.qtbot.mouseClick(officer.lock_window.switch, Qt.MouseButton.LeftButton)
    officer.reads("王强还有 1 条未送达")
    officer.sign_in("duty", "wrong")
    officer.reads("用户名或密码不对")
    officer.sign_in("duty", PASSWORD)
    officer.works()
    assert officer.window.place.engine.signed.account.user == "duty"
    assert officer.window.place.engine.outbox_summary.pending == 0


def test_a_shut_account_ends_the_window_and_says_what_became_of_unsent_work(
    officer: Officer, backend: Backend, tmp_path: Path
) -> None:
    assert administer(backend.folder, "user", "disable", "duty").returncode == 0
    start(officer.window.place.engine.retry_now(), owner=officer.window)
    officer.reads("账号已停用。本机数据已销毁")
    assert not list((tmp_path / "profile").rglob("*.db"))

"""From the command line to a window and back: sign in or open what is stored, start the engine,
show the shell, end in order.

    --demo          DemoBackend ──ready──► sign in as duty ──┐
    stored session  open_profile ────────────────────────────┼──► EngineThread ──► ShellWindow
    otherwise       SignInWindow ──► sign_in ────────────────┘
"""

import asyncio
import logging
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from ui.shell.arguments import Arguments
from ui.shell.clock import WindowClock
from ui.shell.demo_backend import DemoBackend
from ui.shell.demo_bar import DemoBar
from ui.shell.keyed_window import keyed_window
from ui.shell.lock import IdleWatch, Lock, LockWindow
from ui.shell.logs import log_path
from ui.shell.sign_in import Given, SignInWindow, address_of, stored_login, workstation_name
from ui.shell.trust_question import trust_question
from ui.shell.window import ShellWindow
from ui.shell.window_store import WindowStore
from ui.shell.workplace import Surroundings
from ui.start import start
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName
from xiuzhou_desktop.cli import answer
from xiuzhou_desktop.client.door import Raise, Said, ask
from xiuzhou_desktop.client.engine import EngineThread
from xiuzhou_desktop.client.errors import ClientError, NoProfile, Unavailable
from xiuzhou_desktop.client.profile import Profile
from xiuzhou_desktop.client.session import (
    enrolled,
    is_the_password,
    open_by_password,
    open_profile,
    sign_in,
    trust_said,
)
from xiuzhou_desktop.client.views import Changed
from xiuzhou_desktop.media import MediaClock, MediaHub
from xiuzhou_desktop.plugin_api.context import Action, Observation
from xiuzhou_desktop.text.catalogue import Catalogue

logger = logging.getLogger(__name__)

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
DEMO_USER = "duty"
PATIENCE_MS = 600  # a start that is faster shows no waiting window
WINDOW_FOLDER = "window"
LOCK = Action(id="shell.lock", text="action.lock", icon="lock", keys=("Ctrl+L",), in_key_bar=False)


class Running:
    """What a signed-in person's window stands on; ended as a whole."""

    def __init__(self, profile: Profile, engine: EngineThread) -> None:
        self.engine = engine
        self.store = WindowStore(profile.folder / WINDOW_FOLDER)
        self.media = MediaHub(MediaClock(now=engine.business_now))

    async def end(self) -> None:
        """Waits in worker threads for what takes its time; the profile is the engine's to free."""
        self.store.flush()
        await asyncio.to_thread(self.media.close)
        await asyncio.to_thread(self.engine.stop)


class Application(QObject):
    """One run of the program."""

    shown = Signal()  # a person's window stands

    def __init__(
        self, arguments: Arguments, qt: QApplication, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(qt)
        self._arguments, self._qt, self._loop = arguments, qt, loop
        self.trusted_ca = arguments.ca
        self._text = Catalogue(arguments.language)
        self._running: Running | None = None
        self._lock: Lock | None = None
        self._said: Observation | None = None
        self.window: ShellWindow | None = None
        self.backend: DemoBackend | None = None
        self.demo_bar: DemoBar | None = None
        self._is_ending = False
        self._is_bar_removed = False
        self.sign_in = SignInWindow(self._text)
        self.sign_in.submitted.connect(self._submitted)
        self.sign_in.trusted.connect(self._trusted)
        self.sign_in.not_trusted.connect(self._ask)
        self.sign_in.offline_wanted.connect(self._open_stored)
        self.sign_in.other_window_wanted.connect(self._show_other)
        self.sign_in.left.connect(self.end)

    def begin(self) -> None:
        """Once the loop is there."""
        if self._arguments.demo:
            self._begin_demo()
        elif self._arguments.is_unread:
            self._ask()
            self.sign_in.say(self._text("shell.start.unread", file=self._arguments.file))
        elif self._arguments.offered is not None:
            self._ask_trust(self._arguments.offered)
        elif self._arguments.server is None and self._has_stored():
            self._open_stored()
        else:
            self._ask()

    def end(self) -> None:
        """Close the window in order, from wherever the wish comes."""
        if self.window is not None:
            self.window.close()
        else:
            self._closed()

    # demonstration

    def _begin_demo(self) -> None:
        backend = DemoBackend(self._arguments.profile_root, self._arguments.speed, self)
        self.backend = backend
        backend.ready.connect(self._demo_ready)
        backend.failed.connect(self._demo_failed)
        backend.start()
        QTimer.singleShot(PATIENCE_MS, self, self._show_patience)

    def _show_patience(self) -> None:
        if self.window is None and not self.sign_in.isVisible():
            self.sign_in.wait_for(self._text("shell.start.demo"))

    def _demo_ready(self) -> None:
        if self.window is not None or self.backend is None or self.backend.server is None:
            return  # it was plugged in again
        account = self.backend.account(DEMO_USER)
        given = Given(server=self.backend.server, user=account.user, password=account.password)
        self._submitted(given)

    def _demo_failed(self, detail: str) -> None:
        sentence = self._text("shell.start.backend_failed", detail=detail)
        logger.error("demonstration server failed", extra={"detail": detail})
        if self.window is None:
            self.sign_in.wait_for(sentence)

    # signing in

    def _has_stored(self) -> bool:
        return stored_login(self._arguments.profile_root) is not None

    def _ask(self, error: ClientError | None = None) -> None:
        login = stored_login(self._arguments.profile_root)
        server = self._arguments.server or (login[0] if login else "")
        offline = login[1] if login and login[0] == address_of(server) else None
        self.sign_in.ask(server, login[1] if login else "", offline)
        if error is not None:
            self.sign_in.refuse(error)

    def _ask_trust(self, offered: Path) -> None:
        """Before a district file changes whom this computer believes."""
        root, file = self._arguments.profile_root, self._arguments.file
        try:
            question = trust_question(self._text, root, file, offered)
        except ClientError as error:
            self._ask(error)
            return
        if question is None:
            self._ask()
        else:
            self.sign_in.ask_trust(question)

    def _trusted(self) -> None:
        self.trusted_ca = self._arguments.offered
        self._ask()

    def _submitted(self, given: Given) -> None:
        start(self._sign_in(given), owner=self)

    async def _sign_in(self, given: Given) -> None:
        is_plain, root = self._arguments.plain_http, self._arguments.profile_root
        try:
            trust = trust_said(root, given.server, self.trusted_ca, is_plain_allowed=is_plain)
            if given.code:
                trust = await enrolled(given.server, given.code, trust, root)
                self.sign_in.enrolled()
            profile = await sign_in(
                given.server, given.user, given.password, workstation_name(), root, trust=trust
            )
        except ClientError as error:
            logger.warning("sign-in refused", extra={"slug": error.slug})
            profile = await self._without_server(given, error)
            if profile is None:
                return
        await self._open(profile)

    async def _without_server(self, given: Given, error: ClientError) -> Profile | None:
        """Somebody who has signed in here before works on while no server answers."""
        if not isinstance(error, Unavailable):
            self._say(error)
            return None
        root = self._arguments.profile_root
        try:
            return await asyncio.to_thread(
                open_by_password, root, given.server, given.user, given.password
            )
        except NoProfile:
            self._say(error)
        except ClientError as refused:
            self._say(refused)
        return None

    def _say(self, error: ClientError) -> None:
        if self.sign_in.is_asking:
            self.sign_in.refuse(error)
        else:
            self._ask(error)

    def _open_stored(self) -> None:
        try:
            profile = open_profile(self._arguments.profile_root)
        except ClientError as error:
            logger.warning("profile not opened", extra={"slug": error.slug})
            self._ask(error)
            return
        start(self._open(profile), owner=self)

    def _show_other(self, door: str) -> None:
        start(self._raise_other(door), owner=self)

    async def _raise_other(self, door: str) -> None:
        """This program ends once the window that holds the profile has come to the front."""
        try:
            code = await asyncio.to_thread(ask, door, Raise(), _nothing_said)
        except ClientError as error:
            self._say(error)
            return
        if code == 0:
            self.end()
        else:
            self.sign_in.say(self._text("shell.start.no_other_window"))

    # the window

    async def _open(self, profile: Profile) -> None:
        engine = EngineThread(profile, answer=answer)
        try:
            await asyncio.to_thread(engine.start)
        except ClientError as error:
            self._say(error)
            return
        running = Running(profile, engine)
        self._running = running
        self._dress(running.store)
        around = Surroundings(
            engine=engine,
            clock=WindowClock(engine.business_now),
            text=self._text,
            store=running.store,
            media=running.media,
            plugin_folders=(PLUGINS, self._arguments.profile_root / "plugins"),
            log_path=log_path(self._arguments.profile_root),
        )
        window = keyed_window(around, self._arguments.workspace)
        self._lock = self._locked_by(window, around, profile)
        self._said = engine.observe(self._heard)
        window.closing.connect(self._closed)
        window.sign_in_wanted.connect(self._switch_person)
        window.feed.moved.connect(self._offer_demo_bar)
        self.window = window
        self._offer_demo_bar()
        self.sign_in.hide()
        window.show()
        window.activateWindow()
        engine.on_raise(self._come_forward)
        self.shown.emit()

    def _locked_by(self, window: ShellWindow, around: Surroundings, profile: Profile) -> Lock:
        """Locks by itself when nobody is there, and by Ctrl+L."""

        async def is_password(password: str) -> bool | None:
            return await asyncio.to_thread(is_the_password, profile, password)

        lock = Lock(window, LockWindow(around.engine, self._text, is_password), IdleWatch(self._qt))
        lock.switch_wanted.connect(self._switch_person)
        lock.left.connect(self.end)
        window.place.actions.everywhere().register(LOCK, lock.lock)
        return lock

    def _heard(self, changed: Changed) -> None:
        """The account was shut: the window goes, and says what became of unsent work."""
        ended, window = changed.ended, self.window
        if ended is not None and window is not None:
            key = "lock.ended.file" if ended.file else "lock.ended"
            sentence = self._text(key, count=ended.unsent, file=ended.file or "")
            self._switch_person(sentence)

    def _come_forward(self) -> None:
        """A second start of the program on this profile asks for the window that is there."""
        window = self.window
        if window is not None:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.raise_()
            window.activateWindow()

    def _dress(self, store: WindowStore) -> None:
        remembered = store.read("theme")
        name = self._arguments.theme or ThemeName.DARK
        if self._arguments.theme is None and remembered in tuple(ThemeName):
            name = ThemeName(str(remembered))
        if theme().name is not name:
            theme().apply(self._qt, name)

    def _offer_demo_bar(self) -> None:
        window = self.window
        if window is None or self.demo_bar is not None or self._is_bar_removed:
            return
        if window.place.engine.link.demo:
            self.demo_bar = DemoBar(window.place, self.backend)
            self.demo_bar.removed.connect(self._remove_demo_bar)
            window.insert_bar(self.demo_bar)

    def _remove_demo_bar(self) -> None:
        self._is_bar_removed = True
        if self.demo_bar is not None:
            self.demo_bar.hide()
            self.demo_bar.deleteLater()
            self.demo_bar = None

    def _switch_person(self, sentence: str = "") -> None:
        """F10: this window and its engine end, then somebody signs in; what was not sent stays in
        this person's own journal.
        """
        window = self.window
        if window is None:
            return
        engine = window.place.engine
        if not sentence and engine.outbox_summary.pending:
            name, count = engine.signed.account.name, engine.outbox_summary.pending
            sentence = self._text("lock.left_unsent", name=name, count=count)
        window.closing.disconnect(self._closed)
        window.close()
        start(self._reopen(window, sentence), owner=self)

    async def _reopen(self, window: ShellWindow, sentence: str) -> None:
        await self._leave(window)
        self._ask()
        if sentence:
            self.sign_in.say(sentence)

    async def _leave(self, window: ShellWindow | None) -> None:
        self.window, self.demo_bar = None, None
        running, self._running = self._running, None
        lock, self._lock = self._lock, None
        if self._said is not None:
            self._said.close()
            self._said = None
        if lock is not None:
            lock.end()
        if window is not None:
            window.feed.close()
            window.deleteLater()
        if running is not None:
            await running.end()

    # ending

    def _closed(self) -> None:
        if not self._is_ending:
            self._is_ending = True
            start(self._end(self.window), owner=self)

    async def _end(self, window: ShellWindow | None) -> None:
        self.sign_in.hide()
        await self._leave(window)
        backend = self.backend
        if backend is None:
            self._loop.stop()
            return
        backend.stopped.connect(self._loop.stop)
        backend.stop()


def _nothing_said(_: Said) -> None:
    """A window that comes to the front says nothing."""

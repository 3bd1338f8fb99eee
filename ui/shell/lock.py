"""The lock: nobody at the keyboard, the work goes on.

idle 10 min · Ctrl+L ──► window hidden, lock shown; the engine receives and sends as before
                              ├── the right password (known to this computer) ──► window as it was
                              └── somebody else ──► switch of persons; each has a journal of his own
"""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.start import start
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face, Weight
from ui.widgets import Button, ButtonKind, Text, wrapped
from xiuzhou_desktop.plugin_api.context import Engine
from xiuzhou_desktop.text.catalogue import Catalogue

IDLE_MS = 10 * 60 * 1000
TICK_MS = 1000
GUESSES, WAIT_S = 5, 30
WIDTH_PX = 420
SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel, QEvent.Type.TouchBegin,
    }
)  # fmt: skip

PASSING = frozenset({Qt.WindowType.Popup, Qt.WindowType.ToolTip})

IsPassword = Callable[[str], Awaitable[bool | None]]


class IdleWatch(QObject):
    """Says once that no hand has moved for so long.

    It listens at the windows of the screen, where keys and pointer arrive: at the application it
    would be asked about each event of each widget.
    """

    idle = Signal()

    def __init__(self, application: QApplication, after_ms: int = IDLE_MS) -> None:
        super().__init__(application)
        self._timer = QTimer(self, singleShot=True, interval=after_ms)
        self._timer.timeout.connect(self.idle)
        application.focusWindowChanged.connect(self._listen)
        self._listen()
        self._timer.start()

    def _listen(self, _focused: object = None) -> None:
        """A window is new when the focus comes to it; one that has been listened to stays so."""
        for window in QGuiApplication.allWindows():
            window.installEventFilter(self)

    def stop(self) -> None:
        """Nobody is signed in any more."""
        self._timer.stop()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in SIGNS_OF_LIFE:
            self._timer.start()
        return super().eventFilter(watched, event)


class LockWindow(QWidget):
    """Stands in place of the window; asks for the password of the person whose window it is."""

    unlocked = Signal()
    switch_wanted = Signal()
    left = Signal()  # closed by the person

    def __init__(
        self, engine: Engine, text: Catalogue, is_password: IsPassword, wait_s: int = WAIT_S
    ) -> None:
        super().__init__()
        self._pause_s = wait_s
        self._engine, self._text, self._is_password = engine, text, is_password
        self._wrong = self._wait_s = 0
        self.setWindowTitle(text("lock.window"))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(text("lock.password"))
        self.sentence = wrapped("", Ink("text1"))
        self._work = wrapped("", Ink("text2"))
        self.unlock = Button(text("lock.unlock"), key="Enter", kind=ButtonKind.PRIMARY, height=40)
        self.switch = Button(text("lock.switch"), height=40)
        self.unlock.clicked.connect(self.submit)
        self.switch.clicked.connect(self.switch_wanted)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._lay_out()

    def lock(self) -> None:
        """Show it, empty."""
        self.password.clear()
        self._say("")
        self._show_work()
        self.show()
        self.activateWindow()
        self.password.setFocus()
        self._tick.start()

    def submit(self) -> None:
        """Enter."""
        if self.password.text() and not self._wait_s:
            start(self._check(self.password.text()), owner=self)

    async def _check(self, password: str) -> None:
        is_right = await self._is_password(password)
        self.password.clear()
        if is_right:
            self._wrong = 0
            self._tick.stop()
            self.hide()
            self.unlocked.emit()
        elif is_right is None:
            self._say(self._text("lock.unknown"))
        else:
            self._count_wrong()

    def _count_wrong(self) -> None:
        self._wrong += 1
        if self._wrong % GUESSES == 0:
            self._wait_s = self._pause_s
            self._show_wait()
        else:
            self._say(self._text("lock.wrong"))

    def _on_tick(self) -> None:
        self._show_work()
        if self._wait_s:
            self._wait_s -= 1
            self._show_wait()

    def _show_wait(self) -> None:
        said = self._text("lock.wait", count=self._wait_s) if self._wait_s else ""
        self.unlock.set_reason(said or None)
        self.password.setEnabled(not said)
        self._say(said)
        if not said:
            self.password.setFocus()

    def _show_work(self) -> None:
        """The truth about what goes on behind the lock."""
        pending = self._engine.outbox_summary.pending
        self._work.setText(self._text("lock.work", count=pending))

    def _say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.setAccessibleDescription(sentence)

    def _lay_out(self) -> None:
        signed = self._engine.signed
        who = self._text("lock.who", name=signed.account.name, workstation=signed.workstation)
        box = QWidget()
        box.setFixedWidth(px(WIDTH_PX))
        column = QVBoxLayout(box)
        column.setSpacing(12)
        column.addWidget(Text(self._text("lock.title"), Ink("text1", Face.FIGURE, Weight.BOLD)))
        for part in (Text(who, Ink("text1")), self._work, self.password, self.sentence):
            column.addWidget(part)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addStretch(1)
        acts.addWidget(self.switch)
        acts.addWidget(self.unlock)
        column.addLayout(acts)
        middle = QVBoxLayout(self)
        middle.addWidget(box, 0, Qt.AlignmentFlag.AlignCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.switch.hasFocus():
            self.submit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.left.emit()


class Lock(QObject):
    """Puts the lock before a person's windows, and takes it away again."""

    switch_wanted = Signal()
    left = Signal()

    def __init__(self, window: QWidget, lock_window: LockWindow, idle: IdleWatch) -> None:
        super().__init__(window)
        self._window, self._idle = window, idle
        self.lock_window = lock_window
        self._hidden: list[QWidget] = []
        idle.idle.connect(self.lock)
        lock_window.unlocked.connect(self._unlock)
        lock_window.switch_wanted.connect(self.switch_wanted)
        lock_window.left.connect(self.left)

    def lock(self) -> None:
        """Nothing of the work can be seen or pressed from now on."""
        if self._hidden:
            return
        shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        for popup in (one for one in shown if one.windowType() in PASSING):
            popup.close()
        self._hidden = [
            one for one in shown if one.windowType() not in PASSING and one is not self.lock_window
        ]
        self.lock_window.setGeometry(self._window.geometry())
        for one in self._hidden:
            one.hide()
        self.lock_window.lock()

    def _unlock(self) -> None:
        hidden, self._hidden = self._hidden, []
        for one in hidden:
            one.show()
        self._window.activateWindow()

    def end(self) -> None:
        """The person leaves."""
        self._idle.stop()
        self.lock_window.left.disconnect(self.left)
        self.lock_window.hide()
        self.lock_window.deleteLater()

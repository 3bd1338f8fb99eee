"""The small window before the window: who signs in where, what is being waited for, and what went
wrong, as one sentence."""

import socket
from pathlib import Path

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.records.sentences import Sentences
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face, Weight
from ui.widgets import Button, ButtonKind, Text, wrapped
from xiuzhou_desktop.client.errors import (
    ClientError,
    NoProfile,
    Unavailable,
    UpgradeNeeded,
    WrongServer,
)
from xiuzhou_desktop.client.profile import last_login, normal_server
from xiuzhou_desktop.text.catalogue import Catalogue

WIDTH_PX = 440
SENTENCES = {
    "wrong-password": "wrong_password",
    "signed-out": "wrong_password",
    "locked-out": "locked",
    "account-disabled": "disabled",
    "not-enrolled": "not_enrolled",
}
OWN_WORDS = frozenset({
    "profile-in-use", "plain-http", "certificate", "certificate-expired", "certificate-early",
    "no-tls", "bad-ca",
})  # fmt: skip
BY_CODE = frozenset({"not-enrolled", "bad-code"})  # what an administrator's code settles
# by what kind of error it is, whatever its slug
FAMILIES: tuple[tuple[type[ClientError], str], ...] = (
    (WrongServer, "wrong_server"),
    (Unavailable, "unreachable"),
    (UpgradeNeeded, "schema"),
)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the fields."""

    server: str
    user: str
    password: str
    code: str = ""  # an administrator's, that enrols this computer


class SignInWindow(QWidget):
    """Asks, waits, explains."""

    submitted = Signal(object)  # Given
    offline_wanted = Signal()
    other_window_wanted = Signal(str)  # the door of the program that holds the profile
    trusted = Signal()  # the authority that a district file names
    not_trusted = Signal()
    left = Signal()  # closed by the person, not put away by the program

    def __init__(self, text: Catalogue) -> None:
        super().__init__()
        self._text = text
        self.setWindowTitle(text("shell.sign_in.window"))
        self.setFixedWidth(px(WIDTH_PX))
        self.server, self.user, self.password = QLineEdit(), QLineEdit(), QLineEdit()
        self.code = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.sentence = wrapped("", Ink("text1"))
        self._submit = Button(
            text("shell.sign_in.submit"), key="Enter", kind=ButtonKind.PRIMARY, height=40
        )
        self._offline = Button(text("shell.sign_in.offline"), height=40)
        self._other = Button(
            text("shell.sign_in.other_window"), key="Enter", kind=ButtonKind.PRIMARY, height=40
        )
        self._trust = Button(text("shell.trust.accept"), height=40)
        self._distrust = Button(
            text("shell.trust.refuse"), key="Enter", kind=ButtonKind.PRIMARY, height=40
        )
        self._door = ""
        self._note = wrapped("", Ink("text3", Face.LABEL))
        self._fields = QWidget()
        self._form = QFormLayout(self._fields)
        self._lay_out()
        self._submit.clicked.connect(self.submit)
        self._offline.clicked.connect(self.offline_wanted)
        self._other.clicked.connect(lambda: self.other_window_wanted.emit(self._door))
        self._other.hide()
        self._trust.clicked.connect(self.trusted)
        self._distrust.clicked.connect(lambda: self.not_trusted.emit())

    def ask(self, server: str, user: str, offline_user: str | None) -> None:
        """Show the fields; `offline_user` may go on without the server."""
        self._show_only(self._fields, self._submit)
        self._show_code(is_wanted=False)
        self._offline.setVisible(offline_user is not None)
        note = self._text("shell.sign_in.offline_note", user=offline_user) if offline_user else ""
        self._say_note(note)
        self.server.setText(server)
        self.user.setText(user)
        self.say("")
        self.set_busy(None)
        self.show()
        empty = [f for f in (self.server, self.user, self.password) if not f.text()]
        (empty[0] if empty else self.password).setFocus()

    @property
    def is_asking(self) -> bool:
        """Whether the fields stand, with what somebody typed."""
        return self._fields.isVisible()

    def wait_for(self, sentence: str) -> None:
        """Only a sentence: something is being prepared."""
        self._show_only()
        self._say_note("")
        self.say(sentence)
        self.show()

    def ask_trust(self, question: str) -> None:
        """Whether to believe another authority from now on; the safe answer is the default."""
        self.wait_for(question)
        self._show_only(self._trust, self._distrust)
        self._distrust.setFocus()

    def say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.setAccessibleDescription(sentence)
        QTimer.singleShot(0, self, self._fit)  # once the sentence has wrapped

    def _say_note(self, note: str) -> None:
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def set_busy(self, reason: str | None) -> None:
        """While the server is asked, nothing can be pressed twice."""
        self._submit.set_reason(reason)
        self._offline.set_reason(reason)

    def submit(self) -> None:
        given = Given(
            server=self.server.text().strip(),
            user=self.user.text().strip(),
            password=self.password.text(),
            code=self.code.text().strip(),
        )
        if not (given.server and given.user and given.password):
            self.say(self._text("shell.sign_in.missing"))
            return
        sentence = self._text("shell.start.signing_in", server=given.server)
        self.say(sentence)
        self.set_busy(sentence)
        self.submitted.emit(given)

    def refuse(self, error: ClientError) -> None:
        """Say what went wrong and what to do; the fields stay as they are."""
        self.set_busy(None)
        self.say(sentence_of(error, self.server.text().strip(), self._text))
        self._door = str(error.facts.get("door") or "")
        if self._door:
            self._offer_other_window()
            return
        self._show_code(is_wanted=error.slug in BY_CODE or bool(self.code.text()))
        field = self.code if error.slug in BY_CODE else self.password
        field.selectAll()
        field.setFocus()

    def enrolled(self) -> None:
        """The code is spent: this computer has its key."""
        self._show_code(is_wanted=False)

    def _show_code(self, *, is_wanted: bool) -> None:
        """A field for the code, once the server asks for one; what is typed stays until then."""
        self._form.setRowVisible(self.code, is_wanted)
        if not is_wanted:
            self.code.clear()

    def _show_only(self, *parts: QWidget) -> None:
        """These, and none of the others that may be shown below the name."""
        every = (self._fields, self._submit, self._offline, self._other)
        for part in (*every, self._trust, self._distrust):
            part.setVisible(part in parts)

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _offer_other_window(self) -> None:
        """Until somebody else signs in here."""
        self._submit.hide()
        self._offline.hide()
        self._say_note("")
        self._other.show()
        self._other.setFocus()

    def _edited(self) -> None:
        self._other.hide()
        self._submit.show()

    def _lay_out(self) -> None:
        text = self._text
        form = self._form
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        for key, field in (
            ("server", self.server),
            ("user", self.user),
            ("password", self.password),
            ("code", self.code),
        ):
            label = text(f"shell.sign_in.{key}")
            field.setAccessibleName(label)
            field.textEdited.connect(self._edited)
            form.addRow(Text(label, Ink("text2")), field)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addStretch(1)
        acts.addWidget(self._trust)
        acts.addWidget(self._distrust)
        acts.addWidget(self._other)
        acts.addWidget(self._offline)
        acts.addWidget(self._submit)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addWidget(Text(text("shell.product"), Ink("text1", Face.FIGURE, Weight.BOLD)))
        column.addWidget(self._fields)
        column.addWidget(self.sentence)
        column.addLayout(acts)
        column.addWidget(self._note)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif self.focusWidget() in {self._other, self._trust, self._distrust}:
            self.focusWidget().click()
        elif self._submit.isVisible() and self._submit.isEnabled():
            self.submit()


def sentence_of(error: ClientError, server: str, text: Catalogue) -> str:
    """The sentence of a sign-in that did not work."""
    if error.slug in OWN_WORDS:
        return Sentences(text).refusal(error.problem()).text
    by_family = next((key for kind, key in FAMILIES if isinstance(error, kind)), None)
    key = SENTENCES.get(error.slug, by_family)
    if key is None:
        return Sentences(text).refusal(error.problem()).text
    return text(f"shell.sign_in.{key}", server=server)


def workstation_name() -> str:
    """What the district calls this computer."""
    return socket.gethostname().partition(".")[0][:40] or "workstation"


def stored_login(root: Path) -> tuple[str, str] | None:
    """Server and user of the last sign-in on this computer."""
    try:
        login = last_login(root)
    except NoProfile:
        return None
    return login.server, login.user


def address_of(server: str) -> str:
    """A server as profiles name it, or as it was typed."""
    try:
        return normal_server(server)
    except ClientError:
        return server

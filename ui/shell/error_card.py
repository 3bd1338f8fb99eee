"""What stands in a panel's place when it has failed: which one, what to do, and the number under
which the log has the trace."""

import hashlib

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.shell.workplace import Workplace
from ui.theme.textrun import Ink
from ui.theme.type import Face
from ui.widgets import Button, ButtonKind, Card, Text, wrapped
from xiuzhou_desktop.plugin_api.context import Action
from xiuzhou_desktop.plugin_api.manifest import ManifestError
from xiuzhou_desktop.text.catalogue import Catalogue

WIDTH_PX = 560
CODE_DIGITS = 4


class ErrorCard(QWidget):
    """The sentence of a failure, with 重试 F5 and 日志 I."""

    retry_wanted = Signal()

    def __init__(self, sentence: str, code: str, place: Workplace) -> None:
        super().__init__()
        self._place = place
        text = place.text
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(sentence)
        retry = Button(text("plugin.retry"), key="F5", kind=ButtonKind.PRIMARY)
        log = Button(text("plugin.log"), key="I")
        retry.clicked.connect(self.retry_wanted)
        log.clicked.connect(self._open_log)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(retry)
        row.addWidget(log)
        row.addStretch(1)
        if code:
            row.addWidget(Text(text("plugin.code", code=code), Ink("text3", Face.LABEL)))
        self._where = wrapped("", Ink("text3", Face.LABEL))
        self._where.hide()
        card = Card()
        card.setFixedWidth(WIDTH_PX)
        card.body.setSpacing(12)
        card.body.addWidget(wrapped(sentence))
        card.body.addLayout(row)
        card.body.addWidget(self._where)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        actions = place.actions.region(self)
        actions.register(
            Action(id="error.retry", text="action.error_retry", icon="refresh", keys=("F5",)),
            self.retry_wanted.emit,
        )
        actions.register(
            Action(id="error.log", text="action.error_log", icon="file-text", keys=("I",)),
            self._open_log,
        )

    def _open_log(self) -> None:
        path = self._place.around.log_path
        self._where.setText(self._place.text("plugin.log.where", path=str(path)))
        self._where.show()
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def error_code(trace: str) -> str:
    """Four digits by which a person and a log speak of the same failure."""
    return hashlib.blake2b(trace.encode(), digest_size=8).hexdigest()[:CODE_DIGITS].upper()


def manifest_sentence(name: str, error: ManifestError, text: Catalogue) -> str:
    reason = text(f"plugin.manifest.{error.slug}", **error.facts)
    return text("plugin.manifest", name=name, reason=reason)

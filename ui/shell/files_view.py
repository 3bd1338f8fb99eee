"""The outbox's last tab: files on their way, held back or let go, and how fast they may go.

┌ state, name, what it is evidence of, size, percent, why it waits ──┐
├ what is wrong with the chosen one, in full ────────────────────────┤
└ 上传限速 [不限 ▾] 只限文件 …            [暂停 P] [全部暂停 Shift+P] ┘
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.shell.file_list import FileList, file_header
from ui.shell.file_texts import MIB, NEXT, FileTexts, size_text
from ui.theme.textrun import Ink
from ui.widgets import Button, EmptyState, Text, wrapped
from xiuzhou_desktop.client.line import Allowed
from xiuzhou_desktop.client.uploads import FileState, Pause, Resume, Uploads
from xiuzhou_desktop.plugin_api.context import Text as Sentence

LIMITS = (None, MIB // 2, MIB, 2 * MIB, 5 * MIB)  # bytes a second
NOTHING_ON_ITS_WAY = Uploads(files=(), is_held=False, allowed=Allowed())


class FilesView(QWidget):
    """Shows the files; says what a person wants of them."""

    wanted = Signal(object)  # UploadSay

    def __init__(self, text: Sentence) -> None:
        super().__init__()
        self._text, self._texts = text, FileTexts(text)
        self._uploads = NOTHING_ON_ITS_WAY
        self.list = FileList()
        self.list.setAccessibleName(text("outbox.file.list"))
        self.limit = QComboBox()
        self.limit.setAccessibleName(text("outbox.file.limit"))
        self.limit.setAccessibleDescription(text("outbox.file.limit.note"))
        self.limit.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for bytes_per_s in LIMITS:
            self._add_limit(bytes_per_s)
        self.one = Button("", key="P", height=40)
        self.all = Button("", key="Shift+P", height=40)
        self._reason = wrapped("", Ink("text1"))
        self._empty = EmptyState(text("outbox.empty.files"))
        self._lay_out()
        self.one.clicked.connect(self.toggle_one)
        self.all.clicked.connect(self.toggle_all)
        self.limit.activated.connect(self._limited)
        self.list.selectionModel().currentChanged.connect(self._show_current)
        self.show_uploads(NOTHING_ON_ITS_WAY, is_online=True)

    def show_uploads(self, uploads: Uploads, *, is_online: bool) -> None:
        """What the engine says now."""
        self._uploads = uploads
        self.list.show_rows([self._texts.row(one, is_online=is_online) for one in uploads.files])
        self.list.setVisible(bool(uploads.files))
        self._empty.setVisible(not uploads.files)
        if self.limit.findData(uploads.allowed.bytes_per_s) < 0:
            self._add_limit(uploads.allowed.bytes_per_s)
        self.limit.setCurrentIndex(self.limit.findData(uploads.allowed.bytes_per_s))
        self.all.set_text(self._text(f"outbox.file.{'resume' if uploads.is_held else 'pause'}_all"))
        self._show_current()

    def toggle_one(self) -> None:
        """P: hold the chosen file back, or let it go."""
        row = self.list.current()
        if row is not None and self.can_toggle():
            act = Resume if row.file.state is FileState.PAUSED else Pause
            self.wanted.emit(act(blob=row.file.blob))

    def toggle_all(self) -> None:
        """Shift+P: every file, and what is added while it holds."""
        self.wanted.emit(Resume() if self._uploads.is_held else Pause())

    def choose_limit(self) -> None:
        """L: the limits stand open."""
        self.limit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.limit.showPopup()

    def can_toggle(self) -> bool:
        """Whether the chosen file would go by itself, or is held back."""
        row = self.list.current()
        return row is not None and row.file.state not in NEXT

    def _limited(self, index: int) -> None:
        self.wanted.emit(Allowed(bytes_per_s=self.limit.itemData(index)))

    def _show_current(self, *_: object) -> None:
        row = self.list.current()
        is_paused = row is not None and row.file.state is FileState.PAUSED
        self.one.set_text(self._text(f"outbox.file.{'resume' if is_paused else 'pause'}"))
        self.one.set_reason(None if self.can_toggle() else self._text("outbox.file.none_to_pause"))
        is_troubled = row is not None and row.file.problem is not None
        self._reason.setText(row.reason if row is not None else "")
        self._reason.setVisible(is_troubled)  # else the row has room for it

    def _add_limit(self, bytes_per_s: int | None) -> None:
        rate = size_text(bytes_per_s or 0)
        key = "outbox.file.limit.rate" if bytes_per_s else "outbox.file.limit.none"
        self.limit.addItem(self._text(key, rate=rate), bytes_per_s)

    def _lay_out(self) -> None:
        header = file_header(self._text)
        header.set_right_margin(self.list.verticalScrollBar().sizeHint().width())
        foot = QFrame()
        foot.setProperty("surface", "panel")
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(Text(self._text("outbox.file.limit"), Ink("text2")))
        acts.addWidget(self.limit)
        acts.addWidget(Text(self._text("outbox.file.limit.note"), Ink("text3")))
        acts.addStretch(1)
        for button in (self.one, self.all):
            button.setMinimumWidth(160)
            acts.addWidget(button)
        below = QVBoxLayout(foot)
        below.setContentsMargins(12, 8, 12, 12)
        below.setSpacing(8)
        below.addWidget(self._reason)
        below.addLayout(acts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.list, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(foot)

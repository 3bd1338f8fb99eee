"""The lower half of the outbox: what became of a command, three columns where two stand against
each other, and the ways out.

    1 采用对方    2 重新提交我的    3 编辑后提交
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.shell.conflict_texts import ConflictRow, ConflictTexts
from ui.shell.outbox_texts import TO_SETTLE, OutboxTexts
from ui.shell.workplace import Workplace
from ui.theme.textrun import Ink
from ui.theme.type import Face, Weight
from ui.widgets import Button, ButtonKind, IconLabel, Text, wrapped
from xiuzhou_desktop.client.views import OutboxEntry, OutboxStatus, Remedy

LABEL_PX, MARK_PX = 100, 24
COLUMNS = ("theirs", "mine", "result")


class ConflictView(QFrame):
    """Shows one entry; asks for a remedy."""

    remedy_wanted = Signal(object)  # Remedy

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        text = place.text
        self._text = text
        self._texts = OutboxTexts(text)
        self._conflict = ConflictTexts(text, place.engine.signed.account.name)
        self._entry: OutboxEntry | None = None
        self._notice: tuple[str, str] = ("", "")  # command, what became of the last attempt
        self.setProperty("surface", "panel")
        self._icon = IconLabel("circle-x", "refused")
        self._sentence = Text("", Ink("text1", Face.BODY, Weight.BOLD))
        self._remedy = Text("", Ink("text2"))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._theirs = Button(
            text("outbox.act.theirs"), key="1", kind=ButtonKind.PRIMARY, height=40
        )
        self._mine = Button(text("outbox.act.mine"), key="2", height=40)
        self._edit = Button(text("outbox.act.edit"), key="3", height=40)
        self._theirs.clicked.connect(self._take_theirs)
        self._mine.clicked.connect(self._take_mine)
        self._edit.clicked.connect(self._take_edit)
        self._lay_out()
        self.show_entry(None)

    def show_entry(self, entry: OutboxEntry | None) -> None:
        self._entry = entry
        is_open = entry is not None and entry.status in TO_SETTLE
        if entry is None:
            self._sentence.setText(self._text("outbox.select"))
        else:
            self._sentence.setText(self._texts.sentence(entry))
        self._remedy.setText(self._advice(entry) if entry is not None else "")
        self._icon.setVisible(is_open)
        if entry is not None and entry.status is OutboxStatus.EXPIRED:
            self._icon.set_icon("hourglass-off", "refused")
        else:
            self._icon.set_icon("circle-x", "refused")
        for button in (self._theirs, self._mine, self._edit):
            button.setVisible(is_open)
        has_theirs = entry is not None and entry.theirs is not None
        self._theirs.set_text(self._text("outbox.act.theirs" if has_theirs else "outbox.act.drop"))
        self._scroll.setWidget(self._table(entry if is_open else None))

    def say(self, command: str, sentence: str) -> None:
        """What became of an attempt to settle this command; stands until another one succeeds."""
        self._notice = (command, sentence)
        self.show_entry(self._entry)

    def _advice(self, entry: OutboxEntry) -> str:
        command, sentence = self._notice
        return sentence if command == entry.command.id else self._texts.remedy(entry)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._sentence)
        head.addWidget(self._remedy)
        head.addStretch(1)
        acts = QHBoxLayout()
        acts.setContentsMargins(12, 8, 12, 12)
        acts.setSpacing(8)
        acts.addWidget(Text(self._text("outbox.act.note"), Ink("text3")))
        acts.addStretch(1)
        for button in (self._theirs, self._mine, self._edit):
            button.setMinimumWidth(160)
            acts.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        column.addLayout(acts)

    def _table(self, entry: OutboxEntry | None) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(12, 0, 12, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        rows = self._conflict.rows(entry) if entry is not None else []
        if rows:
            for number, name in enumerate(COLUMNS):
                title = self._text(f"outbox.conflict.{name}")
                grid.addWidget(Text(title, Ink("text2", Face.LABEL)), 0, number + 2)
        for number, row in enumerate(rows):
            _add_row(grid, number + 1, row)
        if entry is not None and not rows:
            remedy = self._texts.remedy(entry)
            said = self._text("outbox.conflict.none", remedy=remedy)
            grid.addWidget(wrapped(said, Ink("text2")), 1, 0, 1, len(COLUMNS) + 2)
        grid.setColumnMinimumWidth(0, LABEL_PX)
        grid.setColumnMinimumWidth(1, MARK_PX)
        for number in range(len(COLUMNS)):
            grid.setColumnStretch(number + 2, 1)
        grid.setRowStretch(len(rows) + 2, 1)
        return table

    def _take_theirs(self) -> None:
        self.remedy_wanted.emit(Remedy.THEIRS)

    def _take_mine(self) -> None:
        self.remedy_wanted.emit(Remedy.MINE)

    def _take_edit(self) -> None:
        self.remedy_wanted.emit(Remedy.EDIT)


def _add_row(grid: QGridLayout, at: int, row: ConflictRow) -> None:
    grid.addWidget(Text(row.label, Ink("text2")), at, 0)
    grid.addWidget(Text("≠" if row.differs else "", Ink("text1", weight=Weight.BOLD)), at, 1)
    # taking theirs is the result that stands unless the person says otherwise
    for number, cell in enumerate((row.theirs, row.mine, row.theirs)):
        grid.addWidget(wrapped(cell), at, number + 2)

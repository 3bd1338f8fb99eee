"""The lower half of the outbox: what became of a command, three columns where two stand against
each other, and the ways out.

    1 采用对方    2 重新提交我的    3 编辑后提交    4 合并后提交

A text that both have written has its result to be chosen or written: both, theirs, mine. A field
that an argument of mine would change has its result to be chosen: theirs, mine.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.records.sentences import NOTHING
from ui.shell.conflict_texts import ConflictRow, ConflictTexts
from ui.shell.outbox_texts import OutboxRow, OutboxTexts
from ui.shell.workplace import Workplace
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face, Weight
from ui.widgets import Button, ButtonKind, IconLabel, Rule, Text, wrapped
from xiuzhou_desktop.client.views import OutboxEntry, OutboxStatus, Remedy
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.plugin_api.context import Text as Sentence

LABEL_PX, MARK_PX = 100, 24
MOST_TABLE_PX = 260  # more scrolls
COLUMNS = ("theirs", "mine", "result")


class MergeField(QComboBox):
    """The result of a text that both have written: both, theirs, mine, or what is written here."""

    def __init__(self, row: ConflictRow, text: Sentence) -> None:
        super().__init__()
        self.field, self._theirs = row.field, "" if row.theirs == NOTHING else row.theirs
        both = text("outbox.merge.both", theirs=self._theirs, mine=row.mine)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(text("outbox.merge.name", field=row.label))
        choices = (both, self._theirs, row.mine) if self._theirs else (row.mine, "")
        self.addItems(list(dict.fromkeys(choices)))

    @property
    def is_mine_in_it(self) -> bool:
        """Whether anything would be added to theirs."""
        return self.currentText().strip() != self._theirs

    @property
    def result(self) -> Json:
        """The text."""
        return self.currentText().strip()


class ChoiceField(QComboBox):
    """The result of an argument of mine: what the record holds, or what I gave."""

    def __init__(self, row: ConflictRow, text: Sentence) -> None:
        super().__init__()
        assert row.values is not None
        self.field, self._values = row.field, row.values
        self.setAccessibleName(text("outbox.merge.name", field=row.label))
        self.addItems([row.theirs, row.mine])

    @property
    def is_mine_in_it(self) -> bool:
        """Whether mine is kept."""
        return self.currentIndex() > 0

    @property
    def result(self) -> Json:
        """The value, as it is sent."""
        return self._values[self.currentIndex()]


class ConflictView(QFrame):
    """Shows one entry; asks for a remedy."""

    remedy_wanted = Signal(object)  # Remedy
    merge_wanted = Signal(object)  # field → text or value

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        text = place.text
        self._text = text
        self._texts = OutboxTexts(text)
        self._conflict = ConflictTexts(text, place.engine.signed.account.name)
        self._row: OutboxRow | None = None
        self._count = 0  # how many are marked
        self._merges: list[MergeField] = []
        self._choices: list[ChoiceField] = []
        self._shown: object = None
        self._notice: tuple[str, str] = ("", "")  # command, what became of the last attempt
        self.setProperty("surface", "panel")
        self._icon = IconLabel("circle-x", "refused")
        self._sentence = Text("", Ink("text1", Face.BODY, Weight.BOLD))
        self._remedy = Text("", Ink("text2"))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._note = Text(text("outbox.act.note"), Ink("text3"))
        self._theirs = Button(
            text("outbox.act.theirs"), key="1", kind=ButtonKind.PRIMARY, height=40
        )
        self._mine = Button(text("outbox.act.mine"), key="2", height=40)
        self._edit = Button(text("outbox.act.edit"), key="3", height=40)
        self._merge = Button(text("outbox.act.merge"), key="4", height=40)
        self._theirs.clicked.connect(self._take_theirs)
        self._mine.clicked.connect(self._take_mine)
        self._edit.clicked.connect(self._take_edit)
        self._merge.clicked.connect(self.take_merge)
        self._lay_out()
        self.show_row(None, 0)

    @property
    def can_merge(self) -> bool:
        """Whether something of mine can stand beside theirs."""
        return bool(self._merges or self._choices) and not self._count

    def show_row(self, row: OutboxRow | None, count: int) -> None:
        """One row, or with `count` all that are marked. What is being written in it stays."""
        self._row, self._count = row, count
        entry = row.entry if row is not None else None
        is_open = row is not None and row.is_to_settle
        self._sentence.setText(
            self._texts.sentence(entry) if entry else self._text("outbox.select")
        )
        self._remedy.setText(self._advice(entry) if entry is not None else "")
        is_expired = entry is not None and entry.status is OutboxStatus.EXPIRED
        self._icon.set_icon("hourglass-off" if is_expired else "circle-x", "refused")
        self._icon.setVisible(is_open)
        self._show_table(entry if is_open else None)
        self._show_acts(entry if is_open else None)

    def say(self, command: str, sentence: str) -> None:
        """What became of an attempt to settle this command; stands until another one succeeds."""
        self._notice = (command, sentence)
        self.show_row(self._row, self._count)

    def take_merge(self) -> None:
        """Theirs stands, with what of mine was chosen; without any it is theirs alone."""
        results = {one.field: one.result for one in self._merges if one.is_mine_in_it}
        if any(one.is_mine_in_it for one in self._choices):
            results |= {one.field: one.result for one in self._choices}
        if results:
            self.merge_wanted.emit(results)
        else:
            self.remedy_wanted.emit(Remedy.THEIRS)

    def _show_table(self, entry: OutboxEntry | None) -> None:
        shown = entry and (entry.command.id, entry.status, entry.theirs, entry.mine, entry.problem)
        if shown != self._shown or shown is None:
            self._shown = shown
            table = self._table(entry)
            self._scroll.setWidget(table)
            self._scroll.setFixedHeight(min(table.sizeHint().height(), px(MOST_TABLE_PX)))
            self._scroll.setVisible(entry is not None)

    def _show_acts(self, entry: OutboxEntry | None) -> None:
        has_theirs = entry is not None and entry.theirs is not None
        names = {self._theirs: "theirs" if has_theirs else "drop", self._mine: "mine"}
        for button, name in names.items():
            act = self._text(f"outbox.act.{name}")
            many = self._text("outbox.act.many", act=act, count=self._count)
            button.set_text(many if self._count > 1 else act)
            button.setVisible(entry is not None)
        self._note.setVisible(entry is not None)
        self._edit.setVisible(entry is not None and self._count <= 1)
        self._merge.setVisible(entry is not None and self.can_merge)

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
        acts.addWidget(self._note)
        acts.addStretch(1)
        for button in (self._theirs, self._mine, self._edit, self._merge):
            button.setMinimumWidth(160)
            acts.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Rule())
        column.addLayout(head)
        column.addWidget(self._scroll)
        column.addWidget(Rule())
        column.addLayout(acts)

    def _table(self, entry: OutboxEntry | None) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(12, 0, 12, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self._merges, self._choices = [], []
        rows = self._conflict.rows(entry) if entry is not None else []
        if rows:
            for number, name in enumerate(COLUMNS):
                title = self._text(f"outbox.conflict.{name}")
                grid.addWidget(Text(title, Ink("text2", Face.LABEL)), 0, number + 2)
        for number, row in enumerate(rows):
            self._add_row(grid, number + 1, row)
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

    def _add_row(self, grid: QGridLayout, at: int, row: ConflictRow) -> None:
        grid.addWidget(Text(row.label, Ink("text2")), at, 0)
        grid.addWidget(Text("≠" if row.differs else "", Ink("text1", weight=Weight.BOLD)), at, 1)
        for number, cell in enumerate((row.theirs, row.mine)):
            grid.addWidget(wrapped(cell), at, number + 2)
        grid.addWidget(self._result(row), at, len(COLUMNS) + 1)

    def _result(self, row: ConflictRow) -> QWidget:
        """Theirs is the result that stands unless the person says otherwise."""
        if not row.field:
            return wrapped(row.theirs)
        if row.values is not None:
            choice = ChoiceField(row, self._text)
            self._choices.append(choice)
            return choice
        merge = MergeField(row, self._text)
        self._merges.append(merge)
        return merge

    def _take_theirs(self) -> None:
        self.remedy_wanted.emit(Remedy.THEIRS)

    def _take_mine(self) -> None:
        self.remedy_wanted.emit(Remedy.MINE)

    def _take_edit(self) -> None:
        self.remedy_wanted.emit(Remedy.EDIT)

"""当事人查询: whose numbers are looked at, found by a whole number, name or address; and what for.

┌ 当事人查询                                        Esc 关闭 ┐
│ 查询理由   [ 选一个或自己写 ▾ ]                            │
│ 按         [身份证号 ▾] [              ] [查找 Enter]      │
│ 张某 · 身份证 330411********1234 · 手机 138****1234 · …    │
│ 身份证号 …   手机 …   60 秒后自动遮盖                      │
└ 记入审计 …             [打开案件] [显示号码 Ctrl+Enter]    ┘

It lies in its panel, so that a lock or another panel hides it. Hidden, it forgets the numbers and
what was sought; an answer that was asked for before then comes too late (`looks`).
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.theme.textrun import Ink
from ui.theme.theme import px, row_height
from ui.theme.type import Face, Weight
from ui.widgets import Button, ButtonKind, KeyCap, Text, wrapped
from ui.widgets.question import is_plain_key
from xiuzhou_desktop.contract.parties import PartyNumbers
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Text as Words

WIDTH_PX, LIST_PX, LABEL_PX = 760, 128, 88
SHOWN_S = 60
PURPOSE_LENGTH = 200
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
PURPOSES = ("service", "identity", "collection", "same")
SOUGHT_BY = ("resident_id", "phone", "name", "address")


class PartyLine(Struct, frozen=True, kw_only=True):
    """One party: how it reads, and the newest case of it that lies here, or why none is known."""

    record: RecordId
    words: str
    case: RecordId | None = None
    no_case: str | None = None


class PartyList(QListWidget):
    """Leaves Enter to the sheet, which tells it from Ctrl+Enter."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            event.ignore()
        else:
            super().keyPressEvent(event)


class PartySheet(QFrame):
    """Asks for the purpose, shows parties, and numbers for a minute."""

    look_wanted = Signal(object, str)  # RecordId, purpose
    find_wanted = Signal(str, str, str)  # by what, its value, purpose
    case_wanted = Signal(object)  # RecordId
    asking = Signal()  # it is about to stand over the page: its own look is the primary act
    asked = Signal()  # it is gone again

    def __init__(self, parent: QWidget, text: Words) -> None:
        super().__init__(parent)
        self._text = text
        self._lines: Sequence[PartyLine] = ()
        self._returns_to: QWidget | None = None
        self._left_s = 0
        self.looks = 0  # times it was hidden: what was asked for in another look is not shown
        self.clock = QTimer(self, interval=1000)
        self.clock.timeout.connect(self._tick)
        self.setProperty("surface", "float")
        self.setAutoFillBackground(True)
        self.setAccessibleName(text("cases.party.title"))
        self.purpose, self.by = QComboBox(), QComboBox()
        self.value = QLineEdit()
        self.list = PartyList()
        self.numbers = Text("", Ink("text1", Face.TITLE, Weight.BOLD))
        self.sentence = wrapped("", Ink("text1"))
        self._until = Text("", Ink("text2"))
        self._find = Button(text("cases.party.find"), key="Enter")
        self._open = Button(text("cases.party.open_case"), height=40)
        self._show = Button(
            text("cases.party.show"), key="Ctrl+Enter", kind=ButtonKind.PRIMARY, height=40
        )
        self._fill()
        self._lay_out()
        self._connect()
        parent.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Over the panel, with nothing left of an earlier look."""
        if self.isVisible():
            return
        self._returns_to = QApplication.focusWidget()
        self.purpose.setCurrentIndex(-1)
        self.purpose.clearEditText()
        self.show_parties(())
        self.say("")
        self.asking.emit()
        self._place()
        self.show()
        self.raise_()
        self.purpose.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Put it away; the focus returns to where it was."""
        self.hide()
        self.asked.emit()
        if self._returns_to is not None:
            self._returns_to.setFocus(Qt.FocusReason.PopupFocusReason)
            self._returns_to = None

    def show_parties(self, lines: Sequence[PartyLine]) -> None:
        """These, the first of them chosen."""
        self._lines = lines
        self.list.clear()
        for one in lines:
            item = QListWidgetItem(one.words)
            item.setSizeHint(QSize(0, row_height()))
            self.list.addItem(item)
        self.list.setCurrentRow(0 if lines else -1)
        self._chosen()

    def show_numbers(self, of: RecordId, numbers: PartyNumbers) -> None:
        """For a minute, as long as that party stays the chosen one."""
        line = self._line()
        if line is None or line.record != of or not self.isVisible():
            return
        unknown = self._text("cases.party.unknown")
        self._say_numbers(
            self._text(
                "cases.party.numbers", resident_id=numbers.resident_id or unknown,
                phone=numbers.phone or unknown,
            )
        )  # fmt: skip
        self._left_s = SHOWN_S
        self._say_left()
        self.clock.start()

    def say(self, sentence: str) -> None:
        """What became of a look or a search."""
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.setAccessibleDescription(sentence)

    # acting

    def look(self) -> None:
        """Ctrl+Enter: the numbers of the chosen party."""
        line, purpose = self._line(), self._purpose()
        if line is None:
            self.say(self._text("cases.party.none_chosen"))
            self.value.setFocus(Qt.FocusReason.OtherFocusReason)
        elif purpose is not None:
            self.look_wanted.emit(line.record, purpose)

    def find(self) -> None:
        """Enter in the value: who has it, whole."""
        value = self.value.text().strip()
        if not value:
            self.say(self._text("cases.party.no_value"))
            self.value.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        purpose = self._purpose()
        if purpose is not None:
            self.find_wanted.emit(self.by.currentData(), value, purpose)

    def _purpose(self) -> str | None:
        """What is chosen or written; None once a person was asked for it."""
        given = self.purpose.currentText().strip()
        if len(given) > 1:
            self.say("")
            return given
        self.say(self._text("cases.party.no_purpose"))
        self.purpose.setFocus(Qt.FocusReason.OtherFocusReason)
        return None

    def _open_case(self, *_: object) -> None:
        line = self._line()
        if line is not None and line.case is not None:
            self.leave()
            self.case_wanted.emit(line.case)

    def _line(self) -> PartyLine | None:
        row = self.list.currentRow()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def _chosen(self, *_: object) -> None:
        """Another party: the numbers of the last one go."""
        self._cover()
        line = self._line()
        self._show.set_reason(None if line else self._text("cases.party.none_chosen"))
        self._open.set_reason(line.no_case if line else self._text("cases.party.none_chosen"))

    # the minute

    def _tick(self) -> None:
        self._left_s -= 1
        if self._left_s > 0:
            self._say_left()
        else:
            self._cover()

    def _say_left(self) -> None:
        self._until.setText(self._text("cases.party.covered_in", count=self._left_s))

    def _cover(self) -> None:
        self.clock.stop()
        self._say_numbers("")
        self._until.setText(self._text("cases.party.covered"))

    def _say_numbers(self, numbers: str) -> None:
        self.numbers.setText(numbers)
        self.numbers.setVisible(bool(numbers))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.looks += 1
        self.value.setText("")  # unlike clear(), it leaves nothing to undo
        self._cover()

    # building

    def _fill(self) -> None:
        text = self._text
        self.purpose.setEditable(True)
        self.purpose.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.purpose.addItems([text(f"cases.party.purpose.{one}") for one in PURPOSES])
        self.purpose.lineEdit().setPlaceholderText(text("cases.party.purpose.choose"))
        self.purpose.lineEdit().setMaxLength(PURPOSE_LENGTH)
        for one in SOUGHT_BY:
            self.by.addItem(text(f"field.party.{one}"), one)
        for field, key in (
            (self.purpose, "purpose"), (self.by, "by"), (self.value, "value"), (self.list, "list"),
        ):  # fmt: skip
            field.setAccessibleName(text(f"cases.party.{key}"))
        self.value.setPlaceholderText(text("cases.party.value.whole"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        title = Text(self._text("cases.party.title"), Ink("text1", Face.TITLE, Weight.BOLD))
        head.addWidget(title, 1)
        head.addWidget(KeyCap("Esc"))
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(Text(self._text("cases.party.audited"), Ink("text2")), 1)
        acts.addWidget(self._open)
        acts.addWidget(self._show)
        shown = QHBoxLayout()
        shown.setSpacing(16)
        shown.addWidget(self.numbers)
        shown.addWidget(self._until)
        shown.addStretch(1)
        self.list.setFixedHeight(px(LIST_PX))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(self._row("purpose", self.purpose))
        column.addLayout(self._row("by", self.by, self.value, self._find))
        column.addWidget(self.list)
        column.addLayout(shown)
        column.addWidget(self.sentence)
        column.addLayout(acts)

    def _row(self, key: str, *fields: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        label = Text(self._text(f"cases.party.{key}"), Ink("text2"))
        label.setFixedWidth(px(LABEL_PX))
        row.addWidget(label)
        for field in fields:
            row.addWidget(field, int(field in {self.purpose, self.value}))
        return row

    def _connect(self) -> None:
        self._find.clicked.connect(self.find)
        self._show.clicked.connect(self.look)
        self._open.clicked.connect(self._open_case)
        self.list.itemDoubleClicked.connect(self._open_case)
        self.list.currentRowChanged.connect(self._chosen)

    def _place(self) -> None:
        room = self.parentWidget().rect()
        width = min(px(WIDTH_PX), room.width() - 16)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((room.width() - width) // 2, max(8, (room.height() - self.height()) // 3))

    # keys

    def event(self, event: QEvent) -> bool:
        # while it stands, plain keys and Ctrl+Enter are its own, not the panel's
        if event.type() == QEvent.Type.ShortcutOverride and (
            is_plain_key(event) or _is_look(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif _is_look(event):
            self.look()
        elif event.key() in ENTER and self.value.hasFocus():
            self.find()
        elif event.key() in ENTER and self.purpose.hasFocus():
            self.value.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in ENTER and self.list.hasFocus():
            self._open_case()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


def _is_look(event: QKeyEvent) -> bool:
    return event.key() in ENTER and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)

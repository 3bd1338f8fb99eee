"""One editor for each type of argument: numbered options, a line, a text, a number, an instant.

`editor_for` chooses by the argument's type as msgspec tells it; every editor gives and takes JSON
values, and says in a word what is wrong with what stands in it.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum

import msgspec
from msgspec import inspect
from PySide6.QtCore import QDate, QDateTime, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCompleter,
    QDateEdit,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ui.records.flow import FlowRows
from ui.records.sentences import HERE, utc
from ui.theme.style import draw_ring
from ui.theme.textrun import Ink
from ui.theme.theme import colour
from ui.theme.type import Face
from ui.widgets import Button, ButtonKind
from ui.widgets.labels import Text
from xiuzhou_desktop.domain.canonical import Json, format_instant, parse_instant

LONG_TEXTS = frozenset(
    {
        "note",
        "reason",
        "description",
        "reply",
        "statement",
        "facts",
        "answer",
        "record",
        "conclusion",
    }
)
LONG_TEXT = 1000  # letters that a field may hold: more than one line shows
LONG_TEXT_ROWS_PX = 72
MOST_BUTTONS = 9
WHOLE_NUMBER = re.compile(r"^-?\d{1,15}$")
AMOUNT = re.compile(r"^(\d{1,9})(?:\.(\d{1,2}))?$")
FEN_PER_YUAN = 100
CLOCK = re.compile(r"^(\d{1,2}):([0-5]\d)$")
MINUTES_A_DAY = 24 * 60


class Choice(msgspec.Struct, frozen=True):
    """A value and how it reads."""

    value: Json
    text: str


class Editor(QWidget):
    """The base of editors: `value()` is None where nothing was given."""

    changed = Signal()

    def value(self) -> Json:
        raise NotImplementedError

    def set_value(self, value: Json) -> None:
        raise NotImplementedError

    def fault(self) -> str | None:
        """Text key of what is wrong, or None."""
        return None


class OptionEditor(Editor):
    """Up to nine numbered options; a digit chooses while the row has the focus."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._choices = tuple(choices[:MOST_BUTTONS])
        self._chosen: int | None = None
        self._buttons: list[Button] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        rows = FlowRows(self)
        for number, choice in enumerate(self._choices):
            button = Button(choice.text, key=str(number + 1))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setProperty("number", number)
            button.clicked.connect(self._pressed)
            self._buttons.append(button)
            rows.add(button)

    def value(self) -> Json:
        return None if self._chosen is None else self._choices[self._chosen].value

    def set_value(self, value: Json) -> None:
        values = [choice.value for choice in self._choices]
        self._choose(values.index(value) if value in values else None)

    def _pressed(self) -> None:
        self._choose(int(self.sender().property("number")))

    def _choose(self, number: int | None) -> None:
        self._chosen = number
        for at, button in enumerate(self._buttons):
            button.set_kind(ButtonKind.CHOSEN if at == number else ButtonKind.NORMAL)
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if 0 <= number < len(self._choices):
            self._choose(number)
            self.focusNextChild()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._choices:
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            at = -1 if self._chosen is None and step > 0 else self._chosen or 0
            self._choose((at + step) % len(self._choices))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            draw_ring(QPainter(self), self.rect(), colour("focus"))


class SearchEditor(Editor):
    """Many options: type a part of one, arrow down, Enter; the number in front of it works, too."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._choices = tuple(choices)
        self._line = QLineEdit()
        self._line.setPlaceholderText("  ".join(one.text for one in self._choices[:MOST_BUTTONS]))
        words = QStringListModel([choice.text for choice in choices], self)
        completer = QCompleter(words, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._line.setCompleter(completer)
        self._line.textChanged.connect(self.changed)
        self.setFocusProxy(self._line)
        _fill(self, self._line)

    def value(self) -> Json:
        choice = self._match()
        return None if choice is None else choice.value

    def set_value(self, value: Json) -> None:
        text = next((choice.text for choice in self._choices if choice.value == value), "")
        self._line.setText(text)

    def fault(self) -> str | None:
        typed = self._line.text().strip()
        return "form.fault.not_listed" if typed and self._match() is None else None

    def _match(self) -> Choice | None:
        typed = self._line.text().strip()
        if not typed:
            return None
        exact = [one for one in self._choices if typed in (one.text, one.text.partition(" ")[0])]
        near = exact or [choice for choice in self._choices if typed in choice.text]
        return near[0] if exact or len(near) == 1 else None


class LineEditor(Editor):
    """One line of text."""

    def __init__(self) -> None:
        super().__init__()
        self._line = QLineEdit()
        self._line.textChanged.connect(self.changed)
        self.setFocusProxy(self._line)
        _fill(self, self._line)

    def value(self) -> Json:
        return self._line.text().strip() or None

    def set_value(self, value: Json) -> None:
        self._line.setText("" if value is None else str(value))


class NumberEditor(LineEditor):
    """A whole number, with its unit told by the label."""

    def value(self) -> Json:
        typed = self._line.text().strip()
        return int(typed) if WHOLE_NUMBER.match(typed) else None

    def fault(self) -> str | None:
        typed = self._line.text().strip()
        return "form.fault.number" if typed and not WHOLE_NUMBER.match(typed) else None


class MoneyEditor(LineEditor):
    """An amount that people write in 元, two decimals at most; its value is in fen."""

    def value(self) -> Json:
        typed = AMOUNT.match(self._line.text().strip())
        if typed is None:
            return None
        yuan, fen = typed.group(1), (typed.group(2) or "").ljust(2, "0")
        return int(yuan) * FEN_PER_YUAN + int(fen)

    def set_value(self, value: Json) -> None:
        if isinstance(value, int):
            self._line.setText(f"{value // FEN_PER_YUAN}.{value % FEN_PER_YUAN:02d}")
        else:
            self._line.clear()

    def fault(self) -> str | None:
        typed = self._line.text().strip()
        return "form.fault.amount" if typed and not AMOUNT.match(typed) else None


class ClockEditor(LineEditor):
    """A time of the day that people write as 08:30; its value is the minute of the day."""

    def value(self) -> Json:
        typed = CLOCK.match(self._line.text().strip().replace("：", ":"))
        minute = int(typed.group(1)) * 60 + int(typed.group(2)) if typed else None
        return minute if minute is not None and minute <= MINUTES_A_DAY else None

    def set_value(self, value: Json) -> None:
        given = isinstance(value, int)
        self._line.setText(f"{value // 60:02d}:{value % 60:02d}" if given else "")

    def fault(self) -> str | None:
        return "form.fault.clock" if self._line.text().strip() and self.value() is None else None


class TextEditor(Editor):
    """A text of several lines; Tab leaves it."""

    def __init__(self) -> None:
        super().__init__()
        self._text = QPlainTextEdit()
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(LONG_TEXT_ROWS_PX)
        self._text.textChanged.connect(self.changed)
        self.setFocusProxy(self._text)
        _fill(self, self._text)

    def value(self) -> Json:
        return self._text.toPlainText().strip() or None

    def set_value(self, value: Json) -> None:
        self._text.setPlainText("" if value is None else str(value))


class InstantEditor(Editor):
    """An instant in Xiuzhou's time."""

    def __init__(self) -> None:
        super().__init__()
        self._edit = QDateTimeEdit()
        self._edit.setDisplayFormat("yyyy-MM-dd HH:mm")
        self._edit.dateTimeChanged.connect(self._touched)
        self._is_given = False
        self.setFocusProxy(self._edit)
        _fill(self, self._edit)

    def value(self) -> Json:
        if not self._is_given:
            return None
        at = self._edit.dateTime()
        day, time = at.date(), at.time()
        local = datetime(day.year(), day.month(), day.day(), time.hour(), time.minute())
        return format_instant(utc(local))

    def set_value(self, value: Json) -> None:
        if isinstance(value, str):
            local = parse_instant(value).astimezone(HERE)
            shown = QDateTime.fromString(f"{local:%Y-%m-%d %H:%M}", "yyyy-MM-dd HH:mm")
            self._edit.setDateTime(shown)
            self._is_given = True

    def _touched(self) -> None:
        self._is_given = True
        self.changed.emit()


class DayEditor(Editor):
    """A day of the calendar, as documents are dated."""

    def __init__(self) -> None:
        super().__init__()
        self._edit = QDateEdit()
        self._edit.setDisplayFormat("yyyy-MM-dd")
        self._edit.setCalendarPopup(True)
        self._edit.dateChanged.connect(self._touched)
        self._is_given = False
        self.setFocusProxy(self._edit)
        _fill(self, self._edit)

    def value(self) -> Json:
        return self._edit.date().toString("yyyy-MM-dd") if self._is_given else None

    def set_value(self, value: Json) -> None:
        if isinstance(value, str):
            self._edit.setDate(QDate.fromString(value, "yyyy-MM-dd"))
            self._is_given = True

    def _touched(self) -> None:
        self._is_given = True
        self.changed.emit()


class ListEditor(LineEditor):
    """Several short values in one line, parted by commas."""

    def value(self) -> Json:
        parts = re.split(r"[,、;\s]+", self._line.text().replace("，", ","))
        return [part for part in parts if part] or None

    def set_value(self, value: Json) -> None:
        self._line.setText(", ".join(str(one) for one in value) if isinstance(value, list) else "")


def editor_for(
    field: inspect.Field, option_text: Callable[[str, str], str], choices: Sequence[Choice] | None
) -> Editor:
    """The editor of one argument. `option_text(enum, value)` names an option."""
    if choices is not None:
        return OptionEditor(choices) if len(choices) <= MOST_BUTTONS else SearchEditor(choices)
    kind = _without_none(field.type)
    match kind:
        case inspect.EnumType(cls=enum):
            named = [
                Choice(_plain(one), option_text(enum.__name__, str(one.value))) for one in enum
            ]
            return OptionEditor(named) if len(named) <= MOST_BUTTONS else SearchEditor(named)
        case inspect.BoolType():
            return OptionEditor(
                [
                    Choice(True, option_text("Bool", "true")),
                    Choice(False, option_text("Bool", "false")),
                ]
            )
        case inspect.Metadata(extra={"unit": "fen"}):
            return MoneyEditor()
        case inspect.Metadata(extra={"unit": "minute of the day"}):
            return ClockEditor()
        case inspect.IntType():
            return NumberEditor()
        case inspect.DateType():
            return DayEditor()
        case inspect.DateTimeType():
            return InstantEditor()
        case inspect.VarTupleType() | inspect.ListType() | inspect.SetType():
            return ListEditor()
        case _:
            return TextEditor() if _is_long(field.name, kind) else LineEditor()


def _is_long(name: str, kind: inspect.Type) -> bool:
    """Whether more than one line of it shows."""
    most = kind.max_length if isinstance(kind, inspect.StrType) else None
    return name in LONG_TEXTS or (most is not None and most >= LONG_TEXT)


def fault_line() -> Text:
    return Text("", Ink("refused", Face.LABEL))


def _plain(option: Enum) -> Json:
    value = option.value
    return value if isinstance(value, str | int) else str(value)


def _without_none(kind: inspect.Type) -> inspect.Type:
    if not isinstance(kind, inspect.UnionType):
        return kind
    given = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
    return given[0] if len(given) == 1 else inspect.StrType()


def _fill(outer: QWidget, inner: QWidget) -> None:
    column = QVBoxLayout(outer)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(inner)

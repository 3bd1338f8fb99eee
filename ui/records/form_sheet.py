"""A form made from a transition's arguments (architecture.md rule 5), over the panel that asks.

    ask(question) ──► the person fills it ──Ctrl+Enter──► submitted(dict of JSON values)
                                              ──Esc────────► dismissed
    show_notice(what it will do) ──► the person reads it, submits once more, or changes something

It is given once: until whoever asked closes it or says why not, a key that is pressed again, or
held, gives nothing.

Required arguments come first and are marked. The Struct itself is the validator: what it refuses is
shown at its field.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec
from msgspec import inspect
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.records.form_fields import Choice, Editor, editor_for, fault_line
from ui.records.form_files import Attach, file_editor
from ui.records.sentences import Sentences
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face, Weight
from ui.widgets import Button, ButtonKind, Text, wrapped
from ui.widgets.question import is_plain_key
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.envelope import Args, Kind, Struct
from xiuzhou_desktop.plugin_api.context import Text as Sentence

WIDTH_PX = 560
MARGIN_PX = 16
MOST_HEIGHT = 0.9


class FormQuestion(Struct, frozen=True, kw_only=True):
    """What to ask: of which kind of record, the form and its title; `of` is the record's own title,
    since another row may be selected meanwhile. `values` are filled in, `skip` are passed on
    without being asked, `choices` stand to be chosen from by field, `labels` take the place of a
    field's usual name."""

    kind: Kind
    form: type[Args]
    title: str
    of: str = ""
    values: Mapping[str, Json] = {}
    skip: tuple[str, ...] = ()
    choices: Mapping[str, Sequence[Choice]] = {}
    labels: Mapping[str, str] = {}


class FormSheet(QFrame):
    """The form over its parent, one for all that is asked there. `attach` keeps the files that it
    asks for."""

    submitted = Signal(object)  # dict[str, Json]
    dismissed = Signal()

    def __init__(self, parent: QWidget, text: Sentence, attach: Attach | None = None) -> None:
        super().__init__(parent)
        self._text, self._attach = text, attach
        self._names = Sentences(text)
        self._asked: FormQuestion | None = None
        self._editors: dict[str, Editor] = {}
        self._faults: dict[str, Text] = {}
        self._returns_to: QWidget | None = None
        self._is_given = False  # and not answered yet
        self.setProperty("surface", "float")
        self.setAutoFillBackground(True)
        self._title = Text("", Ink("text1", Face.TITLE, Weight.BOLD))
        self._of = wrapped("", Ink("text2", Face.BODY))
        self._refusal = wrapped("", Ink("refused", Face.BODY))
        self._notice = wrapped("", Ink("text1", Face.BODY))
        self._send = Button(
            text("form.submit"), key="Ctrl+Enter", kind=ButtonKind.PRIMARY, height=40
        )
        self._leave = Button(text("form.cancel"), key="Esc", height=40)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        parent.installEventFilter(self)
        self.hide()

    def ask(self, question: FormQuestion) -> None:
        """Show the form."""
        self._asked = question
        self._title.setText(question.title)
        self._of.setText(question.of)
        self._of.setVisible(bool(question.of))
        self.setAccessibleName(f"{question.title} {question.of}".strip())
        self._refusal.hide()
        self._notice.hide()
        self._is_given = False
        self._build(question)
        self._returns_to = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()
        self._take_keyboard()

    def come_back(self) -> bool:
        """Whether a form stands that somebody writes in, be it out of sight: it has the keyboard
        again. Whoever shares it asks nothing else before it is given or left.
        """
        if self.isHidden() or self._is_given:
            return False
        self._take_keyboard()
        return True

    def _take_keyboard(self) -> None:
        first = next(iter(self._editors.values()), None)
        (first or self).setFocus(Qt.FocusReason.TabFocusReason)

    @property
    def editors(self) -> Mapping[str, Editor]:
        """The fields that are asked, in the order in which they stand."""
        return self._editors

    def show_refusal(self, sentence: str) -> None:
        """Say why what was submitted cannot be; the form stays as it is."""
        self._is_given = False
        self._notice.hide()
        self._refusal.setText(sentence)
        self._refusal.show()
        self._place()

    def show_notice(self, sentence: str) -> None:
        """Say what it will do, before it is done; the form waits to be submitted once more."""
        self._is_given = False
        self._refusal.hide()
        self._notice.setText(sentence)
        self._notice.show()
        self._place()

    def close_form(self) -> None:
        """Put the form away; the focus returns to where it was."""
        self.hide()
        if self._returns_to is not None:
            self._returns_to.setFocus(Qt.FocusReason.PopupFocusReason)
            self._returns_to = None

    def submit(self) -> None:
        """Check what stands in the fields, then give it to whoever asked."""
        if self._asked is None or self._is_given:
            return
        given = self._given(self._asked)
        if self._show_faults(given):
            return
        try:
            msgspec.convert(given, self._asked.form, strict=True)
        except msgspec.ValidationError as error:
            self._show_invalid(str(error))
            return
        self._is_given = True
        self.submitted.emit(given)

    def _dismiss(self) -> None:
        self.close_form()
        self.dismissed.emit()

    def _lay_out(self) -> None:
        self._send.clicked.connect(self.submit)
        self._leave.clicked.connect(self._dismiss)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addStretch(1)
        acts.addWidget(self._leave)
        acts.addWidget(self._send)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, 12, MARGIN_PX, MARGIN_PX)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._of)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._notice)
        column.addWidget(self._refusal)
        column.addLayout(acts)

    def _editor(self, field: inspect.Field, asked: FormQuestion) -> Editor:
        files = file_editor(field.type, self._attach, self._text) if self._attach else None
        return files or editor_for(field, self._names.option, asked.choices.get(field.name))

    def _build(self, asked: FormQuestion) -> None:
        self._editors, self._faults = {}, {}
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        for field in _fields(asked):
            editor = self._editor(field, asked)
            label = asked.labels.get(field.name) or self._names.field(asked.kind, field.name)
            editor.setAccessibleName(label)
            known = asked.values.get(field.name, _default(field))
            if known is not None:
                editor.set_value(known)
            shown = self._text("form.required", label=label) if field.required else label
            column.addWidget(Text(shown, Ink("text2", Face.LABEL)))
            column.addWidget(editor)
            fault = fault_line()
            fault.hide()
            column.addWidget(fault)
            column.addSpacing(8)
            self._editors[field.name], self._faults[field.name] = editor, fault
        column.addStretch(1)
        self._scroll.setWidget(body)
        self._chain()

    def _chain(self) -> None:
        """Tab goes from field to field and then to the buttons, never past them to the panel."""
        order = [*self._editors.values(), self._send, self._leave]
        for one, following in pairwise(order):
            QWidget.setTabOrder(one, following)

    def _given(self, asked: FormQuestion) -> dict[str, Json]:
        given: dict[str, Json] = {
            name: value for name, value in asked.values.items() if name not in self._editors
        }
        for name, editor in self._editors.items():
            value = editor.value()
            if value is not None:
                given[name] = value
        return given

    def _show_faults(self, given: Mapping[str, Json]) -> bool:
        required = {field.name for field in _fields(self._asked) if field.required}
        first: Editor | None = None
        for name, editor in self._editors.items():
            key = editor.fault()
            if key is None and name in required and name not in given:
                key = "form.fault.required"
            self._faults[name].setText(self._text(key) if key else "")
            self._faults[name].setVisible(key is not None)
            if key and first is None:
                first = editor
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
        self._place()
        return first is not None

    def _show_invalid(self, detail: str) -> None:
        """A validator's message ends in `$.name`; it belongs to that field."""
        name = detail.rpartition("$.")[2].rstrip("`")
        if name in self._faults:
            self._faults[name].setText(self._text("form.fault.invalid"))
            self._faults[name].show()
            self._editors[name].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.show_refusal(self._text("form.fault.form", detail=detail))
        self._place()

    def _place(self) -> None:
        self._scroll.updateGeometry()  # the layout remembers how high the last form was
        room = self.parentWidget().rect()
        width = min(px(WIDTH_PX), room.width() - 2 * MARGIN_PX)
        body = self._scroll.widget()
        wanted = body.sizeHint().height() if body else 0
        if body is not None and body.layout().hasHeightForWidth():
            wanted = body.layout().heightForWidth(width - 2 * MARGIN_PX - 8)
        head = self.layout().sizeHint().height() - self._scroll.sizeHint().height()
        height = min(int(room.height() * MOST_HEIGHT), wanted + head + 8)
        x = room.x() + (room.width() - width) // 2
        self.setGeometry(x, room.y() + (room.height() - height) // 2, width, height)

    def event(self, event: QEvent) -> bool:
        # while the form stands, plain keys and Ctrl+Enter are its own, not the panel's
        if event.type() == QEvent.Type.ShortcutOverride and (
            is_plain_key(event) or _is_submit(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._dismiss()
        elif _is_submit(event):
            self.submit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


def _fields(asked: FormQuestion | None) -> tuple[inspect.Field, ...]:
    """The arguments to ask, required ones first."""
    if asked is None:
        return ()
    info = inspect.type_info(asked.form)
    if not isinstance(info, inspect.StructType):
        return ()
    shown = [field for field in info.fields if field.name not in asked.skip]
    return tuple(sorted(shown, key=lambda field: not field.required))


def _default(field: inspect.Field) -> Json:
    """What stands in the field before anybody has touched it."""
    given = field.default
    return None if given is msgspec.NODEFAULT else to_json(given)


def _is_submit(event: QKeyEvent) -> bool:
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)

"""A form is given once, however long its key is held, and again once it was answered."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.records import FormQuestion, FormSheet, NoteForm
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.text.catalogue import Catalogue


def test_a_held_key_gives_a_form_once_and_a_refused_one_may_be_given_again(qtbot: QtBot) -> None:
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(1200, 900)
    room.show()
    form = FormSheet(room, Catalogue("zh_CN"))
    given: list[object] = []
    form.submitted.connect(given.append)
    form.ask(FormQuestion(kind=Kind.FLAG, form=NoteForm, title="备注", values={"note": "雨篷"}))
    for _ in range(3):
        qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert given == [{"note": "雨篷"}]
    form.show_refusal("已由同事处理")
    qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(given) == 2

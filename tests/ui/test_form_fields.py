"""Editors of a form: what people write, and the value that comes of it."""

import pytest
from msgspec import inspect
from pytestqt.qtbot import QtBot

from ui.records.form_fields import MoneyEditor, editor_for
from xiuzhou_desktop.domain.flag_forms import PenaliseSimple


def a_fine(qtbot: QtBot) -> MoneyEditor:
    form = inspect.type_info(PenaliseSimple)
    assert isinstance(form, inspect.StructType)
    field = next(one for one in form.fields if one.name == "fine_fen")
    editor = editor_for(field, lambda _enum, value: value, None)
    qtbot.addWidget(editor)
    assert isinstance(editor, MoneyEditor)
    return editor


@pytest.mark.parametrize(
    ("typed", "fen"), [("150", 15_000), ("150.5", 15_050), ("0.05", 5), (" 200.00 ", 20_000)]
)
def test_a_fine_is_written_in_yuan_and_sent_in_fen(qtbot: QtBot, typed: str, fen: int) -> None:
    editor = a_fine(qtbot)
    editor.focusProxy().setText(typed)
    assert editor.fault() is None
    assert editor.value() == fen


@pytest.mark.parametrize("typed", ["0.005", "-1", "一百", "1,000"])
def test_an_amount_that_is_none_is_said_at_its_field(qtbot: QtBot, typed: str) -> None:
    editor = a_fine(qtbot)
    editor.focusProxy().setText(typed)
    assert editor.fault() == "form.fault.amount"


def test_a_known_fine_is_shown_in_yuan(qtbot: QtBot) -> None:
    editor = a_fine(qtbot)
    editor.set_value(15_050)
    assert editor.focusProxy().text() == "150.50"

"""A form is as high as what it asks, whatever it asked before; rows stay in sight."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.records import FormQuestion, FormSheet
from xiuzhou_desktop.domain.envelope import Args, Kind
from xiuzhou_desktop.text.catalogue import Catalogue


class Short(Args, frozen=True, kw_only=True):
    """One field."""

    note: str


class Long(Args, frozen=True, kw_only=True):
    """Many."""

    note: str
    reason: str
    description: str
    address: str
    plate: str


def test_a_short_form_after_a_long_one_is_as_high_as_alone(qtbot: QtBot) -> None:
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(1200, 900)
    room.show()
    alone, reused = (FormSheet(room, Catalogue("zh_CN")) for _ in range(2))
    alone.ask(FormQuestion(kind=Kind.FLAG, form=Short, title="短"))
    wanted = alone.height()
    alone.close_form()
    reused.ask(FormQuestion(kind=Kind.FLAG, form=Long, title="长"))
    assert reused.height() > wanted + 200
    reused.close_form()
    reused.ask(FormQuestion(kind=Kind.FLAG, form=Short, title="短"))
    assert reused.height() == wanted

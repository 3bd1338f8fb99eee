"""What a row of the queue shows, read from its pixels."""

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.records.columns import columns_for
from ui.records.rows import ROW_ROLE, GroupRow, QueueRow, Row, TimeTone
from ui.records.view import RecordListView
from ui.theme import Chip, ChipState, Density, Theme, ThemeName, colour
from ui.theme.samples import sample_queue


class Rows(QAbstractListModel):
    def __init__(self, rows: list[Row], parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        return self.rows[index.row()] if role == ROW_ROLE else None


def a_row(**changes: object) -> QueueRow:
    row: dict[str, object] = {
        "record": "flag/1", "kind": "flag", "priority": 3, "time_left": "11:20",
        "time_tone": TimeTone.PLAIN, "type_text": "违停", "plate": "浙F·D8K31",
        "plate_colour": "蓝", "place_text": "中山西路吉水路口", "confidence": "0.91",
    }  # fmt: skip
    return QueueRow(**{**row, **changes})


def a_view(qtbot: QtBot, rows: list[Row], width: int = 592) -> RecordListView:
    view = RecordListView()
    qtbot.addWidget(view)
    view.setModel(Rows(rows, view))
    view.resize(width, 40 * 33)
    view.show()
    qtbot.waitExposed(view)
    return view


def picture(view: RecordListView) -> QImage:
    return view.viewport().grab().toImage()


def row_picture(view: RecordListView, number: int) -> QImage:
    return picture(view).copy(view.visualRect(view.model().index(number, 0)))


def colours(image: QImage, part: QRect | None = None) -> set[str]:
    shown = image.copy(part) if part else image
    return {
        shown.pixelColor(x, y).name() for x in range(shown.width()) for y in range(shown.height())
    }


def grey(image: QImage) -> QImage:
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


@pytest.mark.parametrize("name", list(ThemeName))
def test_forty_rows_are_all_painted(
    qapp: QApplication, qtbot: QtBot, dark: Theme, name: ThemeName
) -> None:
    dark.apply(qapp, name)
    view = a_view(qtbot, sample_queue())

    assert view.model().rowCount() == 40
    for number in range(40):
        assert len(colours(row_picture(view, number))) > 10, number


def test_the_rows_follow_a_theme_change(qapp: QApplication, qtbot: QtBot, dark: Theme) -> None:
    view = a_view(qtbot, [a_row()])
    before = picture(view)

    dark.apply(qapp, ThemeName.LIGHT)

    assert picture(view) != before
    assert colour("bg1").name() in colours(row_picture(view, 0))


def test_urgency_is_read_in_grey(qtbot: QtBot, dark: Theme) -> None:
    view = a_view(qtbot, [a_row(priority=p) for p in (1, 2, 3, 4)])
    pictures = [grey(row_picture(view, n)) for n in range(4)]

    for one in range(4):
        for other in range(one):
            assert pictures[one] != pictures[other]


def test_the_time_cell_of_an_urgent_row_is_filled(qtbot: QtBot, dark: Theme) -> None:
    rows: list[Row] = [a_row(priority=1, time_tone=TimeTone.FILLED), a_row(priority=2)]
    view = a_view(qtbot, rows)
    time = columns_for(view.viewport().width(), 1.0).time
    cell = QRect(int(time.x), 0, int(time.width), 32)

    assert colour("p1_fill").name() in colours(row_picture(view, 0), cell)
    assert colour("p1_fill").name() not in colours(row_picture(view, 1), cell)


def test_unconfirmed_and_refused_differ_without_colour(qtbot: QtBot, dark: Theme) -> None:
    rows: list[Row] = [
        a_row(chip=Chip(ChipState.PENDING, "属实")),
        a_row(chip=Chip(ChipState.REFUSED, "属实")),
    ]
    view = a_view(qtbot, rows)
    state = columns_for(view.viewport().width(), 1.0).state
    top_edge = QRect(int(state.x) + 3, 6, 30, 1)
    pending = {row_picture(view, 0).pixelColor(x, 6).name() for x in range(top_edge.left(),
               top_edge.right())}  # fmt: skip
    refused = {row_picture(view, 1).pixelColor(x, 6).name() for x in range(top_edge.left(),
               top_edge.right())}  # fmt: skip

    assert len(refused) == 1, "a solid line"
    assert colour("bg1").name() in pending, "a line with gaps"


def test_a_narrow_list_gives_the_place_a_line_of_its_own(qtbot: QtBot, dark: Theme) -> None:
    view = a_view(qtbot, [GroupRow(title="待研判", count=1), a_row()], width=400)
    index = view.model().index(1, 0)

    qtbot.waitUntil(lambda: view.visualRect(index).height() == Density.TWO_LINE)

    columns = columns_for(view.viewport().width(), 1.0)
    assert columns.confidence is None
    assert columns.place.width > 200


@pytest.mark.parametrize("width", [390, 480, 582, 900])
@pytest.mark.parametrize("scale", [0.9, 1.0, 1.5])
def test_columns_never_overlap(width: int, scale: float) -> None:
    columns = columns_for(round(width * scale), scale)
    spans = [columns.mark, columns.time, columns.type, columns.subject]
    spans += [columns.place, columns.confidence] if columns.confidence else []
    spans.append(columns.state)

    for left, right in zip(spans, spans[1:], strict=False):
        assert left.x + left.width <= right.x + 0.01
    assert columns.state.x + columns.state.width <= width * scale


def test_only_an_unseen_urgent_row_turns_its_mark(qtbot: QtBot, dark: Theme) -> None:
    view = a_view(qtbot, [a_row(priority=1, unseen=True), a_row(priority=1), a_row(unseen=True)])
    delegate = view.itemDelegate()
    filled = [row_picture(view, n) for n in range(3)]

    delegate.blink_is_hollow = not delegate.blink_is_hollow
    turned = [row_picture(view, n) for n in range(3)]

    assert turned[0] != filled[0]
    assert turned[1:] == filled[1:]


def test_a_held_row_names_who_holds_it(qtbot: QtBot, dark: Theme) -> None:
    view = a_view(qtbot, [a_row(holder="李强"), a_row()])

    assert row_picture(view, 0) != row_picture(view, 1)


def test_the_selected_row_wears_bar_and_ground(qtbot: QtBot, dark: Theme) -> None:
    view = a_view(qtbot, [a_row(), a_row()])
    view.setCurrentIndex(view.model().index(1, 0))
    view.clearFocus()

    row = row_picture(view, 1)

    assert row.pixelColor(1, 16) == QColor(colour("accent"))
    assert colour("sel").name() in colours(row)


def test_the_list_takes_no_input_method(qtbot: QtBot, dark: Theme) -> None:
    view = a_view(qtbot, [a_row()])

    assert not view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

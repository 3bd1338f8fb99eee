"""The small widgets: keys, reasons, names, sizes."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ui.theme import Chip, ChipState, Theme, colour
from ui.theme.samples import sample_picture
from ui.theme.specimens import parts_page
from ui.widgets import (
    Answer,
    Button,
    ButtonKind,
    ChipLabel,
    CropView,
    Frame,
    FrameStrip,
    KeyBar,
    KeyButton,
    KeyItem,
    PlateLabel,
    QuestionSheet,
    RatioBar,
    Share,
    StatusField,
    StatusText,
    Step,
    Stepper,
    StepState,
    ThreadEntry,
    ThreadList,
    UndoBar,
)

ANSWERS = (Answer(title="上下客"), Answer(title="许可内", reason="没有许可"), Answer(title="不清"))


class Panel:
    """A window with a field that has the focus, as a panel's list would."""

    def __init__(self, qtbot: QtBot, *parts: QWidget) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        column = QVBoxLayout(self.window)
        self.field = QLineEdit()
        for part in (self.field, *parts):
            column.addWidget(part)
        self.window.resize(900, 600)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.field.setFocus()


Open = Callable[..., Panel]


@pytest.fixture
def open_panel(qtbot: QtBot) -> Iterator[Open]:
    """Open panels around parts, and keep them to the end of the test."""
    kept: list[Panel] = []

    def open_one(*parts: QWidget) -> Panel:
        kept.append(Panel(qtbot, *parts))
        return kept[-1]

    yield open_one
    kept.clear()


def test_a_digit_answers_the_question_and_the_focus_goes_back(
    qtbot: QtBot, dark: Theme, open_panel: Open
) -> None:
    panel = open_panel()
    sheet = QuestionSheet(panel.window)
    sheet.ask("为什么是误报?", ANSWERS)

    with qtbot.waitSignal(sheet.answered) as answered:
        qtbot.keyClick(sheet, Qt.Key.Key_3)

    assert answered.args == [2]
    assert not sheet.isVisible()
    assert panel.field.hasFocus()


def test_an_answer_that_is_not_allowed_stays_with_its_reason(
    qtbot: QtBot, dark: Theme, open_panel: Open
) -> None:
    sheet = QuestionSheet(open_panel().window)
    sheet.ask("为什么是误报?", ANSWERS)

    with qtbot.assertNotEmitted(sheet.answered):
        qtbot.keyClick(sheet, Qt.Key.Key_2)
        qtbot.keyClick(sheet, Qt.Key.Key_9)

    assert sheet.isVisible()
    assert [b.reason for b in sheet.findChildren(KeyButton)] == [None, "没有许可", None]


def test_escape_leaves_the_question_unanswered(qtbot: QtBot, dark: Theme, open_panel: Open) -> None:
    sheet = QuestionSheet(open_panel().window)
    sheet.ask("为什么是误报?", ANSWERS)

    with qtbot.waitSignal(sheet.dismissed), qtbot.assertNotEmitted(sheet.answered):
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)


def test_a_click_on_a_verdict_leaves_the_focus_where_the_hand_was(
    qtbot: QtBot, dark: Theme, open_panel: Open
) -> None:
    button = KeyButton("1", "属实", "→ 短信通知车主", ButtonKind.PRIMARY)
    panel = open_panel(button)

    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert panel.field.hasFocus()


def test_a_blocked_verdict_keeps_its_place_and_says_why(
    qtbot: QtBot, dark: Theme, open_panel: Open
) -> None:
    button = KeyButton("5", "直接现场", "需说明理由")
    open_panel(button)
    before = button.geometry()

    button.set_reason("30 天内属实不足 3 次")

    assert not button.isEnabled()
    assert button.accessibleDescription() == "30 天内属实不足 3 次"
    assert button.geometry() == before


def test_the_primary_loses_its_fill_when_it_may_not_be_pressed(
    qtbot: QtBot, dark: Theme, open_panel: Open
) -> None:
    button = Button("审核通过并签名", key="Ctrl+Enter", kind=ButtonKind.PRIMARY, height=40)
    open_panel(button)
    corner = QPoint(4, button.height() // 2)
    filled = button.grab().toImage().pixelColor(corner).name()

    button.set_reason("缺听证告知")

    assert filled == colour("primary").name()
    assert button.grab().toImage().pixelColor(corner).name() == colour("bg2").name()


def test_undo_is_offered_until_it_is_cleared(qtbot: QtBot, dark: Theme, open_panel: Open) -> None:
    bar = UndoBar("撤销", "U")
    open_panel(bar)
    assert not bar.isVisible()

    bar.show_undo("已判 属实 · 5 秒内可撤销")
    with qtbot.waitSignal(bar.undo):
        qtbot.mouseClick(bar.findChild(Button), Qt.MouseButton.LeftButton)
    bar.clear()

    assert not bar.isVisible()


def test_frames_are_chosen_by_arrow_and_click(qtbot: QtBot, dark: Theme, open_panel: Open) -> None:
    strip = FrameStrip()
    open_panel(strip)
    strip.set_frames([Frame(sample_picture(160, 90, "1"), "14:30"), Frame(None, "14:31")])

    with qtbot.waitSignal(strip.chosen) as chosen:
        qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert chosen.args == [1]

    with qtbot.assertNotEmitted(strip.chosen):
        qtbot.keyClick(strip, Qt.Key.Key_Right)
    with qtbot.waitSignal(strip.chosen):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert strip.current == 0


def test_a_share_of_nothing_is_a_dash(qtbot: QtBot, dark: Theme) -> None:
    assert RatioBar(Share(value=None), "0/0").accessibleName() == "— 0/0"
    assert RatioBar(Share(value=0.86), "122/142").accessibleName() == "86% 122/142"


def test_a_long_entry_of_the_thread_takes_more_lines(
    qtbot: QtBot, dark: Theme, open_panel: Open
) -> None:
    thread = ThreadList()
    open_panel(thread)
    thread.set_entries([ThreadEntry(time="14:36", text="短")])
    short = thread.heightForWidth(320)

    thread.set_entries([ThreadEntry(time="14:36", text="长" * 60, pending="待同步")])

    assert thread.heightForWidth(320) > 2 * short
    assert "待同步" in thread.accessibleName()


def test_a_picture_is_letterboxed_and_never_stretched(
    qtbot: QtBot, dark: Theme, open_panel: Open
) -> None:
    crop = CropView()
    open_panel(crop)
    crop.resize(400, 100)
    image = sample_picture(160, 90, "")
    image.fill(colour("refused"))
    crop.set_picture(image, "", "")

    drawn = crop.grab().toImage()

    assert drawn.pixelColor(5, 50) == colour("bg0")
    assert drawn.pixelColor(200, 50).name() == colour("refused").name()


def test_inputs_begin_their_words_on_one_line(qtbot: QtBot, dark: Theme) -> None:
    box, spin, page = QComboBox(), QSpinBox(), QWidget()
    column = QVBoxLayout(page)
    box.addItem("公民身份号码")
    for field in (box, spin):
        column.addWidget(field)
    qtbot.addWidget(page)
    page.resize(400, 200)
    page.show()
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    words = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    assert words.left() >= 8
    assert spin.findChild(QLineEdit).geometry().left() >= 8
    assert box.width() >= box.fontMetrics().horizontalAdvance("公民身份号码") + 2 * 8


@pytest.mark.parametrize(("cell", "is_over_its_circle"), [(112, True), (140, False)])
def test_the_name_of_a_step_is_whole(
    qtbot: QtBot, dark: Theme, cell: int, is_over_its_circle: bool
) -> None:
    stepper = Stepper()
    stepper.set_steps([Step("立案", "", StepState.DONE), Step("陈述、听证", "", StepState.AHEAD)])
    qtbot.addWidget(stepper)
    stepper.resize(2 * cell, stepper.sizeHint().height())
    below = stepper.grab().toImage().copy(6, 32, 60, 14)
    tones = {below.pixel(x, y) for x in range(below.width()) for y in range(below.height())}
    assert (len(tones) > 1) is is_over_its_circle


def test_a_title_too_long_for_its_button_takes_two_lines(qtbot: QtBot, dark: Theme) -> None:
    tall = {}
    for title in ("Facts", "Establish facts and penalty"):
        button = KeyButton("2", title)
        qtbot.addWidget(button)
        button.resize(200, button.sizeHint().height())
        words = button.grab().toImage().copy(50, 0, 150, button.height())
        ground = words.pixel(145, 6)
        rows = [y for y in range(4, words.height() - 4)
                if any(words.pixel(x, y) != ground for x in range(140))]  # fmt: skip
        tall[title] = rows[-1] - rows[0]
    assert tall["Establish facts and penalty"] > 1.5 * tall["Facts"]


def test_every_sign_has_a_name_for_those_who_cannot_see_it(qtbot: QtBot, dark: Theme) -> None:
    bar = KeyBar()
    bar.set_items([KeyItem(("J", "K"), "下一条 / 上一条")], KeyItem(("F1",), "本面板全部按键"))
    stepper = Stepper()
    stepper.set_steps([Step("发现", "14:36:41", StepState.DONE)])
    named = (
        (bar, "J K 下一条 / 上一条 · F1 本面板全部按键"),
        (stepper, "发现 14:36:41"),
        (StatusField(StatusText(strong="离线", text="自 14:32", trouble="被拒 1")),
         "离线 自 14:32 被拒 1"),
        (ChipLabel(Chip(ChipState.PENDING, "待同步")), "待同步"),
        (PlateLabel("浙F·D8K31", "蓝"), "蓝浙F·D8K31"),
    )  # fmt: skip

    for widget, name in named:
        qtbot.addWidget(widget)
        assert widget.accessibleName() == name


@pytest.mark.parametrize("scale", [0.9, 1.0, 1.5])
def test_every_target_is_large_enough(qtbot: QtBot, dark: Theme, scale: float) -> None:
    dark.set_scale(scale)
    page = parts_page()
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)

    for button in page.findChildren(Button):
        assert button.height() >= round(24 * min(scale, 1.0)), button.text()
        assert button.width() >= 24, button.text()


def test_the_focus_ring_is_for_the_keyboard_only(
    qtbot: QtBot, dark: Theme, open_panel: Open
) -> None:
    button = Button("立即重试")
    panel = open_panel(button)
    ring = colour("focus").name()

    button.setFocus(Qt.FocusReason.MouseFocusReason)
    assert ring not in edge_colours(button)

    panel.field.setFocus()
    qtbot.keyClick(panel.field, Qt.Key.Key_Tab)
    assert button.hasFocus()
    assert ring in edge_colours(button)


def edge_colours(button: Button) -> set[str]:
    image = button.grab().toImage()
    return {image.pixelColor(x, 1).name() for x in range(8, image.width() - 8)}

"""The list desk: pages, a row that stays under the hand, arrivals; and forms from Structs."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import running_loop
from tests.unit.domain.builders import MORNING, a_flag, rid
from ui.records import (
    FormQuestion,
    FormSheet,
    QueueRow,
    RecordDesk,
    RecordListView,
    Section,
    TimeTone,
)
from ui.records.sentences import Sentences
from ui.shell.clock import WindowClock
from ui.start import start
from xiuzhou_desktop.client.views import Changed, Draft, Link, LinkState, RecordQuery, RecordView
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_forms import Dismiss, Report
from xiuzhou_desktop.text.catalogue import Catalogue

OPEN = Section(
    key="open", title="待研判", query=RecordQuery(kinds=(Kind.FLAG,), states=("DETECTED",))
)
DONE = Section(
    key="done", title="刚处理", query=RecordQuery(kinds=(Kind.FLAG,), states=("FALSE_ALARM",))
)


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def flag(number: int, minutes: int = 0) -> Record:
    return msgspec.structs.replace(
        a_flag(), id=rid(1000 + number), title=f"违停 {number}",
        due_at=MORNING + timedelta(minutes=number),
        opened_at=MORNING + timedelta(minutes=minutes),
    )  # fmt: skip


def a_row(view: RecordView) -> QueueRow:
    return QueueRow(
        record=view.record.id, kind="flag", priority=view.record.priority, time_left="",
        time_tone=TimeTone.NONE, type_text=view.record.title,
    )  # fmt: skip


class Desk:
    """A shown list with its desk."""

    def __init__(self, qtbot: QtBot, engine: FakeEngine, *sections: Section) -> None:
        self.view = RecordListView()
        qtbot.addWidget(self.view)
        self.view.resize(592, 320)
        self.view.show()
        self.desk = RecordDesk(self.view, engine, WindowClock(engine.business_now), a_row)
        self.arrivals: list[int] = []
        self.desk.arrived.connect(self.arrivals.append)
        engine.observe(self.desk.news)
        self.desk.set_sections(sections or (OPEN, DONE))
        qtbot.waitUntil(lambda: self.desk.current is not None)

    @property
    def title(self) -> str:
        return self.desk.current.record.title if self.desk.current else ""

    def height_of_current(self) -> int:
        return self.view.visualRect(self.view.currentIndex()).top()


class TestList:
    def test_only_the_pages_in_sight_are_asked_for(self, qtbot: QtBot) -> None:
        engine = FakeEngine(*(flag(n) for n in range(2000)))
        desk = Desk(qtbot, engine)
        assert desk.desk.model.rowCount() == 2002
        assert engine.queries <= 3
        desk.view.scrollToBottom()
        qtbot.waitUntil(lambda: desk.desk.model.line(2000) is not None)
        assert engine.queries <= 6

    def test_a_reading_that_ends_before_it_began_leaves_nothing_behind(self, qtbot: QtBot) -> None:
        desk = Desk(qtbot, FakeEngine(flag(1)))
        desk.desk.set_sections((OPEN,))
        for task in asyncio.all_tasks():
            task.cancel()
        qtbot.waitUntil(lambda: not asyncio.all_tasks())

    def test_the_first_record_is_selected(self, qtbot: QtBot) -> None:
        assert Desk(qtbot, FakeEngine(flag(1), flag(2))).title == "违停 1"

    def test_during_the_first_load_the_most_urgent_stays_in_front(self, qtbot: QtBot) -> None:
        engine = FakeEngine(flag(20))
        engine.set_link(LinkState(link=Link.SYNCING, since=MORNING))
        desk = Desk(qtbot, engine)
        assert desk.title == "违停 20"
        engine.arrive(flag(3))
        qtbot.waitUntil(lambda: desk.title == "违停 3")
        desk.desk.next()
        engine.arrive(flag(1))
        qtbot.waitUntil(lambda: desk.desk.model.extents[0].total == 3)
        assert desk.title == "违停 20"

    def test_fewer_sections_than_before_ask_for_no_page_of_the_old_ones(
        self, qtbot: QtBot, caplog: pytest.LogCaptureFixture
    ) -> None:
        done = [msgspec.structs.replace(flag(n), state="FALSE_ALARM") for n in range(500, 900)]
        desk = Desk(qtbot, FakeEngine(*(flag(n) for n in range(5)), *done))
        qtbot.waitUntil(lambda: not desk.desk._is_reading)  # noqa: SLF001 - or it would ask later
        desk.view.scrollToBottom()
        desk.view.grab()
        desk.desk.set_sections((OPEN,))
        qtbot.waitUntil(lambda: desk.desk.model.rowCount() == 6)
        assert caplog.records == []

    def test_rows_looked_at_while_answers_come_in_are_loaded_too(self, qtbot: QtBot) -> None:
        desk = Desk(qtbot, FakeEngine(*(flag(n) for n in range(900))))
        desk.desk.refresh()
        desk.view.scrollToBottom()
        desk.view.grab()
        qtbot.waitUntil(lambda: desk.desk.model.line(900) is not None)

    def test_moving_skips_the_heads(self, qtbot: QtBot) -> None:
        done = msgspec.structs.replace(flag(9), state="FALSE_ALARM")
        desk = Desk(qtbot, FakeEngine(flag(1), done))
        desk.desk.next()
        assert desk.title == "违停 9"
        desk.desk.next()
        assert desk.title == "违停 9"
        desk.desk.previous()
        assert desk.title == "违停 1"

    def test_new_records_wait_until_they_are_let_in(self, qtbot: QtBot) -> None:
        engine = FakeEngine(*(flag(n) for n in range(10, 40)))
        desk = Desk(qtbot, engine)
        before = desk.desk.model.rowCount()
        engine.district.later(1)
        engine.arrive(flag(1, minutes=1), flag(2, minutes=1))
        qtbot.waitUntil(lambda: desk.arrivals == [2])
        assert desk.desk.model.rowCount() == before
        assert desk.title == "违停 10"
        desk.desk.accept_arrivals()
        qtbot.waitUntil(lambda: desk.desk.model.rowCount() == before + 2)
        assert desk.arrivals == [2, 0]
        assert desk.title == "违停 10"

    def test_the_selected_row_keeps_its_height_when_rows_above_it_go(self, qtbot: QtBot) -> None:
        engine = FakeEngine(*(flag(n) for n in range(60)))
        desk = Desk(qtbot, engine)
        desk.desk.select(rid(1030))
        desk.view.scrollTo(desk.view.currentIndex(), desk.view.ScrollHint.PositionAtCenter)
        before = desk.height_of_current()
        gone = [msgspec.structs.replace(flag(n), state="FALSE_ALARM") for n in (3, 4, 5)]
        engine.arrive(*gone)
        qtbot.waitUntil(lambda: desk.desk.model.extents[0].total == 57)
        assert desk.title == "违停 30"
        assert desk.height_of_current() == before

    def test_advance_puts_the_next_record_under_the_hand_at_once(self, qtbot: QtBot) -> None:
        engine = FakeEngine(*(flag(n) for n in range(5)))
        desk = Desk(qtbot, engine)
        before = desk.height_of_current()
        start(
            engine.submit(Draft(kind=Kind.FLAG, record=rid(1000), transition="dismiss")),
            owner=desk.view,
        )
        desk.desk.advance()
        assert desk.title == "违停 1"
        assert desk.height_of_current() == before
        qtbot.waitUntil(lambda: desk.desk.model.extents[1].total == 1)
        assert desk.title == "违停 1"

    def test_a_selected_record_that_a_colleague_judged_stays_selected(self, qtbot: QtBot) -> None:
        engine = FakeEngine(*(flag(n) for n in range(5)))
        desk = Desk(qtbot, engine)
        engine.arrive(msgspec.structs.replace(flag(0), state="FALSE_ALARM"))
        qtbot.waitUntil(lambda: desk.desk.model.extents[1].total == 1)
        assert desk.title == "违停 0"
        assert desk.desk.current is not None
        assert desk.desk.current.record.state == "FALSE_ALARM"

    def test_news_of_other_kinds_cost_no_question(self, qtbot: QtBot) -> None:
        engine = FakeEngine(flag(1))
        desk = Desk(qtbot, engine)
        asked = engine.queries
        desk.desk.news(Changed(kinds=frozenset({Kind.CAMERA})))
        qtbot.wait(300)
        assert engine.queries == asked


class Sheet:
    """A form over a panel."""

    def __init__(self, qtbot: QtBot) -> None:
        self.panel = QWidget()
        qtbot.addWidget(self.panel)
        self.panel.resize(900, 900)
        self.panel.show()
        self.panel.activateWindow()
        qtbot.waitUntil(self.panel.isActiveWindow)
        self.form = FormSheet(self.panel, Catalogue("zh_CN"))
        self.given: list[dict[str, object]] = []
        self.form.submitted.connect(self.given.append)


class TestForm:
    def test_digits_choose_options_and_ctrl_enter_submits(self, qtbot: QtBot) -> None:
        sheet = Sheet(qtbot)
        sheet.form.ask(FormQuestion(kind=Kind.FLAG, form=Dismiss, title="误报"))
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_2)
        qtbot.keyClicks(QApplication.focusWidget(), "driver inside")
        control = Qt.KeyboardModifier.ControlModifier
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, control)
        assert sheet.given == [{"category": "wrong_object", "note": "driver inside"}]

    def test_what_is_required_is_asked_for_at_its_field(self, qtbot: QtBot) -> None:
        sheet = Sheet(qtbot)
        sheet.form.ask(
            FormQuestion(
                kind=Kind.FLAG,
                form=Report,
                title="登记",
                values={"category": "05-05"},
                skip=("category",),
            )
        )
        sheet.form.submit()
        assert sheet.given == []
        faults = sheet.form._faults  # noqa: SLF001 - what is shown
        assert faults["address"].text() == "请填写"
        assert faults["channel"].text() == "请填写"

    def test_a_number_that_is_none_is_told_at_once(self, qtbot: QtBot) -> None:
        sheet = Sheet(qtbot)
        known = {"category": "05-05", "address": "中山西路", "channel": "phone"}
        sheet.form.ask(FormQuestion(kind=Kind.FLAG, form=Report, title="登记", values=known))
        sheet.form._editors["priority"].set_value("很急")  # noqa: SLF001 - as if typed
        sheet.form.submit()
        assert sheet.given == []
        assert sheet.form._faults["priority"].text() == "请填整数"  # noqa: SLF001

    def test_esc_leaves_and_gives_the_focus_back(self, qtbot: QtBot) -> None:
        sheet = Sheet(qtbot)
        sheet.panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        sheet.panel.setFocus()
        sheet.form.ask(FormQuestion(kind=Kind.FLAG, form=Dismiss, title="误报"))
        with qtbot.waitSignal(sheet.form.dismissed):
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        assert QApplication.focusWidget() is sheet.panel


class TestSentences:
    def test_time_left_is_told_by_the_hour_and_filled_when_urgent(self) -> None:
        names = Sentences(Catalogue("zh_CN"))
        in_three = MORNING + timedelta(minutes=3, seconds=12)
        assert names.time_left(in_three, MORNING, 1) == ("03:12", TimeTone.FILLED)
        assert names.time_left(MORNING, in_three, 3) == ("超 03:12", TimeTone.OVERDUE)
        assert names.time_left(None, MORNING) == ("—", TimeTone.NONE)
        late = MORNING + timedelta(hours=1, minutes=34)
        assert names.time_left(late, MORNING)[0] == "1:34:00"

    def test_a_refusal_without_words_still_says_its_slug(self) -> None:
        spoken = Sentences(Catalogue("zh_CN")).refusal(Refusal(slug="of-another-year"))
        assert "of-another-year" in spoken.text

    def test_an_instant_in_a_refusal_has_its_date(self) -> None:
        facts = {"until": "2026-11-24T02:30:00Z"}
        spoken = Sentences(Catalogue("zh_CN")).refusal(Refusal(slug="custody-time", facts=facts))
        assert "不迟于 11-24 10:30" in spoken.text

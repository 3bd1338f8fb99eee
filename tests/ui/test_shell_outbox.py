"""F8 by keys: what was refused stays until it is settled."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk import Desk, flag
from tests.ui.shell_parts import running_loop
from tests.unit.domain.builders import rid
from ui.records import FormSheet
from ui.shell.conflict_texts import ConflictTexts
from ui.shell.conflict_view import ChoiceField
from ui.shell.outbox_texts import OutboxTexts
from ui.start import start
from xiuzhou_desktop.client.views import Draft, OutboxStatus
from xiuzhou_desktop.domain.command import FieldChange
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.text.catalogue import Catalogue

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def overtaken(qtbot: QtBot, tmp_path: Path) -> Desk:
    """The officer confirmed flag 1 while a colleague had dismissed it; flag 2 still waits."""
    desk = Desk(qtbot, tmp_path, flag(1), flag(2))
    desk.save(1, "confirm")
    desk.engine.overtake(rid(1), "dismiss", category="gone")
    desk.engine.deliver()
    desk.save(2, "dismiss")
    return desk


class TestOutbox:
    def test_refused_stands_first_and_the_status_bar_counts_it(self, overtaken: Desk) -> None:
        overtaken.open_outbox()
        rows = overtaken.window.outbox.list.rows
        assert rows.row(0).entry.status is OutboxStatus.CONFLICT
        assert rows.row(1).entry.status is OutboxStatus.QUEUED
        status = overtaken.window.status_bar.outbox.status()
        assert (status.strong, status.trouble) == ("待同步 1", "被拒 1")

    def test_theirs_and_mine_stand_side_by_side(self, overtaken: Desk) -> None:
        entry = next(iter(overtaken.engine.entries.values()))
        rows = ConflictTexts(Catalogue("zh_CN"), "张敏").rows(entry)
        state = rows[0]
        assert (state.theirs, state.mine) == ("误报", "属实,待告知")
        assert state.differs
        unforeseen = msgspec.structs.replace(entry, mine=None)
        again = ConflictTexts(Catalogue("zh_CN"), "张敏").rows(unforeseen)[0]
        assert (again.theirs, again.mine) == ("误报", "属实,待告知")

    def test_a_record_that_a_field_names_is_said_by_its_title(self, overtaken: Desk) -> None:
        (entry, *_) = overtaken.engine.entries.values()
        notice = entry.mine and entry.mine.body.notice
        assert notice
        texts = ConflictTexts(Catalogue("zh_CN"), "张敏")
        assert "告知短信" not in [row.label for row in texts.rows(entry)]  # it is not made yet
        titled = msgspec.structs.replace(entry, named={notice: "浙FD8K31 短信"})
        assert "浙FD8K31 短信" in [row.mine for row in texts.rows(titled)]

    def test_a_record_that_is_not_kept_here_hides_no_difference(self, overtaken: Desk) -> None:
        (entry, *_) = overtaken.engine.entries.values()
        assert entry.mine
        body = msgspec.structs.replace(entry.mine.body, camera=rid(77))  # evicted: not named
        evicted = msgspec.structs.replace(
            entry, mine=msgspec.structs.replace(entry.mine, body=body)
        )
        texts = ConflictTexts(Catalogue("zh_CN"), "张敏")
        (row,) = [row for row in texts.rows(evicted) if row.label == "相机"]
        assert row.differs

    def test_a_reason_that_is_a_field_is_said_once(self, qtbot: QtBot, tmp_path: Path) -> None:
        desk = Desk(qtbot, tmp_path, flag(1))
        desk.save(1, "dismiss", category="gone")
        desk.engine.overtake(rid(1), "confirm")
        desk.engine.deliver()
        (entry,) = desk.engine.entries.values()
        labels = [row.label for row in ConflictTexts(Catalogue("zh_CN"), "张敏").rows(entry)]
        assert "误报原因" in labels
        assert "原因" not in labels

    def test_1_takes_theirs(self, overtaken: Desk, qtbot: QtBot) -> None:
        overtaken.open_outbox()
        overtaken.press(Qt.Key.Key_1)
        qtbot.waitUntil(lambda: len(overtaken.engine.entries) == 1)
        assert overtaken.engine.district.records[rid(1)].state == "FALSE_ALARM"

    def test_2_that_is_refused_again_says_why_and_stays(
        self, overtaken: Desk, qtbot: QtBot
    ) -> None:
        overtaken.open_outbox()
        overtaken.press(Qt.Key.Key_2)
        outbox = overtaken.window.outbox
        said = outbox.conflict._remedy  # noqa: SLF001 - what is shown
        qtbot.waitUntil(lambda: "未能重新提交" in said.text())
        assert len(overtaken.engine.entries) == 2

    def test_3_opens_the_form_of_the_act_with_what_was_given(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        desk = Desk(qtbot, tmp_path, flag(1))
        desk.save(1, "dismiss", category="gone", note="left")
        desk.engine.overtake(rid(1), "confirm")
        desk.engine.deliver()
        desk.open_outbox()
        desk.press(Qt.Key.Key_3)
        form = desk.window.outbox.findChild(FormSheet)
        assert form is not None
        assert form.isVisible()
        assert form._editors["note"].value() == "left"  # noqa: SLF001 - what is shown

    def test_digits_do_nothing_to_what_still_waits(self, overtaken: Desk) -> None:
        overtaken.open_outbox()
        overtaken.press(Qt.Key.Key_J)
        overtaken.press(Qt.Key.Key_1)
        assert len(overtaken.engine.entries) == 2

    def test_the_key_bar_names_only_what_would_act(self, overtaken: Desk, qtbot: QtBot) -> None:
        overtaken.open_outbox()
        bar = overtaken.window.key_bar
        qtbot.waitUntil(lambda: "1 采用对方" in bar.accessibleName())
        overtaken.press(Qt.Key.Key_J)
        qtbot.waitUntil(lambda: "1 采用对方" not in bar.accessibleName())
        assert "J 下一项" in bar.accessibleName()

    def test_a_parked_act_stands_under_its_cause(self, overtaken: Desk) -> None:
        cause, child = overtaken.engine.entries.values()
        parked = msgspec.structs.replace(
            child, status=OutboxStatus.PARKED, parked_by=cause.command.id
        )
        rows = OutboxTexts(Catalogue("zh_CN")).rows((parked, cause))
        assert [row.entry.status for row in rows] == [OutboxStatus.CONFLICT, OutboxStatus.PARKED]
        assert rows[1].is_child
        assert rows[1].reason.startswith("等待上一项处理")

    def test_esc_closes_and_f5_retries(self, overtaken: Desk, qtbot: QtBot) -> None:
        overtaken.open_outbox()
        overtaken.press(Qt.Key.Key_F5)
        qtbot.waitUntil(lambda: "retry" in overtaken.engine.said)
        overtaken.press(Qt.Key.Key_Escape)
        assert not overtaken.window.outbox.isVisible()

    def test_empty_says_so(self, qtbot: QtBot, tmp_path: Path) -> None:
        desk = Desk(qtbot, tmp_path)
        desk.open_outbox()
        outbox = desk.window.outbox
        qtbot.waitUntil(lambda: "没有待处理的操作" in outbox._empty.accessibleName())  # noqa: SLF001
        assert not outbox.conflict.isVisible()  # nothing to choose, nothing to be asked for


class TestSeveralAndParts:
    def test_texts_of_both_are_merged_beside_their_act(self, qtbot: QtBot, tmp_path: Path) -> None:
        desk = Desk(qtbot, tmp_path, flag(1))
        change = FieldChange(base=None, new="副驾驶无人")
        noted = Draft(kind=Kind.FLAG, record=rid(1), transition="annotate", fields={"note": change})
        start(desk.engine.submit(noted), owner=desk.window)
        qtbot.waitUntil(lambda: len(desk.engine.entries) == 1)
        theirs = desk.engine.truth.records[rid(1)]
        body = msgspec.structs.replace(theirs.body, note="司机在车内")
        desk.engine.truth.records[rid(1)] = msgspec.structs.replace(theirs, body=body)
        desk.engine.deliver()
        desk.open_outbox()
        qtbot.waitUntil(lambda: desk.window.outbox.conflict.can_merge)
        desk.press(Qt.Key.Key_4)
        qtbot.waitUntil(lambda: status(desk) == [OutboxStatus.QUEUED])
        (entry,) = desk.engine.entries.values()
        merged = FieldChange(base="司机在车内", new="司机在车内;副驾驶无人")
        assert entry.command.fields == {"note": merged}

    def test_a_field_of_both_is_theirs_or_mine_one_by_one(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        desk = Desk(qtbot, tmp_path, flag(1))
        desk.save(1, "correct_plate", plate="浙F11111", colour="blue")
        desk.engine.overtake(rid(1), "correct_plate", plate="浙FD8K39", colour="green")
        give(desk, OutboxStatus.CONFLICT, theirs=desk.engine.truth.records[rid(1)])
        desk.open_outbox()
        conflict = desk.window.outbox.conflict
        qtbot.waitUntil(lambda: conflict.can_merge)
        chosen = {one.field: one for one in conflict.findChildren(ChoiceField)}
        assert set(chosen) == {"plate"}
        qtbot.keyClick(chosen["plate"], Qt.Key.Key_Down)
        desk.window.outbox.list.setFocus()
        desk.press(Qt.Key.Key_4)
        qtbot.waitUntil(lambda: status(desk) == [OutboxStatus.QUEUED])
        (entry,) = desk.engine.entries.values()
        assert entry.command.transition == "correct_plate"
        assert entry.command.args["plate"] == "浙F11111"

    def test_all_with_one_reason_are_settled_after_one_question(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        desk = Desk(qtbot, tmp_path, *(flag(n) for n in range(1, 5)))
        for n in range(1, 4):
            desk.save(n, "confirm")
            desk.engine.overtake(rid(n), "dismiss", category="gone")
        desk.engine.deliver()
        desk.save(4, "dismiss")
        desk.open_outbox()
        desk.press(Qt.Key.Key_A, CONTROL)
        assert len(desk.window.outbox.list.marked()) == 3
        desk.press(Qt.Key.Key_1)
        assert len(desk.engine.entries) == 4
        desk.press(Qt.Key.Key_1)
        qtbot.waitUntil(lambda: status(desk) == [OutboxStatus.QUEUED])

    def test_expired_says_what_would_have_happened(self, qtbot: QtBot, tmp_path: Path) -> None:
        desk = Desk(qtbot, tmp_path, flag(1))
        desk.save(1, "confirm")
        give(desk, OutboxStatus.EXPIRED)
        desk.open_outbox()
        said = desk.window.outbox.conflict._remedy  # noqa: SLF001 - what is shown
        qtbot.waitUntil(lambda: "本应" in said.text())
        assert "已确认" in said.text() or "属实" in said.text()
        assert "未发出:告知短信" in said.text()
        assert "未建立:告知短信、责令改正" in said.text()
        (entry,) = desk.engine.entries.values()
        english = OutboxTexts(Catalogue("en_US")).would(entry)
        assert "Not sent: notice by SMS" in english
        undecided = msgspec.structs.replace(entry, besides=None)
        assert "未" not in OutboxTexts(Catalogue("zh_CN")).would(undecided).partition("”")[2]

    def test_what_waited_for_something_withdrawn_can_be_settled_by_itself(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        desk = Desk(qtbot, tmp_path, flag(1))
        desk.save(1, "confirm")
        give(desk, OutboxStatus.PARKED, parked_by="00000000-0000-7000-a000-000000000999")
        desk.open_outbox()
        desk.press(Qt.Key.Key_1)
        qtbot.waitUntil(lambda: not desk.engine.entries)

    @pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
    def test_the_bars_of_the_window_stay_in_sight(
        self, qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
    ) -> None:
        desk = Desk(qtbot, tmp_path, flag(1))
        desk.window.resize(*size)
        desk.open_outbox()
        outbox, window = desk.window.outbox, desk.window
        assert outbox.geometry().top() >= window.y() + window.top_bar.height()
        below = window.y() + window.height() - window.status_bar.height()
        assert outbox.geometry().bottom() <= below


def status(desk: Desk) -> list[OutboxStatus]:
    return [entry.status for entry in desk.engine.entries.values()]


def give(desk: Desk, status: OutboxStatus, **more: object) -> None:
    """The one command of the outbox gets another fate."""
    ((command, entry),) = desk.engine.entries.items()
    changed = msgspec.structs.replace(entry, status=status, **more)
    desk.engine.entries[command] = changed

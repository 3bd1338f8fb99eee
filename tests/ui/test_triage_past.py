"""The queue of the past: moved there on purpose by Q, as it stood then, without acts, and back."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import running_loop
from tests.ui.triage_parts import Shift, flag

NOW_OPEN, THEN_OPEN = flag(1), flag(2)
REFUSED = "回看中不能处置"


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def test_q_shows_the_queue_as_it_stood_and_ctrl_home_the_present(
    qtbot: QtBot, tmp_path: Path
) -> None:
    engine = FakeEngine(NOW_OPEN, THEN_OPEN)
    at = (engine.now - timedelta(hours=1)).replace(second=0, microsecond=0)
    engine.stood[at] = (THEN_OPEN,)
    shift = Shift(qtbot, engine, tmp_path)
    shift.until_selected(NOW_OPEN.id)
    shift.window.place.clock.go_to(at)
    assert len(shift.sight.rows()) == 2  # nobody has moved it
    shift.press("Q")
    qtbot.waitUntil(lambda: [one.record.id for one in shift.sight.rows()] == [THEN_OPEN.id])
    shift.until_selected(THEN_OPEN.id)
    qtbot.waitUntil(lambda: shift.sight.digits()[0].reason == REFUSED)
    shift.press("1")
    assert not engine.entries
    engine.unplug()
    shift.until_says("查看过去的记录需要连上服务器")
    engine.plug()
    shift.press("Ctrl+Home")
    qtbot.waitUntil(lambda: len(shift.sight.rows()) == 2)
    shift.until_offers()
    qtbot.waitUntil(lambda: shift.sight.digits()[0].reason is None)
    shift.press("1")
    shift.until_saved("confirm")

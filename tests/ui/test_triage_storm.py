"""Storms: grouped by camera, else by street; one head, one sound, one verdict for all."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from plugins.triage.storms import StormOf, storms_in
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import running_loop
from tests.ui.triage_parts import Shift, flag
from tests.unit.domain.builders import rid
from ui.shell.tones import Tone
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.ids import AreaCode

NOW = FakeEngine().now
SECOND = timedelta(seconds=1)
CAMERA, STORM = rid(77), 50


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def of_camera(number: int, camera: str = CAMERA, apart: timedelta = SECOND) -> Record:
    record = flag(100 + number, opened_at=NOW + number * apart, area=AreaCode("330411002"))
    body = msgspec.structs.replace(record.body, camera=camera)
    return msgspec.structs.replace(record, body=body)


def seen(*records: Record) -> list[RecordView]:
    return [RecordView(record=record) for record in records]


def test_more_than_twenty_of_one_camera_within_a_minute_are_one_storm() -> None:
    (storm,) = storms_in(seen(*(of_camera(n) for n in range(STORM))))
    assert storm.of is StormOf.CAMERA
    assert len(storm.ids) == STORM
    assert not storms_in(seen(*(of_camera(n) for n in range(20))))
    slow = timedelta(seconds=10)
    assert not storms_in(seen(*(of_camera(n, apart=slow) for n in range(STORM))))


def test_of_many_cameras_in_one_street_the_street_is_what_they_have_in_common() -> None:
    (storm,) = storms_in(seen(*(of_camera(n, camera=rid(n)) for n in range(30))))
    assert storm.of is StormOf.STREET
    assert len(storm.ids) == 30


class TestInTheQueue:
    def arrived(self, qtbot: QtBot, tmp_path: Path) -> Shift:
        shift = Shift(qtbot, FakeEngine(flag(1), flag(2)), tmp_path)
        shift.until_selected(flag(1).id)
        shift.until_offers()
        shift.heard = []
        shift.window.sounds.sounded.connect(shift.heard.append)
        shift.engine.district.now += timedelta(minutes=1)
        shift.engine.arrive(*(of_camera(n) for n in range(STORM)))
        shift.qtbot.waitUntil(lambda: self.heads(shift) != [])
        return shift

    def heads(self, shift: Shift) -> list[str]:
        sections = shift.sight.model.sections()
        return [one.title for one in sections if one.key.startswith("storm:")]

    def test_it_has_one_head_and_one_sound(self, qtbot: QtBot, tmp_path: Path) -> None:
        shift = self.arrived(qtbot, tmp_path)
        assert len(self.heads(shift)) == 1
        assert "同一相机" in self.heads(shift)[0]
        qtbot.waitUntil(lambda: shift.heard == [Tone.MEDIUM])
        assert shift.sight.current_id() == flag(1).id

    def test_one_digit_answers_all_of_it(self, qtbot: QtBot, tmp_path: Path) -> None:
        shift = self.arrived(qtbot, tmp_path)
        shift.press("Home")
        shift.press("Ctrl+G")
        storm = [of_camera(n).id for n in range(STORM)]
        qtbot.waitUntil(lambda: shift.sight.current_id() in storm)
        shift.until_offers()
        shift.press("2")
        shift.question()
        shift.press("1")
        dismissed = FlagState.FALSE_ALARM
        qtbot.waitUntil(lambda: all(shift.state(one) == dismissed for one in storm))
        assert shift.state(flag(1).id) == FlagState.DETECTED

    def test_selecting_one_of_it_is_having_seen_it(self, qtbot: QtBot, tmp_path: Path) -> None:
        shift = self.arrived(qtbot, tmp_path)
        told: list[tuple[int, int]] = []
        shift.sight.panel.unseen_changed.connect(lambda *said: told.append(said))
        shift.press("Home")
        shift.press("Ctrl+G")
        qtbot.waitUntil(lambda: told[-1:] == [(0, 0)])

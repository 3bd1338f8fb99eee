"""The queue finds what another panel has selected, and does not select it again."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.e2e.sight import words
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import running_loop
from tests.ui.triage_parts import Shift, flag
from tests.ui.wall_parts import camera
from tests.unit.domain.builders import MORNING
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import RecordId, SubjectKey
from xiuzhou_desktop.plugin_api.context import Scheme, Selected
from xiuzhou_desktop.plugin_api.subjects import subject

PLATE = SubjectKey("plate:浙F00002/blue")
FIRST, SECOND = flag(1), msgspec.structs.replace(flag(2), subject_key=PLATE)


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def test_a_vehicle_selected_elsewhere_is_found_in_the_queue(qtbot: QtBot, tmp_path: Path) -> None:
    shift = Shift(qtbot, FakeEngine(FIRST, SECOND), tmp_path)
    shift.until_selected(FIRST.id)
    truck = Selected(subject_key=PLATE)
    selection = shift.window.place.selection
    selection.select(truck)
    shift.until_selected(SECOND.id)
    assert selection.current == truck
    shift.press("K")
    shift.until_selected(FIRST.id)
    assert selection.current is not None
    assert selection.current.record == FIRST.id


def test_a_camera_selected_elsewhere_is_found_by_what_it_saw(qtbot: QtBot, tmp_path: Path) -> None:
    eye = camera(1)
    body = msgspec.structs.replace(SECOND.body, camera=eye.id)
    seen = msgspec.structs.replace(SECOND, body=body, area=eye.area)
    shift = Shift(qtbot, FakeEngine(FIRST, seen, eye), tmp_path)
    shift.until_selected(FIRST.id)
    shift.window.place.selection.select(Selected(subject_key=subject(Scheme.CAMERA, eye.id)))
    shift.until_selected(seen.id)


def test_what_the_queue_has_nothing_of_leaves_it_as_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    shift = Shift(qtbot, FakeEngine(FIRST, SECOND), tmp_path)
    shift.until_selected(FIRST.id)
    asked = shift.engine.queries
    shift.window.place.selection.select(Selected(subject_key=SubjectKey("plate:浙F99999/blue")))
    qtbot.waitUntil(lambda: shift.engine.queries > asked)
    assert shift.sight.current_id() == FIRST.id


class HeldEngine(FakeEngine):
    """Says where a record lies only while it is free to."""

    def __init__(self, *records: Record) -> None:
        super().__init__(*records)
        self.free = asyncio.Event()
        self.free.set()
        self.waiting = 0

    async def position(self, query: RecordQuery, record: RecordId) -> int | None:
        await self.freed()
        return await super().position(query, record)

    async def freed(self) -> None:
        self.waiting += 1
        try:
            await self.free.wait()
        finally:
            self.waiting -= 1


class HeldCounts(HeldEngine):
    """Says how much a list holds only while it is free to; where a record lies, at once."""

    async def position(self, query: RecordQuery, record: RecordId) -> int | None:
        return await FakeEngine.position(self, query, record)

    async def counts(self, queries: tuple[RecordQuery, ...]) -> tuple[int, ...]:
        await self.freed()
        return await super().counts(queries)


@pytest.mark.parametrize("key", ["J", "Down"])
def test_an_item_found_late_does_not_take_the_hand_back(
    qtbot: QtBot, tmp_path: Path, key: str
) -> None:
    late = flag(3)
    shift = Shift(qtbot, engine := HeldEngine(FIRST, SECOND, late), tmp_path)
    shift.until_selected(FIRST.id)
    engine.free.clear()
    shift.window.place.selection.select(Selected(kind=late.kind, record=late.id))
    qtbot.waitUntil(lambda: engine.waiting > 0)
    shift.press(key)
    shift.until_selected(SECOND.id)
    engine.free.set()
    engine.arrive(flag(4, opened_at=MORNING + timedelta(hours=1)))
    shift.until_says("新到 1 条")  # the queue was read anew meanwhile
    assert shift.sight.current_id() == SECOND.id


@pytest.mark.parametrize("chosen", ["open", "J"])
def test_the_way_to_the_top_ends_where_the_hand_goes_next(
    qtbot: QtBot, tmp_path: Path, chosen: str
) -> None:
    shift = Shift(qtbot, engine := HeldEngine(FIRST, SECOND, flag(3)), tmp_path)
    shift.until_selected(FIRST.id)
    engine.district.now += timedelta(minutes=2)
    urgent = flag(0, priority=1, opened_at=MORNING + timedelta(minutes=1))
    engine.arrive(urgent)
    shift.until_says("新到 1 条")
    engine.free.clear()
    shift.press("Home")
    qtbot.waitUntil(lambda: engine.waiting > 0)  # what waited is being let in
    if chosen == "J":
        shift.press("J")
    else:
        shift.window.place.selection.select(Selected(kind=SECOND.kind, record=SECOND.id))
    engine.free.set()
    shift.until_selected(SECOND.id)
    qtbot.waitUntil(lambda: shift.sight.model.find(urgent.id) is not None)
    assert shift.sight.current_id() == SECOND.id


def test_what_was_let_in_for_an_item_is_listed_though_the_hand_has_gone(
    qtbot: QtBot, tmp_path: Path
) -> None:
    shift = Shift(qtbot, engine := HeldCounts(FIRST, SECOND), tmp_path)
    shift.until_selected(FIRST.id)
    engine.district.now += timedelta(minutes=2)
    new = flag(3, opened_at=MORNING + timedelta(minutes=1))
    engine.arrive(new)
    shift.until_says("新到 1 条")
    engine.free.clear()
    shift.window.place.selection.select(Selected(kind=new.kind, record=new.id))
    qtbot.waitUntil(lambda: engine.waiting > 0 and "新到" not in words(shift.sight.panel))
    shift.press("J")
    engine.free.set()
    shift.until_selected(SECOND.id)
    qtbot.waitUntil(lambda: shift.sight.model.find(new.id) is not None)
    assert shift.sight.current_id() == SECOND.id

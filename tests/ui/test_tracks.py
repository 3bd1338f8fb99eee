"""The tracks panel by keys: open, replay, what is not known, the flag from an event, offline."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from plugins.tracks.day_layer import Shown
from plugins.tracks.opened import EventKind
from plugins.tracks.words import Words
from tests.e2e.hands import press
from tests.e2e.sight import words
from tests.ui.shell_parts import running_loop
from tests.ui.tracks_parts import (
    DAY,
    DRIFT,
    GAP,
    OFF_ROUTE,
    OFFLINE,
    PLUGINS,
    Watch,
    a_page,
    an_engine,
    vehicle,
    world,
)
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.geo.tracks import Sight
from xiuzhou_desktop.plugin_api.view_clock import ViewMode
from xiuzhou_desktop.text.catalogue import Catalogue


@pytest.fixture(autouse=True)
def _loop(qapp: QApplication) -> Iterator[None]:
    with running_loop(qapp):
        yield


@pytest.fixture
def watch(qtbot: QtBot, tmp_path: Path) -> Iterator[Watch]:
    one = Watch(qtbot, an_engine(OFF_ROUTE, GAP, DRIFT, OFFLINE), tmp_path)
    yield one
    one.window.close()


def shown(watch: Watch, number: int) -> Shown:
    """An opened vehicle as the map draws it."""
    return next(one for one in watch.panel.view.days.shown if one.day.vehicle == vehicle(number))


def test_the_list_says_who_moves_and_who_is_offline(watch: Watch) -> None:
    rows = {row.vehicle: row.presence.value for row in watch.panel.rows}
    assert rows[vehicle(OFFLINE)] == "offline"
    assert rows[vehicle(OFF_ROUTE)] in {"moving", "standing"}
    watch.until_says("在线 71")


def test_a_search_leaves_what_fits_and_escape_brings_all_back(watch: Watch) -> None:
    watch.open(GAP)
    assert watch.panel.keeper.order == (vehicle(GAP),)
    listed = watch.panel.view.vehicles.rows
    assert listed.row_of(vehicle(OFFLINE)) is not None


def test_a_gap_is_said_and_never_bridged(watch: Watch) -> None:
    watch.open(GAP)
    day = watch.panel.keeper.day_of(vehicle(GAP))
    assert day is not None
    gap = next(one for one in day.track.gaps if one.seconds > 200)
    watch.panel.replay.go_to((gap.start_ms + gap.end_ms) // 2)
    watch.qtbot.waitUntil(lambda: shown(watch, GAP).seen.sight is Sight.HELD)
    assert "定位止于" in shown(watch, GAP).label
    assert shown(watch, GAP).seen.since_ms == gap.start_ms
    then = {row.vehicle: row.presence.value for row in watch.panel.rows}
    assert then[vehicle(GAP)] == "stale"
    assert then[vehicle(OFF_ROUTE)] == "not_opened"  # the list does not pass now off for then


def test_drift_is_counted_in_the_bar_and_makes_no_event(watch: Watch) -> None:
    watch.open(DRIFT)
    day = watch.panel.keeper.day_of(vehicle(DRIFT))
    assert day is not None
    count = int(day.track.drift.sum())
    assert count > 5
    watch.until_says(f"漂移剔除 {count} 点")
    assert all(one.kind is not EventKind.OFF_ROUTE for one in day.events)


def test_a_drifting_fix_keeps_its_alarm(watch: Watch) -> None:
    page = a_page(DRIFT)
    watch.open(DRIFT)
    day = watch.panel.keeper.day_of(vehicle(DRIFT))
    assert day is not None
    row = int(day.track.drift.argmax())
    alarm = tuple(1 if n == row else 0 for n in range(len(page.at_ms)))
    watch.engine.days[vehicle(DRIFT), DAY] = msgspec.structs.replace(
        page, alarm=alarm, doubt_e4=(4_000, 9_800)
    )
    watch.panel.keeper.refresh()
    watch.until_says("坐标系存疑")
    day = watch.panel.keeper.day_of(vehicle(DRIFT))
    assert day is not None
    assert [one.kind for one in day.events if one.priority == 1] == [EventKind.ALARM]


def test_two_vehicles_replay_on_one_clock_and_the_panel_wears_the_past(watch: Watch) -> None:
    watch.open(OFF_ROUTE)
    watch.open(GAP)
    press("Space")
    clock = watch.window.place.clock
    watch.qtbot.waitUntil(lambda: clock.view.mode is ViewMode.PLAYING)
    for _ in range(3):
        press("=")
    assert clock.view.speed == 8.0
    begun = clock.view.at
    watch.qtbot.waitUntil(lambda: clock.view.at > begun + timedelta(seconds=5))
    press("Space")
    at_ms = round(clock.view.at.timestamp() * 1000)
    for number in (OFF_ROUTE, GAP):
        day = watch.panel.keeper.day_of(vehicle(number))
        assert day is not None
        watch.qtbot.waitUntil(
            lambda n=number, d=day: shown(watch, n).seen.place == d.track.seen(at_ms).place
        )
    watch.qtbot.waitUntil(lambda: "回看中不能处置" in words(watch.window))


def test_a_truck_off_its_route_becomes_a_flag_by_one_key(watch: Watch) -> None:
    watch.open(OFF_ROUTE)
    events = watch.panel.view.side.events
    watch.qtbot.waitUntil(lambda: events.current is not None)
    assert events.current.kind is EventKind.OFF_ROUTE
    press("Ctrl+Return")
    watch.until_says("已转为线索")
    flags = [one for one in watch.engine.district.records.values() if one.kind is Kind.FLAG]
    assert len(flags) == 1
    body = flags[0].body
    assert isinstance(body, FlagBody)
    assert (flags[0].category, body.plate) == ("90-02", watch.plate(OFF_ROUTE))
    assert body.captured_at == events.current.at
    assert body.camera == watch.panel.view.side.camera.record.id
    assert "偏离" in body.description


def test_in_the_past_no_flag_is_made(watch: Watch) -> None:
    watch.open(OFF_ROUTE)
    watch.panel.replay.go_to(round(world().opening.timestamp() * 1000) - 600_000)
    press("Ctrl+Return")
    watch.qtbot.wait(50)
    assert not any(one.kind is Kind.FLAG for one in watch.engine.district.records.values())


def test_what_was_opened_is_there_offline_and_what_was_not_says_so(watch: Watch) -> None:
    watch.open(GAP)
    press("T")
    watch.engine.unplug()
    watch.open(GAP)
    press("/")
    from_search = watch.panel.view.search
    from_search.setText(watch.plate(OFF_ROUTE))
    press("Return", "T")
    watch.until_says("本机没有")
    assert watch.panel.keeper.day_of(vehicle(OFF_ROUTE)) is None


def test_the_export_says_where_it_went(watch: Watch, tmp_path: Path) -> None:
    watch.open(OFF_ROUTE)
    day = watch.panel.keeper.day_of(vehicle(OFF_ROUTE))
    assert day is not None
    file = tmp_path / "a.geojson"
    watch.panel.exporter.write(day, file)
    watch.until_says("已导出到")
    assert msgspec.json.decode(file.read_bytes())["features"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(40, "40 秒"), (60, "1 分钟"), (640, "10 分 40 秒"), (3_600, "1 小时 0 分")],
)
def test_a_span_names_no_seconds_where_there_are_none(seconds: int, said: str) -> None:
    assert Words(Catalogue("zh_CN", (PLUGINS / "tracks",))).span(seconds) == said

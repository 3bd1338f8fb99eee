"""The video wall under an officer's keys; streams, decoder and judge are real."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from plugins.wall.placing import Pushed, keep_pushed
from plugins.wall.seen import Seen
from plugins.wall.tree_model import CAMERA_MIME
from plugins.wall.wall_header import WallHeader
from tests.e2e.hands import press
from tests.ui.shell_parts import running_loop
from tests.ui.wall_parts import CITY, Operator, WallEngine, camera, flag_at
from tests.unit.domain.builders import HERE, MORNING, rid
from tests.unit.media.streams import serving, standing, write_clip
from tests.unit.media.waiting import wait_until
from ui.shell.window_store import PanelSettings, WindowStore
from ui.video import TileCaption
from ui.widgets import Button
from xiuzhou_desktop.contract.live import Health
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.evidence import EvidenceBody
from xiuzhou_desktop.media import SessionState, SessionStatus, clip
from xiuzhou_desktop.plugin_api.context import AWAKE
from xiuzhou_desktop.plugin_api.subjects import Selected, place_subject, selected_record

FLAGS = (flag_at(4, priority=1), flag_at(2, priority=2), flag_at(7, priority=2))


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def operator(qtbot: QtBot, tmp_path: Path) -> Operator:
    return Operator(qtbot, WallEngine(*CITY, *FLAGS), tmp_path)


def test_it_opens_on_the_cameras_of_the_most_urgent_flags(operator: Operator) -> None:
    assert operator.shown[0] == "C-0004"
    assert sorted(operator.shown) == ["", "C-0002", "C-0004", "C-0007"]


def test_enter_places_the_found_camera_and_the_next_empty_tile_is_meant(
    operator: Operator,
) -> None:
    press("4")
    operator.find("0009")
    press("Return")
    operator.until(lambda: operator.shown[3] == "C-0009")


def test_a_camera_on_two_tiles_says_so_on_both_and_in_the_tree(operator: Operator) -> None:
    assert operator.shown[0] == "C-0004"
    press("4")
    operator.find("0004")
    press("Return")
    operator.until(lambda: operator.shown[3] == "C-0004")
    assert operator.tile(1).accessibleName().endswith("同第 4 格")
    assert operator.tile(4).accessibleName().endswith("同第 1 格")
    assert "同第" not in operator.tile(2).accessibleName()
    assert operator.panel.grid.shown()[rid(5004)] == (1, 4)
    press("Escape")
    operator.tile(4).setFocus()
    press("Delete")
    assert "同第" not in operator.tile(1).accessibleName()


@pytest.mark.parametrize("language", ["zh_CN", "en_US"])
def test_in_a_narrow_place_the_counts_give_way_not_the_button(
    qtbot: QtBot, tmp_path: Path, language: str
) -> None:
    operator = Operator(qtbot, WallEngine(*CITY, *FLAGS), tmp_path, language)
    (header,) = operator.panel.findChildren(WallHeader)
    narrow = QWidget()
    qtbot.addWidget(narrow)
    header.setParent(narrow)
    header.resize(600, 36)
    narrow.show()
    layout = header.layout()
    assert layout is not None
    qtbot.waitUntil(lambda: layout.totalMinimumSize().width() <= header.width() == 600)
    pressed = [one for one in header.findChildren(Button) if one.isVisible()]
    qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in pressed))


def test_layouts_keep_what_they_cannot_show(operator: Operator) -> None:
    grid, before = operator.panel.grid, operator.shown
    operator.tile(4).setFocus()
    press("L")
    assert grid.count == 6
    for _ in range(3):
        press("L")
    assert grid.count == 1
    press("L")
    assert operator.shown == before


def test_enter_enlarges_the_tile_that_is_meant_and_esc_restores(operator: Operator) -> None:
    grid = operator.panel.grid
    operator.tile(2).setFocus()
    assert grid.current == 1
    press("Return")
    assert operator.tile(2).size() == grid.size()
    assert not operator.tile(1).isVisible()
    press("Esc")
    assert operator.tile(1).isVisible()


def test_del_empties_a_tile_and_says_what_to_do(operator: Operator) -> None:
    operator.tile(1).setFocus()
    press("Del")
    assert operator.shown[0] == ""
    assert operator.tile(1).accessibleName() == "第 1 格没有相机"


def test_a_camera_is_dropped_on_the_tile_under_the_hand(operator: Operator) -> None:
    data = QMimeData()
    data.setData(CAMERA_MIME, str(rid(5010)).encode())
    tile = operator.tile(3)
    tile.dropEvent(
        QDropEvent(
            QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip
    assert operator.shown[2] == "C-0010"


def test_the_wall_is_as_this_role_left_it(qtbot: QtBot, tmp_path: Path) -> None:
    engine = WallEngine(*CITY, *FLAGS)
    first = Operator(qtbot, engine, tmp_path)
    first.tile(1).setFocus()
    press("L", "6")
    first.find("0010")
    press("Return")
    first.until(lambda: first.shown[5] == "C-0010")
    left = first.shown
    first.window.close()
    assert Operator(qtbot, engine, tmp_path).shown == left


def test_the_tree_finds_by_street_and_says_when_there_is_nothing(operator: Operator) -> None:
    operator.find("0003")
    current = operator.panel.tree.current
    assert current is not None
    assert (current.code, current.platform) == ("C-0003", "330411101")
    press("/")
    for letter in "nowhere":
        press(letter)
    operator.until_says("当前筛选下没有相机")


def test_standings_come_from_record_and_live_lane(operator: Operator) -> None:
    operator.engine.hear(rid(5001), Health.OFFLINE)
    operator.engine.hear(rid(5003), Health.FAULT)
    operator.until_says("离线 1")
    operator.until_says("故障 1")
    operator.until_says("新装 1")
    operator.until_says("淘汰 1")


def test_a_flag_chosen_elsewhere_brings_its_camera(operator: Operator) -> None:
    operator.tile(1).setFocus()
    operator.window.place.selection.select(selected_record(flag_at(9)))
    operator.until(lambda: "C-0009" in operator.shown)
    assert operator.shown[operator.panel.grid.current] == "C-0009"
    operator.window.place.selection.select(selected_record(flag_at(10)))
    operator.until(lambda: "C-0010" in operator.shown)
    assert "C-0009" not in operator.shown  # the tile that follows, follows on


def test_a_place_chosen_elsewhere_brings_the_nearest_camera_that_gives_a_picture(
    operator: Operator,
) -> None:
    operator.tile(1).setFocus()
    operator.engine.hear(rid(5008), Health.ONLINE)
    operator.until_says("在线 1")
    chosen = Selected(near=(place_subject(HERE.lon_e7 + 900, HERE.lat_e7),))
    operator.window.place.selection.select(chosen)
    operator.until(lambda: "C-0008" in operator.shown)


@pytest.mark.parametrize(
    ("server_min", "moved_min", "shown_min"),
    [(None, 3, 3), (0, 3, 0), (5, 3, 3)],
    ids=["the-server-knows-nothing", "the-server-has-known-longer", "it-moved-here-last"],
)
def test_a_frozen_picture_is_so_since_it_moved_last_or_as_long_as_the_server_knows(
    server_min: int | None, moved_min: int, shown_min: int
) -> None:
    one = camera(1)
    engine = WallEngine(one)
    if server_min is not None:
        engine.hear(one.id, Health.FROZEN, MORNING + timedelta(minutes=server_min))
    moved_at = MORNING + timedelta(minutes=moved_min)
    seen = Seen(engine)
    seen.look([(one.id, SessionStatus(state=SessionState.FROZEN, since=moved_at))])
    assert engine.told[one.id].since == MORNING + timedelta(minutes=shown_min)
    known_at = None if server_min is None else MORNING + timedelta(minutes=server_min)
    assert seen.known_since(one.id) == known_at


class TestPictures:
    """With a stream that plays, is cut and comes back."""

    def test_a_cut_camera_is_said_on_tile_and_tree_and_comes_back(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        with serving() as server:
            one = camera(1, stream_url=server.live_url)
            operator = Operator(qtbot, WallEngine(one, flag_at(1)), tmp_path)
            tile = operator.tile(1)
            operator.until(lambda: tile.state is SessionState.PLAYING)
            operator.until_says("在线 1")
            server.go_away()
            operator.until(lambda: tile.state is SessionState.RECONNECTING)
            operator.until_says("离线 1")
            server.come_back()
            operator.until(lambda: tile.state is SessionState.PLAYING)
            operator.until_says("在线 1")
            tile.setFocus()
            press("Del")
            operator.until(lambda: one.id not in operator.engine.told)  # nobody looks any more

    def test_s_attaches_the_picture_to_the_selected_flag(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        with serving() as server:
            one = camera(1, stream_url=server.live_url)
            operator = Operator(qtbot, WallEngine(one, flag_at(1)), tmp_path)
            operator.until(lambda: operator.tile(1).state is SessionState.PLAYING)
            operator.window.place.selection.select(selected_record(flag_at(1)))
            operator.tile(1).setFocus()
            press("S")
            operator.until_says("摄像机时钟未知")
            operator.until_says("附于线索 浙F00001")
            (entry,) = operator.engine.entries.values()
            record = operator.engine.district.records[entry.command.record]
            assert (record.kind, record.parent_id) == (Kind.EVIDENCE, flag_at(1).id)
            body = record.body
            assert isinstance(body, EvidenceBody)
            assert (record.state, body.workstation) == ("EXPECTED", "ZB-02")
            assert operator.engine.files[f"sha256:{body.awaited}"].startswith(b"\x89PNG")
            assert body.pixels_sha256 is not None
            assert body.camera_clock is None

    def test_the_second_wall_shares_the_session(self, qtbot: QtBot, tmp_path: Path) -> None:
        with serving() as server:
            one = camera(1, stream_url=server.live_url)
            operator = Operator(qtbot, WallEngine(one, flag_at(1)), tmp_path)
            operator.until(lambda: operator.tile(1).state is SessionState.PLAYING)
            operator.tile(1).setFocus()
            press("W")
            second = operator.panel.second
            assert second is not None
            operator.until(second.isVisible)
            operator.until(lambda: second.grid.tiles[0].state is SessionState.PLAYING)
            assert operator.window.place.around.media.open_count == 1
            second.close()
            operator.until(lambda: operator.panel.second is None)
            assert operator.tile(1).state is SessionState.PLAYING


def test_a_camera_without_a_picture_says_why(operator: Operator) -> None:
    operator.tile(4).setFocus()
    operator.find("0012")
    press("Return")
    operator.until(lambda: operator.tile(4).accessibleName() == "C-0012 没有画面:淘汰")


def test_an_empty_tile_gives_no_evidence(operator: Operator) -> None:
    press("4")
    operator.tile(4).setFocus()
    press("S")
    operator.until_says("这一格没有相机,不能取证")
    assert not operator.engine.entries


def test_the_past_shows_what_was_recorded_and_takes_no_evidence(operator: Operator) -> None:
    clock = operator.window.place.clock
    operator.tile(1).setFocus()
    clock.go_to(MORNING - timedelta(minutes=20))
    wanted = f"recorded/{rid(5004)}/2026-11-23T00:10:00.000Z"
    operator.until(lambda: operator.tile(1).source_key == wanted)
    press("S")
    operator.until_says("回看中不能取证")
    clock.go_live()
    operator.until(lambda: operator.tile(1).source_key == f"camera/{rid(5004)}")


def test_the_past_says_what_the_recording_shows_and_of_the_others_that_nobody_knows(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stood = write_clip(tmp_path / "stood.mp4", seconds=10, scene=standing)
    moved = write_clip(tmp_path / "moved.mp4", seconds=10)
    with serving(clip=stood) as frozen_then, serving(clip=moved) as well_then:
        engine = WallEngine(*(camera(number) for number in (1, 2, 3)), flag_at(1), flag_at(2))
        engine.recorded = {rid(5001): frozen_then.clip_url, rid(5002): well_then.clip_url}
        for number in (1, 2, 3):
            engine.hear(rid(5000 + number), Health.ONLINE)  # as they stand now
        operator = Operator(qtbot, engine, tmp_path)
        operator.until_says("在线 3")
        clock = operator.window.place.clock
        clock.go_to(MORNING - timedelta(minutes=20))
        tile = operator.tile(operator.shown.index("C-0001") + 1)
        operator.until(lambda: tile.says.band == "画面冻结 · 录像在 08:10:00 之前已不动")
        for told in ("冻结 1", "在线 1", "未知 1"):
            operator.until_says(told)
        clock.go_live()
        operator.until_says("在线 3")
        assert not tile.says.band


def test_a_recording_that_stands_is_never_counted_as_online(
    operator: Operator, tmp_path: Path
) -> None:
    path = write_clip(tmp_path / "stood.mp4", seconds=10, scene=standing)
    with serving(clip=path) as server:
        tile = operator.tile(4)
        tile.show_source("recorded/4", clip(server.clip_url), TileCaption())
        wait_until(lambda: tile.health_then is not None)  # the tile itself does not look meanwhile
        assert tile.health_then is Health.FROZEN
        tile.clear()


def test_one_role_that_pulls_its_wall_in_leaves_the_other_role_awake(tmp_path: Path) -> None:
    store = PanelSettings(WindowStore(tmp_path), "wall")
    pushed = Pushed(screen="RIGHT")
    keep_pushed(store, "duty_officer", pushed)
    keep_pushed(store, "reviewer", pushed)
    keep_pushed(store, "reviewer", None)
    assert store.read(AWAKE) is True
    keep_pushed(store, "duty_officer", None)
    assert store.read(AWAKE) is False


def test_in_english_at_a_small_size_the_tree_folds(qtbot: QtBot, tmp_path: Path) -> None:
    operator = Operator(qtbot, WallEngine(*CITY, *FLAGS), tmp_path, "en_US")
    operator.window.resize(1366, 768)
    operator.until(operator.panel.tree.isHidden)
    operator.tile(1).setFocus()
    press("/")
    operator.until(operator.panel.tree.isVisible)

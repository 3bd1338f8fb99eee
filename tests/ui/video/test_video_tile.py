"""The tile tells the truth about its stream: real libVLC, real HTTP, real windows, real keys."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.unit.media.streams import HEIGHT, WIDTH, StreamServer, serving, standing, write_clip
from tests.unit.media.waiting import HandClock
from ui.video import TileCaption, VideoTile
from xiuzhou_desktop.media import (
    INSTALL_COMMAND,
    MediaClock,
    MediaHub,
    SessionState,
    clip,
    live,
    load_libvlc,
)
from xiuzhou_desktop.text.catalogue import Catalogue

CAPTION = TileCaption(number="1", code="C-0137", name="吉水路口", note="实时 · 主码流")
text = Catalogue("zh_CN")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def hub(clock: HandClock) -> Iterator[MediaHub]:
    hub = MediaHub(MediaClock(monotonic=clock.monotonic), dice=random.Random(1))
    yield hub
    hub.close()


@pytest.fixture
def tile(hub: MediaHub, qtbot: QtBot) -> Iterator[VideoTile]:
    tile = a_shown_tile(hub, qtbot)
    yield tile
    tile.hide()


def a_shown_tile(hub: MediaHub, qtbot: QtBot) -> VideoTile:
    tile = VideoTile(hub, text)
    qtbot.addWidget(tile)
    tile.resize(640, 386)
    tile.show()
    qtbot.waitExposed(tile)
    return tile


def show_live(tile: VideoTile, server: StreamServer, qtbot: QtBot) -> None:
    tile.show_source("camera/1", live(server.live_url, size=(WIDTH, HEIGHT)), CAPTION)
    qtbot.waitUntil(lambda: tile.state is SessionState.PLAYING)


def test_the_picture_on_the_tile_moves(tile: VideoTile, qtbot: QtBot) -> None:
    with serving() as server:
        show_live(tile, server, qtbot)
        qtbot.waitUntil(lambda: tile.frame is not None)
        first = tile.grab().toImage()
        qtbot.waitUntil(lambda: tile.grab().toImage() != first)
        assert not tile.says.over
        tile.hide()


def test_a_lost_stream_is_said_with_attempt_and_wait(tile: VideoTile, qtbot: QtBot) -> None:
    with serving() as server:
        show_live(tile, server, qtbot)
        server.go_away()
        qtbot.waitUntil(lambda: tile.state is SessionState.RECONNECTING)
        qtbot.waitUntil(lambda: bool(tile.says.over))

        assert tile.says.over[0].startswith("重连中 · 第 ")
        assert tile.says.offers_retry
        assert tile.frame is not None
        assert "重连中" in tile.accessibleDescription()


def test_offline_keeps_the_last_picture_and_says_it_is_no_evidence(
    tile: VideoTile, clock: HandClock, qtbot: QtBot
) -> None:
    with serving() as server:
        show_live(tile, server, qtbot)
        server.go_away()

        def is_offline_by_waiting() -> bool:
            clock.added_s += 1.0
            return tile.state is SessionState.OFFLINE

        qtbot.waitUntil(is_offline_by_waiting)
        qtbot.waitUntil(lambda: len(tile.says.over) == 3)
        assert tile.says.over[0].startswith("相机离线 · 自 ")
        assert tile.says.over[2] == "底图为最后一帧,不可作证据"


def test_a_repeated_picture_gets_the_frozen_band(
    tile: VideoTile, clock: HandClock, qtbot: QtBot
) -> None:
    with serving(standing) as server:
        show_live(tile, server, qtbot)
        clock.added_s += 4.0
        qtbot.waitUntil(lambda: tile.state is SessionState.FROZEN)
        qtbot.waitUntil(lambda: tile.says.band.startswith("画面冻结 · 打开时已静止"))
        tile.stood_since = datetime(2026, 11, 23, 0, 9, 12, tzinfo=UTC)
        qtbot.waitUntil(lambda: tile.says.band.startswith("画面冻结 · 自 08:09:12"))
        tile.hide()


def test_a_recording_of_a_camera_that_stood_says_so_played_and_held(
    tile: VideoTile, tmp_path: Path, qtbot: QtBot
) -> None:
    path = write_clip(tmp_path / "clip.mp4", seconds=10, scene=standing)
    with serving(clip=path) as server:
        began_at = datetime(2026, 11, 23, 0, 9, 10, tzinfo=UTC)
        tile.show_source("clip/1", replace(clip(server.clip_url), began_at=began_at), CAPTION)
        said = "画面冻结 · 录像在 08:09:10 之前已不动"
        qtbot.waitUntil(lambda: tile.says.band == said)
        tile.controls.hold_at(5_000)
        qtbot.waitUntil(lambda: tile.state is SessionState.PAUSED)
        qtbot.waitUntil(lambda: tile.says.band == said)
        tile.hide()


def test_f5_tries_at_once(tile: VideoTile, qtbot: QtBot) -> None:
    with serving() as server:
        show_live(tile, server, qtbot)
        server.go_away()
        qtbot.waitUntil(lambda: tile.state is SessionState.RECONNECTING)
        server.come_back()
        qtbot.keyClick(tile, Qt.Key.Key_F5)
        qtbot.waitUntil(lambda: tile.state is SessionState.PLAYING)
        tile.hide()


def test_space_pauses_and_plays_a_clip(tile: VideoTile, tmp_path: Path, qtbot: QtBot) -> None:
    path = write_clip(tmp_path / "clip.mp4", seconds=8)
    with serving(clip=path) as server:
        tile.show_source("clip/1", clip(server.clip_url), CAPTION)
        qtbot.waitUntil(lambda: tile.state is SessionState.PLAYING)
        qtbot.keyClick(tile, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: tile.state is SessionState.PAUSED)
        qtbot.waitUntil(lambda: tile.says.caption.startswith("已暂停"))
        qtbot.keyClick(tile, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: tile.state is SessionState.PLAYING)
        tile.hide()


def test_a_hidden_tile_lets_its_stream_go_and_shows_it_again(tile: VideoTile, qtbot: QtBot) -> None:
    with serving() as server:
        show_live(tile, server, qtbot)
        tile.hide()
        assert tile.state is None
        tile.show()
        qtbot.waitUntil(lambda: tile.state is SessionState.PLAYING)
        tile.hide()


def test_a_snapshot_has_the_pixels_of_the_stream_not_of_the_tile(
    tile: VideoTile, qtbot: QtBot
) -> None:
    with serving() as server:
        show_live(tile, server, qtbot)
        qtbot.waitUntil(lambda: tile.frame is not None)
        with qtbot.waitSignal(tile.controls.snapshot_wanted) as taken:
            qtbot.keyClick(tile, Qt.Key.Key_S)
        frame = taken.args[0]
        assert (frame.width, frame.height) == (WIDTH, HEIGHT)
        tile.hide()


@pytest.mark.parametrize("language", ["zh_CN", "en_US"])
def test_without_libvlc_the_tile_says_how_to_install_it(language: str, qtbot: QtBot) -> None:
    def loader() -> None:
        raise OSError("libvlc.so.5: cannot open shared object file")

    hub = MediaHub(load=lambda: load_libvlc(loader))
    tile = VideoTile(hub, Catalogue(language))
    qtbot.addWidget(tile)
    tile.show()
    tile.show_source("camera/1", live("http://127.0.0.1:9/live"), CAPTION)
    qtbot.waitUntil(lambda: bool(tile.says.over) and "libVLC" in tile.says.over[0])

    assert INSTALL_COMMAND in tile.says.over[1]
    tile.hide()
    hub.close()

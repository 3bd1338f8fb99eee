"""Real libVLC on real streams: first picture, loss, return, freeze, clips, missing library."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.media.streams import (
    HEIGHT,
    WIDTH,
    Scene,
    bar_number,
    moving,
    noisy_standing,
    serving,
    stopping,
    write_clip,
)
from tests.unit.media.waiting import HandClock, StillClock, wait_until
from xiuzhou_desktop.media import (
    INSTALL_COMMAND,
    LibVlc,
    MediaClock,
    MediaHub,
    MediaSession,
    MediaSource,
    Reason,
    SessionState,
    SourceKind,
    Stretch,
    clip,
    live,
    load_libvlc,
)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def hub(clock: HandClock) -> Iterator[MediaHub]:
    hub = MediaHub(MediaClock(monotonic=clock.monotonic), dice=random.Random(1))
    yield hub
    hub.close()


def is_in(session: MediaSession, state: SessionState) -> bool:
    return session.status.state is state


def has_size(session: MediaSession, width: int, height: int) -> bool:
    """A decoder that is not told the size shows whole blocks of it at first."""
    frame = session.buffer.latest()
    return frame is not None and (frame.width, frame.height) == (width, height)


def test_a_live_stream_shows_changing_pictures_of_its_own_size(hub: MediaHub) -> None:
    with serving() as server:
        session = hub.open("camera/1", live(server.live_url))
        wait_until(lambda: has_size(session, WIDTH, HEIGHT))
        seen = bytes(session.buffer.latest().memory)
        wait_until(lambda: bytes(session.buffer.latest().memory) != seen)
        wait_until(lambda: is_in(session, SessionState.PLAYING))

        assert has_size(session, WIDTH, HEIGHT)


def test_two_tiles_of_one_camera_share_one_connection(hub: MediaHub) -> None:
    with serving() as server:
        source = live(server.live_url, size=(WIDTH, HEIGHT))
        one = hub.open("camera/1", source)
        other = hub.open("camera/1", source)
        wait_until(lambda: one.buffer.shown > 0)
        connections = server.requests

        assert one is other
        hub.leave("camera/1")
        seen = one.buffer.shown
        wait_until(lambda: one.buffer.shown > seen)
        assert server.requests == connections
        hub.leave("camera/1")
        wait_until(lambda: is_in(one, SessionState.CLOSED))


def test_a_lost_stream_is_reconnected_and_comes_back(hub: MediaHub) -> None:
    with serving() as server:
        session = hub.open("camera/1", live(server.live_url))
        wait_until(lambda: is_in(session, SessionState.PLAYING))
        server.go_away()
        wait_until(lambda: is_in(session, SessionState.RECONNECTING))

        assert session.status.reason is Reason.LINK_LOST
        assert session.status.attempt >= 1
        assert session.buffer.latest() is not None

        server.come_back()
        session.restart()
        wait_until(lambda: is_in(session, SessionState.PLAYING))
        assert session.status.attempt == 0


def test_a_camera_that_stays_away_is_offline_since_it_was_lost(
    hub: MediaHub, clock: HandClock
) -> None:
    with serving() as server:
        session = hub.open("camera/1", live(server.live_url))
        wait_until(lambda: is_in(session, SessionState.PLAYING))
        server.go_away()
        wait_until(lambda: is_in(session, SessionState.RECONNECTING))
        lost_at = session.status.since

        def is_offline_by_waiting() -> bool:
            clock.added_s += 1.0
            return is_in(session, SessionState.OFFLINE)

        wait_until(is_offline_by_waiting)
        assert session.status.since == lost_at
        assert session.status.attempt > 3
        assert session.status.retry_at is not None


def test_the_same_picture_again_and_again_is_frozen(hub: MediaHub, clock: HandClock) -> None:
    with serving(noisy_standing) as server:
        session = hub.open("camera/1", live(server.live_url))
        wait_until(lambda: is_in(session, SessionState.PLAYING))
        clock.added_s += 4.0
        wait_until(lambda: is_in(session, SessionState.FROZEN))

        assert session.status.reason in {Reason.SAME_PICTURE, Reason.NO_NEW_FRAME}


def test_a_moving_picture_is_never_called_frozen() -> None:
    clock = StillClock()
    with serving() as server, closing(MediaHub(MediaClock(monotonic=clock.monotonic))) as hub:
        session = hub.open("camera/1", live(server.live_url))
        wait_until(lambda: is_in(session, SessionState.PLAYING))
        for _round in range(4):
            seen = session.buffer.shown
            wait_until(lambda seen=seen: session.buffer.shown > seen + 5)
            clock.added_s += 1.0
            assert not is_in(session, SessionState.FROZEN)


def test_a_clip_plays_to_its_end_and_again(hub: MediaHub, tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", seconds=1)
    with serving(clip=path) as server:
        session = hub.open("clip/1", clip(server.clip_url))
        wait_until(lambda: is_in(session, SessionState.ENDED))
        seen = session.buffer.shown
        session.toggle()
        wait_until(lambda: session.buffer.shown > seen + 2)
        wait_until(lambda: is_in(session, SessionState.ENDED))


def test_a_paused_clip_steps_by_exactly_one_picture(hub: MediaHub, tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", seconds=8)
    with serving(clip=path) as server:
        session = hub.open("clip/1", clip(server.clip_url))
        wait_until(lambda: session.buffer.shown > 5)
        session.pause()
        wait_until(lambda: is_in(session, SessionState.PAUSED))
        session.step_forward()
        wait_until(lambda: is_settled(session))
        number = number_in(session)

        session.step_forward()
        wait_until(lambda: number_in(session) == number + 1)
        session.step_back()
        wait_until(lambda: number_in(session) == number)
        session.step_back()
        wait_until(lambda: number_in(session) == number - 1)
        session.step_forward()
        wait_until(lambda: number_in(session) == number)
        assert is_in(session, SessionState.PAUSED)


def is_settled(session: MediaSession) -> bool:
    """The picture shown again in pause is the one before: what was in flight has landed."""
    shown, number = session.buffer.shown, number_in(session)
    wait_until(lambda: session.buffer.shown >= shown + 3)
    return number_in(session) == number


def number_in(session: MediaSession) -> int:
    """Which picture of `moving` is in view."""
    frame = session.buffer.latest()
    assert frame is not None
    return bar_number(frame.pixels[:, :, :3])


def test_a_clip_goes_to_a_position(hub: MediaHub, tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", seconds=8)
    with serving(clip=path) as server:
        session = hub.open("clip/1", clip(server.clip_url))
        wait_until(lambda: session.progress.duration_ms > 0)
        session.seek_ms(6000)
        wait_until(lambda: session.progress.position_ms >= 6200)
        assert session.progress.duration_ms == pytest.approx(8000, abs=200)


def test_a_clip_sent_elsewhere_before_its_first_picture_plays_there(
    hub: MediaHub, tmp_path: Path
) -> None:
    path = write_clip(tmp_path / "clip.mp4", seconds=8)
    with serving(clip=path) as server:
        session = hub.open("clip/1", clip(server.clip_url))
        session.seek_ms(6000)
        wait_until(lambda: session.progress.position_ms >= 6200)
        assert is_in(session, SessionState.PLAYING)


def stretch_in(session: MediaSession) -> Stretch | None:
    """Where a clip in view stands, as far as it is known."""
    found = session.stillness()
    return None if found is None else found.at(session.progress.position_ms)


@pytest.mark.parametrize(
    ("scene", "from_ms"), [(moving, None), (stopping, 3_000), (noisy_standing, 0)]
)
def test_a_held_clip_says_where_its_picture_stood(
    scene: Scene, from_ms: int | None, hub: MediaHub, tmp_path: Path
) -> None:
    path = write_clip(tmp_path / "clip.mp4", seconds=10, scene=scene)
    with serving(clip=path) as server:
        session = hub.open("clip/1", clip(server.clip_url))
        wait_until(lambda: is_in(session, SessionState.PLAYING))
        session.pause()
        session.seek_ms(8_000)
        wait_until(lambda: session.stillness() and session.progress.position_ms == 8_000)
        stretch = stretch_in(session)
        if from_ms is None:
            assert stretch is None
            return
        assert stretch is not None
        assert stretch.from_ms == pytest.approx(from_ms, abs=500)
        session.seek_ms(1_000)
        wait_until(lambda: (stretch_in(session) is None) == (from_ms > 0))


def test_a_clip_held_before_its_first_picture_shows_the_one_that_was_meant(
    hub: MediaHub, tmp_path: Path
) -> None:
    path = write_clip(tmp_path / "clip.mp4", seconds=3)
    with serving(clip=path) as server:
        session = hub.open("clip/1", clip(server.clip_url))
        session.pause()
        session.seek_ms(2_000)
        wait_until(lambda: is_in(session, SessionState.PAUSED))
        wait_until(lambda: number_in(session) >= 15)  # the twentieth was meant


def test_a_clip_that_is_not_there_is_an_error_with_a_reason(hub: MediaHub) -> None:
    with serving() as server:
        session = hub.open("clip/1", clip(server.clip_url))
        wait_until(lambda: is_in(session, SessionState.ERROR))
        assert session.status.reason is Reason.CANNOT_OPEN


def test_closing_leaves_no_thread_behind(clock: HandClock) -> None:
    before = threading.active_count()
    with serving() as server:
        hub = MediaHub(MediaClock(monotonic=clock.monotonic))
        sessions = [hub.open(f"camera/{n}", live(server.live_url)) for n in range(3)]
        wait_until(lambda: all(session.buffer.shown > 0 for session in sessions))
        hub.close()
        assert all(session.wait_closed(0) for session in sessions)
    wait_until(lambda: threading.active_count() <= before)


def test_a_missing_library_is_a_value_with_the_command_that_installs_it() -> None:
    def loader() -> None:
        raise OSError("libvlc.so.5: cannot open shared object file")

    hub = MediaHub(load=lambda: load_libvlc(loader))
    session = hub.open("camera/1", live("http://127.0.0.1:9/live"))
    wait_until(lambda: is_in(session, SessionState.ERROR))

    assert session.status.reason is Reason.LIBVLC_MISSING
    assert session.missing is not None
    assert session.missing.command == INSTALL_COMMAND
    hub.close()


def test_a_defect_in_a_session_is_said_and_logged(
    hub: MediaHub, caplog: pytest.LogCaptureFixture
) -> None:
    def locate() -> str:
        raise ZeroDivisionError

    session = hub.open("camera/1", MediaSource(locate, SourceKind.LIVE))
    wait_until(lambda: is_in(session, SessionState.ERROR))

    assert session.status.reason is Reason.DEFECT
    assert "media session failed" in caplog.text


def test_this_machine_knows_every_option_of_the_instance() -> None:
    assert isinstance(load_libvlc(), LibVlc)


def test_importing_media_loads_neither_qt_nor_libvlc() -> None:
    code = (
        "import sys, xiuzhou_desktop.media;"
        "print([m for m in sys.modules if m == 'vlc' or m.startswith('PySide6')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"

"""Cameras of their own: RTSP from a foreign server, cut and back; servers that misbehave; logins.

Everything is real: GStreamer's server, FFmpeg, libVLC, the program `probe`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest

from tests.unit.media.cameras import answering, rtsp
from tests.unit.media.keyring_file import FILE, FileKeyring
from tests.unit.media.waiting import HandClock, wait_until
from xiuzhou_desktop.media import (
    BadAddressError,
    Frame,
    Login,
    MediaClock,
    MediaHub,
    MediaSession,
    Reason,
    SessionState,
    camera_source,
    read_address,
    store_login,
)

pytestmark = pytest.mark.xdist_group("rtsp")
PROJECT = Path(__file__).resolve().parents[3]
PASSWORD = "pa55-of-the-gate"
GONE = {SessionState.RECONNECTING, SessionState.OFFLINE}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def hub(clock: HandClock) -> Iterator[MediaHub]:
    hub = MediaHub(MediaClock(monotonic=clock.monotonic), dice=random.Random(1))
    yield hub
    hub.close()


@pytest.fixture
def safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A keyring that works, here and in programs started from here."""
    monkeypatch.setenv(FILE, str(tmp_path / "keyring.json"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.unit.media.keyring_file.FileKeyring")
    before = keyring.get_keyring()
    keyring.set_keyring(FileKeyring())
    yield
    keyring.set_keyring(before)


def probe(url: str, seconds: float) -> tuple[int, dict[str, object]]:
    """`python -m xiuzhou_desktop probe`: exit code and answer."""
    words = ["-m", "xiuzhou_desktop", "probe", url, "--seconds", str(seconds), "--json"]
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, cwd=PROJECT, check=False,
        timeout=300, env=os.environ | {"PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout or done.stderr)


@pytest.mark.parametrize(("option", "codec"), [("h264", "h264"), ("h265", "hevc")])
def test_probe_plays_rtsp_and_tells_what_it_is(option: str, codec: str) -> None:
    with rtsp("--codec", option) as server:
        code, told = probe(server.url, 8)
    assert code == 0
    assert (told["codec"], told["width"], told["height"]) == (codec, 640, 360)
    assert (told["frozen"], told["reconnects"], told["reason"]) == (False, 0, "NONE")
    assert isinstance(told["frames"], int) and told["frames"] > 15


def test_probe_of_nobody_says_so() -> None:
    with rtsp() as server:
        url = server.url
    code, told = probe(url, 2)
    assert (code, told["frames"], told["reason"]) == (1, 0, "REFUSED")


def test_a_cut_camera_comes_back_and_its_neighbour_goes_on(hub: MediaHub, clock: HandClock) -> None:
    with rtsp() as one, rtsp() as other:
        cut = hub.open("one", camera_source(read_address(one.url)))
        kept = hub.open("other", camera_source(read_address(other.url)))
        for session in (cut, kept):
            wait_until(lambda s=session: s.status.state is SessionState.PLAYING)
        told = wait_for_clock(kept)
        assert abs(told - datetime.now(UTC)) < timedelta(seconds=30)  # the same computer's
        one.cut()
        wait_until(lambda: cut.status.state in GONE)
        wait_until(lambda: cut.camera_clock() is None)  # nobody tells it any more
        shown = kept.buffer.shown
        one.start()
        clock.added_s += 31
        wait_until(lambda: cut.status.state is SessionState.PLAYING)
        assert kept.buffer.shown > shown
        assert cut.status.attempt == 0


def wait_for_clock(session: MediaSession) -> datetime:
    """Until the camera has told its clock, in its first report."""
    wait_until(lambda: session.camera_clock() is not None)
    told = session.camera_clock()
    assert told is not None
    return told


def test_a_wrong_password_is_said_and_not_tried_again_soon(
    hub: MediaHub, safe: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with rtsp(login=f"viewer:{PASSWORD}") as server:
        assert store_login(server.place, Login("viewer", "not-" + PASSWORD))
        session = hub.open("camera", camera_source(read_address(server.url)))
        wait_until(lambda: session.status.state in GONE)
        assert session.status.reason is Reason.WRONG_PASSWORD
        assert session.status.state is SessionState.OFFLINE
        assert (session.retry_in_s() or 0) >= 29
    assert PASSWORD not in caplog.text


def test_the_keyrings_login_plays_and_is_nowhere_to_be_seen(
    hub: MediaHub, safe: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with rtsp(login=f"viewer:{PASSWORD}") as server:
        assert store_login(server.place, Login("viewer", PASSWORD))
        source = camera_source(read_address(server.url))
        session = hub.open("camera", source)
        wait_until(lambda: session.status.state is SessionState.PLAYING)
        seen = f"{source} {session.status} {session.stream} {caplog.text}"
        assert PASSWORD not in seen
        assert PASSWORD not in "\n".join(_commands())


def _commands() -> Iterator[str]:
    """The command line of every process there is."""
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended since
            yield one.read_text("utf-8", errors="replace")


def test_camera_login_reads_stdin_and_probe_uses_it(safe: None) -> None:
    with rtsp(login=f"viewer:{PASSWORD}") as server:
        done = subprocess.run(
            [sys.executable, "-m", "xiuzhou_desktop", "camera-login", server.url, "--json"],
            input=f"viewer\n{PASSWORD}\n", capture_output=True, text=True, cwd=PROJECT, check=False,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert PASSWORD not in done.stdout + done.stderr
        code, told = probe(server.url, 6)
    assert code == 0, told


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("rtsp://viewer:secret@10.0.0.7/live", "password"),
        ("gopher://10.0.0.7/live", "scheme"),
        ("rtsp:///live", "host"),
    ],
)
def test_an_address_is_refused_with_its_reason(url: str, slug: str) -> None:
    with pytest.raises(BadAddressError) as told:
        read_address(url)
    assert told.value.slug == slug


def test_a_server_that_never_answers_is_given_up(hub: MediaHub) -> None:
    with answering(b"") as port:
        session = hub.open("silent", camera_source(read_address(f"rtsp://127.0.0.1:{port}/live")))
        wait_until(lambda: session.status.state in GONE)
        assert session.status.reason is Reason.NO_ANSWER
        assert session.buffer.shown == 0


def test_a_stream_of_zeros_is_no_video(hub: MediaHub) -> None:
    with answering(bytes(200_000)) as port:
        session = hub.open("zeros", camera_source(read_address(f"http://127.0.0.1:{port}/live")))
        wait_until(lambda: session.status.state in GONE)
        assert session.status.reason in {Reason.NO_VIDEO, Reason.NO_ANSWER}
        assert session.buffer.shown == 0


def size_of(frame: Frame | None) -> tuple[int, int] | None:
    return (frame.width, frame.height) if frame is not None else None


def test_another_resolution_is_shown_in_its_true_size(hub: MediaHub) -> None:
    with rtsp("--picture", "grows") as server:
        session = hub.open("grows", camera_source(read_address(server.url)))
        wait_until(lambda: size_of(session.buffer.latest()) == (960, 540))
        wait_until(lambda: session.status.state is SessionState.PLAYING)


def test_a_black_picture_is_never_live(hub: MediaHub) -> None:
    with rtsp("--picture", "black") as server:
        session = hub.open("black", camera_source(read_address(server.url)))
        wait_until(lambda: session.status.state is SessionState.FROZEN)
        assert session.status.reason is Reason.BLACK_PICTURE

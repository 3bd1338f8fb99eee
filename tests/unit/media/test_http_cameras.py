"""Cameras that speak HTTP: MJPEG as old ones do, HLS as platforms do; and files."""

from __future__ import annotations

import contextlib
import functools
import io
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import pytest
from PIL import Image

from tests.unit.media.streams import HEIGHT, RATE, WIDTH, moving, write_clip
from tests.unit.media.waiting import PAUSE, wait_until
from xiuzhou_desktop.media import MediaHub, SessionState, camera_source, read_address

PICTURES = 400
Handler = Callable[..., BaseHTTPRequestHandler]


@pytest.fixture
def hub() -> Iterator[MediaHub]:
    hub = MediaHub()
    yield hub
    hub.close()


class Mjpeg(BaseHTTPRequestHandler):
    """One JPEG after the other, as multipart/x-mixed-replace."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        with contextlib.suppress(OSError):
            for number in range(PICTURES):
                jpeg = io.BytesIO()
                Image.fromarray(moving(number)).save(jpeg, "JPEG")
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.tell()}\r\n"
                self.wfile.write(head.encode() + b"\r\n" + jpeg.getvalue() + b"\r\n")
                PAUSE.wait(1 / RATE)

    def log_message(self, *_values: object) -> None:
        """Silent."""


class Files(SimpleHTTPRequestHandler):
    def log_message(self, *_values: object) -> None:
        """Silent."""


@contextlib.contextmanager
def serving(handler: Handler) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def write_hls(folder: Path) -> None:
    """Eight seconds in pieces of one, with their list."""
    options = {"hls_time": "1", "hls_list_size": "0"}
    with av.open(str(folder / "live.m3u8"), "w", format="hls", options=options) as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.gop_size = RATE
        for number in range(8 * RATE):
            frame = av.VideoFrame.from_ndarray(moving(number), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def plays(hub: MediaHub, address: str, codec: str) -> None:
    """Until it plays; then what it says it is."""
    session = hub.open("camera", camera_source(read_address(address)))
    wait_until(lambda: session.status.state is SessionState.PLAYING)
    wait_until(lambda: session.buffer.shown > 3)
    assert session.stream is not None
    assert (session.stream.codec, session.buffer.size) == (codec, (WIDTH, HEIGHT))


def test_mjpeg_plays(hub: MediaHub) -> None:
    with serving(Mjpeg) as server:
        plays(hub, f"{server}/video.mjpg", "mjpeg")


def test_hls_plays(hub: MediaHub, tmp_path: Path) -> None:
    write_hls(tmp_path)
    with serving(functools.partial(Files, directory=str(tmp_path))) as server:
        plays(hub, f"{server}/live.m3u8", "h264")


def test_a_file_plays_to_its_end(hub: MediaHub, tmp_path: Path) -> None:
    file = write_clip(tmp_path / "clip.mp4", 2)
    session = hub.open("file", camera_source(read_address(str(file))))
    wait_until(lambda: session.status.state is SessionState.ENDED)
    assert session.buffer.shown > RATE

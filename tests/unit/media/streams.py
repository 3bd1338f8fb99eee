"""Small real streams for tests: endless MPEG-TS over HTTP and a short MP4, encoded on the spot."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 180
RATE = 10

Picture = NDArray[np.uint8]
Scene = Callable[[int], Picture]


def moving(number: int) -> Picture:
    """A white bar over grey that moves with every frame."""
    picture = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    left = (number * 8) % (WIDTH - 40)
    picture[60:120, left : left + 40] = 235
    return picture


def bar_number(picture: Picture) -> int:
    """The number that `moving` drew, of the first 35."""
    return round(int(np.argmax(picture[90, :, 1] > 180)) / 8)


def standing(_number: int) -> Picture:
    return moving(5)


def noisy_standing(number: int) -> Picture:
    """A still picture with sensor noise, as an encoder gets it."""
    noise = np.random.default_rng(number).integers(-3, 4, (HEIGHT, WIDTH, 3))
    return np.clip(moving(5).astype(np.int16) + noise, 0, 255).astype(np.uint8)


def stopping(number: int) -> Picture:
    """Moves for three seconds, then stands."""
    return moving(min(number, 3 * RATE))


class _Packets:
    """Encoded MPEG-TS, picture by picture."""

    def __init__(self) -> None:
        self._sink = io.BytesIO()
        self._container = av.open(self._sink, "w", format="mpegts")
        self._stream = _video(self._container)

    def add(self, picture: Picture, number: int) -> bytes:
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = number
        for packet in self._stream.encode(frame):
            self._container.mux(packet)
        data = self._sink.getvalue()
        self._sink.seek(0)
        self._sink.truncate()
        return data


def _video(container: av.container.OutputContainer) -> av.VideoStream:
    stream = container.add_stream("libx264", rate=RATE)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    stream.gop_size = RATE
    stream.options = {"preset": "ultrafast", "tune": "zerolatency"}
    return stream


def write_clip(path: Path, seconds: int, scene: Scene = moving, begins_s: int = 0) -> Path:
    """`begins_s`: the time that the file gives its first picture."""
    options = {"output_ts_offset": str(begins_s)}
    with av.open(str(path), "w", options=options) as container:
        stream = _video(container)
        for number in range(seconds * RATE):
            frame = av.VideoFrame.from_ndarray(scene(number), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


class StreamServer:
    """GET /live: endless, `scene` at RATE pictures a second; /clip: a file. It can leave."""

    def __init__(self, scene: Scene = moving, clip: Path | None = None) -> None:
        self.scene = scene
        self.clip = clip
        self.halt = threading.Event()
        self.requests = 0
        self._server = self._listen(0)
        self.port = self._server.server_address[1]

    @property
    def live_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/live?ticket=t"

    @property
    def clip_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/clip?ticket=t"

    def go_away(self) -> None:
        self.halt.set()
        self._server.shutdown()
        self._server.server_close()

    def come_back(self) -> None:
        self.halt.clear()
        self._server = self._listen(self.port)

    def _listen(self, port: int) -> ThreadingHTTPServer:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner.requests += 1
                if self.path.startswith("/live"):
                    owner.send_live(self)
                else:
                    owner.send_clip(self)

            def log_message(self, *_values: object) -> None:
                """Silent: the tests read states, not logs."""

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        return server

    def send_live(self, request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "video/mp2t")
        request.end_headers()
        packets = _Packets()
        number = 0
        while not self.halt.wait(1 / RATE):
            data = packets.add(self.scene(number), number)
            number += 1
            try:
                request.wfile.write(data)
            except OSError:
                return

    def send_clip(self, request: BaseHTTPRequestHandler) -> None:
        body = self.clip.read_bytes() if self.clip else b""
        if not body:
            request.send_error(404)
            return
        start = _range_start(request.headers.get("Range", ""))
        request.send_response(206 if start else 200)
        request.send_header("Content-Type", "video/mp4")
        request.send_header("Accept-Ranges", "bytes")
        request.send_header("Content-Length", str(len(body) - start))
        request.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        request.end_headers()
        try:
            request.wfile.write(body[start:])
        except OSError:
            return


def _range_start(header: str) -> int:
    return int(header.removeprefix("bytes=").split("-")[0]) if header else 0


@contextmanager
def serving(scene: Scene = moving, clip: Path | None = None) -> Iterator[StreamServer]:
    server = StreamServer(scene, clip)
    try:
        yield server
    finally:
        if not server.halt.is_set():
            server.go_away()

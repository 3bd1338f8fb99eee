"""A camera's own stream on its way to libVLC: opened by FFmpeg, put into another container without
decoding, read by libVLC from a pipe.

    rtsp (TCP, digest), http (MJPEG, HLS, TS), file ──av──► packets ──► MPEG-TS ──pipe──► fd://N

So there is one place that knows names and passwords, and none of them is in an address that
libVLC, a log or a screen could show. The thread ends with its pipe: when libVLC lets go of it,
when the camera is silent for five seconds, or at the stream's end.
"""

from __future__ import annotations

import contextlib
import logging
import os
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import av
import av.error

from xiuzhou_desktop.media.address import Address
from xiuzhou_desktop.media.status import Reason, Stream

logger = logging.getLogger(__name__)

ANSWER_WITHIN_S = 5.0
"""Of opening, and of each read: a server that says nothing is given up."""
ANALYSE_US = 300_000
"""How much of the stream FFmpeg looks at before it tells codec and size."""
CONTAINERS = {"h264": "mpegts", "hevc": "mpegts", "mpeg2video": "mpegts"}
"""By codec; the others travel as Matroska, which holds any."""
AT_ONCE = {"flush_packets": "1"}
CLOCK = struct.Struct("=qi")
"""FFmpeg's AVProducerReferenceTime: microseconds since 1970 of the camera's clock, and flags. An
RTSP camera tells it in its sender reports; other sources tell none."""
BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
OPTIONS = {
    "rtsp_transport": "tcp",
    "analyzeduration": str(ANALYSE_US),
    "probesize": "500000",
    "fflags": "nobuffer+genpts",
}


class NoVideoError(Exception):
    """It answered, but not with a picture."""


class Remux:
    """One connection to one source. `url` is for libVLC; `close` waits for nothing."""

    def __init__(self, address: Address, on_stream: Callable[[Stream], None]) -> None:
        self._address = address
        self._on_stream = on_stream
        self._reading, self._writing = os.pipe()
        self._is_closing = False
        self._heard_at = time.monotonic()
        self._clock_told: tuple[datetime, float] | None = None
        self.fault = Reason.NONE
        self._thread = threading.Thread(target=self._run, name="media-remux", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """For libVLC, which takes a copy of the descriptor."""
        return f"fd://{self._reading}"

    def camera_clock(self) -> datetime | None:
        """What the camera's own clock shows now, right or wrong; None where it tells none."""
        if self._clock_told is None:
            return None
        shown, heard_at = self._clock_told
        return shown + timedelta(seconds=time.monotonic() - heard_at)

    def close(self) -> None:
        """The player has been released; the thread ends at its next packet or time-out."""
        self._is_closing = True
        os.close(self._reading)

    # -- own thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._carry()
        except BrokenPipeError:
            logger.debug("player gone", extra={"source": self._address.shown})
        except (av.error.FFmpegError, NoVideoError) as error:
            # FFmpeg calls its own time-out of RTSP "invalid data"
            is_silent = time.monotonic() - self._heard_at >= ANSWER_WITHIN_S
            self.fault = Reason.NO_ANSWER if is_silent else _fault_of(error)
            told = {"source": self._address.shown, "fault": self.fault.value}
            logger.info("no stream", extra=told)
        finally:
            with contextlib.suppress(OSError):
                os.close(self._writing)

    def _carry(self) -> None:
        with av.open(
            self._address.secret_url(), options=dict(OPTIONS), timeout=ANSWER_WITHIN_S
        ) as source:
            video = next(iter(source.streams.video), None)
            if video is None:
                raise NoVideoError
            self._on_stream(_stream_of(video))
            self._copy(source, video)

    def _copy(self, source: av.container.InputContainer, video: av.VideoStream) -> None:
        container = CONTAINERS.get(video.codec_context.name, "matroska")
        pipe = os.fdopen(os.dup(self._writing), "wb", buffering=0)
        with pipe, av.open(pipe, "w", format=container, options=AT_ONCE) as sink:
            copied = sink.add_stream_from_template(video)
            for packet in _timed(source.demux(video)):
                if self._is_closing:
                    return
                self._heard_at = time.monotonic()
                self._read_clock(packet)
                packet.stream = copied
                sink.mux(packet)

    def _read_clock(self, packet: av.Packet[av.VideoStream]) -> None:
        if packet.has_sidedata("prft"):
            shown_us, _ = CLOCK.unpack_from(bytes(packet.get_sidedata("prft")))
            self._clock_told = BEGIN + timedelta(microseconds=shown_us), self._heard_at


def _timed(packets: Iterable[av.Packet[av.VideoStream]]) -> Iterator[av.Packet[av.VideoStream]]:
    """Those that a container takes: with a time, later than the one before. Cameras send some
    without, and some twice."""
    before: int | None = None
    for packet in packets:
        at = packet.pts if packet.dts is None else packet.dts
        if at is None or (before is not None and at <= before):
            continue
        before = packet.dts = at
        packet.pts = at if packet.pts is None else packet.pts
        yield packet


def _stream_of(video: av.VideoStream) -> Stream:
    context, rate = video.codec_context, video.average_rate
    return Stream(
        codec=context.name, size=(context.width, context.height),
        rate=float(rate) if rate else None,
    )  # fmt: skip


def _fault_of(error: Exception) -> Reason:
    for kind, fault in _FAULTS:
        if isinstance(error, kind):
            return fault
    return Reason.NO_VIDEO


_FAULTS: tuple[tuple[type[Exception], Reason], ...] = (
    (av.error.HTTPUnauthorizedError, Reason.WRONG_PASSWORD),
    (av.error.HTTPForbiddenError, Reason.WRONG_PASSWORD),
    (av.error.HTTPNotFoundError, Reason.NOT_FOUND),
    (av.error.FileNotFoundError, Reason.NOT_FOUND),
    (av.error.ExitError, Reason.NO_ANSWER),
    (av.error.TimeoutError, Reason.NO_ANSWER),
    (av.error.ConnectionRefusedError, Reason.REFUSED),
)

"""Pictures as files: JPEG stills, MP4 clips, and two-second MPEG-TS segments without a seam.

    segment n: 30 frames at 15 a second, the first a key frame, timestamps from n × 2 s on

One encoder thread and fixed settings: the same frames give the same bytes on the same library.
"""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
from PIL import Image

from xiuzhou_desktop.backend.demo.world.frames import Size, camera_2d
from xiuzhou_desktop.backend.demo.world.world import SEGMENT_S, World

VIDEO_SIZE = Size(960, 540)
FRAMES_A_SECOND = 15
STILL_QUALITY = 88
KEY_EVERY = SEGMENT_S * FRAMES_A_SECOND
X264 = {
    "preset": "ultrafast",
    "tune": "zerolatency",
    "crf": "26",
    "x264-params": f"keyint={KEY_EVERY}:min-keyint={KEY_EVERY}:scenecut=0:threads=1",
}


def still(world: World, no: str, at: datetime, width: int = 1280) -> bytes:
    """The picture of a camera at an instant as JPEG, 16:9; raises NoPicture."""
    image = camera_2d(world, Size(width, width * 9 // 16)).frame(no, at)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=STILL_QUALITY, subsampling=0)
    return out.getvalue()


def segment(world: World, no: str, index: int) -> bytes:
    """The seconds that begin at `world.segment_start(index)`; raises NoPicture."""
    out = io.BytesIO()
    _encode(_frames(world, no, world.segment_start(index), SEGMENT_S), out, index * SEGMENT_S)
    return out.getvalue()


def clip(world: World, no: str, start: datetime, seconds: int = 10) -> bytes:
    """A clip as MP4 with its index in front; raises NoPicture."""
    with TemporaryDirectory() as folder:
        film = Path(folder) / "clip.mp4"
        _encode(_frames(world, no, start, seconds), film, 0)
        return film.read_bytes()


def _frames(world: World, no: str, start: datetime, seconds: int) -> Iterator[Image.Image]:
    maker = camera_2d(world, VIDEO_SIZE)
    for number in range(seconds * FRAMES_A_SECOND):
        yield maker.frame(no, start + timedelta(seconds=number / FRAMES_A_SECOND))


def _encode(frames: Iterator[Image.Image], out: io.BytesIO | Path, offset_s: int) -> None:
    """MPEG-TS into a buffer; MP4 into a file, which the muxer must read again for its index."""
    if isinstance(out, Path):
        container = av.open(str(out), "w", format="mp4", options={"movflags": "faststart"})
    else:
        container = av.open(out, "w", format="mpegts", options={"mpegts_copyts": "1"})
    with container:
        stream = container.add_stream("libx264", rate=FRAMES_A_SECOND, options=X264)
        stream.width, stream.height = VIDEO_SIZE
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1
        stream.codec_context.time_base = Fraction(1, FRAMES_A_SECOND)
        for number, image in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
            frame.pts = offset_s * FRAMES_A_SECOND + number
            frame.time_base = Fraction(1, FRAMES_A_SECOND)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

"""wall.cpu, wall.first_frame, wall.memory: sixteen tiles of 640x360 at 15 pictures a second.

    build/bench/wall.mp4 ──sixteen times──► remux ─► libVLC ─► tiles   beside ffmpeg decoding
    a foreign RTSP server ──────────────► time to the first picture
    one session, reconnected 200 times ─► resident memory

CPU is that of this process with its children, over the same seconds of video as ffmpeg decoded.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from plugins.wall.layouts import LAYOUTS, placed
from tests.bench.figure import Figure, Sense, note, percentile, spread, tell
from tests.unit.media.cameras import rtsp
from ui.garbage import GarbageCollector
from ui.theme import ThemeName, theme
from ui.video import TileCaption, VideoTile
from xiuzhou_desktop.heaps import share_heaps
from xiuzhou_desktop.media import (
    MediaHub,
    MediaSource,
    SessionState,
    SourceKind,
    camera_source,
    read_address,
)
from xiuzhou_desktop.text.catalogue import Catalogue

BENCH = Path(__file__).resolve().parents[2] / "build" / "bench"
TILES, WIDE, HIGH, RATE = 16, 640, 360, 15
FILE_S, MEASURED_S, STARTS_WITHIN_S = 180, 20, 60
CPU_GOAL, SHOWN_LEAST = 3.0, 0.95
OPENINGS, FIRST_FRAME_MS = 20, 2000
RECONNECTS, WARM_RECONNECTS, MEMORY_MB, GROWTH_MB = 200, 40, 50, 20
MB = 1024 * 1024


class CountingTile(VideoTile):
    """Counts the pictures that were painted, each once."""

    painted = 0
    _last = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.frame is not None and self.frame.number != self._last:
            self._last = self.frame.number
            self.painted += 1


def main() -> None:
    """Measure and tell."""
    share_heaps()
    app = QApplication(sys.argv[:1])
    collector = GarbageCollector(app)
    theme().apply(app, ThemeName.DARK)
    file = _a_file()
    hub = MediaHub()
    _sixteen(hub, file)
    _reconnected(hub, file)
    _first_frames(hub)
    hub.close()
    collector.stop()


def _a_file() -> Path:
    """Moving pictures with noise, as a camera's encoder gets them."""
    BENCH.mkdir(parents=True, exist_ok=True)
    file = BENCH / "wall.mp4"
    if not file.exists():
        source = f"testsrc2=size={WIDE}x{HIGH}:rate={RATE},noise=alls=6:allf=t"
        words = ["-f", "lavfi", "-i", source, "-t", str(FILE_S), "-c:v", "libx264"]
        more = ["-preset", "veryfast", "-g", "30", "-bf", "0", "-pix_fmt", "yuv420p", str(file)]
        subprocess.run(["ffmpeg", "-v", "error", "-y", *words, *more], check=True)
    return file


def _as_a_camera(file: Path) -> MediaSource:
    """A file that is treated as a camera is: watched for standing still, no history kept."""
    return MediaSource(lambda: None, SourceKind.LIVE, own=read_address(str(file)))


def _sixteen(hub: MediaHub, file: Path) -> None:
    empty_mb = _resident_mb()
    wall = QWidget()
    wall.resize(1920, 1080)
    tiles = [*_tiles(hub, file, wall)]
    wall.show()
    are_all = lambda: all(one.state is SessionState.PLAYING for one in tiles)  # noqa: E731
    _turn(are_all, STARTS_WITHIN_S)
    before_s, before = _cpu_s(), sum(one.painted for one in tiles)
    _turn(lambda: False, MEASURED_S)
    ours_s, shown = _cpu_s() - before_s, sum(one.painted for one in tiles) - before
    memory_mb = (_resident_mb() - empty_mb) / TILES
    wall.close()
    for tile in tiles:
        tile.clear()
    reference_s = _decoding_s(file) * TILES * MEASURED_S / FILE_S
    share = shown / (TILES * RATE * MEASURED_S)
    note(f"{share:.1%} of due pictures shown, {memory_mb:.0f} MB a stream")
    tell(
        Figure(
            name="wall.cpu", value=ours_s / MEASURED_S * 100, unit="% of a core",
            ratio=ours_s / reference_s, goal=CPU_GOAL,
            beside=f"ffmpeg {reference_s / MEASURED_S * 100:.0f} %",
            noise=f"{share:.1%} of due pictures shown", is_measured=share >= SHOWN_LEAST,
        )
    )  # fmt: skip
    tell(
        Figure(
            name="wall.memory", value=memory_mb, unit="MB", limit=MEMORY_MB,
            noise=f"{TILES} tiles with their window",
        )
    )  # fmt: skip


def _tiles(hub: MediaHub, file: Path, wall: QWidget) -> Iterator[CountingTile]:
    text = Catalogue("zh_CN")
    for number, box in enumerate(placed(LAYOUTS[TILES], wall.width(), wall.height())):
        tile = CountingTile(hub, text, parent=wall)
        tile.setGeometry(*box)
        caption = TileCaption(number=str(number + 1), code=f"C-{number:04d}")
        tile.show_source(f"tile/{number}", _as_a_camera(file), caption)
        yield tile


def _reconnected(hub: MediaHub, file: Path) -> None:
    session = hub.open("again", _as_a_camera(file))
    sizes: list[float] = []
    for _ in range(RECONNECTS):
        shown = session.buffer.shown
        session.restart()
        _turn(lambda n=shown: session.buffer.shown > n + 1, STARTS_WITHIN_S)
        sizes.append(_resident_mb())
    hub.leave("again")
    growth = max(sizes[-10:]) - max(sizes[WARM_RECONNECTS - 10 : WARM_RECONNECTS])
    tell(
        Figure(
            name="wall.growth", value=growth, unit="MB", limit=GROWTH_MB,
            noise=f"growth over {RECONNECTS - WARM_RECONNECTS} reconnects, {sizes[-1]:.0f} MB then",
        )
    )  # fmt: skip


def _first_frames(hub: MediaHub) -> None:
    took: list[float] = []
    with rtsp() as server:
        for number in range(OPENINGS):
            began = time.monotonic()
            session = hub.open(f"first/{number}", camera_source(read_address(server.url)))
            _turn(lambda s=session: s.status.state is SessionState.PLAYING, STARTS_WITHIN_S)
            took.append((time.monotonic() - began) * 1000)
            hub.leave(f"first/{number}")
    tell(
        Figure(
            name="wall.first_frame", value=percentile(took, 0.95), unit="ms",
            limit=FIRST_FRAME_MS, sense=Sense.AT_MOST, noise=spread(took, "ms", "wall, p95"),
        )
    )  # fmt: skip


def _decoding_s(file: Path) -> float:
    """CPU seconds of ffmpeg, one thread, over the whole file."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = ["-v", "error", "-threads", "1", "-i", str(file), "-f", "null", "-"]
    subprocess.run(["ffmpeg", *words], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _cpu_s() -> float:
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / MB


def _turn(is_so: Callable[[], bool], within_s: float) -> None:
    """Let the window live until it is so, or the time is over."""
    loop, end = QEventLoop(), time.monotonic() + within_s
    timer = QTimer(interval=20)
    timer.timeout.connect(lambda: (is_so() or time.monotonic() >= end) and loop.quit())
    timer.start()
    loop.exec()


if __name__ == "__main__":
    main()

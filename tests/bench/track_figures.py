"""tracks.open, tracks.live and tracks.pan: the tracks panel with as much as a district has.

open   a sealed vehicle-day of 17,280 fixes on the disk ──► its path and its chart are painted
live   2,000 vehicles move each second: every frame and every slot of the window meanwhile
pan    a million fixes of 58 vehicle-days under the hand, at every scale: each frame of the map
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import qasync

from plugins.tracks.chart import SpeedChart
from plugins.tracks.crowd_layer import CrowdLayer
from plugins.tracks.day_layer import DayLayer, Shown
from plugins.tracks.opened import OpenedDay, read_day
from plugins.tracks.panel import TracksPanel
from plugins.tracks.words import Words
from tests.bench.figure import Figure, percentile, spread, tell
from tests.bench.timed import Spell, TimedApplication
from tests.e2e.waits import until
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_window
from ui.garbage import GarbageCollector
from ui.map import BaseMap, MapCanvas, read_base_map
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName
from xiuzhou_desktop.client.blobs import BlobCache
from xiuzhou_desktop.client.engine.tracks import Tracks, path_of
from xiuzhou_desktop.contract.positions import LivePosition, TrackPage
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId, derived_id
from xiuzhou_desktop.domain.plate import PlateColour, plate_key
from xiuzhou_desktop.domain.vehicle import VehicleBody, VehicleType
from xiuzhou_desktop.text.catalogue import Catalogue

PROJECT = Path(__file__).resolve().parents[2]
PANELS = PROJECT / "plugins"
DAY = date(2026, 11, 23)
BEGIN = datetime(2026, 11, 22, 16, tzinfo=UTC)  # its local midnight
FIXES, EVERY_S = 17_280, 5
OPENINGS, WARM_OPENINGS = 22, 2
VEHICLES, SECONDS = 2_000, 15
TRACKS = 58  # × 17,280 = 1,002,240 fixes
SCALES, PANS, PAN_PX = 7, 60, 8.0
MAP_PX = (1196, 700)
MS = 1000
E7 = 10_000_000


def the_ground() -> BaseMap:
    return read_base_map((PROJECT / "resources" / "basemap.geojson").read_bytes())


def a_day(ground: BaseMap, number: int) -> TrackPage:
    """To and fro on six streets with the noise of a receiver."""
    draw = np.random.default_rng(number)
    streets = [np.array(named.line) for named in (*ground.trunks, *ground.streets)]
    line = np.concatenate([streets[n] for n in draw.permutation(len(streets))[:6]])
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    driven = np.abs(np.arange(FIXES) * 45.0 % (2 * along[-1]) - along[-1])
    points = [
        ground.projection.to_point(spot)
        for spot in zip(
            np.interp(driven, along, line[:, 0]) + draw.normal(0, 3, FIXES),
            np.interp(driven, along, line[:, 1]) + draw.normal(0, 3, FIXES),
            strict=True,
        )
    ]
    first_ms = round(BEGIN.timestamp() * MS)
    return TrackPage(
        vehicle=vehicle_id(number), start=BEGIN, end=BEGIN + timedelta(days=1),
        as_of=BEGIN + timedelta(days=1),
        at_ms=tuple(first_ms + n * EVERY_S * MS for n in range(FIXES)),
        lon_e7=tuple(round(point.lon * E7) for point in points),
        lat_e7=tuple(round(point.lat * E7) for point in points),
        speed_dkmh=tuple(int(300 + 290 * np.sin(n / 40)) for n in range(FIXES)),
        heading_deg=(0,) * FIXES, alarm=(0,) * FIXES,
    )  # fmt: skip


def vehicle_id(number: int) -> RecordId:
    return derived_id("vehicle", str(number))


def a_vehicle(number: int) -> Record:
    plate = f"浙F{number:05d}"
    body = VehicleBody(plate=plate, plate_colour=PlateColour.YELLOW, type=VehicleType.MUCK)
    return Record(
        kind=Kind.VEHICLE, id=vehicle_id(number), state="IN_SERVICE", opened_at=BEGIN,
        title=plate, subject_key=plate_key(plate, PlateColour.YELLOW), body=body,
    )  # fmt: skip


async def opening(ground: BaseMap, folder: Path) -> list[OpenedDay]:
    """From the disk to the screen, day after day; the first ones warm the program."""
    files = BlobCache(folder / "tracks", bytes(32))
    tracks = Tracks(SimpleNamespace(track_files=files), SimpleNamespace())
    text = Catalogue("zh_CN", (PANELS / "tracks",))
    words = Words(text)
    canvas, chart, layer = (
        MapCanvas(text),
        SpeedChart("speed", "none"),
        DayLayer(words.stop, words.gap),
    )
    canvas.resize(*MAP_PX)
    chart.resize(MAP_PX[0], 200)
    canvas.set_base(ground)
    canvas.set_layers((layer,))
    canvas.show()
    chart.show()
    await until(lambda: canvas.windowHandle().isExposed(), "the map is on the screen")
    took_ms, wall_ms, days = [], [], []
    for number in range(OPENINGS):
        day = canonical(a_day(ground, number))
        files.put(path_of(vehicle_id(number), DAY), day, files.generation)
        begin, begin_cpu = time.perf_counter(), time.process_time()
        page = await tracks.kept(vehicle_id(number), DAY)
        assert page is not None
        day = await asyncio.to_thread(read_day, a_vehicle(number), page, DAY, None)
        seen = day.track.seen(page.at_ms[-1])
        layer.show((Shown(1, day, seen, ""),), 0, None)
        chart.show_day(day)
        canvas.repaint()
        chart.repaint()
        wall_ms.append((time.perf_counter() - begin) * MS)
        took_ms.append((time.process_time() - begin_cpu) * MS)
        days.append(day)
    canvas.close()
    chart.close()
    timed, walls = took_ms[WARM_OPENINGS:], wall_ms[WARM_OPENINGS:]
    tell(
        Figure(name="tracks.open", value=percentile(timed, 0.95), unit="ms p95", limit=100,
               noise=f"{spread(timed, 'ms', 'CPU, disk to screen')}; wall {spread(walls, 'ms')}")
    )  # fmt: skip
    return days


async def live(qt: TimedApplication, folder: Path) -> None:
    """The panel in its window, as it stands, while the positions of all change each second."""
    engine = FakeEngine(*(a_vehicle(number) for number in range(VEHICLES)))
    move = _mover(engine)
    move(0)
    window = a_window(engine, folder, panels=PANELS)
    window.resize(1920, 1080)
    window.show()
    window.docks.show("tracks")
    await until(lambda: window.findChild(TracksPanel) is not None, "the panel is there")
    panel = window.findChild(TracksPanel)
    assert panel is not None
    await until(lambda: len(panel.rows) == VEHICLES, "all vehicles are listed")
    panel.view.map.fit()
    panel.view.map.zoom(4)
    spells: list[Spell] = []
    qt.listener = spells.append
    for second in range(1, SECONDS + 1):
        move(second)
        end = time.perf_counter() + 1
        while time.perf_counter() < end:
            panel.view.map.update()  # thirty frames a second are asked of it
            await asyncio.sleep(1 / 30)
    qt.listener = None
    window.close()
    frames = [one.cpu_s * MS for one in spells if one.is_frame]
    longest = max(one.cpu_s for one in spells) * MS
    tell(
        Figure(name="tracks.live", value=percentile(frames, 0.95), unit="ms p95", limit=33,
               noise=spread(frames, "ms", f"CPU a frame; longest slot {longest:.0f} ms"))
    )  # fmt: skip
    tell(Figure(name="tracks.slot", value=longest, unit="ms max", limit=50))


def _mover(engine: FakeEngine) -> Callable[[int], None]:
    """Ten metres a second, each its own way."""
    draw = random.Random(2)
    starts = [(draw.uniform(120.55, 120.85), draw.uniform(30.60, 30.92)) for _ in range(VEHICLES)]
    ways = [(draw.uniform(-1e-4, 1e-4), draw.uniform(-1e-4, 1e-4)) for _ in range(VEHICLES)]
    now_ms = round(engine.now.timestamp() * MS)

    def move(second: int) -> None:
        engine.fixes = {
            vehicle_id(n): LivePosition(
                vehicle_id(n), now_ms, round((lon + way[0] * second) * E7),
                round((lat + way[1] * second) * E7), 360, (n * 7 + second) % 360,
            )
            for n, ((lon, lat), way) in enumerate(zip(starts, ways, strict=True))
        }  # fmt: skip

    return move


async def pan(ground: BaseMap, days: list[OpenedDay]) -> None:
    """To and fro at each scale, once its pictures are there; each frame is a sample."""
    more = [
        await asyncio.to_thread(read_day, a_vehicle(n), a_day(ground, n), DAY, None)
        for n in range(len(days), TRACKS)
    ]
    canvas = MapCanvas(Catalogue("zh_CN"))
    canvas.resize(*MAP_PX)
    canvas.set_base(ground)
    crowd = CrowdLayer(canvas, canvas.update)
    tracks = [day.track for day in (*days, *more)]
    crowd.show(tracks)
    canvas.set_layers((crowd,))
    canvas.show()
    await until(lambda: canvas.windowHandle().isExposed(), "the map is on the screen")
    frames = []
    for _ in range(SCALES):
        canvas.repaint()
        await until(lambda: crowd.is_whole, "the tiles are there", 60)
        for step in range(PANS):
            way = PAN_PX if step % 20 < 10 else -PAN_PX
            canvas.pan(way / canvas.width() * 5, way / canvas.height() * 2)
            begin = time.thread_time()
            canvas.repaint()
            frames.append((time.thread_time() - begin) * MS)
        canvas.zoom(2)
    canvas.close()
    fixes = sum(len(track.honest) for track in tracks)
    tell(
        Figure(name="tracks.pan", value=percentile(frames, 0.95), unit="ms p95", limit=16.7,
               noise=spread(frames, "ms", f"CPU a frame of {fixes:,} fixes"))
    )  # fmt: skip


async def _measure(qt: TimedApplication) -> None:
    ground = the_ground()
    with tempfile.TemporaryDirectory() as folder:
        days = await opening(ground, Path(folder))
        await live(qt, Path(folder))
        await pan(ground, days)


def main() -> None:
    qt = TimedApplication(sys.argv[:1])
    qt.setQuitOnLastWindowClosed(False)
    collector = GarbageCollector(qt)
    theme().apply(qt, ThemeName.DARK)
    loop = qasync.QEventLoop(qt)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(_measure(qt))
    collector.stop()


if __name__ == "__main__":
    main()

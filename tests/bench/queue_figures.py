"""queue.key_to_next, queue.scroll_paint and queue.search over 200,000 open flags.

key_to_next    a verdict's digit ──► the next item is selected and the frame with it is painted
scroll_paint   each frame while the wheel turns and the bar is dragged through all of them
search         Return in the search field ──► the list shows the records found
"""

import asyncio
import random
import statistics
import sys
import time
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.bench.figure import Figure, note, percentile, spread, tell
from tests.bench.in_window import in_window
from tests.bench.timed import Spell, TimedApplication
from tests.e2e.hands import press, type_text
from tests.e2e.product import Product
from tests.e2e.sight import Sight
from tests.e2e.waits import until
from ui.records import RecordListModel, RecordListView
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind

KEYS, WARM_KEYS = 110, 10
REST_S = 0.25  # between two verdicts: no hand is faster
NOTCHES, DRAGS = 200, 60
NOTCH = 120
WORDS = (  # each is asked for the first time: an answer that is known already would be faster
    "中山西路", "新塍 违停", "D8", "跨门经营 梅里", "浙FK31", "运河路 88", "洪兴西路", "油车港",
    "违停", "昌盛路 12", "浙FA", "秀洲大道 经营", "八字路", "康和路 违停", "木桥港 9",
)  # fmt: skip
WARM = "高照街道"
SHOWN = 3  # of them are typed into the search field as well
MS = 1000


class Frames:
    """Spells of the UI thread, kept while one listens."""

    def __init__(self, qt: TimedApplication) -> None:
        self._qt = qt
        self.spells: list[Spell] = []

    def __enter__(self) -> "Frames":
        self._qt.listener = self.spells.append
        return self

    def __exit__(self, *_: object) -> None:
        self._qt.listener = None

    def painted(self) -> list[Spell]:
        """The frames alone."""
        return [one for one in self.spells if one.is_frame]

    def cpu_ms(self) -> float:
        """Of all spells."""
        return sum(one.cpu_s for one in self.spells) * MS


async def play(qt: TimedApplication, product: Product) -> None:
    """All three figures in one window."""
    sight = Sight(product.window)
    await scroll(qt, sight)
    await search(product, sight)
    press("Home")
    await until(lambda: sight.current, "the first record is selected")
    await keys(qt, sight)


async def keys(qt: TimedApplication, sight: Sight) -> None:
    """Verdict after verdict: 1 confirms and the next item comes."""
    wall_ms, cpu_ms = [], []
    for number in range(WARM_KEYS + KEYS):
        await until(lambda: sight.stage.knows_offers, "the rules have been asked")
        await asyncio.sleep(REST_S)
        before = sight.current_id()
        with Frames(qt) as frames:
            begin = time.perf_counter()
            press("1")
            pressed_s = time.perf_counter()
            await _seen(sight, frames, before)
            shown_s = frames.painted()[-1].ended_s
        if number >= WARM_KEYS:
            wall_ms.append((shown_s - begin) * MS)
            cpu_ms.append(frames.cpu_ms() + (pressed_s - begin) * MS)
    value = percentile(wall_ms, 0.99)
    tell(
        Figure(
            name="queue.key_to_next", value=value, unit="ms p99", limit=100,
            noise=f"{spread(wall_ms, 'ms', 'wall')}; UI thread p99 {percentile(cpu_ms, 0.99):.0f}",
        )
    )  # fmt: skip


async def _seen(sight: Sight, frames: Frames, before: str | None) -> None:
    """Until a frame was painted with the next item selected and on the stage."""
    end = time.perf_counter() + 10
    while sight.current_id() in (before, None):
        assert time.perf_counter() < end, "the next item did not come"
        await asyncio.sleep(0)
    known = len(frames.painted())
    while len(frames.painted()) == known:
        assert time.perf_counter() < end, "nothing was painted"
        await asyncio.sleep(0)


async def scroll(qt: TimedApplication, sight: Sight) -> None:
    """The wheel turns, then the bar is dragged to and fro; each frame of it is a sample."""
    view = sight.queue
    bar = view.verticalScrollBar()
    draw = random.Random(1)
    with Frames(qt) as frames:
        for _ in range(NOTCHES):
            _turn(view)
            await _next_frame(frames)
        for _ in range(DRAGS):
            bar.setValue(draw.randrange(bar.maximum()))
            await _next_frame(frames)
            await asyncio.sleep(0.03)  # its page arrives and is painted: a frame more
    cpu_ms = [one.cpu_s * MS for one in frames.painted()]
    tell(
        Figure(
            name="queue.scroll_paint", value=percentile(cpu_ms, 0.95), unit="ms p95", limit=16,
            noise=spread(cpu_ms, "ms", "CPU of the UI thread a frame"),
        )
    )  # fmt: skip


def _turn(view: RecordListView) -> None:
    port = view.viewport()
    at = QPointF(port.rect().center())
    event = QWheelEvent(
        at, QPointF(port.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, -NOTCH),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(port, event)


async def _next_frame(frames: Frames) -> None:
    known = len(frames.painted())
    end = time.perf_counter() + 5
    while len(frames.painted()) == known:
        assert time.perf_counter() < end, "nothing was painted"
        await asyncio.sleep(0)


def _is_filled(sight: Sight) -> bool:
    """Whether scrolling has asked for nothing that is still to come."""
    view, model = sight.queue, sight.model
    first = view.rowAt(0)
    last = view.rowAt(view.viewport().height() - 1)
    return all(_is_here(model, row) for row in range(first, last + 1))


def _is_here(model: RecordListModel, row: int) -> bool:
    spot = model.spot(row)
    return spot is None or spot.offset is None or model.line(row) is not None


async def search(product: Product, sight: Sight) -> None:
    """The engine's answer to each of the words: a page and how many there are."""
    engine = product.window.place.engine
    wall_ms, cpu_ms = [], []
    await until(lambda: _is_filled(sight), "the rows in sight are here")
    await engine.query(RecordQuery(kinds=(Kind.FLAG,), text=WARM))  # what scrolling asked is done
    for words in WORDS:
        begin, begin_cpu = time.perf_counter(), time.process_time()
        page = await engine.query(RecordQuery(kinds=(Kind.FLAG, Kind.ORDER), text=words))
        wall_ms.append((time.perf_counter() - begin) * MS)
        cpu_ms.append((time.process_time() - begin_cpu) * MS)
        note(f"{words}: {page.total:,} found, {wall_ms[-1]:.0f} ms, CPU {cpu_ms[-1]:.0f} ms")
    shown = [await _shown(sight, words) for words in WORDS[:SHOWN]]
    tell(
        Figure(
            name="queue.search", value=percentile(cpu_ms, 0.95), unit="ms p95", limit=150,
            noise=f"{spread(cpu_ms, 'ms', 'CPU of the process')}; wall {spread(wall_ms, 'ms')}; "
            f"all groups shown after {statistics.median(shown):.0f}",
        )
    )  # fmt: skip


async def _shown(sight: Sight, words: str) -> float:
    """Milliseconds from Return to the rows found."""
    press("Esc")
    before = sight.model.rowCount()
    press("/")
    await until(sight.search().hasFocus, "the search field has the keyboard")
    sight.search().clear()
    type_text(words)
    begin = time.perf_counter()
    press("Return")
    end = begin + 10
    while sight.model.rowCount() == before or sight.model.line(1) is None:
        assert time.perf_counter() < end, f"{words}: nothing is shown"
        await asyncio.sleep(0)
    took = (time.perf_counter() - begin) * MS
    sight.queue.setFocus()
    press("Esc")
    await until(lambda: sight.model.rowCount() == before, "all rows are back")
    return took


if __name__ == "__main__":
    in_window(Path(sys.argv[1]), play)

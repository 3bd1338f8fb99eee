"""palette.find over 200,000 open flags: the last key of a word ──► the palette shows what it found.

CPU time of the process, and the pause after a key in which the next one may come: a busy neighbour
of the machine does not count, everything that the product does itself does.
"""

import asyncio
import sys
import time
from pathlib import Path

from tests.bench.figure import Figure, note, percentile, spread, tell
from tests.bench.in_window import in_window
from tests.bench.queue_figures import WARM, WORDS
from tests.bench.timed import TimedApplication
from tests.e2e.hands import press, type_text
from tests.e2e.product import Product
from tests.e2e.waits import until
from ui.shell.palette_window import SEARCH_AFTER_MS, PaletteWindow

MS = 1000
PATIENCE_S = 10.0


async def play(_qt: TimedApplication, product: Product) -> None:
    """Word after word, each in a palette that was just opened."""
    palette = product.window.palette_window
    await _found(palette, WARM)
    cpu_ms, wall_ms = [], []
    for words in WORDS:
        wall, cpu = await _found(palette, words)
        wall_ms.append(wall)
        cpu_ms.append(cpu + SEARCH_AFTER_MS)
        note(f"{words}: {wall:.0f} ms, CPU {cpu:.0f} ms")
    tell(
        Figure(
            name="palette.find", value=percentile(cpu_ms, 0.95), unit="ms p95", limit=150,
            noise=f"{spread(cpu_ms, 'ms', 'CPU and pause')}; wall {spread(wall_ms, 'ms')}",
        )
    )  # fmt: skip


async def _found(palette: PaletteWindow, words: str) -> tuple[float, float]:
    """Milliseconds of wall clock and of CPU until rows are shown."""
    press("Ctrl+K")
    await until(palette.field.hasFocus, "the palette has the keyboard")
    type_text(words)
    begin, begin_cpu = time.perf_counter(), time.process_time()
    while not _shows_records(palette):
        assert time.perf_counter() < begin + PATIENCE_S, f"{words}: nothing is found"
        await asyncio.sleep(0.002)
    took = (time.perf_counter() - begin) * MS, (time.process_time() - begin_cpu) * MS
    press("Esc")
    await until(lambda: not palette.isVisible(), "the palette is left")
    return took


def _shows_records(palette: PaletteWindow) -> bool:
    rows = palette.list.rows.rows
    return any(row is not None and row.selected is not None for row in rows)


if __name__ == "__main__":
    in_window(Path(sys.argv[1]), play)

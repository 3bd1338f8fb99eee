"""palette.find over 200,000 open flags: the last key of a word ──► the palette shows what it found.

The wait after a key, in which the next one may come, counts; the first word does not.
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
from ui.shell.palette_window import PaletteWindow

MS = 1000
PATIENCE_S = 10.0


async def play(_qt: TimedApplication, product: Product) -> None:
    """Word after word, each in a palette that was just opened."""
    palette = product.window.palette_window
    await _found_ms(palette, WARM)
    took_ms = []
    for words in WORDS:
        took_ms.append(await _found_ms(palette, words))
        note(f"{words}: {took_ms[-1]:.0f} ms")
    tell(
        Figure(
            name="palette.find", value=percentile(took_ms, 0.95), unit="ms p95", limit=150,
            noise=spread(took_ms, "ms", "from the last key to the rows"),
        )
    )  # fmt: skip


async def _found_ms(palette: PaletteWindow, words: str) -> float:
    press("Ctrl+K")
    await until(palette.field.hasFocus, "the palette has the keyboard")
    type_text(words)
    begin = time.perf_counter()
    while not _shows_records(palette):
        assert time.perf_counter() < begin + PATIENCE_S, f"{words}: nothing is found"
        await asyncio.sleep(0)
    took_ms = (time.perf_counter() - begin) * MS
    press("Esc")
    await until(lambda: not palette.isVisible(), "the palette is left")
    return took_ms


def _shows_records(palette: PaletteWindow) -> bool:
    rows = (palette.model.row(number) for number in range(palette.model.rowCount()))
    return any(row is not None and row.selected is not None for row in rows)


if __name__ == "__main__":
    in_window(Path(sys.argv[1]), play)

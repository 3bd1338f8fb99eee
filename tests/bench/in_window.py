"""A measuring process that holds the product's window: Qt, its loop, the product, one coroutine."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import qasync

from tests.bench.timed import TimedApplication
from tests.e2e.hands import bring_to_front
from tests.e2e.product import Product
from tests.e2e.sight import Sight
from tests.e2e.waits import until
from ui.garbage import GarbageCollector
from ui.shell.logs import set_up_logging
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName

SIZE = (1920, 1080)
Play = Callable[[TimedApplication, Product], Awaitable[None]]


def in_window(root: Path, play: Play) -> None:
    """Open the stored profile under `root` as `python main.py` does, and measure."""
    set_up_logging(root)
    qt = TimedApplication(sys.argv[:1])
    qt.setQuitOnLastWindowClosed(False)
    collector = GarbageCollector(qt)
    theme().apply(qt, ThemeName.DARK)
    loop = qasync.QEventLoop(qt)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(_opened(qt, Product(root), collector, play))
    collector.stop()


async def _opened(
    qt: TimedApplication, product: Product, collector: GarbageCollector, play: Play
) -> None:
    window = await product.open()
    window.resize(*SIZE)
    await bring_to_front(window)
    sight = Sight(window)
    await until(lambda: sight.current, "a record is selected", 60)
    collector.settle()
    sight.queue.setFocus()
    try:
        await play(qt, product)
    finally:
        await product.close()

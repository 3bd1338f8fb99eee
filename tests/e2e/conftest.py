"""What tests of the whole product share: the window's loop in this process."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from ui.garbage import GarbageCollector
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName

RunInWindow = Callable[[Callable[[], Awaitable[None]]], None]


@pytest.fixture
def run_in_window(qapp: QApplication) -> Iterator[RunInWindow]:
    """Run one coroutine on Qt's loop, with the look of the product."""
    collector = GarbageCollector(qapp)
    qapp.setQuitOnLastWindowClosed(False)
    theme().apply(qapp, ThemeName.DARK)
    loop = qasync.QEventLoop(qapp)
    asyncio.set_event_loop(loop)

    def run(play: Callable[[], Awaitable[None]]) -> None:
        loop.run_until_complete(play())

    with loop:
        yield run
    asyncio.set_event_loop(None)
    collector.stop()

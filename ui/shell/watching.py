"""Asks the engine's watchdog what hinders the work, now and then and with every batch of news that
may have changed the answer."""

import asyncio

from PySide6.QtCore import QObject, QTimer, Signal

from ui.start import start
from xiuzhou_desktop.client.views import Changed
from xiuzhou_desktop.plugin_api.context import Engine

EVERY_MS = 10_000
SOON_MS = 300  # news comes in bursts


class Watching(QObject):
    """`told` carries every concern, the most urgent first; an empty tuple where all is well."""

    told = Signal(object)  # tuple[Concern, ...]

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._asking: asyncio.Task[object] | None = None
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._ask)
        self._always = QTimer(self, interval=EVERY_MS)
        self._always.timeout.connect(self._ask)
        self._always.start()
        self._soon.start()

    def news(self, changed: Changed) -> None:
        """Link and outbox are what the watchdog looks at."""
        if changed.link is not None or changed.outbox is not None:
            self._soon.start()

    def _ask(self) -> None:
        if self._asking is None or self._asking.done():
            self._asking = start(self._read(), owner=self)

    async def _read(self) -> None:
        self.told.emit(await self._engine.watch())

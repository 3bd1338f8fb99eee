"""What the window itself follows: link and outbox for its bars, and how many records are open by
priority."""

import asyncio
import logging

from PySide6.QtCore import QObject, QTimer, Signal

from ui.shell.workplace import Workplace
from ui.start import start
from xiuzhou_desktop.client.views import Changed, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind

logger = logging.getLogger(__name__)

COUNTED = (Kind.FLAG, Kind.ORDER)
PRIORITIES = (1, 2, 3)
COUNT_AFTER_MS = 300


class NewsFeed(QObject):
    """The window's own subscription; closed with it."""

    moved = Signal()
    changed = Signal(object)
    counted = Signal(tuple)

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = place.engine
        self._counting: asyncio.Task[object] | None = None
        self._soon = QTimer(self, singleShot=True, interval=COUNT_AFTER_MS)
        self._soon.timeout.connect(self._count)
        self._observation = self._engine.observe(self._take)
        self._soon.start()

    def close(self) -> None:
        self._observation.close()

    def _take(self, changed: Changed) -> None:
        for defect in changed.defects:
            logger.error("engine reported a defect", extra={"detail": defect})
        if changed.link is not None or changed.outbox is not None:
            self.moved.emit()
        self.changed.emit(changed)
        is_concerned = changed.is_wholesale or not changed.kinds.isdisjoint(COUNTED)
        if is_concerned and not self._soon.isActive():
            self._soon.start()

    def _count(self) -> None:
        if self._counting is None or self._counting.done():
            self._counting = start(self._ask(), owner=self)

    async def _ask(self) -> None:
        counts = await self._engine.counts(
            tuple(
                RecordQuery(kinds=COUNTED, is_open=True, priorities=(priority,))
                for priority in PRIORITIES
            )
        )
        self.counted.emit(counts)

"""What came in since the panel stands: which of it nobody has looked at, and what of it is a storm.

    news ──► gathered ──► the last half hour's open flags ──► storms, for the groups of the queue
                                                    └──► unseen: how many, the most urgent
                                                         (rail, sound; a storm counts as one)

An item is seen once it was selected, a storm once one of its items was.
"""

import asyncio
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from plugins.triage.rows import RowMaker
from plugins.triage.sections import KINDS, TO_JUDGE
from plugins.triage.storms import Storm, storms_in
from ui.start import start
from xiuzhou_desktop.client.views import Changed, Order, RecordQuery, RecordView
from xiuzhou_desktop.plugin_api.context import PanelContext

GATHER_MS = 800
LOOKED_BACK = timedelta(minutes=30)
MOST = 200  # beyond them nobody tells one from another


class Arrivals(QObject):
    """Follows the engine for one queue."""

    unseen = Signal(int, int)  # how many, the most urgent priority or 0
    storms_changed = Signal()

    def __init__(self, rows: RowMaker, context: PanelContext, parent: QObject) -> None:
        super().__init__(parent)
        self._rows, self._context = rows, context
        self._since = context.clock.now()
        self._reading: asyncio.Task[object] | None = None
        self._views: tuple[RecordView, ...] = ()
        self._told = (0, 0)
        self.storms: tuple[Storm, ...] = ()
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self._read)
        self._gather.start()

    def news(self, changed: Changed) -> None:
        """Of every batch; only what concerns the queue costs a question."""
        is_ours = changed.is_wholesale or not changed.kinds.isdisjoint(KINDS)
        if is_ours and not self._gather.isActive():
            self._gather.start()

    def storm_of(self, view: RecordView | None) -> Storm | None:
        """The storm that holds the item; without one the most urgent storm there is."""
        record = view.record.id if view is not None else None
        holding = (storm for storm in self.storms if record in storm.ids)
        return next(holding, next(iter(self.storms), None))

    def tell(self) -> None:
        """Say what is unseen, if that is another answer than before."""
        stormy = {record: storm.key for storm in self.storms for record in storm.ids}
        seen = {stormy.get(record, record) for record in self._rows.seen}
        new = [view for view in self._views if view.record.opened_at > self._since]
        unseen = {
            name: view.record.priority
            for view in new
            if (name := stormy.get(view.record.id, view.record.id)) not in seen
        }
        told = len(unseen), min(unseen.values(), default=0)
        if told != self._told:
            self._told = told
            self.unseen.emit(*told)

    def _read(self) -> None:
        if self._reading is None or self._reading.done():
            self._reading = start(self._look(), owner=self)
        else:
            self._gather.start()

    async def _look(self) -> None:
        query = RecordQuery(
            kinds=KINDS, states=TO_JUDGE, is_open=True, order=Order.NEWEST, limit=MOST,
            opened_from=self._context.clock.now() - LOOKED_BACK,
        )  # fmt: skip
        page = await self._context.engine.query(query)
        self._views = page.views
        storms = storms_in(page.views)
        if [(one.key, one.ids) for one in storms] != [(one.key, one.ids) for one in self.storms]:
            self.storms = storms
            self.storms_changed.emit()
        self.tell()

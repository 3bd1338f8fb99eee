"""The strip's figures: counted by the backend over all records of the period, and the deadlines of
the next working days, counted over what is open here.
"""

from collections import Counter
from datetime import date, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from plugins.publication.sections import KINDS, WAITING, Period, Tile
from plugins.publication.strip import DAYS, Totals
from ui.records import Sentences
from ui.start import start
from xiuzhou_desktop.client.errors import ClientError, Unavailable
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.contract.figures import Figures
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.case_dates import local_day
from xiuzhou_desktop.plugin_api.context import PanelContext

SOON_MS = 400
AGAIN_MS = 60_000
OPEN_AT_MOST = 2_000
NAME, PORTALS = "publications", "portals"


class FiguresDesk(QObject):
    """Asks, and asks again when something changed or a minute has passed."""

    told = Signal(object)  # Totals
    aged = Signal(str)

    def __init__(self, parent: QObject, context: PanelContext) -> None:
        super().__init__(parent)
        self._context = context
        self._sentences = Sentences(context.text)
        self._period: Period | None = None
        self._totals = Totals()
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.ask)
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self.ask)
        self._again.start()

    def use(self, period: Period) -> None:
        """Figures of another period."""
        if period != self._period:
            self._period, self._totals = period, Totals(due=self._totals.due)
            self.ask()

    def ask_soon(self) -> None:
        """Something changed."""
        self._soon.start()

    def ask(self) -> None:
        """Now."""
        if self._period is not None:
            start(self._read(self._period), owner=self)

    async def _read(self, period: Period) -> None:
        totals = Totals(counts=self._totals.counts, due=await self._due_days())
        said = self._context.text("publication.figures.none")
        try:
            span = {"from": format_instant(period.start), "to": format_instant(period.end)}
            figures = await self._context.engine.figures((NAME,), **span)
            if not figures.figures:
                raise Unavailable(path=NAME)
            totals = Totals(counts=counts_of(figures), due=totals.due)
            portals = await self._context.engine.figures((PORTALS,))
            said = self._say_reconciled(figures.at, portals)
        except ClientError:
            if totals.counts is not None:
                said = self._context.text("publication.figures.old")
        if period == self._period:
            self._totals = totals
            self.told.emit(totals)
            self.aged.emit(said)

    def _say_reconciled(self, counted_at: datetime, portals: Figures) -> str:
        """When decided and published were compared last, and what came of it."""
        found = {one.name: one for one in portals.figures}
        listings = [one for one in portals.figures if one.name.startswith("portal_")]
        looked = [one.period_to for one in listings if one.period_to is not None]
        missing = found["portals_missing"].counted if listings else 0
        said = "agrees" if missing == 0 else "misses"
        if len(looked) < len(listings) or not listings:
            said = "never"
        elif found["portals_silent"].counted:
            said = "silent"
        return self._context.text(
            f"publication.reconciled.{said}", at=self._sentences.hms(counted_at),
            looked=self._sentences.hms(min(looked)) if looked else "",
            shown=sum(one.counted for one in listings), missing=missing,
        )  # fmt: skip

    async def _due_days(self) -> tuple[tuple[date, int], ...]:
        """Deadlines by working day, from today on."""
        query = RecordQuery(kinds=KINDS, states=WAITING, is_open=True, limit=OPEN_AT_MOST)
        page = await self._context.engine.query(query)
        dues = Counter(local_day(one.record.due_at) for one in page.views if one.record.due_at)
        days: list[date] = []
        day = local_day(self._context.clock.now())
        while len(days) < DAYS:
            if self._context.engine.calendar.is_workday(day):
                days.append(day)
            day += timedelta(days=1)
        return tuple((day, dues[day]) for day in days)


def counts_of(figures: Figures) -> dict[Tile, int]:
    """The tiles from the backend's counts."""
    counted = {one.name.removeprefix("publication_"): one.counted for one in figures.figures}
    ratio = next(one for one in figures.figures if one.name == "publication_ratio")
    owed, published = ratio.of or 0, ratio.counted
    return {
        Tile.OWED: owed,
        Tile.PUBLISHED: published,
        Tile.DIFFERENCE: owed - published,
        Tile.IN_TIME: owed - published - counted["overdue"],
        Tile.OVERDUE: counted["overdue"],
        Tile.FAILED: counted["failed"] + counted["missing"],
        Tile.WITHDRAWN: counted["retracted"],
    }

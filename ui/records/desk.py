"""Joins a list on the screen with the engine: loads what is looked at, follows what changes.

    news ──► gathered for 150 ms ──► totals, pages in sight, place of the selected record
                                                 └──► one change of the model

The selected record keeps its height on the screen. Records that were opened after the list was
last accepted wait behind the 新到 n 条 bar. The last movement of the hand holds: a record that is
still being looked for is not selected any more once the hand has gone elsewhere.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
from PySide6.QtCore import QModelIndex, QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView

from ui.records.anchor import Anchor, rows_in_sight
from ui.records.model import MakeRow, RecordListModel
from ui.records.pages import PAGE_ROWS, PageKey
from ui.records.reading import ListReader, Reading
from ui.records.sections import Section, Spot
from ui.start import start
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.client.views import Changed, RecordView
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import Clock, Engine

GATHER_MS = 150
MakeRoom = Callable[[RecordId], Awaitable[None]]


class RecordDesk(QObject):
    """One list of records: its sections, its selected record, and what waits to be let in."""

    selected = Signal(object)  # RecordView | None
    opened = Signal(object)  # RecordView, by Enter or double click
    counted = Signal(tuple)
    arrived = Signal(int)
    unread = Signal(object)  # Problem: the list cannot be read now, what stands stays

    def __init__(
        self, view: QAbstractItemView, engine: Engine, clock: Clock, make_row: MakeRow
    ) -> None:
        super().__init__(view)
        self._view, self._clock = view, clock
        self.model = RecordListModel(make_row, self)
        self._current: RecordView | None = None
        self._engine = engine
        self._reader = ListReader(engine)
        self._is_first_load = True  # until the cache was whole once, or a hand moved the selection
        self._arrivals = 0
        self._is_reading = False
        self._wanted: set[PageKey] = set()
        self._is_fetching = False
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self._read_soon)
        self._is_stale = False
        self._is_moving = False
        self._reaching: asyncio.Task[object] | None = None
        self._goes_home = self._begins = False
        view.setModel(self.model)
        self.model.wanted.connect(self._want)
        view.selectionModel().currentChanged.connect(self._moved)
        view.activated.connect(self._activated)
        view.clicked.connect(self._clicked)

    @property
    def current(self) -> RecordView | None:
        return self._current

    def set_sections(self, sections: tuple[Section, ...], *, is_anew: bool = False) -> None:
        """Show other queries; the selected record stays if it is among them.

        `is_anew`: another list is asked for; what is not in it leaves the hand to its first record.
        """
        self._begins |= is_anew
        self._reader.sections = sections
        self._let_in()
        self.refresh()

    def refresh(self) -> None:
        """Ask the engine again now."""
        self._gather.stop()
        self._read_soon()

    def news(self, changed: Changed) -> None:
        """Take a batch from `engine.observe`; only what concerns this list costs a question."""
        kinds = {kind for section in self._reader.sections for kind in section.query.kinds}
        if (changed.is_wholesale or kinds & changed.kinds) and not self._gather.isActive():
            self._gather.start()

    def tick(self) -> None:
        """Prepare the rows in sight again; once a second, for the time that is left."""
        self.model.reprepare(*rows_in_sight(self._view))

    def accept_arrivals(self) -> None:
        """Let in what waits, and go to the top."""
        self._let_in()
        self._view.scrollToTop()
        self.refresh()

    def toggle_section(self, key: str) -> None:
        self._reader.sections = tuple(
            msgspec.structs.replace(section, is_open=not section.is_open)
            if section.key == key
            else section
            for section in self._reader.sections
        )
        self.refresh()

    # moving

    def next(self) -> None:
        self._step(+1)

    def previous(self) -> None:
        self._step(-1)

    def home(self) -> None:
        """To the top; once what waited has been let in, to the new top."""
        self._hand_moves()
        self._goes_home = True
        self._to_first()
        self.accept_arrivals()

    def last(self) -> None:
        self._hand_moves()
        self._seek(range(self.model.rowCount() - 1, -1, -1))

    def select(self, record: RecordId, make_room: MakeRoom | None = None) -> None:
        """Select a record wherever it lies; let arrivals in if it is one of them.

        `make_room` is asked first: it may set sections in which the record lies.
        """
        self._hand_moves()
        row = self.model.find(record) if make_room is None else None
        if row is not None:
            self._go(row)
            return
        find = partial(self._find, record, make_room)
        self._reaching = start(self._told(find), owner=self._view)

    def advance(self) -> None:
        """The selected record is dealt with: it leaves, and the next one takes its place at
        once."""
        self._hand_moves()
        row = self._view.currentIndex().row()
        spot = self.model.spot(row)
        if spot is None or spot.offset is None:
            return
        self._is_moving = True
        self.model.drop(row)
        self._is_moving = False
        left = self.model.extents[spot.section].total
        if left:
            self._go(self.model.row_at(Spot(spot.section, min(spot.offset, left - 1))))
        else:
            self._set_current(None)
            self._to_first()
        self._gather.start()

    def upcoming(self, count: int = 3) -> tuple[RecordView, ...]:
        """Loaded records that follow the selected one: what to fetch ahead."""
        row = self._view.currentIndex().row()
        lines = (self.model.line(row + step) for step in range(1, count + 2))
        return tuple(line.view for line in lines if line is not None)[:count]

    def _hand_moves(self) -> None:
        """What was reached for before is let go of."""
        self._is_first_load = False
        self._let_go()

    def _let_go(self) -> None:
        self._goes_home = False
        if self._reaching is not None:
            if self._reaching.cancel():
                self._gather.start()  # it may have let in what is not among the rows yet
            self._reaching = None

    def _to_first(self) -> None:
        self._seek(range(self.model.rowCount()))

    def _step(self, step: int) -> None:
        self._hand_moves()
        row = self._view.currentIndex().row()
        end = self.model.rowCount() if step > 0 else -1
        self._seek(range(row + step, end, step))

    def _seek(self, rows: range) -> None:
        for row in rows:
            spot = self.model.spot(row)
            if spot is not None and spot.offset is not None:
                self._go(row)
                return

    def _go(self, row: int) -> None:
        index = self.model.index(row, 0)
        kept = self._reaching, self._goes_home  # only a hand in the view lets go of them
        self._reaching = None
        if self._view.currentIndex() == index:
            self._moved(index)
        self._view.setCurrentIndex(index)
        self._reaching, self._goes_home = kept

    def _moved(self, index: QModelIndex, _before: object = None) -> None:
        if self._is_moving:
            return
        self._let_go()
        line = self.model.line(index.row())
        if line is not None:
            self._set_current(line.view)

    def _set_current(self, view: RecordView | None) -> None:
        if view == self._current:
            return
        self._current = view
        self.selected.emit(view)

    def _activated(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None:
            self.opened.emit(line.view)
        elif (spot := self.model.spot(index.row())) is not None and spot.offset is None:
            self.toggle_section(self.model.sections()[spot.section].key)

    def _clicked(self, index: QModelIndex) -> None:
        self._hand_moves()
        if self.model.line(index.row()) is None:
            self._activated(index)

    # reading

    async def _told(self, read: Callable[[], Awaitable[None]]) -> None:
        """A list of the past is the server's: while it cannot be asked, that is told."""
        try:
            await read()
        except Unavailable as error:
            self.unread.emit(error.problem())

    def _want(self, key: PageKey) -> None:
        self._wanted.add(key)
        self._fetch_soon()

    def _fetch_soon(self) -> None:
        if self._wanted and not self._is_fetching and not self._is_reading:
            self._is_fetching = True
            start(self._told(self._fetch), owner=self._view)

    async def _fetch(self) -> None:
        """One page at a time: rows that are painted empty ask again with each frame."""
        try:
            await asyncio.sleep(0)  # one question for all rows of one paint
            while (key := self._next_wanted()) is not None:
                shown = self.model.sections()
                views = await self._reader.page(key)
                if self.model.sections() == shown:
                    self.model.load(key, views)
        finally:
            self._is_fetching = False
        self._take_current()

    def _next_wanted(self) -> PageKey | None:
        """The first page that is still missed; one that has left the eye is not."""
        if self._reader.sections != self.model.sections():
            self._wanted.clear()  # other sections are on their way, with pages of their own
        self._wanted &= self._missing_in_sight()
        if not self._wanted:
            return None
        key = min(self._wanted)
        self._wanted.remove(key)
        return key

    def _missing_in_sight(self) -> set[PageKey]:
        first, last = rows_in_sight(self._view)
        found: set[PageKey] = set()
        for row in range(first, last + 1):
            spot = self.model.spot(row)
            if spot is not None and spot.offset is not None and self.model.line(row) is None:
                found.add((spot.section, spot.offset // PAGE_ROWS))
        return found

    def _read_soon(self) -> None:
        self._is_stale = True
        if not self._is_reading:
            self._is_reading = True
            start(self._told(self._read), owner=self._view)

    async def _read(self) -> None:
        try:
            while self._is_stale:
                self._is_stale = False
                await self._read_once()
        finally:
            self._is_reading = False
        self._fetch_soon()  # what was looked at while the last answers came in

    async def _read_once(self) -> None:
        sections = self._reader.sections
        record = self._current.record.id if self._current else None
        here = self.model.spot(self._view.currentIndex().row())
        in_sight = self.model.pages_of_rows(*rows_in_sight(self._view))
        reading = await self._reader.read(in_sight, record, here.section if here else None)
        is_moved_on = record != (self._current.record.id if self._current else None)
        if sections != self._reader.sections or is_moved_on:
            self._is_stale = True
            return
        self._apply(reading)
        totals = tuple(extent.total for extent in reading.extents)
        self.counted.emit(totals)
        waiting = await self._reader.count_arrivals()
        if waiting and not sum(totals):  # nothing is under the hand
            self.accept_arrivals()
            return
        self._set_arrivals(waiting)

    def _apply(self, reading: Reading) -> None:
        anchor = Anchor(self._view)
        begins, self._begins = self._begins, False
        self._is_moving = True
        self.model.reshape(reading.extents, reading.pages)
        if self._is_first_load:  # nothing is under a hand yet: the most urgent one comes first
            self._is_moving = False
            self._is_first_load = self._engine.link.data_as_of is None
            self._to_first()
            self._view.scrollToTop()
            return
        if self._goes_home:
            self._is_moving = False
            self._to_first()
            self._goes_home = self._is_stale  # what came in is not among the rows yet
            return
        if reading.spot is not None:
            row = self._row_of_current(self.model.row_at(reading.spot))
            self._view.setCurrentIndex(self.model.index(row, 0))
            anchor.restore(row)
        self._is_moving = False
        is_reaching = self._reaching is not None and not self._reaching.done()
        if begins and reading.spot is None and not is_reaching:
            self._to_first()
        self._take_current()

    def _row_of_current(self, row: int) -> int:
        """Where the selected record lies: its place was asked apart from the pages, and something
        may have come in between."""
        line = self.model.line(row)
        if self._current is None or line is None or line.view.record.id == self._current.record.id:
            return row
        found = self.model.find(self._current.record.id)
        if found is None:
            QTimer.singleShot(0, self, self._read_soon)
        return row if found is None else found

    def _take_current(self) -> None:
        """Show the selected record as it is now; the first one if there was none."""
        if self._current is None:
            self._to_first()
            return
        line = self.model.line(self._view.currentIndex().row())
        if line is not None and line.view.record.id == self._current.record.id:
            self._set_current(line.view)

    async def _find(self, record: RecordId, make_room: MakeRoom | None) -> None:
        if make_room is not None:
            await make_room(record)
        if self.model.sections() != self._reader.sections:
            await self._read_once()  # other sections were set a moment ago
        spot = await self._reader.locate(record)
        if spot is None:
            self._let_in()
            await self._read_once()
            spot = await self._reader.locate(record)
        if spot is not None and not await self._reach(spot, record):
            await self._read_once()  # the list on the screen was older than the place
            spot = await self._reader.locate(record)
            if spot is not None:
                await self._reach(spot, record)

    async def _reach(self, spot: Spot, record: RecordId) -> bool:
        """Select the record at its place; False where another one lies there on the screen."""
        row = self.model.row_at(spot)
        if self.model.line(row) is None:
            key = (spot.section, (spot.offset or 0) // PAGE_ROWS)
            self.model.load(key, await self._reader.page(key))
        line = self.model.line(row)
        if line is None or line.view.record.id != record:
            return False
        self._go(row)
        return True

    def _let_in(self) -> None:
        self._reader.accepted_at = self._clock.now()
        self._set_arrivals(0)

    def _set_arrivals(self, count: int) -> None:
        if count != self._arrivals:
            self._arrivals = count
            self.arrived.emit(count)

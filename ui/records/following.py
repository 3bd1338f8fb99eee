"""A panel's part in the one selection of its window: what it shows for it, and what it selects.

    selection ─► ways of the panel ─► kin of the selection ─► ways again …    two steps at most
        a record ─► show        none, but a place ─► show_place        nothing: it stays as it was
    hand in the panel ─► shows ─► selection

What is shown because it was followed is not selected again, nor what a panel shows by itself while
another thing is selected. A selection that comes later ends the search for the one before.
"""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.start import start
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.geo import Point
from xiuzhou_desktop.plugin_api.context import PanelContext, Selected
from xiuzhou_desktop.plugin_api.finding import Way, found_by
from xiuzhou_desktop.plugin_api.kin import kin
from xiuzhou_desktop.plugin_api.subjects import selected_record

STEPS = 2  # from what is selected to what leads to something of the panel's


class Following(QObject):
    """`show` is called with the record that the selection leads to, `show_place` of a panel with a
    map with its place where there is no such record."""

    def __init__(
        self,
        panel: QWidget,
        context: PanelContext,
        ways: tuple[Way, ...],
        show: Callable[[Record], None],
        show_place: Callable[[Point], None] | None = None,
    ) -> None:
        super().__init__(panel)
        self._context, self._ways = context, ways
        self._show, self._show_place = show, show_place
        self._shown: RecordId | None = None
        self._led_to: RecordId | None = None  # shown because it was followed
        self._is_ours = self._is_going = False
        self._looking: asyncio.Task[object] | None = None
        self._observation = context.selection.observe(self._told)

    def again(self) -> None:
        """Follow what is selected now: the panel was not ready when it was."""
        self._told(self._context.selection.current)

    def choose(self, selected: Selected | None) -> None:
        """A hand in this panel has chosen it: the others follow."""
        self._let_go()
        self._is_ours = True
        self._context.selection.select(selected)
        self._is_ours = False

    def shows(self, view: RecordView | None) -> None:
        """The panel shows that record now; it is selected if a hand has come to it."""
        selection = self._context.selection
        before, self._shown = self._shown, view.record.id if view is not None else None
        is_selected = selection.current is not None and selection.current.record == before
        if view is None:
            if before is not None and is_selected:
                self.choose(None)
            return
        record = view.record
        if record.id == self._led_to or self._is_going:
            return
        is_first = before is None and selection.current is not None
        if is_first and selection.current.record != record.id:
            self._led_to = record.id  # by itself
            return
        self._led_to = None
        if record.id != before or is_selected:
            self.choose(selected_record(record))

    def close(self) -> None:
        """The panel closes."""
        self._let_go()
        self._observation.close()

    def _told(self, selected: Selected | None) -> None:
        if self._is_ours:
            return
        self._let_go()
        is_here = selected is None or selected.record == self._shown is not None
        if not is_here:
            self._looking = start(self._follow(selected), owner=self)

    def _let_go(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def _follow(self, selected: Selected) -> None:
        engine, about = self._context.engine, selected
        for _ in range(STEPS + 1):
            record = await found_by(engine, self._ways, about)
            if record is not None:
                self._go_to(record, selected)
                return
            place = about.place() if self._show_place is not None else None
            if place is not None and self._show_place is not None:
                self._show_place(place)
                return
            before, about = about, await kin(engine, about, self._context.clock.view_at)
            if about == before:
                return

    def _go_to(self, record: Record, selected: Selected) -> None:
        self._looking = None  # found
        if record.id == self._shown:
            return
        self._led_to = record.id
        if record.id == selected.record:
            self.choose(selected_record(record))  # with every subject that it names
        self._is_going = (
            True  # what it passes on its way there, as the head of a list, is no choice
        )
        self._show(record)
        self._is_going = False

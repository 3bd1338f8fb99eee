"""B: takes the item for this workstation, or gives it back; what others hold is said at the item.

A claim that ends without us is said, and whatever was typed stays where it is.
"""

from PySide6.QtCore import QObject, Signal

from plugins.triage.rows import RowMaker
from ui.records import RecordDesk, Sentences, Spoken
from ui.start import start
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import Lease
from xiuzhou_desktop.contract.live import LiveAct
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.plugin_api.context import PanelContext


class Holding(QObject):
    """Claims as the panel sees and makes them."""

    said = Signal(object)  # Spoken: a claim was not given, or is lost
    held = Signal(str)  # who holds the item before the officer, as a sentence; "" nobody else

    def __init__(self, desk: RecordDesk, rows: RowMaker, context: PanelContext) -> None:
        super().__init__(desk)
        self._desk, self._rows, self._context = desk, rows, context
        self._sentences = Sentences(context.text)

    def news(self, leases: tuple[Lease, ...]) -> None:
        """Who is working on what, from the live lane."""
        self._rows.take_leases(leases)
        for lease in leases:
            if lease.is_lost:
                start(self._say_lost(lease), owner=self._desk)
        if leases:
            self._desk.tick()
            self.show()

    def show(self) -> None:
        """Say who holds the item that is before the officer now."""
        current = self._desk.current
        self.held.emit(self._rows.held_by(current.record.id) if current else "")

    def claim(self) -> None:
        """B."""
        if self._desk.current is not None:
            record = self._desk.current.record
            act = LiveAct.RELEASE if self._rows.is_mine(record.id) else LiveAct.CLAIM
            start(self._say(act, record), owner=self._desk)

    def break_claim(self) -> None:
        """A supervisor frees what a colleague holds."""
        if self._desk.current is not None:
            start(self._say(LiveAct.BREAK, self._desk.current.record), owner=self._desk)

    async def _say(self, act: LiveAct, record: Record) -> None:
        try:
            lease = await self._context.engine.live_say(act.value, record.kind, record.id)
        except ClientError as error:
            self.said.emit(self._sentences.refusal(error.problem()))
            return
        if lease is not None:
            self.news((lease,))

    async def _say_lost(self, lease: Lease) -> None:
        kinds = [self._desk.current.record.kind] if self._desk.current else []
        view = await self._context.engine.get(kinds[0], lease.record) if kinds else None
        title = view.record.title if view else "—"
        key = "triage.claim.taken" if lease.holder else "triage.claim.lost"
        sentence = self._context.text(key, title=title, name=lease.holder_name or "—")
        remedy = self._context.text("triage.claim.again")
        self.said.emit(Spoken(text=sentence, remedy=remedy))

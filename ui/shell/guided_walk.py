"""Seven steps through a shift: a sentence that says what to press, and a sign in the engine's state
that it was done.

    look ─► judge ─► report ─► unplug ─► judge offline ─► plug in ─► be overtaken and settle it

A step is over when what it asks for has happened, whatever key did it; nothing is counted by
clicks.
"""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ui.shell.workplace import Workplace
from ui.start import start
from ui.theme.textrun import Ink
from ui.theme.type import Face, Weight
from ui.widgets import Text
from xiuzhou_desktop.client.views import (
    Changed,
    Link,
    Order,
    OutboxEntry,
    OutboxStatus,
    RecordQuery,
)
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.plugin_api.context import Selected

STEPS = 7
REFUSALS = frozenset({OutboxStatus.CONFLICT, OutboxStatus.REFUSED, OutboxStatus.GONE})
CREATES = "report"
NEWEST = 20
OFFLINE_ACTS = 2


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine's state looks like: enough to tell whether a step is over."""

    looked_at: int = 0  # different records that were selected
    saved: int = 0  # commands saved so far, by their highest number
    reports: int = 0
    is_offline: bool = False
    pending: int = 0
    refused: int = 0


Test = Callable[[Scene, Scene], bool]  # at the beginning of the step, now

TESTS: tuple[Test, ...] = (
    lambda then, now: now.looked_at >= then.looked_at + 1,
    lambda then, now: now.saved > then.saved,
    lambda then, now: now.reports > then.reports,
    lambda then, now: now.is_offline,
    lambda then, now: now.saved >= then.saved + OFFLINE_ACTS,
    lambda then, now: not now.is_offline and now.pending == 0,
    lambda then, now: then.refused > 0 and now.refused < then.refused,
)


class GuidedWalk(QFrame):
    """The line under the demonstration's bar."""

    finished = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.is_on = False
        self.step = 0
        self._then, self._now = Scene(), Scene()
        self._seen: set[str] = set()
        self._reports: set[str] = set()
        self._number = Text("", Ink("text2", Face.LABEL))
        self._sentence = Text("", Ink("text1", Face.BODY, Weight.BOLD))
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(12)
        row.addWidget(self._number)
        row.addWidget(self._sentence)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        self._observation = place.engine.observe(self._news)
        self._following = place.selection.observe(self._selected)
        self.destroyed.connect(self._observation.close)

    def begin(self) -> None:
        self.is_on, self.step = True, 0
        self._seen, self._reports = set(), set()
        start(self._look_again(), owner=self)

    def end(self) -> None:
        self.is_on = False
        self.finished.emit()

    def _news(self, changed: Changed) -> None:
        if self.is_on:
            start(self._look_again(), owner=self)

    def _selected(self, selected: Selected | None) -> None:
        if self.is_on and selected is not None:
            self._seen.add(selected.record)
            start(self._look_again(), owner=self)

    async def _look_again(self) -> None:
        entries = await self._place.engine.outbox()
        self._reports |= {e.command.record for e in entries if e.command.transition == CREATES}
        self._reports |= await self._newest_reports()
        self._now = self._scene(entries)
        while self.is_on and self.step < STEPS and self._is_over():
            self.step += 1
            self._then = self._now
        self._show()

    async def _newest_reports(self) -> set[str]:
        """This person's own, which may have left the outbox before anybody looked."""
        newest = RecordQuery(kinds=(Kind.FLAG, Kind.ORDER), order=Order.NEWEST, limit=NEWEST)
        page = await self._place.engine.query(newest)
        user = self._place.engine.signed.account.user
        made = (view.record for view in page.views if view.record.log)
        return {one.id for one in made if one.log[0].name == CREATES and one.log[0].actor == user}

    def _is_over(self) -> bool:
        if self.step == STEPS - 1 and self._now.refused > self._then.refused:
            self._then = self._now  # the refusal has come; the step ends when it is settled
        return TESTS[self.step](self._then, self._now)

    def _scene(self, entries: tuple[OutboxEntry, ...]) -> Scene:
        summary = self._place.engine.outbox_summary
        highest = max((entry.command.client_seq for entry in entries), default=0)
        return Scene(
            looked_at=len(self._seen),
            saved=max(highest, self._now.saved),
            reports=len(self._reports),
            is_offline=self._place.engine.link.link is Link.OFFLINE,
            pending=summary.pending,
            refused=sum(entry.status in REFUSALS for entry in entries),
        )

    def _show(self) -> None:
        text = self._place.text
        if self.step >= STEPS:
            self._number.setText("")
            self._sentence.setText(text("demo.step.done"))
            return
        self._number.setText(text("demo.step", number=self.step + 1, count=STEPS))
        self._sentence.setText(text(f"demo.step.{self.step + 1}"))

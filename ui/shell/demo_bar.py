"""The bar of a demonstration: it unplugs the network, moves the clock, sends flags, lets a
colleague be first. Removable.

Unplugging really stops the server's process; plugging in starts it again on the same port with the
same data.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ui.shell.demo_backend import DemoBackend
from ui.shell.guided_walk import GuidedWalk
from ui.shell.workplace import Workplace
from ui.start import start
from ui.theme.textrun import Ink
from ui.theme.type import Face, Weight
from ui.widgets import Button, ButtonKind, IconLabel, Text
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import OutboxStatus
from xiuzhou_desktop.contract.demo import DemoAct
from xiuzhou_desktop.domain.ids import RecordId

BUTTON_PX = 24
ROW_ROOM_PX = 6
CLAIMABLE = OutboxStatus.QUEUED


class DemoBar(QFrame):
    """Controls of the demonstration."""

    removed = Signal()

    def __init__(self, place: Workplace, backend: DemoBackend | None) -> None:
        super().__init__()
        self._place, self._backend = place, backend
        self._sms_fails = False
        self.setProperty("bar", "panel")
        self.setAccessibleName(place.text("demo.name"))
        self.walk = GuidedWalk(place)
        self._said = Text("", Ink("text2", Face.LABEL))
        self.plug = self._button("demo.unplug", "plug-connected-x", self._turn_network)
        self.deadline = self._act_button("demo.next_deadline", "clock", DemoAct.NEXT_DEADLINE)
        self.burst = self._act_button("demo.burst", "inbox", DemoAct.BURST)
        self.colleague = self._button("demo.colleague", "users", self._send_colleague)
        self.sms = self._button("demo.sms_failure", "message-x", self._turn_sms)
        self.guide = self._button("demo.walk", "route", self._turn_walk)
        self._lay_out()
        if backend is None:
            self.plug.hide()
        else:
            backend.ready.connect(self._network_moved)
            backend.stopped.connect(self._network_moved)
        self.walk.finished.connect(self._walk_ended)

    def _lay_out(self) -> None:
        text = self._place.text
        remove = Button("", icon_name="x", kind=ButtonKind.QUIET, height=BUTTON_PX)
        remove.setToolTip(text("demo.remove"))
        remove.setAccessibleName(text("demo.remove"))
        remove.clicked.connect(self.removed)
        row = QHBoxLayout()
        row.setContentsMargins(12, ROW_ROOM_PX, 8, ROW_ROOM_PX)
        row.setSpacing(8)
        row.addWidget(IconLabel("device-desktop", "text2"))
        row.addWidget(Text(text("demo.name"), Ink("text1", Face.BODY, Weight.BOLD)))
        row.addSpacing(8)
        for button in (
            self.plug, self.deadline, self.burst, self.colleague, self.sms, self.guide
        ):  # fmt: skip
            row.addWidget(button)
        row.addWidget(self._said)
        row.addStretch(1)
        row.addWidget(remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.walk)
        self.walk.hide()

    def _button(self, key: str, icon: str, run: Callable[[], None]) -> Button:
        button = Button(self._place.text(key), icon_name=icon, height=BUTTON_PX)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(run)
        return button

    def _act_button(self, key: str, icon: str, act: DemoAct) -> Button:
        return self._button(key, icon, partial(self._do, act, None))

    # network

    def _turn_network(self) -> None:
        backend = self._backend
        if backend is None:
            return
        if backend.is_running:
            self._busy("demo.stopping")
            backend.stop()
        else:
            self._busy("demo.starting")
            backend.start()

    def _busy(self, key: str) -> None:
        sentence = self._place.text(key)
        self._said.setText(sentence)
        self.plug.set_reason(sentence)

    def _network_moved(self) -> None:
        is_up = self._backend is not None and self._backend.is_running
        self._said.setText("")
        self.plug.set_reason(None)
        self.plug.set_text(self._place.text("demo.unplug" if is_up else "demo.plug"))
        for button in (self.deadline, self.burst, self.colleague, self.sms):
            button.set_reason(None if is_up else self._place.text("demo.plug"))
        if is_up:
            start(self._place.engine.retry_now(), owner=self)

    # acts

    def _do(self, act: DemoAct, record: RecordId | None, *_: object) -> None:
        start(self._ask(act, record), owner=self)

    async def _ask(self, act: DemoAct, record: RecordId | None) -> None:
        try:
            await self._place.engine.demo(act.value, record)
        except ClientError as error:
            reason = self._place.names.refusal(error.problem()).text
            self._said.setText(self._place.text("demo.failed", reason=reason))
            return
        key = {DemoAct.SMS_WORKS: "sms_works"}.get(act, act.value)
        self._said.setText(self._place.text(f"demo.done.{key}"))
        await self._place.engine.retry_now()

    def _turn_sms(self) -> None:
        self._sms_fails = not self._sms_fails
        key = "demo.sms_works" if self._sms_fails else "demo.sms_failure"
        self.sms.set_text(self._place.text(key))
        self._do(DemoAct.SMS_FAILURE if self._sms_fails else DemoAct.SMS_WORKS, None)

    def _send_colleague(self) -> None:
        start(self._colleague_first(), owner=self)

    async def _colleague_first(self) -> None:
        """On the record that was judged last and is not sent yet, else on the selected one."""
        waiting = [e for e in await self._place.engine.outbox() if e.status is CLAIMABLE]
        newest = max(waiting, key=lambda e: e.command.client_seq, default=None)
        selected = self._place.selection.current
        record = newest.command.record if newest else (selected.record if selected else None)
        if record is None:
            self._said.setText(self._place.text("demo.colleague.none"))
            return
        await self._ask(DemoAct.COLLEAGUE, record)

    # walk

    def _turn_walk(self) -> None:
        if self.walk.is_on:
            self.walk.end()
        else:
            self.walk.begin()
        self._walk_ended()

    def _walk_ended(self) -> None:
        self.walk.setVisible(self.walk.is_on)
        key = "demo.walk.close" if self.walk.is_on else "demo.walk"
        self.guide.set_text(self._place.text(key))

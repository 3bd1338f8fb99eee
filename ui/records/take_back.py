"""U: takes back what was done last, one act or several at once, for as long as it is not sent."""

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.records.sentences import Spoken
from ui.start import start
from ui.widgets import UndoBar
from xiuzhou_desktop.domain.ids import CommandId
from xiuzhou_desktop.plugin_api.context import Engine

UNDO_S = 5  # nothing is sent before


class TakeBack(QObject):
    """The last acts, while they may be taken back. `late` is said when they no longer may."""

    taken = Signal(str)  # the record that is as before
    refused = Signal(object)  # Spoken: too late

    def __init__(self, panel: QWidget, bar: UndoBar, engine: Engine, late: str) -> None:
        super().__init__(panel)
        self._panel, self._bar, self._engine, self._late = panel, bar, engine, late
        self._last: tuple[CommandId, ...] = ()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._over)
        bar.undo.connect(self)

    def offer(self, commands: tuple[CommandId, ...], sentence: str) -> None:
        """These may be taken back from now on."""
        self._last = commands
        self._bar.show_undo(sentence)
        self._timer.start(timedelta(seconds=UNDO_S) // timedelta(milliseconds=1))

    def __call__(self) -> None:
        """U."""
        if self._last:
            start(self._take_back(self._last), owner=self._panel)

    async def _take_back(self, commands: tuple[CommandId, ...]) -> None:
        entries = {one.command.id: one for one in await self._engine.outbox()}
        dropped = [await self._engine.undo(command) for command in commands]
        self._over()
        if not any(dropped):
            self.refused.emit(Spoken(text=self._late))
            return
        first = next((entries[one] for one in commands if one in entries), None)
        self.taken.emit(first.command.record if first else "")

    def _over(self) -> None:
        self._last = ()
        self._bar.clear()

"""U: takes back what was judged last, one item or all that were marked, for five seconds."""

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from plugins.triage.verdicts import UNDO_S
from ui.records import Spoken
from ui.start import start
from ui.widgets import UndoBar
from xiuzhou_desktop.domain.ids import CommandId
from xiuzhou_desktop.plugin_api.context import PanelContext


class TakeBack(QObject):
    """The last verdicts, while they may be taken back."""

    taken = Signal(str)  # the record that is to be judged again
    late = Signal(object)  # Spoken: too late

    def __init__(self, panel: QWidget, bar: UndoBar, context: PanelContext) -> None:
        super().__init__(panel)
        self._panel, self._bar, self._context = panel, bar, context
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
        engine = self._context.engine
        entries = {one.command.id: one for one in await engine.outbox()}
        dropped = [await engine.undo(command) for command in commands]
        self._over()
        if not any(dropped):
            self.late.emit(Spoken(text=self._context.text("triage.undo.late")))
            return
        first = next((entries[one] for one in commands if one in entries), None)
        self.taken.emit(first.command.record if first else "")

    def _over(self) -> None:
        self._last = ()
        self._bar.clear()

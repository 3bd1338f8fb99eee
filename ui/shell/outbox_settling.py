"""What the keys 1 to 4 of the outbox do: theirs, mine again, edited, merged; one command or all
that are marked.

    one ─────────────────────────► engine.resolve ─► done, or said why not
    several ─► one question, once ─► each in turn
    edit    ─► the transition's form ─► engine.resolve
"""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.records.form_sheet import FormQuestion, FormSheet
from ui.shell.outbox_texts import OutboxTexts, json_args
from ui.shell.workplace import Workplace
from ui.start import start
from ui.widgets import Answer, QuestionSheet
from xiuzhou_desktop.client.errors import Rejected
from xiuzhou_desktop.client.views import OutboxEntry, Remedy, Submitted
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.kinds import KINDS

Args = Mapping[str, Json] | None


class Settling(QObject):
    """Asks what has to be asked, then lets the engine settle."""

    said = Signal(str, str)  # command, why it could not be settled
    asking = Signal(bool)  # a form or a question stands
    done = Signal()

    def __init__(self, place: Workplace, window: QWidget, texts: OutboxTexts) -> None:
        super().__init__(window)
        self._place, self._window, self._texts = place, window, texts
        self._question = QuestionSheet(window)
        self._question.answered.connect(self._agreed)
        self._question.dismissed.connect(self._left)
        self._waiting: tuple[Sequence[OutboxEntry], Remedy] | None = None

    def settle(self, entries: Sequence[OutboxEntry], remedy: Remedy, args: Args = None) -> None:
        """Settle one command, or several after one question. `args` are a merge's texts."""
        if remedy is Remedy.EDIT:
            self._edit(entries[0])
        elif len(entries) > 1:
            self._ask(entries, remedy)
        else:
            start(self._resolve(entries, remedy, args), owner=self)

    def _ask(self, entries: Sequence[OutboxEntry], remedy: Remedy) -> None:
        text = self._place.text
        self._waiting = (entries, remedy)
        act = text(f"outbox.act.{remedy.value}")
        title = text("outbox.bulk.ask", count=len(entries), act=act)
        self.asking.emit(True)
        self._question.ask(title, [Answer(title=act, note=text("outbox.bulk.each"))])

    def _agreed(self, _answer: int) -> None:
        waiting, self._waiting = self._waiting, None
        self.asking.emit(False)
        if waiting is not None:
            start(self._resolve(*waiting, None), owner=self)

    def _left(self) -> None:
        self._waiting = None
        self.asking.emit(False)

    def _edit(self, entry: OutboxEntry) -> None:
        spec = KINDS[entry.command.kind].transition(entry.command.transition)
        title = self._place.text("outbox.edit.title", verb=self._texts.verb(entry))
        if spec is None or not spec.form.__struct_fields__:
            self.said.emit(entry.command.id, self._place.text("outbox.edit.nothing"))
            return
        form = FormSheet(self._window, self._place.text)
        form.submitted.connect(partial(self._edited, entry, form))
        form.dismissed.connect(self._left)
        self.asking.emit(True)
        form.ask(
            FormQuestion(
                kind=entry.command.kind, form=spec.form, title=title, values=json_args(entry)
            )
        )

    def _edited(self, entry: OutboxEntry, form: FormSheet, args: dict[str, Json]) -> None:
        form.close_form()
        form.deleteLater()
        self._left()
        start(self._resolve((entry,), Remedy.EDIT, args), owner=self)

    async def _resolve(self, entries: Sequence[OutboxEntry], remedy: Remedy, args: Args) -> None:
        refused: list[tuple[OutboxEntry, Submitted]] = []
        for entry in entries:
            try:
                answers = await self._place.engine.resolve(entry.command.id, remedy, args)
            except Rejected:
                continue  # settled meanwhile: nothing is left to be done
            refused += [(entry, one) for one in answers[:1] if one.refusal is not None]
        self.done.emit()
        for entry, answer in refused[-1:]:
            self._say(entry, answer, len(entries), len(refused))

    def _say(self, entry: OutboxEntry, answer: Submitted, asked: int, refused: int) -> None:
        reason = self._place.names.refusal(answer.refusal).text if answer.refusal else ""
        if asked == 1:
            said = self._place.text("outbox.resolve.refused", reason=reason)
        else:
            said = self._place.text(
                "outbox.bulk.refused", count=refused, asked=asked, reason=reason
            )
        self.said.emit(entry.command.id, said)

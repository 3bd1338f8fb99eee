"""One verdict for all marked items: each is judged by itself, on what was seen of it, and has a
result of its own.

    X X X, digit ──► submit, one by one ──► all saved: the undo bar
                                       └──► some not: a sheet with a line each; its digit goes there
"""

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from plugins.triage.marks import Marks
from plugins.triage.rows import place_text, subject_text
from plugins.triage.verdicts import Verdict, target_of
from ui.records import UNDO_S, Sentences, Spoken
from ui.widgets import Answer, QuestionSheet
from ui.widgets.question import MOST_ANSWERS
from xiuzhou_desktop.client.views import Draft, RecordView
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.ids import CommandId
from xiuzhou_desktop.domain.plate import pretty_plate
from xiuzhou_desktop.plugin_api.context import PanelContext


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one item: a saved command, or why not."""

    view: RecordView
    command: CommandId | None
    spoken: Spoken | None = None


class Bulk(QObject):
    """Judges what is marked."""

    judged = Signal(object, object)  # Verdict, the CommandIds saved
    chosen = Signal(str)  # the item that was not judged and is wanted before the eye
    asking = Signal()
    asked = Signal()

    def __init__(self, panel: QWidget, stage: QWidget, context: PanelContext) -> None:
        super().__init__(panel)
        self._context = context
        self._sentences = Sentences(context.text)
        self.marks = Marks(self)
        self._sheet = QuestionSheet(stage)
        self._sheet.answered.connect(self._go)
        self._sheet.dismissed.connect(self.asked)
        self._shown: tuple[Result, ...] = ()

    async def judge(self, verdict: Verdict, args: dict[str, Json]) -> None:
        """Save one command an item; what was not saved stays marked."""
        results = [await self._one(view, verdict, args) for view in self.marks.views]
        self.marks.clear()
        refused = [one for one in results if one.spoken]
        for one in refused:
            self.marks.toggle(one.view)
        saved = tuple(one.command for one in results if one.command)
        self.judged.emit(verdict, saved)
        if refused:
            self._show(refused, len(saved))

    async def _one(self, view: RecordView, verdict: Verdict, args: dict[str, Json]) -> Result:
        kind, record = target_of(view, verdict)
        draft = Draft(
            kind=kind, record=record, transition=verdict.transition, args=args, hold_s=UNDO_S,
            seen=view.seen,
        )  # fmt: skip
        told = await self._context.engine.submit(draft)
        spoken = self._sentences.refusal(told.refusal) if told.refusal else None
        return Result(view=view, command=told.command, spoken=spoken)

    def _show(self, refused: list[Result], saved: int) -> None:
        self._shown = tuple(refused[:MOST_ANSWERS])
        title = self._context.text("triage.bulk.results", saved=saved, refused=len(refused))
        lines = [
            Answer(title=self._name(one.view), note=one.spoken.text if one.spoken else "")
            for one in self._shown
        ]
        self.asking.emit()
        self._sheet.ask(title, lines)

    def _name(self, view: RecordView) -> str:
        body = view.record.body
        plate = body.plate if isinstance(body, FlagBody) else None
        who = pretty_plate(plate) if plate else subject_text(self._sentences, view.record)
        where = place_text(view.record)
        return self._context.text("triage.bulk.item", who=who, where=where)

    def _go(self, number: int) -> None:
        self.asked.emit()
        self.chosen.emit(self._shown[number].view.record.id)

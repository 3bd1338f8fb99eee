"""From a digit to a command: ask what is missing, save, go on; say at once what was refused.

press ──► (numbered choice | form) ──► submit ──► next item, 5 s to take it back
                                           └──► refused: back to the item, with the sentence
"""

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from plugins.triage.bulk import Bulk
from plugins.triage.choices import Choices
from plugins.triage.verdicts import Asks, Verdict, target_of
from ui.records import (
    UNDO_S,
    FormQuestion,
    FormSheet,
    NoteForm,
    Sentences,
    Spoken,
    note_draft,
    note_values,
)
from ui.start import start
from ui.widgets import Answer, QuestionSheet
from xiuzhou_desktop.client.views import Draft, Offer, RecordView, Submitted
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Args, Kind
from xiuzhou_desktop.domain.flag_body import Channel
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.plugin_api.context import PanelContext

NOT_ASKED = (  # what no person types: places and pictures by code, what machines give
    "lon_e7", "lat_e7", "still", "camera", "captured_at", "scope", "source", "external_id",
    "reported_at", "party", "basis",
)  # fmt: skip
DEFAULTS: Mapping[str, Json] = {"channel": Channel.PHONE.value}
ASKS_A_REASON = frozenset({"exempt-needs-reason"})
Then = Callable[..., Coroutine[object, object, None]]  # of the record, and of what was given


class Reply(NamedTuple):
    """What is done with a form's answer, and the record as it was before the officer; a new one is
    made of none."""

    then: Then
    view: RecordView | None = None


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict that is on this computer's disk."""

    view: RecordView
    verdict: Verdict
    submitted: Submitted


class Judging(QObject):
    """One officer's verdicts in one panel."""

    leaving = Signal(object)  # RecordView: the hand is done with it, the next one may come
    saved = Signal(object)  # Saved
    refused = Signal(object, object)  # RecordView, Spoken
    reported = Signal(str)  # id of a new record
    asking = Signal()  # a question or a form is about to stand over the stage
    asked = Signal()  # it is gone again

    def __init__(self, panel: QWidget, stage: QWidget, context: PanelContext, bulk: Bulk) -> None:
        super().__init__(panel)
        self._panel, self._context = panel, context
        self._bulk = bulk
        self._sentences = Sentences(context.text)
        self._choices = Choices(context)
        self._question = QuestionSheet(stage)
        self._question.answered.connect(self._chosen)
        self._question.dismissed.connect(self.asked)
        self._answers: tuple[Json, ...] = ()
        self._asked: tuple[RecordView, Verdict] | None = None
        self._form = FormSheet(stage, context.text, context.engine.attach)
        self._form.submitted.connect(self._filled)
        self._form.dismissed.connect(self.asked)
        self._reply: Reply | None = None

    def press(self, view: RecordView, verdict: Verdict, offer: Offer | None) -> None:
        """A digit, a click: the officer's answer to the item."""
        if not self._is_writing():
            start(self._begin(view, verdict, offer), owner=self._panel)

    def report(self, kind: Kind, transition: str) -> None:
        """A new record by hand: the form of a transition that creates."""
        row = KINDS[kind].transition(transition)
        if row is not None and not self._is_writing():
            start(self._ask_new(kind, transition, row.form), owner=self._panel)

    def note(self, view: RecordView) -> None:
        """N."""
        if not self._is_writing():
            start(self._ask_note(view), owner=self._panel)

    def _is_writing(self) -> bool:
        """Whether a form stands: a key in the queue throws nothing away, the form comes back."""
        if self._form.isHidden():
            return False
        self.asking.emit()
        return self._form.come_back()

    async def _begin(self, view: RecordView, verdict: Verdict, offer: Offer | None) -> None:
        if verdict.asks is Asks.CHOICE:
            await self._ask_choice(view, verdict)
        elif (verdict.asks is Asks.FORM or wants_reason(offer)) and self._bulk.marks:
            one_by_one = self._context.text("triage.bulk.one_by_one")
            self.refused.emit(view, Spoken(text=one_by_one))
        elif verdict.asks is Asks.FORM or wants_reason(offer):
            await self._ask_form(view, verdict)
        else:
            await self._submit(verdict, view, {})

    # the second question

    async def _ask_choice(self, view: RecordView, verdict: Verdict) -> None:
        offered = await self._choices.of(view, verdict)
        title = self._context.text(f"triage.ask.{verdict.text}")
        if not offered:
            nothing = self._context.text(f"triage.ask.{verdict.text}.none")
            self.refused.emit(view, Spoken(text=nothing))
            return
        self._asked = (view, verdict)
        self._answers = tuple(one.value for one in offered)
        self.asking.emit()
        self._question.ask(title, [Answer(title=one.text, note=one.note) for one in offered])

    def _chosen(self, index: int) -> None:
        if self._asked is None:
            return
        self.asked.emit()
        view, verdict = self._asked
        self._asked = None
        args = {verdict.ask or "": self._answers[index]}
        start(self._submit(verdict, view, args), owner=self._panel)

    async def _ask_form(self, view: RecordView, verdict: Verdict) -> None:
        kind, _ = target_of(view, verdict)
        row = KINDS[kind].transition(verdict.transition)
        if row is None:
            return
        title = self._context.text(f"triage.verdict.{verdict.text}")
        question = FormQuestion(kind=kind, form=row.form, title=title, of=view.record.title)
        await self._open_form(question, Reply(partial(self._submit, verdict), view))

    async def _ask_note(self, view: RecordView) -> None:
        question = FormQuestion(
            kind=view.record.kind, form=NoteForm, values=note_values(view),
            title=self._context.text("triage.verdict.annotate"), of=view.record.title,
        )  # fmt: skip
        await self._open_form(question, Reply(self._submit_note, view))

    async def _ask_new(self, kind: Kind, transition: str, form: type[Args]) -> None:
        title = self._context.text(f"triage.new.{kind.value}")
        question = FormQuestion(kind=kind, form=form, title=title, values=DEFAULTS)
        await self._open_form(question, Reply(partial(self._submit_new, kind, transition)))

    async def _open_form(self, question: FormQuestion, reply: Reply) -> None:
        choices = await self._choices.for_form(question.kind, question.form)
        self._reply = reply
        self.asking.emit()
        self._form.ask(msgspec.structs.replace(question, skip=NOT_ASKED, choices=choices))

    def _filled(self, args: dict[str, Json]) -> None:
        if self._reply is not None:
            start(self._reply.then(self._reply.view, args), owner=self._panel)

    # saving

    async def _submit(self, verdict: Verdict, view: RecordView, args: Mapping[str, Json]) -> None:
        if self._bulk.marks:
            await self._bulk.judge(verdict, dict(args))
            return
        kind, record = target_of(view, verdict)
        draft = Draft(
            kind=kind, record=record, transition=verdict.transition, args=args, hold_s=UNDO_S,
            seen=view.seen,
        )  # fmt: skip
        is_form_open = self._form.isVisible()
        if not is_form_open:
            self.leaving.emit(view)  # the next item is there before the disk has answered
        submitted = await self._context.engine.submit(draft)
        if submitted.refusal is not None:
            await self._say_refused(view, submitted.refusal)
            return
        if is_form_open:
            self._close_form()
            self.leaving.emit(view)
        self.saved.emit(Saved(view=view, verdict=verdict, submitted=submitted))

    async def _submit_note(self, view: RecordView, args: Mapping[str, Json]) -> None:
        submitted = await self._context.engine.submit(note_draft(view, args))
        if submitted.refusal is not None:
            await self._say_refused(view, submitted.refusal)
        else:
            self._close_form()

    async def _submit_new(
        self, kind: Kind, transition: str, _view: None, args: Mapping[str, Json]
    ) -> None:
        given = {name: value for name, value in args.items() if _means_something(name, args)}
        draft = Draft(kind=kind, record=None, transition=transition, args=given)
        submitted = await self._context.engine.submit(draft)
        if submitted.refusal is not None:
            self._form.show_refusal(self._sentences.refusal(submitted.refusal).text)
            return
        self._close_form()
        self.reported.emit(submitted.record)

    def _close_form(self) -> None:
        self._form.close_form()
        self.asked.emit()

    async def _say_refused(self, view: RecordView, refusal: Refusal) -> None:
        spoken = self._sentences.refusal(refusal)
        if not self._form.isVisible():
            self.refused.emit(view, spoken)
            return
        self._form.show_refusal(spoken.text)
        now = await self._context.engine.get(view.record.kind, view.record.id)
        if now is not None and self._reply is not None and self._reply.view is view:
            self._reply = self._reply._replace(view=now)  # who sends it again has seen it


def wants_reason(offer: Offer | None) -> bool:
    """Whether the rules ask a reason here which the answer alone does not give."""
    return offer is not None and offer.refusal is not None and offer.refusal.slug in ASKS_A_REASON


def _means_something(name: str, args: Mapping[str, Json]) -> bool:
    """A plate's colour says nothing without the plate."""
    return name != "plate_colour" or bool(args.get("plate"))

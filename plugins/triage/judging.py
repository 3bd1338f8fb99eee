"""From a digit to a command: ask what is missing, save, go on; say at once what was refused.

press ──► (numbered choice | form) ──► submit ──► next item, 5 s to take it back
                                           └──► refused: back to the item, with the sentence
"""

from collections.abc import Callable, Coroutine, Mapping

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from plugins.triage.bulk import Bulk
from plugins.triage.choices import Choices
from plugins.triage.verdicts import Asks, Verdict, target_of
from ui.records import UNDO_S, FormSheet, NoteForm, Sentences, Spoken, note_draft, note_values
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
Then = Callable[[dict[str, Json]], Coroutine[object, object, None]]


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
        self._panel, self._stage, self._context = panel, stage, context
        self._bulk = bulk
        self._sentences = Sentences(context.text)
        self._choices = Choices(context)
        self._question = QuestionSheet(stage)
        self._question.answered.connect(self._chosen)
        self._question.dismissed.connect(self.asked)
        self._answers: tuple[Json, ...] = ()
        self._asked: tuple[RecordView, Verdict] | None = None
        self._forms: dict[Kind, FormSheet] = {}
        self._open: FormSheet | None = None
        self._then: Then | None = None

    def press(self, view: RecordView, verdict: Verdict, offer: Offer | None) -> None:
        """A digit, a click: the officer's answer to the item."""
        start(self._begin(view, verdict, offer), owner=self._panel)

    def report(self, kind: Kind, transition: str) -> None:
        """A new record by hand: the form of a transition that creates."""
        row = KINDS[kind].transition(transition)
        if row is not None:
            start(self._ask_new(kind, transition, row.form), owner=self._panel)

    def note(self, view: RecordView) -> None:
        """N."""
        start(self._ask_note(view), owner=self._panel)

    async def _begin(self, view: RecordView, verdict: Verdict, offer: Offer | None) -> None:
        if verdict.asks is Asks.CHOICE:
            await self._ask_choice(view, verdict)
        elif (verdict.asks is Asks.FORM or wants_reason(offer)) and self._bulk.marks:
            one_by_one = self._context.text("triage.bulk.one_by_one")
            self.refused.emit(view, Spoken(text=one_by_one))
        elif verdict.asks is Asks.FORM or wants_reason(offer):
            await self._ask_form(view, verdict)
        else:
            await self._submit(view, verdict, {})

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
        start(self._submit(view, verdict, args), owner=self._panel)

    async def _ask_form(self, view: RecordView, verdict: Verdict) -> None:
        kind, _ = target_of(view, verdict)
        row = KINDS[kind].transition(verdict.transition)
        if row is None:
            return
        title = self._context.text(f"triage.verdict.{verdict.text}")
        await self._open_form(kind, row.form, title, lambda args: self._submit(view, verdict, args))

    async def _ask_note(self, view: RecordView) -> None:
        title = self._context.text("triage.verdict.annotate")
        await self._open_form(
            view.record.kind, NoteForm, title, lambda args: self._submit_note(view, args),
            note_values(view),
        )  # fmt: skip

    async def _submit_note(self, view: RecordView, args: Mapping[str, Json]) -> None:
        submitted = await self._context.engine.submit(note_draft(view, args))
        if submitted.refusal is not None:
            self._say_refused(view, submitted.refusal)
        else:
            self._close_form()

    async def _ask_new(self, kind: Kind, transition: str, form: type[Args]) -> None:
        title = self._context.text(f"triage.new.{kind.value}")
        await self._open_form(
            kind, form, title, lambda args: self._submit_new(kind, transition, args), DEFAULTS
        )

    async def _open_form(
        self,
        kind: Kind,
        form: type[Args],
        title: str,
        then: Then,
        values: Mapping[str, Json] | None = None,
    ) -> None:
        if kind not in self._forms:
            self._forms[kind] = FormSheet(
                self._stage, self._context.text, kind, self._context.engine.attach
            )
            self._forms[kind].submitted.connect(self._filled)
            self._forms[kind].dismissed.connect(self.asked)
        choices = await self._choices.for_form(kind, form)
        self._then, self._open = then, self._forms[kind]
        self.asking.emit()
        self._open.ask(form, title, values=values, skip=NOT_ASKED, choices=choices)

    def _filled(self, args: dict[str, Json]) -> None:
        if self._then is not None:
            start(self._then(args), owner=self._panel)

    # saving

    async def _submit(self, view: RecordView, verdict: Verdict, args: Mapping[str, Json]) -> None:
        if self._bulk.marks:
            await self._bulk.judge(verdict, dict(args))
            return
        kind, record = target_of(view, verdict)
        draft = Draft(
            kind=kind, record=record, transition=verdict.transition, args=args, hold_s=UNDO_S,
            seen=view.seen,
        )  # fmt: skip
        is_form_open = self._open is not None and self._open.isVisible()
        if not is_form_open:
            self.leaving.emit(view)  # the next item is there before the disk has answered
        submitted = await self._context.engine.submit(draft)
        if submitted.refusal is not None:
            self._say_refused(view, submitted.refusal)
            return
        if is_form_open:
            self._close_form()
            self.leaving.emit(view)
        self.saved.emit(Saved(view=view, verdict=verdict, submitted=submitted))

    async def _submit_new(self, kind: Kind, transition: str, args: Mapping[str, Json]) -> None:
        given = {name: value for name, value in args.items() if _means_something(name, args)}
        draft = Draft(kind=kind, record=None, transition=transition, args=given)
        submitted = await self._context.engine.submit(draft)
        if submitted.refusal is not None and self._open is not None:
            self._open.show_refusal(self._sentences.refusal(submitted.refusal).text)
            return
        self._close_form()
        self.reported.emit(submitted.record)

    def _close_form(self) -> None:
        if self._open is not None:
            self._open.close_form()
            self.asked.emit()

    def _say_refused(self, view: RecordView, refusal: Refusal) -> None:
        spoken = self._sentences.refusal(refusal)
        if self._open is not None and self._open.isVisible():
            self._open.show_refusal(spoken.text)
            return
        self.refused.emit(view, spoken)


def wants_reason(offer: Offer | None) -> bool:
    """Whether the rules ask a reason here which the answer alone does not give."""
    return offer is not None and offer.refusal is not None and offer.refusal.slug in ASKS_A_REASON


def _means_something(name: str, args: Mapping[str, Json]) -> bool:
    """A plate's colour says nothing without the plate."""
    return name != "plate_colour" or bool(args.get("plate"))

"""From Ctrl+Enter to a command: ask what is missing, save, say at once what was refused."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from plugins.publication.acts import Act
from ui.records import UNDO_S, FormQuestion, FormSheet, NoteForm, Sentences, note_draft, note_values
from ui.start import start
from xiuzhou_desktop.client.views import Draft, RecordView
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Args, Kind
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.plugin_api.context import PanelContext


class Acting(QObject):
    """One person's acts in one panel."""

    saved = Signal(object, object)  # Act, CommandId
    refused = Signal(object)  # Spoken

    def __init__(self, panel: QWidget, over: QWidget, context: PanelContext) -> None:
        super().__init__(panel)
        self._panel, self._context = panel, context
        self._sentences = Sentences(context.text)
        self._form = FormSheet(over, context.text)
        self._form.submitted.connect(self._filled)
        self._asked: tuple[RecordView, Act] | None = None
        self._noted: RecordView | None = None

    def press(self, view: RecordView, act: Act, args: Mapping[str, Json]) -> None:
        """A button or its key. `args`: what the panel knows without asking."""
        if self._form.come_back():  # somebody writes: nothing of it is thrown away
            return
        if not act.asks:
            start(self._submit(view, act, args), owner=self._panel)
            return
        row = KINDS[Kind.PUBLICATION].transition(act.transition)
        if row is not None:
            self._asked = (view, act)
            self._ask(view, row.form, self._context.text(act.text), args)

    def note(self, view: RecordView) -> None:
        """N: the one free text of the record."""
        if self._form.come_back():
            return
        self._asked, self._noted = None, view
        title = self._context.text("transition.publication.annotate")
        self._ask(view, NoteForm, title, note_values(view))

    def _ask(
        self, view: RecordView, form: type[Args], title: str, values: Mapping[str, Json]
    ) -> None:
        self._form.ask(
            FormQuestion(
                kind=Kind.PUBLICATION, form=form, title=title, of=view.record.title, values=values
            )
        )

    def _filled(self, args: dict[str, Json]) -> None:
        if self._asked is not None:
            view, act = self._asked
            start(self._submit(view, act, args), owner=self._panel)
        elif self._noted is not None:
            start(self._submit_note(self._noted, args), owner=self._panel)

    async def _submit(self, view: RecordView, act: Act, args: Mapping[str, Json]) -> None:
        record = view.record
        draft = Draft(
            kind=record.kind, record=record.id, transition=act.transition, args=args,
            hold_s=UNDO_S, seen=view.seen,
        )  # fmt: skip
        submitted = await self._context.engine.submit(draft)
        if submitted.refusal is not None:
            spoken = self._sentences.refusal(submitted.refusal)
            if self._form.isVisible():
                self._form.show_refusal(spoken.text)
                await self._look_again(view, act)
            else:
                self.refused.emit(spoken)
            return
        if self._form.isVisible():
            self._form.close_form()
        self.saved.emit(act, submitted.command)

    async def _look_again(self, view: RecordView, act: Act) -> None:
        """The refusal named the record's present state: who sends the form again has seen it."""
        now = await self._context.engine.get(view.record.kind, view.record.id)
        if now is not None and self._asked is not None and self._form.isVisible():
            self._asked = (now, act)

    async def _submit_note(self, view: RecordView, args: Mapping[str, Json]) -> None:
        submitted = await self._context.engine.submit(note_draft(view, args))
        if submitted.refusal is not None:
            self._form.show_refusal(self._sentences.refusal(submitted.refusal).text)
        else:
            self._form.close_form()

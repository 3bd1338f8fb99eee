"""From a key to a command on a case: ask what is missing, save, say at once what was refused.

act ──► form from the act's own type, filled in with what the file holds ──Ctrl+Enter──► submit
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from plugins.cases.prefill import known_values
from ui.records import Choice, FormQuestion, FormSheet, Sentences, Spoken
from ui.start import start
from ui.widgets import Answer, QuestionSheet
from xiuzhou_desktop.client.views import Draft, Offer, Order, RecordQuery, RecordView
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Args, Kind, NoArgs, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.officer import has_valid_certificate
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.plugin_api.context import PanelContext

NOT_ASKED = (  # what no person types
    "scope", "masked_id", "blob", "case", "flag", "camera", "camera_clock", "pixels_sha256",
    "awaited", "workstation",
)  # fmt: skip
OFFICER_FIELDS = frozenset({"first_officer", "second_officer", "officer", "chair"})
QUIET = frozenset({"annotate"})  # acts that are no business of the list
MOST_ACTS = 9
MOST_PARTIES = 200


class Made(NamedTuple):
    """A record that was made by hand."""

    kind: Kind
    record: RecordId


class Listed(NamedTuple):
    """The acts that stand numbered on the screen, and those that follow behind the last digit."""

    view: RecordView
    acts: tuple[str, ...]
    rest: tuple[Offer, ...]


class Asked(NamedTuple):
    """A form, and the draft that its answer makes."""

    kind: Kind
    act: str
    form: type[Args]
    draft: Callable[..., Draft]  # of `args`
    of: str = ""  # the record's title


class Acting(QObject):
    """One person's acts in one panel."""

    refused = Signal(object)  # Spoken
    saved = Signal()
    asking = Signal()  # a form is about to stand over the page: its own answer is the primary act
    asked = Signal()  # it is gone again
    made = Signal(object)  # Made

    def __init__(self, panel: QWidget, stage: QWidget, context: PanelContext) -> None:
        super().__init__(panel)
        self._panel, self._context = panel, context
        self._sentences = Sentences(context.text)
        self._question = QuestionSheet(stage)
        self._question.answered.connect(self._chosen)
        self._listed: Listed | None = None
        self._form = FormSheet(stage, context.text, context.engine.attach)
        self._form.submitted.connect(self._filled)
        self._form.dismissed.connect(self.asked)
        self._asked: Asked | None = None

    def press(self, view: RecordView, act: str) -> None:
        """An act on a record: at once, or by its form."""
        if not self._form.come_back():  # else somebody writes: nothing of it is thrown away
            start(self._begin(view, act), owner=self._panel)

    def make(self, kind: Kind, act: str, values: Mapping[str, Json] | None = None) -> None:
        """A new record by hand; `values` are known already."""
        row = KINDS[kind].transition(act)
        if row is not None and not self._form.come_back():
            draft = partial(Draft, kind=kind, record=None, transition=act)
            start(self._ask(Asked(kind, act, row.form, draft), values or {}), owner=self._panel)

    def list_acts(self, view: RecordView, offers: Sequence[Offer]) -> None:
        """Everything that may be done, numbered; what may not says why."""
        wanted = tuple(one for one in offers if one.transition not in QUIET)
        shown, rest = wanted, wanted[:0]
        if len(wanted) > MOST_ACTS:
            shown, rest = wanted[: MOST_ACTS - 1], wanted[MOST_ACTS - 1 :]
        if not shown:
            return
        self._listed = Listed(view, tuple(one.transition for one in shown), rest)
        answers = [self._answer(one) for one in shown]
        if rest:
            answers.append(Answer(title=self._context.text("cases.action.further")))
        self._question.ask(self._context.text("cases.action.more"), answers)

    def _answer(self, offer: Offer) -> Answer:
        name = self._sentences.transition(Kind.CASE, offer.transition)
        reason = self._sentences.refusal(offer.refusal).text if offer.refusal else None
        return Answer(title=name, note="", reason=reason)

    def _chosen(self, number: int) -> None:
        if self._listed is None:
            return
        view, acts, rest = self._listed
        if number < len(acts):
            self.press(view, acts[number])
        else:
            self.list_acts(view, rest)

    async def _begin(self, view: RecordView, act: str) -> None:
        row = KINDS[view.record.kind].transition(act)
        if row is None:
            return
        draft = partial(
            Draft, kind=view.record.kind, record=view.record.id, transition=act, seen=view.seen
        )
        if row.form is NoArgs:
            await self._submit(draft())
            return
        values = known_values(act, view.record, self._today(), self._context.engine.policy)
        asked = Asked(view.record.kind, act, row.form, draft, view.record.title)
        await self._ask(asked, values)

    async def _ask(self, asked: Asked, values: Mapping[str, Json]) -> None:
        question = FormQuestion(
            kind=asked.kind, form=asked.form, values=values, skip=NOT_ASKED,
            title=self._sentences.transition(asked.kind, asked.act), of=asked.of,
            choices=await self._choices(asked.form),
        )  # fmt: skip
        self._asked = asked
        self.asking.emit()
        self._form.ask(question)

    def _filled(self, args: dict[str, Json]) -> None:
        if self._asked is not None:
            start(self._submit(self._asked.draft(args=args)), owner=self._panel)

    async def _submit(self, draft: Draft) -> None:
        submitted = await self._context.engine.submit(draft)
        if submitted.refusal is not None:
            spoken = self._sentences.refusal(submitted.refusal)
            if self._form.isVisible():
                self._form.show_refusal(_with_article(spoken))
                await self._look_again(draft)
            else:
                self.refused.emit(spoken)
            return
        if self._form.isVisible():
            self._form.close_form()
            self.asked.emit()
        self.saved.emit()
        if draft.record is None:
            self.made.emit(Made(draft.kind, submitted.record))

    async def _look_again(self, refused: Draft) -> None:
        """The refusal named the record's present state: who sends the form again has seen it."""
        if refused.record is None:
            return
        now = await self._context.engine.get(refused.kind, refused.record)
        if now is not None and self._asked is not None and self._form.isVisible():
            self._asked = self._asked._replace(draft=partial(self._asked.draft, seen=now.seen))

    def _today(self) -> date:
        return self._context.clock.now().astimezone(LOCAL).date()

    # choices

    async def _choices(self, form: type[Args]) -> Mapping[str, Sequence[Choice]]:
        names = {field.name for field in msgspec.structs.fields(form)}
        policy = self._context.engine.policy
        found: dict[str, Sequence[Choice]] = {}
        if "category" in names:
            found["category"] = [
                Choice(code, self._sentences.category(code))
                for code, row in policy.categories.items()
                if row.violation
            ]
        if "area" in names:
            found["area"] = [Choice(code, self._sentences.area(code)) for code in policy.areas]
        officers = OFFICER_FIELDS & names
        if officers:
            people = await self._people()
            found |= dict.fromkeys(officers, people)
        if "party" in names:
            found["party"] = await self._parties()
        return found

    async def _people(self) -> Sequence[Choice]:
        query = RecordQuery(kinds=(Kind.OFFICER,), is_open=True, order=Order.PLACE, limit=200)
        page = await self._context.engine.query(query)
        return [self._officer(one.record) for one in page.views]

    def _officer(self, officer: Record) -> Choice:
        is_valid = has_valid_certificate(officer, self._context.clock.now())
        key = "cases.officer" if is_valid else "cases.officer.lapsed"
        return Choice(officer.id, self._context.text(key, name=officer.title))

    async def _parties(self) -> Sequence[Choice]:
        query = RecordQuery(
            kinds=(Kind.PARTY,), is_open=True, order=Order.NEWEST, limit=MOST_PARTIES
        )
        page = await self._context.engine.query(query)
        return [Choice(one.record.id, one.record.title) for one in page.views]


def _with_article(spoken: Spoken) -> str:
    article = f"({spoken.article})" if spoken.article else ""
    return " ".join(part for part in (spoken.text, article, spoken.remedy) if part)

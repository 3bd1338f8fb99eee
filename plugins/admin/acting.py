"""From a change to what it does: ask, say what it will affect, and only then save.

    ask(change) ─► form ─► first Ctrl+Enter: foreseen ─► the form says it ─► second: saved
                                  └ another answer in the form: foreseen again

What an account may read follows from its roles and is said at once; all else the server counts.
"""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from plugins.admin.change import Change, EndSession, Given, Plan
from plugins.admin.words import Words
from ui.records import FormQuestion, FormSheet
from ui.start import start
from xiuzhou_desktop.client.errors import ClientError, Rejected, Unavailable
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.contract.administration import (
    AccountAct,
    AccountLine,
    AccountList,
    AccountSay,
    Foreseen,
)
from xiuzhou_desktop.contract.sessions import EnrolmentSay
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.plugin_api.context import PanelContext


class Foretold(Struct, frozen=True, kw_only=True):
    """What a change will do, or why it cannot be."""

    text: str
    is_refused: bool = False


class Acting(QObject):
    """One administrator's changes."""

    saved = Signal(object, object)  # Change, CommandId
    done = Signal(object, object, object)  # Change, AccountSay, AccountList
    ended = Signal(object)  # Sessions
    enrolled = Signal(object, object, object)  # Change, EnrolmentSay, Enrolments

    def __init__(self, panel: QWidget, context: PanelContext, words: Words) -> None:
        super().__init__(panel)
        self._panel, self._context, self._words = panel, context, words
        self.form = FormSheet(panel, context.text)
        self.form.submitted.connect(self._filled)
        self.form.dismissed.connect(self._forget)
        self._change: Change | None = None
        self._told: Given | None = None  # the answers of which the form has said what they do
        self.accounts: tuple[AccountLine, ...] = ()

    def ask(self, change: Change, known: Mapping[str, Json] | None = None) -> FormSheet:
        """Show the form of a change; `known` is filled in beside its own values."""
        self._change, self._told = change, None
        title = self._context.text(change.text, **change.named)
        question = FormQuestion(
            kind=change.kind, form=change.form, title=title,
            values={**change.values, **(known or {})}, skip=change.skip, choices=change.choices,
            labels=change.labels,
        )  # fmt: skip
        self.form.ask(question)
        return self.form

    def _forget(self) -> None:
        self._change, self._told = None, None

    def _filled(self, args: dict[str, Json]) -> None:
        if self._change is None:
            return
        step = self._save if self._told == args else self._foresee
        start(step(self._change, args), owner=self._panel)

    # before

    async def _foresee(self, change: Change, args: Given) -> None:
        plan = change.plan(args)
        said = await self._foreseen(plan)
        if self._change is not change:
            return
        if said.is_refused:
            self.form.show_refusal(said.text)
            return
        self._told = args
        self.form.show_notice(said.text)

    async def _foreseen(self, plan: Plan) -> Foretold:
        if isinstance(plan, AccountSay):
            return Foretold(text=self._account_foreseen(plan))
        if isinstance(plan, EndSession):
            return Foretold(text=self._words.say("foresee.session"))
        if isinstance(plan, EnrolmentSay):
            return Foretold(text=self._words.say(f"foresee.workstation.{plan.act.value}"))
        try:
            found = await self._context.engine.foresee(plan)
        except Unavailable:
            return Foretold(text=self._words.say("foresee.offline"))
        except Rejected as error:
            return Foretold(text=self._words.refusal(error.told).text, is_refused=True)
        if found.refusal is not None:
            return Foretold(text=self._words.refusal(found.refusal).text, is_refused=True)
        return Foretold(text=self._counted(found))

    def _counted(self, found: Foreseen) -> str:
        """One line a count; nothing among so many is said as well."""
        lines = [
            self._words.say(
                f"effect.{one.effect.value}", count=one.count, kind=self._words.kind(one.kind)
            )
            for one in found.counts
        ]
        head = "foresee.some" if lines else "foresee.none"
        lines.insert(0, self._words.say(head, count=found.looked_at))
        return "\n".join((*lines, self._words.say("foresee.again")))

    def _account_foreseen(self, say: AccountSay) -> str:
        held = next((one.held for one in self.accounts if one.user == say.user), ())
        before = [(one.role, one.scope) for one in held]
        named = (say.role, say.scope) if say.role and say.scope else None
        after = [one for one in before if say.act is not AccountAct.REVOKE or one != named]
        if named and say.act in (AccountAct.GRANT, AccountAct.ADD):
            after.append(named)
        old, new = grants_for(before), grants_for(after)
        said = self._words.say(
            f"account.foresee.{say.act.value}", gained=len(new - old), lost=len(old - new)
        )
        return "\n".join((said, self._words.say("foresee.again")))

    # after

    async def _save(self, change: Change, args: Given) -> None:
        plan = change.plan(args)
        match plan:
            case AccountSay():
                await self._say(change, plan)
            case EnrolmentSay():
                await self._enrol(change, plan)
            case EndSession():
                await self._end(plan)
            case _:
                await self._submit(change, plan)

    async def _say(self, change: Change, said: AccountSay) -> None:
        try:
            answer: AccountList = await self._context.engine.accounts(said)
        except ClientError as error:
            self._show(self._failure(error))
            return
        self._close()
        self.done.emit(change, said, answer)

    async def _enrol(self, change: Change, said: EnrolmentSay) -> None:
        try:
            answer = await self._context.engine.enrolments(said)
        except ClientError as error:
            self._show(self._failure(error))
            return
        self._close()
        self.enrolled.emit(change, said, answer)

    async def _end(self, asked: EndSession) -> None:
        try:
            answer = await self._context.engine.sessions(asked.session)
        except ClientError as error:
            self._show(self._failure(error))
            return
        self._close()
        self.ended.emit(answer)

    def _failure(self, error: ClientError) -> str:
        is_told = isinstance(error, Rejected)
        return (
            self._words.refusal(error.told).text if is_told else self._words.say("account.offline")
        )

    async def _submit(self, change: Change, draft: Draft) -> None:
        submitted = await self._context.engine.submit(draft)
        if submitted.refusal is not None:
            self._show(self._words.refusal(submitted.refusal).text)
            return
        self._close()
        self.saved.emit(change, submitted.command)

    def _show(self, refusal: str) -> None:
        self._told = None
        self.form.show_refusal(refusal)

    def _close(self) -> None:
        self.form.close_form()
        self._forget()

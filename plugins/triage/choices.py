"""The numbered answers of a second question: an enum's members, minutes, flags, officers."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import get_args

import msgspec

from plugins.triage.verdicts import Verdict
from ui.records import Choice, Sentences
from xiuzhou_desktop.client.views import Order, RecordQuery, RecordView
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Args, Kind
from xiuzhou_desktop.domain.flag_rules import near_enough
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.officer import has_valid_certificate
from xiuzhou_desktop.plugin_api.context import PanelContext

MOST = 9  # answers that a digit can give


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """A value of the argument, how it reads, and what helps to choose."""

    value: Json
    text: str
    note: str = ""


class Choices:
    """Where the choices of an argument come from."""

    def __init__(self, context: PanelContext) -> None:
        self._context = context
        self._sentences = Sentences(context.text)

    async def of(self, view: RecordView, verdict: Verdict) -> tuple[Option, ...]:
        """The numbered answers for the argument that the verdict asks."""
        if verdict.ask == "parent":
            return await self.earlier(view)
        if verdict.ask == "minutes":
            return tuple(
                Option(value=count, text=self._context.text("time.minutes", count=count))
                for count in self._context.engine.policy.snooze_min
            )
        return self._members(verdict)

    async def earlier(self, view: RecordView) -> tuple[Option, ...]:
        """Flags that this one may repeat.

        Same subject, near, a short while ago (domain.md §2.3).
        """
        record = view.record
        if record.subject_key is None:
            return ()
        query = RecordQuery(
            kinds=(Kind.FLAG,), subject_key=record.subject_key, order=Order.NEWEST, limit=20
        )
        page = await self._context.engine.query(query)
        policy = self._context.engine.policy
        same = [
            one.record
            for one in page.views
            if one.record.id != record.id and near_enough(record, one.record, policy) is None
        ]
        return tuple(
            Option(
                value=one.id,
                text=one.number or one.title,
                note=self._context.text(
                    "triage.earlier",
                    time=self._sentences.hm(one.opened_at),
                    state=self._sentences.state(one.kind, one.state),
                ),
            )
            for one in same[:MOST]
        )

    async def for_form(self, form: type[Args]) -> Mapping[str, Sequence[Choice]]:
        """Lists for arguments of a form that name another record."""
        names = {field.name for field in msgspec.structs.fields(form)}
        if "second_officer" not in names:
            return {}
        page = await self._context.engine.query(RecordQuery(kinds=(Kind.OFFICER,), limit=200))
        now, mine = self._context.clock.now(), self._context.engine.signed.account.officer
        return {
            "second_officer": tuple(
                Choice(one.record.id, one.record.title)
                for one in page.views
                if one.record.id != mine and has_valid_certificate(one.record, now)
            )
        }

    def _members(self, verdict: Verdict) -> tuple[Option, ...]:
        enum = _enum_of(verdict)
        return tuple(
            Option(value=one.value, text=self._sentences.option(enum.__name__, one.value))
            for one in enum
        )[:MOST]


def _enum_of(verdict: Verdict) -> type[StrEnum]:
    """The enum of the argument that a verdict asks, from the transition's own form.

    Raises LookupError for a verdict of the table that asks something else: a defect.
    """
    for kind in (Kind.FLAG, Kind.TASK, Kind.ORDER):
        row = KINDS[kind].transition(verdict.transition)
        fields = msgspec.structs.fields(row.form) if row else ()
        found = next((_enum_in(one.type) for one in fields if one.name == verdict.ask), None)
        if found is not None:
            return found
    raise LookupError(f"{verdict.transition} has no choice called {verdict.ask}")


def _enum_in(hint: object) -> type[StrEnum] | None:
    """The enum of a hint such as `Cause | None`."""
    parts = (hint, *get_args(hint))
    return next((one for one in parts if isinstance(one, type) and issubclass(one, StrEnum)), None)

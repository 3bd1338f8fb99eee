"""The numbered answers of a second question: an enum's members, minutes, flags, officers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import get_args

import msgspec

from plugins.triage.rows import SHORT_TYPES
from plugins.triage.verdicts import Verdict, target_of
from ui.records import Choice, Sentences
from xiuzhou_desktop.client.views import Order, RecordQuery, RecordView
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Args, Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.flag_rules import near_enough
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.officer import OfficerBody, has_valid_certificate
from xiuzhou_desktop.domain.plate import PlateColour
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.plugin_api.context import PanelContext

MOST = 9  # answers that a digit can give
PRIORITIES = (1, 2, 3, 4)
IS_OF_VIOLATIONS: Mapping[Kind, bool] = {Kind.FLAG: True, Kind.ORDER: False}  # its categories
NOT_TO_JOIN = frozenset({FlagState.DUPLICATE, FlagState.FALSE_ALARM})


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
        self._parents: Mapping[Kind, Callable[[RecordView], Awaitable[tuple[Option, ...]]]] = {
            Kind.FLAG: self.earlier, Kind.ORDER: self._orders_like,
        }  # fmt: skip

    async def of(self, view: RecordView, verdict: Verdict) -> tuple[Option, ...]:
        """The numbered answers for the argument that the verdict asks."""
        if verdict.ask == "parent":
            return await self._parents[view.record.kind](view)
        if verdict.ask == "minutes":
            return tuple(
                Option(value=count, text=self._context.text("time.minutes", count=count))
                for count in self._context.engine.policy.snooze_min
            )
        return self._members(target_of(view, verdict)[0], verdict)

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
        same = [one.record for one in page.views if _is_same_matter(record, one.record, policy)]
        return tuple(self._option(one) for one in same[:MOST])

    async def _orders_like(self, view: RecordView) -> tuple[Option, ...]:
        """Open orders of the same category, those of the same street first."""
        record = view.record
        query = RecordQuery(
            kinds=(Kind.ORDER,), categories=(record.category or "",), is_open=True,
            order=Order.NEWEST, limit=50,
        )  # fmt: skip
        page = await self._context.engine.query(query)
        others = [one.record for one in page.views if one.record.id != record.id]
        others.sort(key=lambda one: one.area != record.area)
        return tuple(self._option(one) for one in others[:MOST])

    def _option(self, record: Record) -> Option:
        note = self._context.text(
            "triage.earlier",
            time=self._sentences.since(record.opened_at, self._context.clock.now()),
            state=self._sentences.state(record.kind, record.state),
        )
        return Option(value=record.id, text=record.number or record.title, note=note)

    async def for_form(self, kind: Kind, form: type[Args]) -> Mapping[str, Sequence[Choice]]:
        """Lists for the arguments of a form that are codes or name another record."""
        names = {field.name for field in msgspec.structs.fields(form)}
        lists: dict[str, Sequence[Choice]] = {}
        if "category" in names and kind in IS_OF_VIOLATIONS:
            lists["category"] = self._categories(kind)
        if "area" in names:
            lists["area"] = tuple(
                Choice(code, self._sentences.area(code))
                for code in self._context.engine.policy.areas
            )
        if "priority" in names:
            lists["priority"] = tuple(
                Choice(one, self._context.text(f"triage.priority.{one}")) for one in PRIORITIES
            )
        for name in ("plate_colour", "colour"):
            if name in names:
                lists[name] = tuple(
                    Choice(one.value, self._sentences.option("PlateColour", one.value))
                    for one in PlateColour
                )
        if names & {"second_officer", "unit"}:
            lists.update(await self._people(names))
        return lists

    def _categories(self, kind: Kind) -> tuple[Choice, ...]:
        """Numbered, the most frequent first: a number, the short or the whole name finds one."""
        known, takes_all = self._context.engine.policy.categories, not IS_OF_VIOLATIONS[kind]
        allowed = [code for code, one in known.items() if one.violation or takes_all]
        return tuple(
            Choice(code, self._category_line(number, code))
            for number, code in enumerate(allowed, start=1)
        )

    def _category_line(self, number: int, code: str) -> str:
        short_key, name = SHORT_TYPES.get(code), self._sentences.category(code)
        short = self._context.text(f"triage.type.{short_key}") if short_key else name
        if short in name:
            return self._context.text("triage.category.name", number=number, name=name)
        return self._context.text("triage.category.line", number=number, short=short, name=name)

    async def _people(self, names: set[str]) -> Mapping[str, Sequence[Choice]]:
        """Officers whose certificate is valid today, and the units that people belong to."""
        page = await self._context.engine.query(RecordQuery(kinds=(Kind.OFFICER,), limit=200))
        now, mine = self._context.clock.now(), self._context.engine.signed.account.officer
        officers = [one.record for one in page.views]
        found: dict[str, Sequence[Choice]] = {}
        if "second_officer" in names:
            found["second_officer"] = tuple(
                Choice(one.id, one.title)
                for one in officers
                if one.id != mine and has_valid_certificate(one, now)
            )
        units = {one.body.unit for one in officers if isinstance(one.body, OfficerBody)}
        if "unit" in names and (known := sorted(filter(None, units))):
            found["unit"] = tuple(Choice(unit, unit) for unit in known)
        return found

    def _members(self, kind: Kind, verdict: Verdict) -> tuple[Option, ...]:
        enum = _enum_of(kind, verdict)
        return tuple(
            Option(value=one.value, text=self._sentences.option(enum.__name__, one.value))
            for one in enum
        )[:MOST]


def _enum_of(kind: Kind, verdict: Verdict) -> type[StrEnum]:
    """The enum of the argument that a verdict asks, from the transition's own form.

    Raises LookupError for a verdict of the table that asks something else: a defect.
    """
    row = KINDS[kind].transition(verdict.transition)
    fields = msgspec.structs.fields(row.form) if row else ()
    found = next((_enum_in(one.type) for one in fields if one.name == verdict.ask), None)
    if found is None:
        raise LookupError(f"{verdict.transition} of {kind.value} has no choice {verdict.ask}")
    return found


def _enum_in(hint: object) -> type[StrEnum] | None:
    """The enum of a hint such as `Cause | None`."""
    parts = (hint, *get_args(hint))
    return next((one for one in parts if isinstance(one, type) and issubclass(one, StrEnum)), None)


def _is_same_matter(record: Record, other: Record, policy: Policy) -> bool:
    """What the rules ask of a duplicate, so that only what can be joined is offered."""
    return (
        other.id != record.id
        and other.state not in NOT_TO_JOIN
        and other.category == record.category
        and near_enough(record, other, policy) is None
    )

"""Whether settings that are each well formed go together: one validator for the form, the command
and the import of a file.
"""

from string import Formatter
from typing import TypeVar

import msgspec

from .canonical import Json
from .command import Refusal
from .envelope import Struct
from .policy import Policy
from .workcalendar import WorkCalendar

ReaderT = TypeVar("ReaderT", Policy, WorkCalendar)
BY_CATEGORY = ("correct_by_min", "case_master_of", "jurisdictions", "fast_track_items")
TEMPLATE_FACTS = ("subject", "category", "place", "time", "minutes", "number")
"""What a message may name; `documents.sms_text` fills them in."""


class Rules(Struct, frozen=True, kw_only=True):
    """All that the settings amount to."""

    policy: Policy
    calendar: WorkCalendar

    def value(self, name: str) -> object:
        """What holds for that name. Raises KeyError."""
        for reader in (self.policy, self.calendar):
            if name in reader.__struct_fields__:
                return getattr(reader, name)
        raise KeyError(name)

    def having(self, name: str, value: Json) -> "Rules":
        """These rules with one setting at another value. Raises msgspec.ValidationError."""
        return Rules(
            policy=_with(self.policy, name, value), calendar=_with(self.calendar, name, value)
        )

    def without(self, name: str) -> "Rules":
        """These rules with one setting at its default."""
        default = Rules(policy=Policy(), calendar=WorkCalendar()).value(name)
        return self.having(name, msgspec.to_builtins(default))


def contradiction(rules: Rules) -> Refusal | None:
    """The first thing in which these settings contradict each other or themselves, or None."""
    return (
        _day_of_two_kinds(rules.calendar)
        or _unknown_category(rules.policy)
        or _unsayable_template(rules.policy)
    )


def template_fault(words: str) -> str | None:
    """What no message could say of a template's words, or None."""
    try:
        named = [(field, spec, how) for _, field, spec, how in Formatter().parse(words)]
    except ValueError as error:
        return str(error)
    for field, spec, how in named:
        if field is not None and (field not in TEMPLATE_FACTS or spec or how):
            return "{" + field + "}"
    return None


def _with(reader: ReaderT, name: str, value: Json) -> ReaderT:
    """The reader with that field; itself where the field is another reader's."""
    if name not in reader.__struct_fields__ or name == "version":
        return reader
    read = msgspec.convert({name: value}, type(reader), strict=True)
    return msgspec.structs.replace(reader, **{name: getattr(read, name)})


def _day_of_two_kinds(calendar: WorkCalendar) -> Refusal | None:
    for day in sorted(calendar.holidays & calendar.workdays):
        return Refusal(slug="day-of-two-kinds", facts={"day": day.isoformat()})
    return None


def _unknown_category(policy: Policy) -> Refusal | None:
    shipped = Policy()  # its own codes may stand where the district has another table
    for name in BY_CATEGORY:
        for code in sorted(getattr(policy, name)):
            if code not in policy.categories and code not in getattr(shipped, name):
                return Refusal(slug="category-unknown", facts={"field": name, "code": code})
    return None


def _unsayable_template(policy: Policy) -> Refusal | None:
    for name, words in sorted(policy.sms_templates.items()):
        fault = template_fault(words)
        if fault is not None:
            return Refusal(slug="template-unsayable", facts={"template": name, "detail": fault})
    return None

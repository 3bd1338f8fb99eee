"""A setting: one named value of the district's policy, versioned and audited like any record.

    ACTIVE ─set─► ACTIVE        unset ─► RETIRED (the default holds again) ─set─► ACTIVE

Its name is a field of `Policy` or of `WorkCalendar`; a value of another type is refused, so that
reading them never fails, and so is one that contradicts another setting.
"""

from enum import StrEnum

import msgspec

from .areas import SHARED
from .canonical import Json
from .command import Refusal
from .envelope import Args, Kind, KindGroup, Record
from .policy import Policy
from .roles import ADMINISTRATORS
from .setting_body import SettingBody
from .setting_sound import Rules, contradiction
from .workcalendar import WorkCalendar
from .workflow import Changes, KindSpec, Situation, Transition
from .writing import args_of, body_of, target_of, with_body, with_columns


class SettingState(StrEnum):
    """Whether the value holds, or the default."""

    ACTIVE = "ACTIVE"
    RETIRED = "RETIRED"


class Define(Args, frozen=True, kw_only=True):
    """A name that had no setting yet."""

    name: str
    value: Json
    note: str = ""


class Assign(Args, frozen=True, kw_only=True):
    """Another value."""

    value: Json
    note: str = ""


S = SettingState
READERS: tuple[type[msgspec.Struct], ...] = (Policy, WorkCalendar)
NAMES: tuple[str, ...] = tuple(
    name for reader in READERS for name in reader.__struct_fields__ if name != "version"
)


def value_problem(name: str, value: Json) -> str | None:
    """What is wrong with that value of that setting, or None."""
    for reader in READERS:
        if name in reader.__struct_fields__ and name != "version":
            try:
                msgspec.convert({name: value}, reader, strict=True)
            except msgspec.ValidationError as error:
                return str(error)
            return None
    return "unknown name"


def _refusal(s: Situation[Args], name: str, value: Json) -> Refusal | None:
    detail = value_problem(name, value)
    if detail:
        return Refusal(slug="bad-setting", facts={"name": name, "detail": detail})
    return contradiction(_rules(s).having(name, value))


def _rules(s: Situation[Args]) -> Rules:
    return Rules(policy=s.policy, calendar=s.calendar)


def _may_define(s: Situation[Args]) -> Refusal | None:
    args = args_of(s, Define)
    return _refusal(s, args.name, args.value)


def _may_set(s: Situation[Args]) -> Refusal | None:
    name = body_of(target_of(s), SettingBody).name
    return _refusal(s, name, args_of(s, Assign).value)


def _may_unset(s: Situation[Args]) -> Refusal | None:
    return contradiction(_rules(s).without(body_of(target_of(s), SettingBody).name))


def _define(s: Situation[Args]) -> Changes:
    args = args_of(s, Define)
    record = Record(
        kind=Kind.SETTING, id=s.command.record, scope=SHARED, state=S.ACTIVE.value, opened_at=s.now,
        title=args.name, source="setting", external_id=args.name,
        body=SettingBody(name=args.name, value=args.value, note=args.note),
    )  # fmt: skip
    return Changes(target=record, reason=args.note or None)


def _set(s: Situation[Args]) -> Changes:
    args = args_of(s, Assign)
    record = with_columns(target_of(s), state=S.ACTIVE.value, closed_at=None)
    return Changes(
        target=with_body(record, value=args.value, note=args.note), reason=args.note or None
    )


def _unset(s: Situation[Args]) -> Changes:
    return Changes(target=with_columns(target_of(s), state=S.RETIRED.value, closed_at=s.now))


SPEC = KindSpec(
    kind=Kind.SETTING,
    group=KindGroup.BASE,
    body=SettingBody,
    states=SettingState,
    closed=frozenset({S.RETIRED}),
    transitions=(
        Transition(
            name="define", sources=frozenset(), targets=(S.ACTIVE,), roles=ADMINISTRATORS,
            form=Define, guard=_may_define, writes=_define,
        ),
        Transition(
            name="set", sources=frozenset(S), targets=(S.ACTIVE,), roles=ADMINISTRATORS,
            form=Assign, guard=_may_set, writes=_set,
        ),
        Transition(
            name="unset", sources=frozenset({S.ACTIVE}), targets=(S.RETIRED,),
            roles=ADMINISTRATORS, guard=_may_unset, writes=_unset,
        ),
    ),
)  # fmt: skip

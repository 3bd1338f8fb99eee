"""What a change will affect, counted before it is saved by the code that will then act on it.

    the change as an Outcome ─► foresee ─► how many records move, and how

A limit that a record was given when it was made stays as it is; what is counted are timers and
phases, which follow the settings, and records that the changed row speaks of.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from .camera_body import CameraBody
from .canonical import Json, to_json
from .case_body import CaseBody
from .command import Outcome
from .envelope import Kind, Record, Struct
from .exemption import ExemptionState, covers
from .flag_body import FlagBody
from .keeping import kept_of
from .kinds import KINDS
from .officer import OfficerBody
from .setting import SettingState
from .setting_body import SettingBody
from .setting_sound import Rules
from .writing import body_of


class Effect(StrEnum):
    """What happens to a record that is counted."""

    BEGINS = "begins"  # the system will act where it would not have
    EARLIER = "earlier"  # something that the system does by itself will happen earlier
    LATER = "later"
    AT_ONCE = "at_once"  # and its time has come with the change
    LOOKS = "looks"  # it is shown in another phase: due soon, repeated
    NAMED = "named"  # its category or area is a row that changes; the limit it has stays
    INSIDE = "inside"  # it lies in the exempted zone and hours
    WATCHED = "watched"  # the camera took it
    INVESTIGATED = "investigated"  # the officer is one of its investigators


class Count(Struct, frozen=True, kw_only=True):
    """So many records of a kind."""

    effect: Effect
    kind: Kind
    count: int


class Scene(Struct, frozen=True, kw_only=True):
    """Where the change falls: the records to look at, once each, the rules before it, the time."""

    records: Iterable[Record]
    rules: Rules
    now: datetime


Found = Iterable[tuple[Effect, Kind]]


def foresee(outcome: Outcome, before: Record | None, scene: Scene) -> tuple[Count, ...]:
    """What the outcome of a command will affect; `before` is its target as it stands."""
    after = outcome.written[0]
    look = _LOOKS.get(after.kind)
    if look is None:
        return ()
    found = Counter(look(before, after, scene))
    return tuple(
        Count(effect=effect, kind=kind, count=found[effect, kind])
        for effect in Effect
        for kind in Kind
        if found[effect, kind]
    )


def is_foreseen(kind: Kind) -> bool:
    """Whether other records depend on those of this kind."""
    return kind in _LOOKS


def ended_too(outcome: Outcome) -> Kind | None:
    """The kind of which ended records are looked at, too: the time of their files moves."""
    body = outcome.written[0].body
    return kept_of(body.name) if isinstance(body, SettingBody) else None


def rules_after(setting: Record, rules: Rules) -> Rules:
    """The rules once this setting holds."""
    body = body_of(setting, SettingBody)
    if setting.state == SettingState.RETIRED:
        return rules.without(body.name)
    return rules.having(body.name, body.value)


def _setting(_before: Record | None, after: Record, scene: Scene) -> Found:
    name = body_of(after, SettingBody).name
    then = rules_after(after, scene.rules)
    changed = _changed_keys(to_json(scene.rules.value(name)), to_json(then.value(name)))
    for one in scene.records:
        yield from ((effect, one.kind) for effect in _moves(one, then, scene))
        if {one.category, one.area} & changed:
            yield Effect.NAMED, one.kind


def _changed_keys(before: Json, after: Json) -> set[str | None]:
    """Keys of a table whose row is another one; nothing for what is no table."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return set()
    return {key for key in {*before, *after} if before.get(key) != after.get(key)}


def _moves(one: Record, then: Rules, scene: Scene) -> Iterable[Effect]:
    """How the timers and phases of a record differ under other rules."""
    old, new = _next_due(one, scene.rules, scene.now), _next_due(one, then, scene.now)
    if new is not None and (old is None or new < old):
        soon = Effect.AT_ONCE if new <= scene.now else Effect.EARLIER
        yield Effect.BEGINS if old is None and new > scene.now else soon
    elif old is not None and new != old:
        yield Effect.LATER
    phases = KINDS[one.kind].phases
    was = [phase.holds(one, scene.now, scene.rules.policy) for phase in phases]
    if was != [phase.holds(one, scene.now, then.policy) for phase in phases]:
        yield Effect.LOOKS


def _next_due(one: Record, rules: Rules, now: datetime) -> datetime | None:
    """When the system next acts by itself; what was due before now has been done."""
    due = (timer.due(one, rules.policy, rules.calendar) for timer in KINDS[one.kind].timers)
    return min((at for at in due if at is not None and at > one.opened_at), default=None)


def _exemption(before: Record | None, after: Record, scene: Scene) -> Found:
    for one in scene.records:
        if isinstance(one.body, FlagBody) and _is_inside(one, before) != _is_inside(one, after):
            yield Effect.INSIDE, one.kind


def _is_inside(flag: Record, exemption: Record | None) -> bool:
    if exemption is None or exemption.state != ExemptionState.GRANTED:
        return False
    at = body_of(flag, FlagBody).captured_at
    return covers(exemption, at, flag.category, (flag.subject_key, flag.place))


def _camera(_before: Record | None, after: Record, scene: Scene) -> Found:
    body_of(after, CameraBody)
    for one in scene.records:
        if isinstance(one.body, FlagBody) and one.body.camera == after.id:
            yield Effect.WATCHED, one.kind


def _officer(_before: Record | None, after: Record, scene: Scene) -> Found:
    body_of(after, OfficerBody)
    for one in scene.records:
        if isinstance(one.body, CaseBody) and after.id in one.body.officers:
            yield Effect.INVESTIGATED, one.kind


Look = Callable[[Record | None, Record, Scene], Found]
_LOOKS: Mapping[Kind, Look] = {
    Kind.SETTING: _setting, Kind.EXEMPTION: _exemption, Kind.CAMERA: _camera,
    Kind.OFFICER: _officer,
}  # fmt: skip

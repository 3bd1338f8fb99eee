"""The district at the opening of the shift: every record, from a seed and a date alone.

    deeds and courses, by time ─► ledger ─► records + effects that are owed
    the closed period's orders and flags ─────┘

The courses run twice: once to learn which pictures they need, then, when these are rendered, with
their names.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from xiuzhou_desktop.backend.demo import equipment, fleet
from xiuzhou_desktop.backend.demo.case_course import case_deeds, papers
from xiuzhou_desktop.backend.demo.flag_course import Gallery
from xiuzhou_desktop.backend.demo.flags_of_the_morning import Morning
from xiuzhou_desktop.backend.demo.ledger import Deed, Ledger, OwedEffect
from xiuzhou_desktop.backend.demo.orders_of_the_morning import order_courses
from xiuzhou_desktop.backend.demo.past_cases import past_cases
from xiuzhou_desktop.backend.demo.past_flags import past_flags
from xiuzhou_desktop.backend.demo.past_orders import past_orders
from xiuzhou_desktop.backend.demo.people import enrolments
from xiuzhou_desktop.backend.demo.pictures import Shot
from xiuzhou_desktop.backend.demo.platforms import custodies
from xiuzhou_desktop.backend.demo.publications import publish, recent_cases
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.things import Health
from xiuzhou_desktop.backend.publication.portal import Shown
from xiuzhou_desktop.backend.store.effects import EffectState
from xiuzhou_desktop.documents import Sheet
from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.command import EffectKind
from xiuzhou_desktop.domain.envelope import Kind, Record, Struct
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.notice_body import NoticeState
from xiuzhou_desktop.domain.phases import phases
from xiuzhou_desktop.domain.policy import policy_from
from xiuzhou_desktop.domain.workcalendar import WorkCalendar, calendar_from

PLACEHOLDER = "sha256:" + "0" * 64  # a name while pictures are only being counted


class Course(Protocol):
    """One record's way through the time before the shift."""

    @property
    def begins(self) -> datetime:
        """When its first deed is done."""
        ...

    def next_deed(self, ledger: Ledger, after: datetime) -> Deed | None:
        """What is done next."""
        ...


class OpenEffect(Struct, frozen=True, kw_only=True):
    """An effect that is still under way when the shift opens."""

    owed: OwedEffect
    state: EffectState


class Opened(Struct, frozen=True, kw_only=True):
    """What was done by and for those who work today: flags, orders, and what they led to."""

    records: tuple[Record, ...]
    effects: tuple[OpenEffect, ...]
    shown: tuple[Shown, ...]  # by the portal


class Wanted:
    """A gallery that only notes what is asked of it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.shots: dict[Shot, None] = {}

    def name_of(self, shot: Shot) -> str | None:
        """A placeholder, or None where the camera is off."""
        if self._world.health(shot.camera, shot.at) is Health.OFFLINE:
            return None
        self.shots[shot] = None
        return PLACEHOLDER

    def paper(self, key: str) -> str:
        """A placeholder: papers are written without being asked."""
        del key
        return PLACEHOLDER


class Hung:
    """A gallery of pictures that are there."""

    def __init__(self, names: Mapping[Shot, str], papers: Mapping[str, str]) -> None:
        self._names = names
        self._papers = papers

    def name_of(self, shot: Shot) -> str | None:
        """The blob's name."""
        return self._names.get(shot)

    def paper(self, key: str) -> str:
        """The blob's name."""
        return self._papers[key]


class Seed:
    """One district's records: `shots` and `standing` first, then `opened`."""

    def __init__(self, world: World) -> None:
        self._world = world
        base = Ledger(policy_from(()), WorkCalendar())
        _enact(base, equipment.settings(world.opening))
        self._settings = tuple(base.records.values())
        self._policy = policy_from(self._settings)
        self._calendar = calendar_from(self._settings)
        self._past_flags = past_flags(world, self._policy)
        self._past_cases = tuple(past_cases(world, self._policy, self._calendar))
        self._recent_cases = tuple(recent_cases(world, self._policy, self._calendar))
        self._morning = Morning(world, self._policy)

    def shots(self) -> tuple[Shot, ...]:
        """The pictures that the records will name."""
        due = _looks_due(self._played(Wanted(self._world)), self._world.opening)
        self._morning.judge_later(due)
        wanted = Wanted(self._world)
        self._played(wanted)
        return tuple(wanted.shots)

    def standing(self) -> Iterator[Record]:
        """What needs no picture: settings, officers, cameras, exemptions, the closed period."""
        stood = Ledger(self._policy, self._calendar)
        self._equip(stood)
        yield from sorted(stood.records.values(), key=_in_order)
        yield from past_orders(self._world, self._calendar)
        yield from self._past_flags
        yield from self._past_cases
        yield from self._recent_cases

    def papers(self) -> Mapping[str, Sheet]:
        """The written evidence that the cases will name."""
        return papers(self._world)

    def opened(self, names: Mapping[Shot, str], papers: Mapping[str, str]) -> Opened:
        """All else, with the names of the pictures and papers that it shows."""
        ledger = self._played(Hung(names, papers))
        shown = publish(ledger, self._past_cases, self._recent_cases, self._world.opening)
        stands = (*self._past_flags, *self._past_cases, *self._recent_cases)
        past = {one.id for one in stands}
        mine = [one for one in ledger.records.values() if one.id not in past]
        today = [one for one in mine if one.kind not in _RANK]
        return Opened(
            records=tuple(sorted(today, key=_in_order)),
            effects=tuple(_open_effects(ledger)),
            shown=shown,
        )

    def _played(self, gallery: Gallery) -> Ledger:
        world, ledger = self._world, Ledger(self._policy, self._calendar)
        self._equip(ledger)
        ledger.take((*self._past_flags, *self._past_cases))
        _enact(ledger, case_deeds(world, gallery, self._policy))
        courses: tuple[Course, ...] = (
            *self._morning.courses(gallery),
            *order_courses(world, gallery),
        )
        play(ledger, courses, world.opening)
        return ledger

    def _equip(self, ledger: Ledger) -> None:
        ledger.take(self._settings)
        _enact(ledger, enrolments(self._world.opening))
        _enact(ledger, equipment.cameras(self._world))
        _enact(ledger, equipment.exemptions(self._world))
        _enact(ledger, fleet.deeds(self._world))
        _enact(ledger, custodies(self._world.opening))


def play(ledger: Ledger, courses: Iterable[Course], until: datetime) -> None:
    """Let the courses go on side by side, in the order of time, up to that moment."""
    waiting = [(one.begins, number, one.begins, one) for number, one in enumerate(courses)]
    heapq.heapify(waiting)
    while waiting:
        at, number, after, course = heapq.heappop(waiting)
        if at > until:
            break
        ledger.pass_time(at)
        deed = course.next_deed(ledger, after)
        if deed is None:
            continue
        if deed.at <= at:
            ledger.enact(deed)
            after = deed.at
            deed = course.next_deed(ledger, after)
        if deed is not None:
            heapq.heappush(waiting, (deed.at, number, after, course))
    ledger.pass_time(until)


_RANK = {Kind.SETTING: 0, Kind.OFFICER: 1, Kind.CAMERA: 2, Kind.EXEMPTION: 3,
         Kind.VEHICLE: 4, Kind.PERMIT: 5, Kind.CUSTODY: 6}  # fmt: skip


def _in_order(one: Record) -> tuple[int, datetime, str]:
    return _RANK.get(one.kind, len(_RANK)), one.opened_at, one.id


def _enact(ledger: Ledger, deeds: Iterable[Deed]) -> None:
    for deed in sorted(deeds, key=lambda one: one.at):
        ledger.enact(deed)


def _looks_due(ledger: Ledger, now: datetime) -> list[RecordId]:
    return [
        one.id
        for one in ledger.records.values()
        if one.kind is Kind.FLAG and "second_look_due" in phases(one, now, ledger.policy)
    ]


def is_unanswered(records: Mapping[RecordId, Record], owed: OwedEffect) -> bool:
    """Whether the province has not answered that package: what it answered was handed over."""
    case = records.get(RecordId(str(owed.effects[0].args["case"])))
    body = case.body if case is not None else None
    return isinstance(body, CaseBody) and (
        body.submission is not None or body.provincial_no is None
    )  # fmt: skip


def _open_effects(ledger: Ledger) -> Iterator[OpenEffect]:
    """Messages that wait or have no receipt yet, and packages of cases to hand over."""
    for owed in ledger.owed:
        if any(one.kind is EffectKind.CASE_PACKAGE for one in owed.effects):
            if is_unanswered(ledger.records, owed):
                yield OpenEffect(owed=owed, state=EffectState.QUEUED)
            continue
        flag = ledger.records[owed.record]
        body = flag.body
        if flag.state != FlagState.CONFIRMED or not isinstance(body, FlagBody) or not body.notice:
            continue
        is_sent = ledger.records[body.notice].state == NoticeState.SENT
        yield OpenEffect(owed=owed, state=EffectState.SENT if is_sent else EffectState.QUEUED)

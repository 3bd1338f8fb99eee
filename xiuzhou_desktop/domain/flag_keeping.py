"""The pictures of a flag: with the files of the last of its cases, or in its own time where it has
none.

    closed, no case ── flag_files_days ──► dispose 依期销毁, by timer
    a case          ── case_keeping.py: its term, its lock, its remedies
"""

from datetime import datetime

import msgspec

from . import evidence
from .case_body import CaseBody
from .command import Refusal
from .envelope import Args, Kind, Record
from .flag_body import FlagBody
from .keeping import due_after_end, kept
from .policy import Policy
from .task import TaskBody
from .workcalendar import WorkCalendar
from .workflow import Actor, Changes, Fact, FactKey, Situation
from .writing import body_of, target_of, with_body


def _own(target: Record | None, _args: Args, _actor: Actor) -> str | None:
    return target.id if target else None


FILES = {
    "evidence": Fact(kind=Kind.EVIDENCE, by=FactKey.PARENT, key=_own, closed=True),
    "tasks": Fact(kind=Kind.TASK, by=FactKey.PARENT, key=_own, closed=True),
}
CASES = {"cases": Fact(kind=Kind.CASE, by=FactKey.PARENT, key=_own, closed=True)}


def dispose_at(record: Record, policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    """When its time is over; None while it is open or a case of it has the say."""
    if body_of(record, FlagBody).case is not None:
        return None
    return due_after_end(record, policy)


def may_dispose(s: Situation[Args]) -> Refusal | None:
    """Not a day too early, and nothing that a case still needs."""
    cases = s.facts.get("cases", ())
    is_needed = any(body_of(one, CaseBody).disposed_at is None for one in cases)
    due = None if is_needed else dispose_at(target_of(s), s.policy, s.calendar)
    return kept(due, s.now)


def dispose(s: Situation[Args]) -> Changes:
    """依期销毁."""
    pieces, tasks = s.facts.get("evidence", ()), s.facts.get("tasks", ())
    left = [one for one in pieces if one.state != evidence.EvidenceState.DISPOSED]
    disposed = (
        *(evidence.disposed(one, s.now, s.actor.name) for one in left),
        *without_photos(tasks, s.now),
    )
    return Changes(target=without_pictures(target_of(s), s.now), others=disposed)


def without_pictures(flag: Record, now: datetime) -> Record:
    """The flag that names no picture any more."""
    looks = body_of(flag, FlagBody).past_looks
    looks = tuple(msgspec.structs.replace(one, frame=None) for one in looks)
    return with_body(
        flag, still=None, frames=(), second_frame=None, past_looks=looks, disposed_at=now
    )


def without_photos(tasks: tuple[Record, ...], now: datetime) -> tuple[Record, ...]:
    """Patrols' tasks whose photos went; those that have none are not touched."""
    return tuple(
        with_body(one, photos=(), disposed_at=now) for one in tasks if body_of(one, TaskBody).photos
    )

"""How long the files of a case are kept after its end, and what keeps them longer.

    ended ── case_files_days ──► dispose 依期销毁, by timer: each piece of its evidence is DISPOSED
      │                          with hash and custody; its flag names no picture any more
      ├── lock 锁定 (a reviewer, with a reason) ──► never, until unlock 解除锁定
      ├── a remedy runs ──► never; ended, the term begins once nobody may sue any more
      └── the decision fell in it ──► never, until it is revoked or decided anew, and has ended

No record names the files then, and the backend's sweep throws them away; one that another record
names stays as long as that one does. What lies under the flag goes with the last of its cases, and
stays with a flag that is judged once more.
"""

from datetime import datetime

from . import case_law as law
from . import evidence
from .case_body import CaseBody, CaseState, Lock, Remedy, RemedyOutcome
from .case_dates import end_of
from .case_forms import GiveReason
from .case_steps import case_of, flag_id
from .command import Refusal
from .envelope import Args, Kind, Record
from .flag_body import FlagBody
from .flag_keeping import without_photos, without_pictures
from .keeping import due_after_end, kept, kept_until
from .policy import Policy
from .workcalendar import WorkCalendar
from .workflow import Actor, Changes, Fact, FactKey, Situation
from .writing import args_of, body_of, fact_of, target_of, with_body


def _case(target: Record | None, _args: Args, _actor: Actor) -> str | None:
    return target.id if target else None


FELL = frozenset({RemedyOutcome.ANNULLED, RemedyOutcome.CHANGED})
FILES = {
    "evidence": Fact(kind=Kind.EVIDENCE, by=FactKey.PARENT, key=_case, closed=True),
    "flag": Fact(kind=Kind.FLAG, by=FactKey.ID, key=flag_id, closed=True),
    "flag_evidence": Fact(kind=Kind.EVIDENCE, by=FactKey.PARENT, key=flag_id, closed=True),
    "flag_tasks": Fact(kind=Kind.TASK, by=FactKey.PARENT, key=flag_id, closed=True),
}
OF_FLAG = {"cases": Fact(kind=Kind.CASE, by=FactKey.PARENT, key=flag_id, closed=True)}


def dispose_at(record: Record, policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    """When the files' time is over; None as long as something keeps them."""
    body, ended = body_of(record, CaseBody), record.closed_at
    if ended is None or body.disposed_at is not None or body.lock is not None:
        return None
    if body.remedy is not None:
        final = _final_at(body.remedy)
        if final is None or (record.state == CaseState.CLOSED and _fell(body, body.remedy)):
            return None
        ended = max(ended, final)
    return kept_until(Kind.CASE, ended, policy)


def _final_at(remedy: Remedy) -> datetime | None:
    """When nobody may sue or appeal after it any more; None as long as it runs."""
    if remedy.outcome is None or remedy.ended_on is None:
        return None
    return end_of(remedy.ended_on + law.TO_SUE)


def _fell(body: CaseBody, remedy: Remedy) -> bool:
    """Whether the decision that stands in the case is the one that fell in the remedy."""
    decided, ended = body.decided_on, remedy.ended_on
    is_another = decided is not None and ended is not None and decided > ended
    return remedy.outcome in FELL and not is_another


def may_lock(s: Situation[Args]) -> Refusal | None:
    """Once, and as long as there is something to keep."""
    body = case_of(s)
    if body.disposed_at is not None:
        return Refusal(slug="files-disposed")
    return Refusal(slug="files-locked", facts={"who": body.lock.by}) if body.lock else None


def lock(s: Situation[Args]) -> Changes:
    """锁定: say for an audit, a complaint, a case at law that is to come."""
    reason = args_of(s, GiveReason).reason
    locked = Lock(by=s.actor.name, at=s.now, reason=reason)
    return Changes(target=with_body(target_of(s), lock=locked), reason=reason)


def may_unlock(s: Situation[Args]) -> Refusal | None:
    """What is locked."""
    return None if case_of(s).lock else Refusal(slug="files-not-locked")


def unlock(s: Situation[Args]) -> Changes:
    """解除锁定: the time that has passed counts."""
    return Changes(target=with_body(target_of(s), lock=None), reason=args_of(s, GiveReason).reason)


def may_dispose(s: Situation[Args]) -> Refusal | None:
    """Not a day too early, and not what somebody locked meanwhile."""
    return kept(dispose_at(target_of(s), s.policy, s.calendar), s.now)


def dispose(s: Situation[Args]) -> Changes:
    """依期销毁."""
    flag, pieces = fact_of(s, "flag"), s.facts.get("evidence", ())
    is_last = _is_last(s, flag)
    if is_last:
        pieces = (*pieces, *s.facts.get("flag_evidence", ()))
    left = [one for one in pieces if one.state != evidence.EvidenceState.DISPOSED]
    disposed = [evidence.disposed(one, s.now, s.actor.name) for one in left]
    if flag is not None and is_last:
        disposed.append(without_pictures(flag, s.now))
        disposed += without_photos(s.facts.get("flag_tasks", ()), s.now)
    return Changes(target=with_body(target_of(s), disposed_at=s.now), others=tuple(disposed))


def _is_last(s: Situation[Args], flag: Record | None) -> bool:
    """Whether nothing but this case keeps what lies under the flag: no other case of it that still
    has its files, and no officer who judges it once more.
    """
    others = [one for one in s.facts.get("cases", ()) if one.id != target_of(s).id]
    if any(body_of(one, CaseBody).disposed_at is None for one in others):
        return False
    if flag is None:
        return True
    case = body_of(flag, FlagBody).case
    if case is None:
        due = due_after_end(flag, s.policy)  # else its own timer takes it
        return due is not None and due <= s.now
    return case in {target_of(s).id, *(one.id for one in others)}

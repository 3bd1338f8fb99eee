"""Time limits of a case, each with its article and its unit (domain.md §3).

"二/三/五/七日" are working days (APL 85), 15 and 90 days are calendar days; both end with the last
minute of their last local day.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from . import case_law as law
from .case_body import CaseBody, CaseState, Procedure
from .envelope import Record, Struct
from .policy import Policy
from .workcalendar import LOCAL, WorkCalendar
from .writing import body_of

S = CaseState
UNDECIDED = frozenset(
    {
        S.FILED, S.INVESTIGATING, S.INVESTIGATION_DONE, S.LEGAL_REVIEW, S.NOTICE_SENT,
        S.STATEMENT_WINDOW, S.HEARING, S.COLLECTIVE,
    }
)  # fmt: skip


class DayUnit(StrEnum):
    """工作日 or 自然日."""

    WORKING = "working"
    CALENDAR = "calendar"


class CaseDeadline(Struct, frozen=True, kw_only=True):
    """One running limit. `binds_us` is False where it is the party's time, which we wait for."""

    name: str
    article: str
    at: datetime
    unit: DayUnit
    days: int
    binds_us: bool = True
    is_estimated: bool = False


class _Limit(Struct, frozen=True, kw_only=True):
    name: str
    article: str
    states: frozenset[CaseState]
    start: Callable[[Record, CaseBody], date | None]
    days: Callable[[Policy], int]
    unit: DayUnit
    binds_us: bool = True


def _lead(record: Record, body: CaseBody) -> date | None:
    return body.occurred_on or local_day(record.opened_at)


def _filed(_record: Record, body: CaseBody) -> date | None:
    return local_day(body.filed_at) if body.filed_at else None


def _fast(record: Record, body: CaseBody) -> date | None:
    return _filed(record, body) if body.procedure is Procedure.FAST_TRACK else None


def _received(_record: Record, body: CaseBody) -> date | None:
    return body.received_on if body.waived_on is None else None


def _told(_record: Record, body: CaseBody) -> date | None:
    return body.received_on if body.hearing_told else None


def _decided(_record: Record, body: CaseBody) -> date | None:
    return body.decided_on


def _owed(_record: Record, body: CaseBody) -> date | None:
    owes = body.penalty is not None and body.penalty.fine_fen > body.paid_fen
    return body.service.served_on if body.service and owes else None


LIMITS = (
    _Limit(
        name="filing", article=law.FILING, states=frozenset({S.LEAD}), start=_lead,
        days=lambda policy: policy.case_filing_days, unit=DayUnit.CALENDAR,
    ),
    _Limit(
        name="fast_track", article=law.FAST_TRACK, states=UNDECIDED, start=_fast,
        days=lambda policy: policy.fast_track_workdays, unit=DayUnit.WORKING,
    ),
    _Limit(
        name="statement", article=law.STATEMENT, states=frozenset({S.STATEMENT_WINDOW}),
        start=_received, days=lambda policy: policy.statement_workdays, unit=DayUnit.WORKING,
        binds_us=False,
    ),
    _Limit(
        name="hearing_request", article=law.HEARING_TIMES,
        states=frozenset({S.STATEMENT_WINDOW}), start=_told,
        days=lambda policy: policy.hearing_request_workdays, unit=DayUnit.WORKING, binds_us=False,
    ),
    _Limit(
        name="decision", article=law.DECISION_LIMIT, states=UNDECIDED, start=_filed,
        days=lambda policy: policy.case_days, unit=DayUnit.CALENDAR,
    ),
    _Limit(
        name="service", article=law.SERVICE, states=frozenset({S.DECIDED, S.CORRECTED}),
        start=_decided, days=lambda policy: policy.service_workdays, unit=DayUnit.WORKING,
    ),
    _Limit(
        name="payment", article=law.PAYMENT, states=frozenset({S.SERVED}), start=_owed,
        days=lambda policy: policy.payment_days, unit=DayUnit.CALENDAR,
    ),
)  # fmt: skip


def deadlines(record: Record, policy: Policy, calendar: WorkCalendar) -> tuple[CaseDeadline, ...]:
    """The limits that run in the case's state, the nearest first."""
    body = body_of(record, CaseBody)
    found = []
    for limit in LIMITS:
        start = limit.start(record, body) if record.state in limit.states else None
        if start is not None:
            found.append(_running(limit, start, limit.days(policy), calendar))
    return tuple(sorted(found, key=lambda one: one.at))


def due_of(record: Record, policy: Policy, calendar: WorkCalendar) -> datetime | None:
    """The nearest limit that binds us: the case's `due_at`."""
    ours = (one.at for one in deadlines(record, policy, calendar) if one.binds_us)
    return next(ours, None)


def local_day(at: datetime) -> date:
    """The day of the local calendar."""
    return at.astimezone(LOCAL).date()


def end_of(day: date) -> datetime:
    """The last minute of a local day."""
    return datetime.combine(day, time(23, 59), LOCAL).astimezone(UTC)


def _running(limit: _Limit, start: date, days: int, calendar: WorkCalendar) -> CaseDeadline:
    if limit.unit is DayUnit.WORKING:
        last = calendar.add_workdays(start, days)
    else:
        last = start + timedelta(days=days)
    guessed = limit.unit is DayUnit.WORKING and calendar.is_estimated(last)
    return CaseDeadline(
        name=limit.name, article=limit.article, at=end_of(last), unit=limit.unit, days=days,
        binds_us=limit.binds_us, is_estimated=guessed,
    )  # fmt: skip

"""A penalty case 案件 (domain.md §3): the table of its acts.

LEAD ─file─► FILED ─investigate─► INVESTIGATING ─finish─► INVESTIGATION_DONE ─send_notice─►
    NOTICE_SENT ─notice_received─► STATEMENT_WINDOW ─[request_hearing ► HEARING]─[discuss ►
    COLLECTIVE]─decide─► DECIDED ─serve─► SERVED ─record_payment─► PAID ─close─► CLOSED
                                                  └─urge, enforce─► ENFORCED ─close─►
submit_review ► LEGAL_REVIEW ─pass_review─► back · return_review ─► back, with the reason
after the decision: CORRECTED 补正 ─serve─► · REVOKED 撤销 ─decide_anew─► INVESTIGATION_DONE
exits: NO_PENALTY · NOT_ESTABLISHED · TRANSFERRED_OUT · CRIMINAL_TRANSFER · WITHDRAWN · TERMINATED
on the spot (简易程序): ─record_on_the_spot─► SERVED
after the end: its files are destroyed in due time, unless somebody locks them (case_keeping.py)
"""

from datetime import datetime, timedelta

from .case_beside import ENDED
from .case_body import CaseBody, CaseState
from .case_forms import AlarmCase
from .case_keeping import dispose_at
from .case_table import TRANSITIONS
from .envelope import Kind, KindGroup, Record
from .keeping import RESTS
from .policy import Policy
from .workcalendar import WorkCalendar
from .workflow import KindSpec, Phase, Timer
from .writing import body_of, is_news


def _late(record: Record, _policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    is_new = is_news(record.due_at, body_of(record, CaseBody).alarmed_at)
    return record.due_at if record.is_open and is_new else None


def _overdue(record: Record, now: datetime, _policy: Policy) -> bool:
    return record.is_open and record.due_at is not None and record.due_at <= now


def _due_soon(record: Record, now: datetime, policy: Policy) -> bool:
    if not record.is_open or record.due_at is None:
        return False
    return now < record.due_at <= now + timedelta(days=policy.case_due_soon_days)


def _returned(record: Record, _now: datetime, _policy: Policy) -> bool:
    return record.is_open and body_of(record, CaseBody).return_reason is not None


def _with_province(record: Record, _now: datetime, _policy: Policy) -> bool:
    return body_of(record, CaseBody).submission is not None


def _in_remedy(record: Record, _now: datetime, _policy: Policy) -> bool:
    remedy = body_of(record, CaseBody).remedy
    return remedy is not None and remedy.outcome is None


SPEC = KindSpec(
    kind=Kind.CASE,
    group=KindGroup.CASE,
    body=CaseBody,
    states=CaseState,
    closed=ENDED,
    number_prefix="XZ-A",
    merge_fields=frozenset({"note"}),
    transitions=TRANSITIONS,
    timers=(
        Timer(
            name="late", transition="alarm", due=_late,
            args=lambda _record: AlarmCase(name="late"),
        ),
        Timer(name="dispose", transition="dispose", due=dispose_at, rests=RESTS),
    ),
    phases=(
        Phase(name="overdue", holds=_overdue),
        Phase(name="due_soon", holds=_due_soon),
        Phase(name="returned", holds=_returned),
        Phase(name="with_province", holds=_with_province),
        Phase(name="in_remedy", holds=_in_remedy),
    ),
)  # fmt: skip

"""Where a case is on its way, and which act is the next one: tables over states.

立案 → 调查 → 告知审核 → 告知 → 陈述、听证 → 法制审核 → 决定 → 送达 → 结案
"""

from collections.abc import Mapping
from datetime import datetime

from ui.widgets import Step, StepState
from xiuzhou_desktop.client.views import Offer
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState, Procedure, ReviewStage
from xiuzhou_desktop.domain.case_dates import CaseDeadline, deadlines
from xiuzhou_desktop.domain.case_rules import has_passed
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import LOCAL, WorkCalendar
from xiuzhou_desktop.plugin_api.context import Text

S = CaseState
STATIONS = (
    "filing", "inquiry", "notice_review", "notice", "statement", "legal_review", "decision",
    "service", "closing",
)  # fmt: skip
STATION_OF: Mapping[CaseState, str] = {
    S.LEAD: "filing", S.FILED: "inquiry", S.INVESTIGATING: "inquiry",
    S.INVESTIGATION_DONE: "notice", S.NOTICE_SENT: "statement", S.STATEMENT_WINDOW: "statement",
    S.HEARING: "statement", S.COLLECTIVE: "decision", S.DECIDED: "service",
    S.CORRECTED: "service", S.SERVED: "closing", S.PAID: "closing", S.ENFORCED: "closing",
    S.NO_PENALTY: "closing",
}  # fmt: skip
LIMIT_AT: Mapping[str, str] = {
    "filing": "filing", "decision": "decision", "statement": "statement", "service": "service",
    "closing": "payment",
}  # fmt: skip
SHORT: Mapping[Procedure, frozenset[str]] = {  # stations that a procedure does without
    Procedure.ORDINARY: frozenset(),
    Procedure.FAST_TRACK: frozenset({"notice_review", "legal_review"}),
    Procedure.SIMPLE: frozenset({"inquiry", "notice_review", "notice", "statement",
                                 "legal_review"}),
}  # fmt: skip
NEXT: Mapping[CaseState, tuple[str, ...]] = {
    S.LEAD: ("file",), S.FILED: ("investigate",), S.INVESTIGATING: ("finish_investigation",),
    S.INVESTIGATION_DONE: ("send_notice", "submit_review"), S.LEGAL_REVIEW: ("pass_review",),
    S.NOTICE_SENT: ("notice_received",), S.STATEMENT_WINDOW: ("decide", "submit_review"),
    S.HEARING: ("decide", "submit_review"), S.COLLECTIVE: ("decide", "submit_review"),
    S.DECIDED: ("serve",), S.CORRECTED: ("serve",), S.SERVED: ("record_payment",),
    S.PAID: ("close",), S.ENFORCED: ("close",), S.NO_PENALTY: ("close",),
    S.SUSPENDED: ("resume",), S.REVOKED: ("decide_anew",),
}  # fmt: skip
CHECKED: Mapping[str, str] = {  # whose requirements are shown while a case waits for that act
    "pass_review": "send_notice", "submit_review": "send_notice", "file": "finish_investigation",
    "investigate": "finish_investigation", "notice_received": "decide",
}  # fmt: skip


def next_act(record: Record, policy: Policy, offers: tuple[Offer, ...]) -> str | None:
    """The act that the case waits for; a review comes before it where it has not been passed."""
    acts = NEXT.get(CaseState(record.state), ())
    names = {offer.transition for offer in offers}
    body = record.body
    if isinstance(body, CaseBody) and len(acts) > 1 and needs_review(record, body, policy):
        acts = acts[::-1]
    return next((act for act in acts if act in names), acts[0] if acts else None)


def needs_review(record: Record, body: CaseBody, policy: Policy) -> bool:
    """Whether a reviewer has still to pass what comes next."""
    if record.state == S.INVESTIGATION_DONE:
        is_ordinary = body.procedure is Procedure.ORDINARY
        asked = policy.review_notice and is_ordinary
        return asked and not has_passed(body, ReviewStage.NOTICE)
    must = body.hearing is not None or body.is_major
    return must and not has_passed(body, ReviewStage.DECISION)


def checked_step(record: Record, act: str | None) -> str:
    """The step whose checklist stands beside the case."""
    body = record.body
    is_last = isinstance(body, CaseBody) and body.review_stage is ReviewStage.DECISION
    if record.state == S.LEGAL_REVIEW and is_last:
        return "decide"
    return CHECKED.get(act or "", act or "decide")


def journey(record: Record, policy: Policy, calendar: WorkCalendar, text: Text) -> tuple[Step, ...]:
    """The stations of the case's procedure, each with its day or its limit."""
    body = record.body
    if not isinstance(body, CaseBody):
        return ()
    here = _station(record, body)
    left = SHORT[body.procedure]
    running = {one.name: one for one in deadlines(record, policy, calendar)}
    stations = [one for one in STATIONS if one not in left]
    place = stations.index(here) if here in stations else len(stations)
    return tuple(
        Step(
            text(f"cases.station.{name}"),
            _note(name, body, running.get(LIMIT_AT.get(name, "")), text),
            _state(number, place),
        )
        for number, name in enumerate(stations)
    )  # fmt: skip


def short_day(at: datetime) -> str:
    """11-23, of the local calendar."""
    return f"{at.astimezone(LOCAL):%m-%d}"


def _station(record: Record, body: CaseBody) -> str:
    if record.state == S.LEGAL_REVIEW:
        is_notice = body.review_stage is ReviewStage.NOTICE
        return "notice_review" if is_notice else "legal_review"
    if record.state == S.SUSPENDED and body.resumes is not None:
        return STATION_OF.get(body.resumes, "inquiry")
    return STATION_OF.get(CaseState(record.state), "")


def _state(number: int, place: int) -> StepState:
    if number == place:
        return StepState.CURRENT
    return StepState.DONE if number < place else StepState.AHEAD


def _note(name: str, body: CaseBody, limit: CaseDeadline | None, text: Text) -> str:
    if limit is not None:
        return text("cases.station.limit", day=short_day(limit.at))
    done = {
        "filing": body.filed_at and short_day(body.filed_at),
        "notice": body.notice_on and f"{body.notice_on:%m-%d}",
        "statement": body.received_on and f"{body.received_on:%m-%d}",
        "decision": body.decided_on and f"{body.decided_on:%m-%d}",
        "service": body.service and f"{body.service.served_on:%m-%d}",
        "closing": body.paid_on and f"{body.paid_on:%m-%d}",
    }
    return done.get(name) or ""

"""What a form can know already: today, and what the file holds."""

from collections.abc import Callable, Mapping
from datetime import date

from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.case_body import CaseBody, Penalty
from xiuzhou_desktop.domain.case_rules import is_hearing_grade
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.policy import Policy

Values = dict[str, Json]
TODAY: Mapping[str, tuple[str, ...]] = {  # days of an act that is being entered as it happens
    "register_lead": ("occurred_on",), "admit": ("signed_on",), "send_notice": ("dated",),
    "notice_received": ("received_on",), "make_statement": ("made_on",),
    "waive_statement": ("signed_on",), "request_hearing": ("requested_on",),
    "set_hearing": ("told_on",), "hold_hearing": ("held_on",), "discuss": ("discussed_on",),
    "decide": ("dated",), "serve": ("served_on",), "record_payment": ("paid_on",),
    "urge": ("urged_on",), "enforce": ("enforced_on",), "open_remedy": ("since",),
    "end_remedy": ("ended_on",),
}  # fmt: skip


def known_values(act: str, record: Record, today: date, policy: Policy) -> Mapping[str, Json]:
    """The values that stand in the form when it opens."""
    values: Values = dict.fromkeys(TODAY.get(act, ()), today.isoformat())
    body = record.body
    more = _FROM_FILE.get(act)
    if more is not None and isinstance(body, CaseBody):
        values |= more(body, policy)
    return values


def _penalty(penalty: Penalty | None) -> Values:
    if penalty is None:
        return {}
    return {
        "kind": penalty.kind.value, "fine_fen": penalty.fine_fen, "penalty_text": penalty.text,
    }  # fmt: skip


def _establish(body: CaseBody, _policy: Policy) -> Values:
    return {
        "facts": body.facts, "basis": body.basis or "", "is_major": body.is_major,
        **_penalty(body.proposed),
    }  # fmt: skip


def _send_notice(body: CaseBody, policy: Policy) -> Values:
    return {"hearing_told": is_hearing_grade(body.proposed, body.party_type, policy)}


def _decide(body: CaseBody, _policy: Policy) -> Values:
    return _penalty(body.notified)


def _file(body: CaseBody, _policy: Policy) -> Values:
    return {"basis": body.basis} if body.basis else {}


def _record_payment(body: CaseBody, _policy: Policy) -> Values:
    owed = body.penalty.fine_fen - body.paid_fen if body.penalty else 0
    return {"amount_fen": owed}


_FROM_FILE: Mapping[str, Callable[[CaseBody, Policy], Values]] = {
    "establish": _establish, "send_notice": _send_notice, "decide": _decide, "file": _file,
    "record_payment": _record_payment,
}  # fmt: skip

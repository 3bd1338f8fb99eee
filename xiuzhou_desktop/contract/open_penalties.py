"""The public list of penalty decisions (`GET /open/penalties`, no login): what a citizen's browser
or a search engine reads.
"""

from datetime import date, datetime

from xiuzhou_desktop.domain.case_body import PenaltyKind
from xiuzhou_desktop.domain.envelope import Struct


class OpenPenalty(Struct, frozen=True, kw_only=True):
    """One decision, masked (domain.md §3.4). `fine_yuan` has two decimals, as text."""

    decision_no: str
    party: str
    uscc: str | None
    facts: str
    basis: str
    penalty: PenaltyKind
    fine_yuan: str
    penalty_text: str
    decided_on: date
    published_at: datetime


class WithdrawnPenalty(Struct, frozen=True, kw_only=True):
    """One that was taken down, with the reason (行政处罚法 art. 48)."""

    decision_no: str
    reason: str


class OpenPenalties(Struct, frozen=True, kw_only=True):
    """One page; `next` is the `after` of the following one."""

    at: datetime
    penalties: tuple[OpenPenalty, ...]
    withdrawn: tuple[WithdrawnPenalty, ...]
    next: str | None

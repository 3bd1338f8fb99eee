"""The groups of the case queue, in the order in which they want this person's hand.

reviewer: 待我审核 → 已逾期 → 办理中 → …          handler: 已逾期 → 办理中 → 审核中 → …
"""

import msgspec

from ui.records import Section
from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.case_beside import ENDED
from xiuzhou_desktop.domain.case_body import CaseState
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.plugin_api.context import Text

S = CaseState
AT_HAND = (
    S.LEAD, S.FILED, S.INVESTIGATING, S.INVESTIGATION_DONE, S.NOTICE_SENT, S.STATEMENT_WINDOW,
    S.HEARING, S.COLLECTIVE, S.SUSPENDED, S.REVOKED,
)  # fmt: skip
CARRIED_OUT = (S.DECIDED, S.CORRECTED, S.SERVED, S.PAID, S.ENFORCED, S.NO_PENALTY)
HANDLER_ORDER = ("overdue", "at_hand", "to_review", "carried_out", "ended")
REVIEWER_ORDER = ("to_review", "overdue", "at_hand", "carried_out", "ended")
CLERK_ORDER = ("carried_out", "overdue", "at_hand", "to_review", "ended")
ORDERS = {Role.REVIEWER: REVIEWER_ORDER, Role.CLERK: CLERK_ORDER}


def case_sections(
    text: Text, roles: frozenset[Role], words: str | None, found: Section
) -> tuple[Section, ...]:
    """The groups for somebody with these roles; `words` narrow them all but `found`, the group of a
    case that was asked for by name.
    """
    base = RecordQuery(kinds=(Kind.CASE,), order=Order.DEADLINE, text=words)
    running = {"is_open": True}
    queries = {
        "overdue": _with(base, states=(*AT_HAND, *CARRIED_OUT), due="passed", **running),
        "to_review": _with(base, states=(S.LEGAL_REVIEW,), **running),
        "at_hand": _with(base, states=AT_HAND, due="ahead", **running),
        "carried_out": _with(base, states=CARRIED_OUT, due="ahead", **running),
        "ended": _with(base, states=tuple(sorted(ENDED)), is_open=False, order=Order.NEWEST),
    }
    order = next((ORDERS[role] for role in ORDERS if role in roles), HANDLER_ORDER)
    groups = tuple(
        Section(
            key=key, title=text(f"cases.group.{key}"), query=queries[key],
            is_open=key != "ended" or bool(words),
            hides_when_empty=key not in (order[0], "ended"),
        )
        for key in order
    )  # fmt: skip
    return (*groups, found)


def _with(base: RecordQuery, **narrow: object) -> RecordQuery:
    return msgspec.structs.replace(base, **narrow)

"""What the digits mean for the item before the officer: one table, outcome first.

A verdict names a transition of the item, or of the task that the item waits for. Where it needs one
more answer, `ask` names the argument; its choices are numbered. `form` opens the whole form. A
digit keeps its place from item to item: what the law does not allow now stays where it is,
disabled, with the reason on it (look.md §5, §6.1).
"""

from collections.abc import Mapping
from enum import StrEnum

from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.domain.envelope import Kind, Record, Struct
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.order_body import OrderState


class On(StrEnum):
    """Which record the transition belongs to."""

    ITEM = "item"
    TASK = "task"


class Asks(StrEnum):
    """How the missing arguments are got."""

    NOTHING = "nothing"
    CHOICE = "choice"  # numbered answers for the one argument `ask`
    FORM = "form"


class Verdict(Struct, frozen=True, kw_only=True):
    """One numbered answer. `text` names its words: triage.verdict.<text>, triage.note.<text>."""

    transition: str
    text: str
    on: On = On.ITEM
    asks: Asks = Asks.NOTHING
    ask: str | None = None


SNOOZE = Verdict(transition="snooze", text="snooze", asks=Asks.CHOICE, ask="minutes")
VOID = Verdict(transition="void_notice", text="void", asks=Asks.FORM)
ONSITE = Verdict(transition="send_onsite", text="onsite")
REOPEN = Verdict(transition="reopen", text="reopen", asks=Asks.FORM)
CLOSE = Verdict(transition="close", text="close")
TRANSFER = Verdict(transition="transfer", text="transfer", asks=Asks.CHOICE, ask="to")
GIVE_BACK = Verdict(
    transition="return_", text="give_back", on=On.TASK, asks=Asks.CHOICE, ask="reason"
)

AWAY = (ONSITE, VOID, TRANSFER, SNOOZE)  # the patrol gave the task back: another one, or none

JUDGE = (
    Verdict(transition="confirm", text="confirm"),
    Verdict(transition="dismiss", text="dismiss", asks=Asks.CHOICE, ask="category"),
    Verdict(transition="attach", text="attach", asks=Asks.CHOICE, ask="parent"),
    SNOOZE,
    ONSITE,
)
LOOK_AGAIN = (
    Verdict(transition="find_present", text="find_present"),
    Verdict(transition="find_corrected", text="find_corrected"),
    Verdict(
        transition="find_undetermined", text="find_undetermined", asks=Asks.CHOICE, ask="cause"
    ),
    SNOOZE,
    VOID,
)
ON_THE_SPOT = (
    Verdict(transition="correct_on_site", text="correct_on_site", asks=Asks.CHOICE, ask="outcome"),
    Verdict(transition="penalise_simple", text="penalise_simple", asks=Asks.FORM),
    Verdict(transition="file", text="file", asks=Asks.FORM),
    Verdict(transition="leave", text="leave"),
    TRANSFER,
)

Flag, Order = FlagState, OrderState

VERDICTS: Mapping[str, tuple[Verdict, ...]] = {
    Flag.DETECTED: JUDGE,
    Flag.CONFIRMED: (VOID, ONSITE),
    Flag.L1_NOTIFIED: LOOK_AGAIN,
    Flag.UNDETERMINED: LOOK_AGAIN,
    Flag.L3_DISPATCHED: (
        Verdict(transition="accept", text="accept", on=On.TASK), GIVE_BACK, VOID, TRANSFER,
    ),
    Flag.ACCEPTED: (
        Verdict(transition="arrive", text="arrive", on=On.TASK), GIVE_BACK, VOID, TRANSFER,
    ),
    Flag.ARRIVED: ON_THE_SPOT,
    Flag.SELF_CORRECTED: (CLOSE,),
    Flag.CORRECTED_ON_SITE: (CLOSE,),
    Flag.LEFT: (CLOSE,),
    Flag.SIMPLE_PENALTY: (CLOSE,),
    Flag.CASE_FILED: (CLOSE,),
    Flag.TRANSFERRED: (CLOSE,),
    Flag.FALSE_ALARM: (REOPEN,),
    Flag.DUPLICATE: (Verdict(transition="detach", text="detach"),),
    Flag.CLOSED: (REOPEN,),
}  # fmt: skip

REPLY = Verdict(transition="reply", text="reply", asks=Asks.FORM)
RETURN = Verdict(transition="return_", text="return_order", asks=Asks.FORM)
FEEDBACK = Verdict(transition="feedback", text="feedback", asks=Asks.FORM)
SUSPEND = Verdict(transition="suspend", text="suspend", asks=Asks.FORM)
EXTEND = Verdict(transition="extend", text="extend", asks=Asks.FORM)
DISPATCH = Verdict(transition="dispatch", text="dispatch", asks=Asks.FORM)
REJECT = Verdict(transition="reject", text="reject", asks=Asks.CHOICE, ask="reason")
RESUME = Verdict(transition="resume", text="resume")
ESCALATE = Verdict(transition="escalate", text="escalate", asks=Asks.FORM)
MERGE = Verdict(transition="merge", text="merge", asks=Asks.CHOICE, ask="parent")

ORDER_VERDICTS: Mapping[str, tuple[Verdict, ...]] = {
    Order.REPORTED: (Verdict(transition="verify", text="verify"), REJECT, MERGE, SNOOZE, REPLY),
    Order.VERIFIED: (
        Verdict(transition="file", text="file_order"), REJECT, MERGE, SNOOZE, REPLY,
    ),
    Order.FILED: (DISPATCH, MERGE, SNOOZE, REPLY),
    Order.RETURNED: (DISPATCH, REPLY, SNOOZE),
    Order.DISPATCHED: (Verdict(transition="accept", text="accept_order"), RETURN, REPLY, SNOOZE),
    Order.ACCEPTED: (Verdict(transition="start", text="start"), RETURN, SUSPEND, SNOOZE),
    Order.IN_PROGRESS: (FEEDBACK, EXTEND, SUSPEND, SNOOZE, REPLY),
    Order.EXTENDED: (FEEDBACK, ESCALATE, SUSPEND, SNOOZE, REPLY),
    Order.ESCALATED: (FEEDBACK, EXTEND, SUSPEND, SNOOZE, REPLY),
    Order.SUSPENDED: (RESUME, REPLY),
    Order.REJECTED: (REOPEN,),
    Order.MERGED: (REOPEN,),
    Order.CLOSED: (REOPEN,),
    Order.REWORK: (Verdict(transition="start", text="start"), SUSPEND, REPLY, SNOOZE),
    Order.FEEDBACK: (Verdict(transition="check", text="check"), REPLY, SNOOZE),
    Order.CHECKING: (
        Verdict(transition="close", text="pass"),
        Verdict(transition="rework", text="rework", asks=Asks.FORM),
        REPLY,
    ),
}  # fmt: skip

BY_KIND: Mapping[Kind, Mapping[str, tuple[Verdict, ...]]] = {
    Kind.FLAG: VERDICTS,
    Kind.ORDER: ORDER_VERDICTS,
}


def verdicts_for(record: Record) -> tuple[Verdict, ...]:
    """The numbered answers for a record in its state; none where nothing is left to judge."""
    is_sent = record.state == Flag.L3_DISPATCHED and isinstance(record.body, FlagBody)
    if is_sent and record.body.task is None:
        return AWAY
    return BY_KIND.get(record.kind, {}).get(record.state, ())


def target_of(view: RecordView, verdict: Verdict) -> tuple[Kind, RecordId]:
    """The record whose transition the verdict is: the item, or the task that it waits for."""
    body = view.record.body
    if verdict.on is On.TASK and isinstance(body, FlagBody) and body.task:
        return Kind.TASK, body.task
    return view.record.kind, view.record.id

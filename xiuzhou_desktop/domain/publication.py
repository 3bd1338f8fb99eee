"""Publication 公示 of a penalty decision (domain.md §3.4): one record for each decision that
belongs on the portal, so that decided minus published is a list of reasons.

    DUE ─mask─► MASKED ─confirm, by a second person─► CONFIRMED ─list─► PUBLISHED
     ▲            │return                               │fail              │miss
     └────────────┘                         FAILED ◄────┘     MISSING ◄────┘
                                              └──send_again──────┴──► CONFIRMED
    exempt ─► EXEMPT        retract, by one person ─► RETRACTING ─unlist─► RETRACTED

What the portal does (`list`, `miss`, `fail`, `unlist`) is read from its listing by the backend's
ledger; nobody signs for it. A portal that collects a decision before our two signatures is
believed, and the record says that they lack.
"""

from datetime import datetime, timedelta

from . import publication_forms as forms
from . import publication_steps as steps
from .envelope import Kind, KindGroup, Record
from .policy import Policy
from .publication_body import FailureCause, PublicationBody, PublicationState
from .roles import SYSTEM
from .workcalendar import WorkCalendar
from .workflow import KindSpec, Moves, Phase, Role, Timer, Transition
from .writing import body_of, is_news

S = PublicationState
PUBLISHERS = frozenset({Role.CLERK, Role.SUPERVISOR})
SIGNERS = PUBLISHERS | {Role.REVIEWER}
WAITING = frozenset({S.DUE, S.MASKED, S.CONFIRMED, S.FAILED, S.MISSING, S.RETRACTING})
OUT = frozenset({S.CONFIRMED, S.PUBLISHED, S.FAILED, S.MISSING})
DUE_SOON_DAYS = 1


def _unanswered(record: Record, policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    """A portal that took it and shows nothing."""
    confirmed = body_of(record, PublicationBody).confirmed_at
    if record.state != S.CONFIRMED or confirmed is None:
        return None
    return confirmed + timedelta(minutes=policy.publish_receipt_min)


def _late(record: Record, _policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    is_new = is_news(record.due_at, body_of(record, PublicationBody).alarmed_at)
    return record.due_at if record.is_open and is_new else None


def _overdue(record: Record, now: datetime, _policy: Policy) -> bool:
    return record.is_open and record.due_at is not None and record.due_at <= now


def _due_soon(record: Record, now: datetime, _policy: Policy) -> bool:
    if not record.is_open or record.due_at is None:
        return False
    return now < record.due_at <= now + timedelta(days=DUE_SOON_DAYS)


def _returned(record: Record, _now: datetime, _policy: Policy) -> bool:
    return record.state == S.DUE and body_of(record, PublicationBody).return_reason is not None


def _listed_twice(record: Record, _now: datetime, _policy: Policy) -> bool:
    return body_of(record, PublicationBody).listed > 1


def _unsigned(record: Record, _now: datetime, _policy: Policy) -> bool:
    is_signed = body_of(record, PublicationBody).confirmed_at is not None
    return record.state == S.PUBLISHED and not is_signed


SPEC = KindSpec(
    kind=Kind.PUBLICATION,
    group=KindGroup.CASE,
    body=PublicationBody,
    states=PublicationState,
    closed=frozenset({S.PUBLISHED, S.RETRACTED, S.EXEMPT}),
    number_prefix="XZ-G",
    merge_fields=frozenset({"note"}),
    transitions=(
        Transition(
            name="owe", sources=frozenset(), targets=(S.DUE, S.EXEMPT), roles=SYSTEM,
            form=forms.Owe, facts=steps.CASE, guard=steps.may_owe, writes=steps.owe,
        ),
        Transition(
            name="mask", sources=frozenset({S.DUE}), targets=(S.MASKED,), roles=PUBLISHERS,
            form=forms.MaskNotice, facts=steps.CASE, guard=steps.may_mask, writes=steps.mask,
        ),
        Transition(
            name="confirm", sources=frozenset({S.MASKED}), targets=(S.CONFIRMED,), roles=SIGNERS,
            facts=steps.CASE, guard=steps.may_confirm, writes=steps.confirm,
        ),
        Transition(
            name="return_", sources=frozenset({S.MASKED}), targets=(S.DUE,), roles=SIGNERS,
            form=forms.Return, writes=steps.return_,
        ),
        Transition(
            name="send_again", sources=frozenset({S.FAILED, S.MISSING}), targets=(S.CONFIRMED,),
            roles=PUBLISHERS, guard=steps.may_send_again, writes=steps.send_again,
        ),
        Transition(
            name="exempt", sources=frozenset({S.DUE, S.MASKED}), targets=(S.EXEMPT,),
            roles=frozenset({Role.SUPERVISOR, Role.REVIEWER}), form=forms.Exempt,
            writes=steps.exempt,
        ),
        Transition(
            name="retract", sources=OUT | {S.DUE, S.MASKED, S.EXEMPT},
            targets=(S.RETRACTING, S.RETRACTED), roles=PUBLISHERS | SYSTEM, form=forms.Retract,
            writes=steps.retract,
        ),
        Transition(
            name="list", sources=frozenset({S.DUE, S.MASKED, S.CONFIRMED, S.FAILED, S.MISSING}),
            targets=(S.PUBLISHED,), roles=SYSTEM, form=forms.Listed, writes=steps.list_,
        ),
        Transition(
            name="count_again", sources=frozenset({S.PUBLISHED}), targets=(S.PUBLISHED,),
            roles=SYSTEM, form=forms.Listed, writes=steps.count_again, moves=Moves.CONTENT,
        ),
        Transition(
            name="fail", sources=frozenset({S.CONFIRMED}), targets=(S.FAILED,), roles=SYSTEM,
            form=forms.NotListed, writes=steps.fail,
        ),
        Transition(
            name="miss", sources=frozenset({S.PUBLISHED}), targets=(S.MISSING,), roles=SYSTEM,
            writes=steps.miss,
        ),
        Transition(
            name="unlist", sources=frozenset({S.RETRACTING}), targets=(S.RETRACTED,),
            roles=SYSTEM, writes=steps.unlist,
        ),
        Transition(
            name="annotate", sources=frozenset(S), targets=tuple(S), roles=SIGNERS | SYSTEM,
            writes=steps.annotate, moves=Moves.CONTENT,
        ),
        Transition(
            name="alarm", sources=WAITING, targets=tuple(one for one in S if one in WAITING),
            roles=SYSTEM, form=forms.AlarmPublication, writes=steps.alarm, moves=Moves.CONTENT,
        ),
    ),
    timers=(
        Timer(
            name="unanswered", transition="fail", due=_unanswered,
            args=lambda _record: forms.NotListed(cause=FailureCause.NO_RECEIPT),
        ),
        Timer(
            name="late", transition="alarm", due=_late,
            args=lambda _record: forms.AlarmPublication(name="late"),
        ),
    ),
    phases=(
        Phase(name="overdue", holds=_overdue),
        Phase(name="due_soon", holds=_due_soon),
        Phase(name="returned", holds=_returned),
        Phase(name="listed_twice", holds=_listed_twice),
        Phase(name="unsigned", holds=_unsigned),
    ),
)  # fmt: skip

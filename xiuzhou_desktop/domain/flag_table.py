"""The rows of the flag's workflow (the chart is in `flag.py`)."""

from collections.abc import Callable
from enum import StrEnum

from . import flag_desk as desk
from . import flag_forms as forms
from . import flag_keeping as keeping
from . import flag_look as look
from . import flag_making as making
from . import flag_notice as notice
from . import flag_onsite as onsite
from . import flag_rules as rules
from .case_body import CaseState
from .case_steps import named
from .envelope import Args, Kind
from .evidence import EvidenceState
from .flag_body import FlagState
from .notice_body import NoticeState
from .rectification_order import RectificationState
from .roles import NOBODY, OFFICERS, OFFICERS_AND_SYSTEM, SUPERVISORS, SYSTEM
from .task import TaskState
from .two_officers import OWN_AND_SECOND
from .workflow import Changes, Footprint, Moves, Role, Situation, Transition

S = FlagState
Writes = Callable[[Situation[Args]], Changes]
DEVICES = frozenset({Role.DEVICE, Role.SYSTEM})
LOOKED_AT = frozenset({S.L1_NOTIFIED, S.UNDETERMINED})
SETTLED = frozenset(
    {
        S.SELF_CORRECTED, S.CORRECTED_ON_SITE, S.LEFT, S.SIMPLE_PENALTY, S.CASE_FILED,
        S.TRANSFERRED,
    }
)  # fmt: skip
ENDED = frozenset({S.CLOSED, S.FALSE_ALARM, S.DUPLICATE})
AT_WORK = frozenset(
    {S.DETECTED, S.CONFIRMED, S.L1_NOTIFIED, S.UNDETERMINED, S.L3_DISPATCHED, S.ACCEPTED, S.ARRIVED}
)
NOTIFIED = AT_WORK - {S.DETECTED}
ON_THE_WAY = frozenset({S.L3_DISPATCHED, S.ACCEPTED, S.ARRIVED})
ORDER, TASK, CAMERA = (
    {"rectification_order": rules.ORDER_OF},
    {"task": rules.TASK_OF},
    {"camera": rules.CAMERA_OF},
)
NOTICE = {"notice": rules.NOTICE_OF}
CASE = {"case": rules.CASE_OF}
PARTY = {"party": named(Kind.PARTY, "party")}
SPAWNS_TASK = (Kind.TASK, 0, TaskState.DISPATCHED.value)
SPAWNS_EVIDENCE = tuple((Kind.EVIDENCE, index, EvidenceState.HELD.value) for index in (1, 2, 3))


def _staying(name: str, writes: Writes, states: frozenset[FlagState] = frozenset(S)) -> Transition:
    """A row that moves content only: any role at the desk, and the system."""
    return Transition(
        name=name, sources=frozenset(states), targets=_ordered(states), roles=OFFICERS_AND_SYSTEM,
        writes=writes, moves=Moves.CONTENT,
    )  # fmt: skip


def _following(name: str, sources: set[FlagState], target: FlagState) -> Transition:
    return Transition(
        name=name, sources=frozenset(sources), targets=(target,), roles=NOBODY,
        writes=desk.annotate,
    )  # fmt: skip


def _ordered(states: frozenset[FlagState]) -> tuple[StrEnum, ...]:
    return tuple(state for state in S if state in states)


MAKING = (
    Transition(
        name="detect", sources=frozenset(), targets=(S.DETECTED,), roles=DEVICES,
        form=forms.Detect, guard=rules.is_sound_detection, writes=making.detect,
        facts={
            "camera": rules.CAMERA_NAMED, "exemptions": rules.EXEMPTIONS, "history": rules.HISTORY,
        },
    ),
    Transition(
        name="report", sources=frozenset(), targets=(S.DETECTED,), roles=OFFICERS,
        form=forms.Report, guard=rules.is_sound_report, writes=making.report,
    ),
)  # fmt: skip

DESK = (
    Transition(
        name="confirm", sources=frozenset({S.DETECTED}), targets=(S.CONFIRMED,), roles=OFFICERS,
        form=forms.Confirm, guard=rules.may_confirm, writes=notice.confirm,
        footprint=Footprint(
            spawns=(
                (Kind.NOTICE, 0, NoticeState.QUEUED.value),
                (Kind.RECTIFICATION_ORDER, 1, RectificationState.ISSUED.value),
            )
        ),
    ),
    Transition(
        name="dismiss", sources=frozenset({S.DETECTED}), targets=(S.FALSE_ALARM,), roles=OFFICERS,
        form=forms.Dismiss, writes=desk.dismiss,
    ),
    Transition(
        name="attach", sources=frozenset({S.DETECTED}), targets=(S.DUPLICATE,), roles=OFFICERS,
        form=forms.Attach, facts={"parent": rules.PARENT}, guard=rules.is_same_matter,
        writes=desk.attach, footprint=Footprint(touches=("parent",)),
    ),
    Transition(
        name="send_onsite",
        sources=frozenset(
            {S.DETECTED, S.CONFIRMED, S.L1_NOTIFIED, S.UNDETERMINED, S.L3_DISPATCHED}
        ),
        targets=(S.L3_DISPATCHED,), roles=OFFICERS_AND_SYSTEM, form=forms.SendOnsite,
        guard=rules.may_send_onsite, writes=onsite.send_onsite,
        footprint=Footprint(spawns=(SPAWNS_TASK,)),
    ),
)  # fmt: skip

# What the gateway says may come when a patrol is on its way: it then moves the notice alone.
TOLD = frozenset({S.CONFIRMED}) | ON_THE_WAY | (SETTLED - {S.SELF_CORRECTED})
# What a notice asks for is no longer asked once an officer is there: one that still waits stays.
NOTHING_TO_TELL = frozenset({S.ARRIVED, S.CLOSED}) | SETTLED

LEVEL_1 = (
    Transition(
        name="notice_sent", sources=TOLD, targets=_ordered(TOLD), roles=SYSTEM,
        form=forms.NoticeSent, facts=NOTICE, guard=rules.notice_can("sent"),
        writes=notice.notice_sent, footprint=Footprint(touches=("notice",)), moves=Moves.CONTENT,
    ),
    Transition(
        name="notice_delivered", sources=TOLD, moves=Moves.CONTENT,
        targets=(S.L1_NOTIFIED, S.L3_DISPATCHED), roles=SYSTEM, form=forms.NoticeDelivered,
        facts=NOTICE | ORDER | {"history": rules.HISTORY}, guard=rules.notice_can("delivered"),
        writes=notice.notice_delivered,
        footprint=Footprint(touches=("notice", "rectification_order"), spawns=(SPAWNS_TASK,)),
    ),
    Transition(
        name="notice_failed", sources=TOLD | {S.CLOSED}, targets=(S.L3_DISPATCHED,),
        moves=Moves.CONTENT,
        roles=SYSTEM, form=forms.NoticeFailed, facts=NOTICE, guard=rules.notice_can("failed"),
        writes=notice.notice_failed,
        footprint=Footprint(touches=("notice",), spawns=(SPAWNS_TASK,)),
    ),
    Transition(
        name="reply", sources=NOTIFIED, targets=_ordered(NOTIFIED), roles=SYSTEM, form=forms.Reply,
        writes=notice.reply, moves=Moves.CONTENT,
    ),
    _staying("read_reply", notice.read_reply, NOTIFIED),
)  # fmt: skip

LEVEL_2 = (
    Transition(
        name="second_frame", sources=LOOKED_AT, targets=_ordered(LOOKED_AT),
        roles=OFFICERS_AND_SYSTEM, form=forms.TakeSecondFrame, writes=look.second_frame,
        moves=Moves.CONTENT,
    ),
    Transition(
        name="find_corrected", sources=LOOKED_AT, targets=(S.SELF_CORRECTED,), roles=OFFICERS,
        facts=ORDER, guard=rules.may_find, writes=look.find_corrected,
        footprint=Footprint(touches=("rectification_order",)),
    ),
    Transition(
        name="find_present", sources=LOOKED_AT, targets=(S.L3_DISPATCHED,), roles=OFFICERS,
        facts=ORDER, guard=rules.may_find, writes=look.find_present,
        footprint=Footprint(touches=("rectification_order",), spawns=(SPAWNS_TASK,)),
    ),
    Transition(
        name="find_undetermined", sources=LOOKED_AT, targets=(S.UNDETERMINED, S.L3_DISPATCHED),
        roles=OFFICERS_AND_SYSTEM, form=forms.FindUndetermined,
        guard=rules.may_find_undetermined, writes=look.find_undetermined,
        footprint=Footprint(spawns=(SPAWNS_TASK,)),
    ),
)  # fmt: skip

# What a task's own commands (accept, arrive, return_) do to its flag; nobody commands these.
FOLLOWING_ITS_TASK = (
    _following("accept", {S.L3_DISPATCHED}, S.ACCEPTED),
    _following("arrive", {S.ACCEPTED}, S.ARRIVED),
    _following("return_", {S.ACCEPTED, S.ARRIVED, S.L3_DISPATCHED}, S.L3_DISPATCHED),
)

LEVEL_3 = (
    Transition(
        name="serve_order", sources=frozenset({S.ARRIVED}), targets=(S.ARRIVED,), roles=OFFICERS,
        form=forms.ServeOrder, facts=ORDER, guard=rules.may_serve_order,
        writes=onsite.serve_order,
        footprint=Footprint(
            touches=("rectification_order",),
            spawns=((Kind.RECTIFICATION_ORDER, 0, RectificationState.ISSUED.value),),
        ),
    ),
    Transition(
        name="correct_on_site", sources=frozenset({S.ARRIVED}), targets=(S.CORRECTED_ON_SITE,),
        roles=OFFICERS, form=forms.CorrectOnSite, facts=TASK | ORDER,
        writes=onsite.correct_on_site,
        footprint=Footprint(touches=("task", "rectification_order")),
    ),
    Transition(
        name="leave", sources=frozenset({S.ARRIVED}), targets=(S.LEFT,), roles=OFFICERS,
        form=forms.Leave, facts=TASK, writes=onsite.leave, footprint=Footprint(touches=("task",)),
    ),
    Transition(
        name="penalise_simple", sources=frozenset({S.ARRIVED}), targets=(S.SIMPLE_PENALTY,),
        roles=OFFICERS, form=forms.PenaliseSimple,
        facts=TASK | ORDER | CAMERA | OWN_AND_SECOND | PARTY, guard=rules.may_penalise,
        writes=onsite.penalise_simple,
        footprint=Footprint(
            touches=("task", "rectification_order"),
            spawns=((Kind.CASE, 0, CaseState.SERVED.value), *SPAWNS_EVIDENCE),
        ),
    ),
    Transition(
        name="file", sources=frozenset({S.ARRIVED}), targets=(S.CASE_FILED,), roles=OFFICERS,
        form=forms.FileCase, facts=TASK | ORDER | CAMERA | OWN_AND_SECOND | PARTY,
        guard=rules.may_file, writes=onsite.file_case,
        footprint=Footprint(
            touches=("task", "rectification_order"),
            spawns=((Kind.CASE, 0, CaseState.FILED.value), *SPAWNS_EVIDENCE),
        ),
    ),
    Transition(
        name="transfer", sources=ON_THE_WAY, targets=(S.TRANSFERRED,), roles=OFFICERS,
        form=forms.Transfer, facts=TASK, writes=onsite.transfer,
        footprint=Footprint(touches=("task",)),
    ),
    Transition(
        name="close", sources=SETTLED, targets=(S.CLOSED,), roles=OFFICERS_AND_SYSTEM,
        writes=desk.close,
    ),
)  # fmt: skip

WAYS_BACK = (
    Transition(
        name="correct_plate", sources=AT_WORK, targets=_ordered(AT_WORK), roles=OFFICERS,
        form=forms.CorrectPlate, guard=rules.may_correct_plate, writes=desk.correct_plate,
    ),
    Transition(
        name="void_notice", sources=NOTIFIED, targets=(S.DETECTED,), roles=OFFICERS,
        form=forms.VoidNotice, facts=NOTICE | ORDER | TASK, guard=rules.notice_can("void"),
        writes=notice.void_notice,
        footprint=Footprint(touches=("notice", "rectification_order", "task")),
    ),
    Transition(
        name="detach", sources=frozenset({S.DUPLICATE}), targets=(S.DETECTED,), roles=OFFICERS,
        writes=desk.detach,
    ),
    Transition(
        name="reopen", sources=SETTLED | {S.CLOSED, S.FALSE_ALARM}, targets=(S.DETECTED,),
        roles=SUPERVISORS, form=forms.Reopen, facts=NOTICE | ORDER | TASK | CASE,
        guard=rules.may_reopen, writes=desk.reopen,
        footprint=Footprint(touches=("notice", "rectification_order", "task")),
    ),
)  # fmt: skip

ASIDE = (
    Transition(
        name="snooze", sources=AT_WORK, targets=_ordered(AT_WORK), roles=OFFICERS,
        form=forms.Snooze, guard=rules.may_snooze, writes=desk.snooze, moves=Moves.CONTENT,
    ),
    _staying("annotate", desk.annotate),
    Transition(
        name="alarm", sources=AT_WORK, targets=_ordered(AT_WORK), roles=SYSTEM, form=forms.Alarm,
        writes=desk.alarm, moves=Moves.CONTENT,
    ),
    Transition(
        name="dispose", sources=ENDED, targets=_ordered(ENDED), roles=SYSTEM,
        facts=keeping.FILES | keeping.CASES, guard=keeping.may_dispose, writes=keeping.dispose,
        footprint=Footprint(touches=tuple(keeping.FILES)), moves=Moves.CONTENT,
    ),
)  # fmt: skip

TRANSITIONS = (
    *MAKING,
    *DESK,
    *LEVEL_1,
    *LEVEL_2,
    *FOLLOWING_ITS_TASK,
    *LEVEL_3,
    *WAYS_BACK,
    *ASIDE,
)

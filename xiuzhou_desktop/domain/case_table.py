"""The rows of a case's workflow; the way that they make is drawn in `case.py`."""

from enum import StrEnum

from . import case_beside as beside
from . import case_decision as decision
from . import case_forms as forms
from . import case_inquiry as inquiry
from . import case_keeping as keeping
from .case_body import CaseState
from .case_dates import UNDECIDED
from .case_steps import FILE, lawful, named
from .envelope import Kind
from .roles import OFFICERS, SUPERVISORS, SYSTEM
from .two_officers import BOTH_NAMED, OWN_AND_SECOND, two_officers
from .workflow import Footprint, Moves, Role, Transition

S = CaseState
REVIEWERS = frozenset({Role.REVIEWER})
DESK = OFFICERS | {Role.CLERK}
FILED_OR_OPEN = frozenset({S.FILED, S.INVESTIGATING})
BEFORE_NOTICE = frozenset({S.FILED, S.INVESTIGATING, S.INVESTIGATION_DONE})
HEARD = frozenset({S.STATEMENT_WINDOW, S.HEARING, S.COLLECTIVE})
REVIEWABLE = frozenset({S.INVESTIGATION_DONE}) | HEARD
AFTER_DECISION = frozenset({S.DECIDED, S.SERVED, S.PAID, S.ENFORCED, S.CORRECTED})
FINISHED = frozenset({S.PAID, S.ENFORCED, S.SERVED, S.NO_PENALTY})
PENDING = UNDECIDED | {S.LEAD}


def _in_order(states: frozenset[CaseState], first: CaseState | None = None) -> tuple[StrEnum, ...]:
    """The states in the order of their enumeration, the usual end first."""
    rest = tuple(one for one in CaseState if one in states and one is not first)
    return rest if first is None else (first, *rest)


INTAKE = (
    Transition(
        name="register_lead", sources=frozenset(), targets=(S.LEAD,), roles=DESK,
        form=forms.RegisterLead, guard=inquiry.is_sound_lead, writes=inquiry.register_lead,
    ),
    Transition(
        name="record_on_the_spot", sources=frozenset(), targets=(S.SERVED,), roles=OFFICERS,
        form=forms.RecordOnTheSpot, facts=OWN_AND_SECOND, guard=inquiry.is_simple_enough,
        writes=inquiry.record_on_the_spot,
    ),
    Transition(
        name="file", sources=frozenset({S.LEAD}), targets=(S.FILED,), roles=OFFICERS,
        form=forms.FileLead, facts=OWN_AND_SECOND, guard=two_officers, writes=inquiry.file_lead,
    ),
    Transition(
        name="investigate", sources=frozenset({S.FILED}), targets=(S.INVESTIGATING,),
        roles=OFFICERS, writes=inquiry.investigate,
    ),
)  # fmt: skip

INQUIRY = (
    Transition(
        name="name_party", sources=PENDING, targets=_in_order(PENDING), roles=DESK,
        form=forms.NameParty, facts={"party": named(Kind.PARTY, "party")},
        guard=inquiry.is_party, writes=inquiry.name_party, moves=Moves.CONTENT,
    ),
    Transition(
        name="establish", sources=FILED_OR_OPEN, targets=_in_order(FILED_OR_OPEN), roles=OFFICERS,
        form=forms.Establish, guard=inquiry.is_penalty, writes=inquiry.establish,
        moves=Moves.CONTENT,
    ),
    Transition(
        name="admit", sources=BEFORE_NOTICE, targets=_in_order(BEFORE_NOTICE), roles=OFFICERS,
        form=forms.Admit, writes=inquiry.admit, moves=Moves.CONTENT,
    ),
    Transition(
        name="withdraw_admission", sources=UNDECIDED, targets=_in_order(UNDECIDED),
        roles=OFFICERS, writes=inquiry.withdraw_admission, moves=Moves.CONTENT,
    ),
    Transition(
        name="fast_track", sources=BEFORE_NOTICE, targets=_in_order(BEFORE_NOTICE),
        roles=OFFICERS, facts=FILE, guard=lawful, writes=inquiry.go_fast, moves=Moves.CONTENT,
    ),
    Transition(
        name="assign_officers", sources=PENDING, targets=_in_order(PENDING), roles=SUPERVISORS,
        form=forms.AssignOfficers, facts=BOTH_NAMED, guard=two_officers,
        writes=inquiry.assign_officers, moves=Moves.CONTENT,
    ),
    Transition(
        name="finish_investigation", sources=frozenset({S.INVESTIGATING}),
        targets=(S.INVESTIGATION_DONE,), roles=OFFICERS, facts=FILE, guard=lawful,
        writes=inquiry.finish_investigation,
    ),
    Transition(
        name="reopen_investigation",
        sources=frozenset({S.INVESTIGATION_DONE, S.NOTICE_SENT, S.STATEMENT_WINDOW, S.HEARING}),
        targets=(S.INVESTIGATING,), roles=OFFICERS, form=forms.GiveReason,
        writes=inquiry.reopen_investigation,
    ),
)  # fmt: skip

REVIEW = (
    Transition(
        name="submit_review", sources=REVIEWABLE, targets=(S.LEGAL_REVIEW,), roles=OFFICERS,
        writes=inquiry.submit_review,
    ),
    Transition(
        name="pass_review", sources=frozenset({S.LEGAL_REVIEW}), targets=_in_order(REVIEWABLE),
        roles=REVIEWERS, form=forms.PassReview, facts=FILE, guard=inquiry.may_review,
        writes=inquiry.pass_review,
    ),
    Transition(
        name="return_review", sources=frozenset({S.LEGAL_REVIEW}),
        targets=_in_order(HEARD | {S.INVESTIGATING}), roles=REVIEWERS, form=forms.ReturnReview,
        writes=inquiry.return_review,
    ),
)  # fmt: skip

NOTICE = (
    Transition(
        name="send_notice", sources=frozenset({S.INVESTIGATION_DONE}),
        targets=(S.NOTICE_SENT, S.INVESTIGATION_DONE), roles=OFFICERS, form=forms.SendNotice,
        facts=FILE, guard=decision.may_send_notice, writes=decision.send_notice,
    ),
    Transition(
        name="notice_received", sources=frozenset({S.NOTICE_SENT}),
        targets=(S.STATEMENT_WINDOW,), roles=DESK, form=forms.NoticeReceived,
        guard=decision.may_receive, writes=decision.notice_received,
    ),
    Transition(
        name="make_statement", sources=HEARD, targets=_in_order(HEARD), roles=DESK,
        form=forms.MakeStatement, writes=decision.make_statement, moves=Moves.CONTENT,
    ),
    Transition(
        name="answer_statement", sources=HEARD, targets=_in_order(HEARD), roles=OFFICERS,
        form=forms.AnswerStatement, guard=decision.may_answer, writes=decision.answer_statement,
        moves=Moves.CONTENT,
    ),
    Transition(
        name="waive_statement", sources=frozenset({S.STATEMENT_WINDOW}),
        targets=(S.STATEMENT_WINDOW,), roles=DESK, form=forms.WaiveStatement,
        writes=decision.waive_statement, moves=Moves.CONTENT,
    ),
    Transition(
        name="request_hearing", sources=frozenset({S.STATEMENT_WINDOW}), targets=(S.HEARING,),
        roles=DESK, form=forms.RequestHearing, guard=decision.may_request_hearing,
        writes=decision.request_hearing,
    ),
    Transition(
        name="set_hearing", sources=frozenset({S.HEARING}), targets=(S.HEARING,), roles=OFFICERS,
        form=forms.SetHearing, facts={"chair": named(Kind.OFFICER, "chair")},
        guard=decision.may_set_hearing, writes=decision.set_hearing, moves=Moves.CONTENT,
    ),
    Transition(
        name="hold_hearing", sources=frozenset({S.HEARING}), targets=(S.HEARING,), roles=OFFICERS,
        form=forms.HoldHearing, guard=decision.may_hold_hearing, writes=decision.hold_hearing,
        moves=Moves.CONTENT,
    ),
    Transition(
        name="discuss", sources=frozenset({S.STATEMENT_WINDOW, S.HEARING}),
        targets=(S.COLLECTIVE,), roles=SUPERVISORS, form=forms.Discuss, writes=decision.discuss,
    ),
)  # fmt: skip

DECISION = (
    Transition(
        name="decide", sources=HEARD, targets=_in_order(HEARD, S.DECIDED), roles=SUPERVISORS,
        form=forms.Decide, facts=FILE, guard=decision.may_decide, writes=decision.decide,
    ),
    Transition(
        name="no_penalty", sources=REVIEWABLE, targets=_in_order(REVIEWABLE, S.NO_PENALTY),
        roles=SUPERVISORS, form=forms.GiveReason, facts=FILE, guard=lawful, writes=beside.spare,
    ),
    Transition(
        name="serve", sources=frozenset({S.DECIDED, S.CORRECTED}),
        targets=(S.SERVED, S.DECIDED, S.CORRECTED), roles=DESK, form=forms.Serve, facts=FILE,
        guard=decision.may_serve, writes=decision.serve,
    ),
    Transition(
        name="record_payment", sources=frozenset({S.SERVED}), targets=(S.PAID, S.SERVED),
        roles=DESK, form=forms.RecordPayment, facts=FILE, guard=decision.may_record_payment,
        writes=decision.record_payment,
    ),
    Transition(
        name="urge", sources=frozenset({S.SERVED}), targets=(S.SERVED,), roles=DESK,
        form=forms.Urge, writes=decision.urge, moves=Moves.CONTENT,
    ),
    Transition(
        name="enforce", sources=frozenset({S.SERVED}), targets=(S.ENFORCED,), roles=DESK,
        form=forms.Enforce, guard=decision.may_enforce, writes=decision.enforce,
    ),
    Transition(
        name="close", sources=FINISHED, targets=_in_order(FINISHED, S.CLOSED), roles=DESK,
        facts=FILE, guard=beside.may_close, writes=beside.close,
    ),
)  # fmt: skip

BESIDE = (
    *(
        Transition(
            name=name, sources=sources, targets=(state,), roles=roles, form=forms.GiveReason,
            writes=beside.exits_to(state),
        )
        for name, sources, state, roles in (
            ("find_not_established", BEFORE_NOTICE | {S.LEAD}, S.NOT_ESTABLISHED, OFFICERS),
            ("transfer_criminal", PENDING, S.CRIMINAL_TRANSFER, SUPERVISORS),
            ("withdraw", PENDING, S.WITHDRAWN, SUPERVISORS),
            ("terminate", PENDING | {S.SUSPENDED}, S.TERMINATED, SUPERVISORS),
        )
    ),
    Transition(
        name="transfer_out", sources=PENDING, targets=(S.TRANSFERRED_OUT,), roles=SUPERVISORS,
        form=forms.TransferOut, writes=beside.transfer_out,
    ),
    Transition(
        name="suspend", sources=UNDECIDED, targets=(S.SUSPENDED,), roles=SUPERVISORS,
        form=forms.GiveReason, writes=beside.suspend,
    ),
    Transition(
        name="resume", sources=frozenset({S.SUSPENDED}), targets=_in_order(UNDECIDED),
        roles=SUPERVISORS, writes=beside.resume,
    ),
    Transition(
        name="correct", sources=AFTER_DECISION - {S.CORRECTED}, targets=(S.CORRECTED,),
        roles=SUPERVISORS, form=forms.GiveReason, writes=beside.correct,
    ),
    Transition(
        name="revoke", sources=AFTER_DECISION | {S.CLOSED}, targets=(S.REVOKED,),
        roles=SUPERVISORS, form=forms.GiveReason, writes=beside.revoke,
    ),
    Transition(
        name="decide_anew", sources=frozenset({S.REVOKED}), targets=(S.INVESTIGATION_DONE,),
        roles=SUPERVISORS, writes=beside.decide_anew,
    ),
    Transition(
        name="open_remedy", sources=AFTER_DECISION | {S.CLOSED},
        targets=_in_order(AFTER_DECISION | {S.CLOSED}), roles=DESK | REVIEWERS,
        form=forms.OpenRemedy, guard=beside.may_open_remedy, writes=beside.open_remedy,
        moves=Moves.CONTENT,
    ),
    Transition(
        name="end_remedy", sources=AFTER_DECISION | {S.CLOSED},
        targets=_in_order(AFTER_DECISION | {S.CLOSED}), roles=DESK | REVIEWERS,
        form=forms.EndRemedy, guard=beside.may_end_remedy, writes=beside.end_remedy,
        moves=Moves.CONTENT,
    ),
    Transition(
        name="ask_recusal", sources=PENDING, targets=_in_order(PENDING), roles=DESK | REVIEWERS,
        form=forms.AskRecusal, writes=beside.ask_recusal, moves=Moves.CONTENT,
    ),
    Transition(
        name="settle_recusal", sources=PENDING, targets=_in_order(PENDING), roles=SUPERVISORS,
        form=forms.SettleRecusal, writes=beside.settle_recusal, moves=Moves.CONTENT,
    ),
    Transition(
        name="mirror", sources=frozenset(S), targets=tuple(S), roles=SYSTEM, form=forms.Mirror,
        guard=beside.is_provincial, writes=beside.mirror,
    ),
    Transition(
        name="annotate", sources=frozenset(S), targets=tuple(S), roles=DESK | REVIEWERS | SYSTEM,
        writes=beside.annotate, moves=Moves.CONTENT,
    ),
    Transition(
        name="alarm", sources=frozenset(S) - beside.ENDED,
        targets=_in_order(frozenset(S) - beside.ENDED), roles=SYSTEM, form=forms.AlarmCase,
        writes=beside.alarm, moves=Moves.CONTENT,
    ),
)  # fmt: skip
KEEPING = (
    Transition(
        name="lock", sources=frozenset(S), targets=tuple(S), roles=REVIEWERS,
        form=forms.GiveReason, guard=keeping.may_lock, writes=keeping.lock, moves=Moves.CONTENT,
    ),
    Transition(
        name="unlock", sources=frozenset(S), targets=tuple(S), roles=REVIEWERS,
        form=forms.GiveReason, guard=keeping.may_unlock, writes=keeping.unlock,
        moves=Moves.CONTENT,
    ),
    Transition(
        name="dispose", sources=beside.ENDED, targets=_in_order(beside.ENDED), roles=SYSTEM,
        facts=keeping.FILES | keeping.OF_FLAG, guard=keeping.may_dispose, writes=keeping.dispose,
        footprint=Footprint(touches=tuple(keeping.FILES)), moves=Moves.CONTENT,
    ),
)  # fmt: skip
TRANSITIONS = (*INTAKE, *INQUIRY, *REVIEW, *NOTICE, *DECISION, *BESIDE, *KEEPING)

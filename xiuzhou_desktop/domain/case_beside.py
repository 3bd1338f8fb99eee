"""Acts beside the usual way: exits, corrections, remedies, and what the province answers."""

from collections.abc import Callable

import msgspec

from . import case_forms as forms
from . import case_law as law
from .case_body import (
    CaseBody,
    CaseState,
    DocumentKind,
    IssuedDocument,
    Recusal,
    Remedy,
)
from .case_decision import before, not_future
from .case_master import CaseMaster
from .case_steps import case_of, changed, ended_in, lawful, now_in, stepped
from .command import Refusal
from .envelope import Args, Record
from .money import yuan
from .workflow import Changes, Situation
from .writing import args_of, target_of, with_body, with_columns

S = CaseState
DRAFTS: dict[CaseState, dict[str, object]] = {  # what a step that the province refused takes back
    S.NOTICE_SENT: {"notified": None, "notice_on": None, "hearing_told": False},
    S.DECIDED: {"penalty": None, "decided_on": None, "decision_no": None},
    S.SERVED: {"service": None, "pay_by": None},
}
ENDED = frozenset(
    {
        S.CLOSED, S.NOT_ESTABLISHED, S.TRANSFERRED_OUT, S.CRIMINAL_TRANSFER, S.WITHDRAWN,
        S.TERMINATED,
    }
)  # fmt: skip


def exits_to(state: CaseState) -> Callable[[Situation[Args]], Changes]:
    """An end state, with its reason."""

    def writes(s: Situation[Args]) -> Changes:
        reason = args_of(s, forms.GiveReason).reason
        return Changes(target=ended_in(s, state, exit_reason=reason), reason=reason)

    return writes


def transfer_out(s: Situation[Args]) -> Changes:
    """移送."""
    args = args_of(s, forms.TransferOut)
    reason = f"{args.to}: {args.reason}"
    return Changes(target=ended_in(s, S.TRANSFERRED_OUT, exit_reason=reason), reason=reason)


def spare(s: Situation[Args]) -> Changes:
    """不予处罚 (30, 33)."""
    reason = args_of(s, forms.GiveReason).reason
    changes = stepped(s, S.NO_PENALTY, exit_reason=reason)
    return msgspec.structs.replace(changes, reason=reason)


def suspend(s: Situation[Args]) -> Changes:
    """中止."""
    reason = args_of(s, forms.GiveReason).reason
    came_from = CaseState(target_of(s).state)
    return Changes(
        target=now_in(s, S.SUSPENDED, resumes=came_from, exit_reason=reason), reason=reason
    )


def resume(s: Situation[Args]) -> Changes:
    """Goes on where it stood."""
    state = case_of(s).resumes or S.INVESTIGATING
    return Changes(target=now_in(s, state, resumes=None, exit_reason=None))


def correct(s: Situation[Args]) -> Changes:
    """补正: a slip of the pen, served anew."""
    reason = args_of(s, forms.GiveReason).reason
    return Changes(target=now_in(s, S.CORRECTED), reason=reason)


def revoke(s: Situation[Args]) -> Changes:
    """撤销."""
    reason = args_of(s, forms.GiveReason).reason
    record = _opened(now_in(s, S.REVOKED, exit_reason=reason))
    return Changes(target=record, reason=reason)


def decide_anew(s: Situation[Args]) -> Changes:
    """From the end of the investigation on, with a new notice."""
    record = now_in(
        s, S.INVESTIGATION_DONE, notified=None, notice_on=None, hearing_told=False,
        received_on=None, statement_until=None, statement=None, waived_on=None, hearing=None,
        collective_on=None, penalty=None, decided_on=None, decision_no=None, service=None,
        pay_by=None, exit_reason=None, reviews=(),
    )  # fmt: skip
    return Changes(target=record)


def may_open_remedy(s: Situation[Args]) -> Refusal | None:
    """Not before the decision."""
    since = args_of(s, forms.OpenRemedy).since
    return not_future(s, since) or before(
        since, case_of(s).decided_on, "remedy-before-decision", law.REMEDIES
    )


def open_remedy(s: Situation[Args]) -> Changes:
    """复议 or 诉讼: execution goes on (73)."""
    args = args_of(s, forms.OpenRemedy)
    return Changes(target=with_body(target_of(s), remedy=Remedy(kind=args.kind, since=args.since)))


def may_end_remedy(s: Situation[Args]) -> Refusal | None:
    """One that runs."""
    remedy = case_of(s).remedy
    return None if remedy and remedy.outcome is None else Refusal(slug="no-remedy-running")


def end_remedy(s: Situation[Args]) -> Changes:
    """How it ended; annulled, the decision is revoked by its own act."""
    args, remedy = args_of(s, forms.EndRemedy), case_of(s).remedy
    assert remedy is not None  # the guard asked
    ended = Remedy(
        kind=remedy.kind, since=remedy.since, ended_on=args.ended_on, outcome=args.outcome
    )
    return Changes(target=with_body(target_of(s), remedy=ended))


def ask_recusal(s: Situation[Args]) -> Changes:
    """申请回避."""
    args = args_of(s, forms.AskRecusal)
    asked = Recusal(officer=args.officer, reason=args.reason)
    return Changes(target=changed(s, recusals=(*case_of(s).recusals, asked)), reason=args.reason)


def settle_recusal(s: Situation[Args]) -> Changes:
    """Granted or not; who is out leaves the case, and `assign_officers` names another."""
    args, body = args_of(s, forms.SettleRecusal), case_of(s)
    settled = tuple(
        Recusal(officer=one.officer, reason=one.reason, is_granted=args.is_granted)
        if one.officer == args.officer and one.is_granted is None
        else one
        for one in body.recusals
    )
    is_out = args.officer if args.is_granted else None
    officers = tuple(one for one in body.officers if one != is_out)
    return Changes(target=changed(s, recusals=settled, officers=officers))


def may_close(s: Situation[Args]) -> Refusal | None:
    """Nothing is owed any more."""
    body = case_of(s)
    owed = body.penalty.fine_fen - body.paid_fen if body.penalty else 0
    if target_of(s).state == S.SERVED and owed > 0:
        return Refusal(slug="fine-owed", facts={"owed_yuan": yuan(owed)}, article=law.PAYMENT)
    return lawful(s)


def close(s: Situation[Args]) -> Changes:
    """结案归档."""
    changes = stepped(s, S.CLOSED)
    if changes.target.state == S.CLOSED:
        target = with_columns(changes.target, closed_at=s.now)
        return msgspec.structs.replace(changes, target=target)
    return changes


def is_provincial(s: Situation[Args]) -> Refusal | None:
    """Only the province's own case follows the province."""
    is_ours = case_of(s).master is CaseMaster.LOCAL
    return Refusal(slug="case-is-ours") if is_ours else None


def mirror(s: Situation[Args]) -> Changes:
    """The province's state is the state; a step that it did not take leaves no draft behind."""
    args, body = args_of(s, forms.Mirror), case_of(s)
    if args.state is S.FILED:  # it has been taken on there: a number, and no step back here
        return Changes(target=changed(s, provincial_no=args.provincial_no))
    asked = body.submission
    taken_back = DRAFTS.get(asked.to_state, {}) if asked and asked.to_state != args.state else {}
    told = {"provincial_no": args.provincial_no, "submission": None} | _dated(args, body)
    record = now_in(s, args.state, **taken_back | told)
    is_ended = args.state in ENDED
    return Changes(target=with_columns(record, closed_at=s.now) if is_ended else _opened(record))


def _opened(record: Record) -> Record:
    """It goes on: what comes to it from now on is kept, and destroyed, after its next end."""
    return with_columns(with_body(record, disposed_at=None), closed_at=None)


def _dated(args: forms.Mirror, body: CaseBody) -> dict[str, object]:
    if args.document_no is None:
        return {}
    kind = DocumentKind.NOTICE if args.state is S.NOTICE_SENT else DocumentKind.DECISION
    dated = args.dated or args.at.date()
    document = IssuedDocument(kind=kind, number=args.document_no, dated=dated)
    kept = tuple(one for one in body.documents if one.kind is not kind)
    found: dict[str, object] = {"documents": (*kept, document)}
    if kind is DocumentKind.DECISION:
        found |= {"decision_no": args.document_no, "decided_on": dated}
    return found


def annotate(s: Situation[Args]) -> Changes:
    """The note travels in the command's `fields`."""
    return Changes(target=target_of(s))


def alarm(s: Situation[Args]) -> Changes:
    """A limit has passed: said once."""
    name = args_of(s, forms.AlarmCase).name
    return Changes(target=with_body(target_of(s), alarmed_at=s.now), reason=name)

"""Level 3, 现场执法: sending a patrol, and how it ends on the spot."""

from datetime import datetime, timedelta

import msgspec

from .case_body import CaseBody, CaseState
from .case_dates import due_of, end_of, local_day
from .case_inquiry import penalised_on_the_spot, with_party
from .case_master import CaseMaster
from .case_steps import package
from .envelope import Args, Kind, Record
from .evidence import (
    Custody,
    EvidenceBody,
    EvidenceState,
    EvidenceType,
    Gap,
    gaps_of,
    role_for,
)
from .flag_body import FlagBody, FlagState, OnsiteOutcome
from .flag_children import dispatched, order_for, touched_order, touched_task
from .flag_forms import (
    CorrectOnSite,
    FileCase,
    Leave,
    PenaliseSimple,
    SendOnsite,
    ServeOrder,
    Transfer,
)
from .rectification_order import RectificationState, ServedBy
from .task import TaskState
from .workflow import Changes, Situation
from .writing import args_of, body_of, fact_of, target_of, with_body, with_columns

S = FlagState


def send_onsite(s: Situation[Args]) -> Changes:
    """A patrol is sent."""
    args = args_of(s, SendOnsite)
    flag, task = dispatched(s, target_of(s), args.reason, args.unit)
    return Changes(target=flag, others=(task,), reason=args.reason.value)


def serve_order(s: Situation[Args]) -> Changes:
    """责令限期改正 on the spot; its limit runs from now."""
    flag = target_of(s)
    correct_by = s.now + timedelta(minutes=args_of(s, ServeOrder).minutes)
    served = {"served_by": ServedBy.ON_SITE, "served_at": s.now, "correct_by": correct_by}
    order = touched_order(s, "served", RectificationState.ISSUED, **served)
    if not order:
        order = (with_body(order_for(s, flag, 0), **served),)
    flag = with_columns(flag, due_at=correct_by)
    return Changes(target=with_body(flag, rectification_order=order[0].id), others=order)


def correct_on_site(s: Situation[Args]) -> Changes:
    """Put right while the officer was there, with a word (教育) or a warning."""
    outcome = args_of(s, CorrectOnSite).outcome
    order = touched_order(s, "corrected", RectificationState.CORRECTED, ended_at=s.now)
    flag = with_body(_settled(s, S.CORRECTED_ON_SITE), onsite_outcome=outcome)
    photos = args_of(s, CorrectOnSite).photos
    return Changes(
        target=flag, others=(*_task_done(s, photos), *order), reason=OnsiteOutcome(outcome).value
    )


def leave(s: Situation[Args]) -> Changes:
    """It was gone when the officer came."""
    return Changes(target=_settled(s, S.LEFT), others=_task_done(s, args_of(s, Leave).photos))


def penalise_simple(s: Situation[Args]) -> Changes:
    """简易程序: fined or warned on the spot by two officers; the case, decided and served (spawned
    record 0), and its evidence as at `file_case`.
    """
    args, flag = args_of(s, PenaliseSimple), target_of(s)
    evidence = _evidence(s, flag)
    body = penalised_on_the_spot(s, args, flag.category)
    case = _case(s, flag, (CaseState.SERVED, body), evidence)
    flag = with_body(
        _settled(s, S.SIMPLE_PENALTY), fine_fen=args.fine_fen, document_no=args.document_no,
        second_officer=args.second_officer, case=case.id,
    )  # fmt: skip
    order = touched_order(s, "not_corrected", RectificationState.NOT_CORRECTED, ended_at=s.now)
    return Changes(target=flag, others=(case, *evidence, *_task_done(s, ()), *order))


def transfer(s: Situation[Args]) -> Changes:
    """To the body that holds the power."""
    args = args_of(s, Transfer)
    flag = with_body(_settled(s, S.TRANSFERRED), transferred_to=args.to)
    return Changes(target=flag, others=_task_done(s, ()), reason=args.note or args.to.value)


def file_case(s: Situation[Args]) -> Changes:
    """立案: the case (spawned record 0) and its evidence (1 the still, 2 the second frame, 3 the
    clip).
    """
    args, flag = args_of(s, FileCase), target_of(s)
    evidence = _evidence(s, flag)
    case = _case(s, flag, (CaseState.FILED, _filed(s, flag, args)), evidence)
    flag = with_body(_settled(s, S.CASE_FILED), case=case.id, second_officer=args.second_officer)
    order = touched_order(s, "not_corrected", RectificationState.NOT_CORRECTED, ended_at=s.now)
    is_provincial = s.policy.master_of(flag.category) is CaseMaster.PROVINCIAL
    return Changes(
        target=flag,
        others=(case, *evidence, *_task_done(s, ()), *order),
        effects=(package(case, "file"),) if is_provincial else (),
    )


def _filed(s: Situation[Args], flag: Record, args: FileCase) -> CaseBody:
    officers = tuple(one for one in (s.actor.officer, args.second_officer) if one is not None)
    return CaseBody(
        master=s.policy.master_of(flag.category), officers=officers,
        basis=args.basis or s.policy.category(flag.category).base, facts=args.facts,
        filed_at=s.now, decide_by=end_of(local_day(s.now) + timedelta(days=s.policy.case_days)),
    )  # fmt: skip


def _case(
    s: Situation[Args], flag: Record, what: tuple[CaseState, CaseBody], evidence: tuple[Record, ...]
) -> Record:
    """The case of this flag: what was seen, and when, is the flag's."""
    state, body = what
    body = msgspec.structs.replace(
        body, flag=flag.id, evidence=tuple(one.id for one in evidence),
        occurred_on=local_day(body_of(flag, FlagBody).captured_at),
    )  # fmt: skip
    party = fact_of(s, "party")
    body = with_party(body, party, s.now) if party is not None else body
    record = Record(
        kind=Kind.CASE, id=s.spawn_id(0), scope=flag.scope, state=state.value, parent_id=flag.id,
        category=flag.category, area=flag.area, subject_key=flag.subject_key, place=flag.place,
        priority=flag.priority, opened_at=s.now, title=flag.title, body=body,
        assignee=s.actor.user,
    )  # fmt: skip
    return with_columns(record, due_at=due_of(record, s.policy, s.calendar))


def _evidence(s: Situation[Args], flag: Record) -> tuple[Record, ...]:
    body, second = body_of(flag, FlagBody), _second_picture(flag)
    found: list[tuple[int, EvidenceType, str | None, datetime]] = []
    if body.still is not None:
        found.append((1, EvidenceType.STILL, body.still, body.captured_at))
    if second is not None:
        found.append((2, EvidenceType.SECOND_FRAME, second[0], second[1]))
    if body.clip_at is not None:
        found.append((3, EvidenceType.CLIP, None, body.clip_at))
    return tuple(_piece(s, flag, one) for one in found)


def _second_picture(flag: Record) -> tuple[str, datetime] | None:
    frame = body_of(flag, FlagBody).second_frame
    return (frame.blob, frame.at) if frame is not None else None


def _piece(
    s: Situation[Args], flag: Record, what: tuple[int, EvidenceType, str | None, datetime]
) -> Record:
    index, kind, blob, at = what
    body = body_of(flag, FlagBody)
    gaps = gaps_of(fact_of(s, "camera"), at, flag.category) if body.camera else (Gap.NO_CAMERA,)
    evidence = EvidenceBody(
        case=s.spawn_id(0), flag=flag.id, type=kind, blob=blob, camera=body.camera, captured_at=at,
        reviewed_by=s.actor.name, reviewed_at=s.now, gaps=gaps, role=role_for(gaps),
        custody=(Custody(at=s.now, actor=s.actor.name, act="file"),),
    )  # fmt: skip
    return Record(
        kind=Kind.EVIDENCE, id=s.spawn_id(index), scope=flag.scope, state=EvidenceState.HELD.value,
        parent_id=s.spawn_id(0), category=flag.category, area=flag.area,
        subject_key=flag.subject_key, place=flag.place, opened_at=s.now, title=flag.title,
        body=evidence,
    )  # fmt: skip


def _settled(s: Situation[Args], state: FlagState) -> Record:
    flag = with_columns(target_of(s), state=state.value, due_at=None)
    return with_body(flag, settled_at=s.now, snoozed_until=None)


def _task_done(s: Situation[Args], photos: tuple[str, ...]) -> tuple[Record, ...]:
    outcome = s.command.transition
    return touched_task(s, "done", TaskState.DONE, ended_at=s.now, outcome=outcome, photos=photos)

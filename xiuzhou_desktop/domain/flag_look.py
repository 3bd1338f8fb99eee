"""Level 2, 再次研判: a second picture after the limit, and what a person sees in it."""

from datetime import datetime, timedelta

from .envelope import Args, Record
from .flag_body import FlagBody, FlagState, Look, LookCause, LookVerdict, OnsiteReason, SecondFrame
from .flag_children import dispatched, touched_order
from .flag_forms import FindUndetermined, TakeSecondFrame
from .policy import Policy
from .rectification_order import RectificationState
from .workflow import Changes, Situation
from .writing import args_of, body_of, target_of, with_body, with_columns

S = FlagState


def second_frame(s: Situation[Args]) -> Changes:
    """Keep the picture, and say at once whether it counts: a frozen one never does."""
    args, flag = args_of(s, TakeSecondFrame), target_of(s)
    cause = args.cause or why_unusable(args, body_of(flag, FlagBody), s.policy)
    frame = SecondFrame(
        at=args.at, blob=args.blob, camera=args.camera, pts_advanced=args.pts_advanced,
        clock_changed=args.clock_changed, clock_skew_ms=args.clock_skew_ms,
        usable=cause is None, cause=cause,
    )  # fmt: skip
    return Changes(target=with_body(flag, second_frame=frame))


def why_unusable(args: TakeSecondFrame, body: FlagBody, policy: Policy) -> LookCause | None:
    """The first reason for which the picture proves nothing, or None."""
    skew = args.clock_skew_ms
    for cause, is_so in (
        (LookCause.FROZEN, not args.pts_advanced),
        (LookCause.CLOCK_STOPPED, not args.clock_changed),
        (LookCause.WRONG_CAMERA, body.camera is not None and args.camera != body.camera),
        (LookCause.TOO_EARLY, _is_before(args.at, body.look_from or body.correct_by)),
        (LookCause.CLOCK_SKEW, skew is not None and abs(skew) > policy.clock_skew_ms),
    ):
        if is_so:
            return cause
    return None


def find_corrected(s: Situation[Args]) -> Changes:
    """Gone or put right: the order is obeyed."""
    flag = _looked(s, target_of(s), LookVerdict.CORRECTED, None)
    close_at = s.now + timedelta(minutes=s.policy.close_after_min)
    flag = with_columns(flag, state=S.SELF_CORRECTED.value, due_at=close_at)
    order = touched_order(s, "corrected", RectificationState.CORRECTED, ended_at=s.now)
    return Changes(target=with_body(flag, settled_at=s.now), others=order)


def find_present(s: Situation[Args]) -> Changes:
    """Still there after the limit: level 3."""
    flag = _looked(s, target_of(s), LookVerdict.STILL_PRESENT, None)
    order = touched_order(s, "not_corrected", RectificationState.NOT_CORRECTED, ended_at=s.now)
    flag, task = dispatched(s, flag, OnsiteReason.STILL_PRESENT)
    return Changes(target=flag, others=(task, *order), reason=OnsiteReason.STILL_PRESENT.value)


def find_undetermined(s: Situation[Args]) -> Changes:
    """The picture does not say; after two retries somebody goes there."""
    flag = target_of(s)
    body = body_of(flag, FlagBody)
    given = args_of(s, FindUndetermined).cause
    cause = given or (body.second_frame.cause if body.second_frame else LookCause.NO_FRAME)
    flag = _looked(s, flag, LookVerdict.UNDETERMINED, cause)
    reason = cause.value if cause else None
    if body.looks + 1 >= s.policy.looks_before_onsite:
        flag, task = dispatched(s, flag, OnsiteReason.UNDETERMINED)
        return Changes(target=flag, others=(task,), reason=reason)
    again = s.now + timedelta(minutes=s.policy.retry_look_min)
    flag = with_columns(flag, state=S.UNDETERMINED.value, due_at=again)
    return Changes(target=with_body(flag, look_from=again), reason=reason)


def _looked(
    s: Situation[Args], flag: Record, verdict: LookVerdict, cause: LookCause | None
) -> Record:
    body = body_of(flag, FlagBody)
    look = Look(at=s.now, verdict=verdict, cause=cause, frame=body.second_frame)
    undecided = body.looks + (verdict is LookVerdict.UNDETERMINED)
    kept = None if verdict is LookVerdict.UNDETERMINED else body.second_frame
    return with_body(
        flag, past_looks=(*body.past_looks, look), looks=undecided, second_frame=kept,
        snoozed_until=None,
    )  # fmt: skip


def _is_before(at: datetime, due: datetime | None) -> bool:
    return due is not None and at < due

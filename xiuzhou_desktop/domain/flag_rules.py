"""What the law and the district's rules ask before a flag moves: facts and guards."""

from collections.abc import Callable
from datetime import timedelta

from xiuzhou_desktop.geo import Point, metres_between

from .canonical import format_instant
from .case_body import CaseState
from .command import Refusal
from .envelope import Args, Kind, Place, Record
from .exemption import ExemptionState, covers
from .flag_body import FlagBody, FlagState, OnsiteReason
from .flag_forms import (
    Attach,
    Confirm,
    CorrectPlate,
    Detect,
    FileCase,
    FindUndetermined,
    PenaliseSimple,
    Report,
    SendOnsite,
    ServeOrder,
    Snooze,
)
from .notice import SPEC as NOTICE
from .plate import PlateColour, is_plate, plate_key
from .policy import Policy
from .rectification_order import RectificationOrderBody, RectificationState
from .two_officers import two_officers
from .workflow import Actor, Fact, FactKey, Situation
from .writing import args_of, body_of, can_move, fact_of, target_of

S = FlagState
Guard = Callable[[Situation[Args]], Refusal | None]
UNKNOWN = "—"  # a fact for which there is no value
SIMPLE_LIMIT = "行政处罚法 art. 51"
ONCE = "行政处罚法 art. 29"
CAME_TO_NOTHING = frozenset({CaseState.NOT_ESTABLISHED, CaseState.WITHDRAWN, CaseState.TERMINATED})
SIMPLE_CITIZEN_FEN, SIMPLE_ORGANISATION_FEN = 200_00, 3_000_00


def _of_body(name: str) -> Fact:
    kinds = {
        "notice": Kind.NOTICE, "rectification_order": Kind.RECTIFICATION_ORDER, "task": Kind.TASK,
        "camera": Kind.CAMERA, "case": Kind.CASE,
    }  # fmt: skip

    def key(target: Record | None, _args: Args, _actor: Actor) -> str | None:
        value = getattr(target.body, name) if target else None
        return str(value) if value else None

    return Fact(kind=kinds[name], by=FactKey.ID, key=key, closed=True)


def _of_args(kind: Kind, name: str) -> Fact:
    def key(_target: Record | None, args: Args, _actor: Actor) -> str | None:
        return getattr(args, name)  # type: ignore[no-any-return]  # a field of the row's own form

    return Fact(kind=kind, by=FactKey.ID, key=key, closed=True)


def _subject(target: Record | None, args: Args, _actor: Actor) -> str | None:
    return target.subject_key if target else subject_of(args)


def _area(_target: Record | None, args: Args, _actor: Actor) -> str | None:
    return getattr(args, "area", None)


def _counts_as_repeat(record: Record, s: Situation[Args]) -> bool:
    body = body_of(record, FlagBody)
    since = s.now - timedelta(days=s.policy.repeat_days)
    is_other = s.target is None or record.id != s.target.id
    was_one = body.confirmed_at is not None and body.confirmed_at >= since
    return is_other and was_one and record.state not in (S.FALSE_ALARM, S.DUPLICATE, S.DETECTED)


def _covers_now(record: Record, s: Situation[Args]) -> bool:
    args = s.args
    if not isinstance(args, Detect) or record.state != ExemptionState.GRANTED:
        return False
    place = place_of(args.lon_e7, args.lat_e7)
    return covers(record, args.captured_at, args.category, (subject_of(args), place))


NOTICE_OF = _of_body("notice")
ORDER_OF = _of_body("rectification_order")
TASK_OF = _of_body("task")
CAMERA_OF = _of_body("camera")
CASE_OF = _of_body("case")
CAMERA_NAMED = _of_args(Kind.CAMERA, "camera")
PARENT = _of_args(Kind.FLAG, "parent")
HISTORY = Fact(
    kind=Kind.FLAG, by=FactKey.SUBJECT, key=_subject, where=_counts_as_repeat, closed=True
)
EXEMPTIONS = Fact(kind=Kind.EXEMPTION, by=FactKey.AREA, key=_area, where=_covers_now)


def subject_of(args: Args) -> str | None:
    """The subject of a new flag: its plate, else its shop."""
    from_plate = getattr(args, "plate", None)
    if from_plate:
        return plate_key(from_plate, getattr(args, "plate_colour", None))
    shop = getattr(args, "shop", None)
    return f"shop:{shop}" if shop else None


def place_of(lon_e7: int | None, lat_e7: int | None) -> Place | None:
    """A place, if both halves are known."""
    if lon_e7 is None or lat_e7 is None:
        return None
    return Place(lon_e7=lon_e7, lat_e7=lat_e7)


def metres_apart(one: Place | None, other: Place | None) -> int | None:
    """Whole metres between two places, None where one is unknown."""
    if one is None or other is None:
        return None
    start = Point(one.lon_e7 / 1e7, one.lat_e7 / 1e7)
    return round(metres_between(start, Point(other.lon_e7 / 1e7, other.lat_e7 / 1e7)))


def is_sound_detection(s: Situation[Args]) -> Refusal | None:
    """A source may send anything; what cannot be is refused with its reason."""
    args = args_of(s, Detect)
    tolerance = timedelta(minutes=s.policy.future_tolerance_min)
    if args.captured_at > s.now + tolerance:
        return Refusal(slug="from-future", facts={"at": format_instant(args.captured_at)})
    if args.box_e4 and not (args.box_e4[0] < args.box_e4[2] and args.box_e4[1] < args.box_e4[3]):
        return Refusal(slug="bad-box")
    return _known_violation(s, args.category) or _plate_refusal(args.plate, args.plate_colour)


def is_sound_report(s: Situation[Args]) -> Refusal | None:
    """A report by hand names a violation and a place."""
    args = args_of(s, Report)
    return _known_violation(s, args.category) or _plate_refusal(args.plate, args.plate_colour)


def _known_violation(s: Situation[Args], category: str) -> Refusal | None:
    if category not in s.policy.categories:
        return Refusal(slug="unknown-category", facts={"category": category})
    if not s.policy.category(category).violation:
        return Refusal(slug="not-a-violation", facts={"category": category})
    return None


def _plate_refusal(plate: str | None, colour: str | None) -> Refusal | None:
    if plate and not is_plate(plate):
        return Refusal(slug="bad-plate", facts={"plate": plate[:20]})
    if colour and colour not in set(PlateColour):
        return Refusal(slug="bad-plate-colour", facts={"colour": colour[:20]})
    return None


def may_confirm(s: Situation[Args]) -> Refusal | None:
    """What lies in an exemption needs a reason."""
    flag = target_of(s)
    body = body_of(flag, FlagBody)
    if body.exemption is not None and not args_of(s, Confirm).reason:
        until = format_instant(body.exempt_until) if body.exempt_until else UNKNOWN
        return Refusal(slug="exempt-needs-reason", facts={"until": until})
    return None


def is_same_matter(s: Situation[Args]) -> Refusal | None:
    """A duplicate: the same plate or shop, within 50 m and 30 min (both settings)."""
    flag, parent = target_of(s), fact_of(s, "parent")
    if parent is None or parent.id == flag.id:
        return Refusal(slug="no-parent", facts={"parent": args_of(s, Attach).parent})
    if parent.state in (S.DUPLICATE, S.FALSE_ALARM):
        return Refusal(slug="parent-settled", facts={"state": parent.state, "kind": "flag"})
    if flag.subject_key != parent.subject_key:
        return Refusal(slug="other-subject")
    if flag.category != parent.category:
        return Refusal(slug="other-category")
    return near_enough(flag, parent, s.policy)


def near_enough(flag: Record, parent: Record, policy: Policy) -> Refusal | None:
    """Whether two flags of one subject can be the same matter by distance and time."""
    metres = metres_apart(flag.place, parent.place)
    if metres is not None and metres > policy.duplicate_radius_m:
        limit = policy.duplicate_radius_m
        return Refusal(slug="duplicate-too-far", facts={"metres": metres, "limit_m": limit})
    ours, theirs = body_of(flag, FlagBody).captured_at, body_of(parent, FlagBody).captured_at
    minutes = round(abs((ours - theirs).total_seconds()) / 60)
    limit = policy.duplicate_within_min
    if abs(ours - theirs) > timedelta(minutes=limit):
        return Refusal(slug="duplicate-too-late", facts={"minutes": minutes, "limit_min": limit})
    return None


def may_send_onsite(s: Situation[Args]) -> Refusal | None:
    """One patrol at a time; the system gives only the reasons that it can know."""
    if body_of(target_of(s), FlagBody).task is not None:
        return Refusal(slug="task-running")
    reason = args_of(s, SendOnsite).reason
    if reason in (OnsiteReason.STILL_PRESENT, OnsiteReason.UNDETERMINED):
        return Refusal(slug="reason-of-second-look")
    return None


def notice_can(name: str) -> Guard:
    """The notice stands where that row of its table starts."""

    def guard(s: Situation[Args]) -> Refusal | None:
        notice = fact_of(s, "notice")
        meant = getattr(s.args, "notice", None)
        is_meant = notice is not None and meant in (None, notice.id)
        if is_meant and can_move(NOTICE, notice, name):
            return None
        state = notice.state if notice else UNKNOWN
        return Refusal(slug="notice-over", facts={"state": state, "kind": "notice"})

    return guard


def may_find(s: Situation[Args]) -> Refusal | None:
    """Corrected or still present: only by a picture that counts, taken after the limit."""
    body = body_of(target_of(s), FlagBody)
    early = _too_early(s, body)
    if early:
        return early
    frame = body.second_frame
    if frame is None:
        return Refusal(slug="no-second-frame")
    if not frame.usable:
        cause = frame.cause.value if frame.cause else UNKNOWN
        return Refusal(slug="second-frame-unusable", facts={"cause": cause})
    return None


def may_find_undetermined(s: Situation[Args]) -> Refusal | None:
    """Not before the limit has passed, and never without a cause."""
    body = body_of(target_of(s), FlagBody)
    early = _too_early(s, body)
    if early:
        return early
    frame_cause = body.second_frame.cause if body.second_frame else None
    has_cause = args_of(s, FindUndetermined).cause or frame_cause or body.second_frame is None
    return None if has_cause else Refusal(slug="cause-needed")


def _too_early(s: Situation[Args], body: FlagBody) -> Refusal | None:
    due = body.look_from or body.correct_by
    if due is not None and s.now < due:
        return Refusal(slug="look-too-early", facts={"due": format_instant(due)})
    return None


def may_serve_order(s: Situation[Args]) -> Refusal | None:
    """Once, and not where the notice has already served it."""
    order = fact_of(s, "rectification_order")
    if order is None:
        return None
    served = body_of(order, RectificationOrderBody).served_at is not None
    if served or order.state != RectificationState.ISSUED:
        return Refusal(slug="order-served")
    assert args_of(s, ServeOrder).minutes > 0  # the form's own limit
    return None


def may_penalise(s: Situation[Args]) -> Refusal | None:
    """Two certificates, an answer that was read, an order that has expired, a fine within
    简易程序.
    """
    args = args_of(s, PenaliseSimple)
    limit = SIMPLE_ORGANISATION_FEN if args.is_organisation else SIMPLE_CITIZEN_FEN
    refusal = _punishable(s)
    if refusal is None and args.fine_fen > limit:
        return Refusal(
            slug="over-simple-limit", facts={"limit_yuan": limit // 100}, article=SIMPLE_LIMIT
        )
    return refusal


def may_file(s: Situation[Args]) -> Refusal | None:
    """As for any penalty; the case itself then goes its own way."""
    assert isinstance(s.args, FileCase)  # the row's own form
    return _punishable(s)


def may_reopen(s: Situation[Args]) -> Refusal | None:
    """One act is not punished twice: a case that the flag led to has come to nothing first."""
    case = fact_of(s, "case")
    if case is None or case.state in CAME_TO_NOTHING:
        return None
    return Refusal(slug="case-stands", facts={"number": case.number or UNKNOWN}, article=ONCE)


def _punishable(s: Situation[Args]) -> Refusal | None:
    if body_of(target_of(s), FlagBody).statement_unread:
        return Refusal(slug="statement-unread", article="行政处罚法 art. 45")
    return two_officers(s) or _order_expired(s)


def _order_expired(s: Situation[Args]) -> Refusal | None:
    category = s.policy.category(target_of(s).category)
    if not category.order_first:
        return None
    order = fact_of(s, "rectification_order")
    if order is None or order.state == RectificationState.VOIDED:
        return Refusal(slug="no-order", article=category.base)
    limit = body_of(order, RectificationOrderBody).correct_by
    if order.state == RectificationState.ISSUED and (limit is None or limit > s.now):
        until = format_instant(limit) if limit else UNKNOWN
        return Refusal(slug="order-running", facts={"until": until}, article=category.base)
    return None


def may_correct_plate(s: Situation[Args]) -> Refusal | None:
    """A notice to the wrong holder is voided first, else it would stand against somebody."""
    body, args = body_of(target_of(s), FlagBody), args_of(s, CorrectPlate)
    if body.notice is not None:
        return Refusal(slug="void-notice-first")
    return _plate_refusal(args.plate, args.colour)


def may_snooze(s: Situation[Args]) -> Refusal | None:
    """Only by the steps that the district allows."""
    allowed = s.policy.snooze_min
    if args_of(s, Snooze).minutes not in allowed:
        return Refusal(slug="bad-snooze", facts={"allowed": ", ".join(map(str, allowed))})
    return None

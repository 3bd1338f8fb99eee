"""How a flag comes to be: detected by a source, or reported by a person."""

from datetime import datetime, timedelta

from .areas import scope_of
from .camera_body import CameraBody
from .envelope import Args, Kind, KindGroup, Priority, Record
from .exemption import ends_at
from .flag_body import FlagBody, FlagState
from .flag_forms import Detect, Report
from .flag_rules import place_of, subject_of
from .grants import home_scope
from .ids import SubjectKey
from .plate import normalise_plate
from .workflow import Changes, Situation
from .writing import args_of, body_of, fact_of, with_columns


def detect(s: Situation[Args]) -> Changes:
    """A detection, with what the backend knows of it: exemption, mute, repeats in 30 days."""
    args = args_of(s, Detect)
    exemption = next(iter(s.facts["exemptions"]), None)
    camera = fact_of(s, "camera")
    lowered = exemption is not None or _is_muted(camera, args)
    repeats = len(s.facts["history"]) if subject_of(args) else None
    priority = args.priority or s.policy.category(args.category).priority
    if repeats is not None and repeats >= s.policy.repeat_threshold:
        priority = min(priority, Priority.HIGH)
    record = _new(s, args, Priority.LOW if lowered else priority, args.captured_at)
    body = FlagBody(
        camera=args.camera, captured_at=args.captured_at, confidence_e4=args.confidence_e4,
        box_e4=args.box_e4, zone_e4=args.zone_e4, zone_name=args.zone_name, dwell_s=args.dwell_s,
        object_text=args.object_text, plate=_plate(args.plate), plate_colour=args.plate_colour,
        plate_ocr_e4=args.plate_ocr_e4, still=args.still, frames=args.frames, clip_at=args.clip_at,
        address=args.address, exemption=exemption.id if exemption else None,
        exempt_until=ends_at(exemption, args.captured_at) if exemption else None,
        repeat_count_30d=repeats,
    )  # fmt: skip
    return Changes(target=_with(record, s, args, body))


def report(s: Situation[Args]) -> Changes:
    """A report by hand: category, place and channel suffice."""
    args = args_of(s, Report)
    priority = args.priority or s.policy.category(args.category).priority
    record = _new(s, args, priority, s.now)
    body = FlagBody(
        camera=args.camera, captured_at=args.captured_at or s.now, object_text=args.object_text,
        plate=_plate(args.plate), plate_colour=args.plate_colour, still=args.still,
        channel=args.channel, reported_by=s.actor.name, address=args.address,
        description=args.description,
    )  # fmt: skip
    return Changes(target=_with(record, s, args, body))


def _new(s: Situation[Args], args: Detect | Report, priority: int, at: datetime) -> Record:
    subject = subject_of(args)
    within = s.policy.judge_within_min.get(str(priority), 60)
    return Record(
        kind=Kind.FLAG, id=s.command.record, state=FlagState.DETECTED.value,
        category=args.category, area=args.area, priority=priority, opened_at=at,
        subject_key=SubjectKey(subject) if subject else None,
        place=place_of(args.lon_e7, args.lat_e7), due_at=at + timedelta(minutes=within),
        title=title_of(args), body=FlagBody(captured_at=at),
    )  # fmt: skip


def _with(record: Record, s: Situation[Args], args: Detect | Report, body: FlagBody) -> Record:
    scope = scope_of(args.area) if args.area else home_scope(s.actor.grants, KindGroup.DISPATCH)
    source, external = "hand", None
    if isinstance(args, Detect):
        scope = args.scope or scope
        source, external = args.source, args.external_id
    return with_columns(record, scope=scope, source=source, external_id=external, body=body)


def title_of(args: Detect | Report) -> str:
    """What a list shows: plate or object, and the place. No sentence: data, the same in every
    language.
    """
    what = _plate(args.plate) or args.object_text or ""
    return " ".join(part for part in (what, args.address) if part)


def _plate(text: str | None) -> str | None:
    return normalise_plate(text) if text else None


def _is_muted(camera: Record | None, args: Detect) -> bool:
    if camera is None:
        return False
    return any(
        mute.category == args.category and args.captured_at < mute.until
        for mute in body_of(camera, CameraBody).mutes
    )

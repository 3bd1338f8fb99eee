"""A piece of evidence 证据 with its chain of custody, PROOF or only a LEAD by the metadata of APL
41.

    announce ─► EXPECTED ─arrive─► HELD ─review─► HELD (verdict anew)
                                   record ─► HELD      exclude ─► EXCLUDED ─restore─► as it was

After its case's time (case_keeping.py) it is DISPOSED: the file is gone, its hash and custody stay.

`record` holds a file whose bytes are on the server; filing a flag holds its pictures by itself.
`announce` says that a file is on its way: its case, or that which is filed from its flag, goes on
meanwhile, but is not closed (case_rules `files-awaited`). Until `arrive` the record names no blob,
so nobody reads by it what is not his.
It is assigned to whoever announced it, and nobody else says that it arrived: else to name a hash
would be to get the file through the workstation of a colleague who has it.

A picture of a camera proves something only if the camera passed legal and technical review, is
calibrated, marked by a sign and published, and a person has reviewed the record. For a shop front
even then it is a LEAD beside the on-site record (domain.md §3).
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from .camera_body import CameraBody
from .canonical import format_instant
from .command import Refusal
from .envelope import Args, Body, Kind, KindGroup, Record, Struct
from .fields import Blob, Digest, Instant, Line
from .ids import RecordId
from .keeping import RESTS, is_disposed, kept, kept_until
from .policy import Policy
from .roles import OFFICERS, SYSTEM
from .workcalendar import LOCAL, WorkCalendar
from .workflow import Actor, Changes, Fact, FactKey, KindSpec, Role, Situation, Timer, Transition
from .writing import args_of, body_of, fact_of, moved, target_of, with_body, with_columns


class EvidenceState(StrEnum):
    """Whether the file counts in its case."""

    EXPECTED = "EXPECTED"
    HELD = "HELD"
    EXCLUDED = "EXCLUDED"
    DISPOSED = "DISPOSED"


class EvidenceType(StrEnum):
    """What it is."""

    STILL = "still"
    SECOND_FRAME = "second_frame"
    CLIP = "clip"
    PHOTO = "photo"
    RECORDER = "recorder"
    SURVEY = "survey"
    TRANSCRIPT = "transcript"
    DOCUMENT = "document"
    TRACK = "track"


class EvidenceRole(StrEnum):
    """Proof 证据 or only a lead 线索."""

    PROOF = "PROOF"
    LEAD = "LEAD"


class Gap(StrEnum):
    """Why it is no proof (APL 41)."""

    NO_CAMERA = "no_camera"
    LEGAL_REVIEW = "legal_review"
    TECHNICAL_REVIEW = "technical_review"
    CALIBRATION = "calibration"
    SIGN = "sign"
    PUBLICATION = "publication"
    HUMAN_REVIEW = "human_review"
    NO_LEGAL_BASIS = "no_legal_basis"


class Custody(Struct, frozen=True, kw_only=True):
    """One link of the chain: who had it, when, for what."""

    at: datetime
    actor: str
    act: str


class EvidenceBody(Body, frozen=True, kw_only=True):
    """`blob` is the SHA-256 of the file as it came in, `pixels_sha256` that of the decoded picture
    (8-bit RGB rows from top to bottom), `captured_at` business time, `camera_clock` what the
    camera's stream said the time was (None where it says none), `clock_offset_ms` that of the
    device against true time. `awaited` is the hash of a file that is yet to come, from
    `workstation`; `disposed` that of one that was destroyed in due time.
    """

    case: RecordId | None = None
    flag: RecordId | None = None
    type: EvidenceType
    blob: str | None = None
    camera: RecordId | None = None
    captured_at: datetime
    camera_clock: datetime | None = None
    pixels_sha256: str | None = None
    clock_offset_ms: int | None = None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    role: EvidenceRole = EvidenceRole.LEAD
    gaps: tuple[Gap, ...] = ()
    custody: tuple[Custody, ...] = ()
    exclude_reason: str | None = None
    awaited: str | None = None
    workstation: str | None = None
    disposed: str | None = None
    disposed_at: datetime | None = None


class TakenFile(Args, frozen=True, kw_only=True):
    """A file as it was taken, of a flag, a case or at least of a camera."""

    type: EvidenceType
    title: Line
    captured_at: Instant
    flag: RecordId | None = None
    case: RecordId | None = None
    camera: RecordId | None = None
    camera_clock: Instant | None = None
    pixels_sha256: Digest | None = None


class RecordEvidence(TakenFile, frozen=True, kw_only=True):
    """One whose bytes the server has."""

    blob: Blob


class AnnounceEvidence(TakenFile, frozen=True, kw_only=True):
    """One that lies on a workstation and comes when the line permits: of a case, or of a flag from
    which one may be filed, whose end it holds up.
    """

    awaited: Digest
    workstation: Line


class Arrive(Args, frozen=True, kw_only=True):
    """The file that was announced is on the server."""

    blob: Blob


class ReviewEvidence(Args, frozen=True, kw_only=True):
    """A person looked: true, clear, complete, accurate (真实 清晰 完整 准确)."""

    note: str | None = None


class Exclude(Args, frozen=True, kw_only=True):
    """It shall not count."""

    reason: str


S = EvidenceState
CLOCKS_APART = timedelta(minutes=1)  # a workstation's business time may run ahead by its error
ABOUT = (Kind.FLAG, Kind.CASE, Kind.CAMERA)
OF_CAMERAS = frozenset({EvidenceType.STILL, EvidenceType.SECOND_FRAME, EvidenceType.CLIP})
WITHOUT_LAW = frozenset({"05-04", "05-01", "05-07"})  # no law lets a camera prove these


def gaps_of_file(
    form: EvidenceType, camera: Record | None, captured_at: datetime, category: str | None
) -> tuple[Gap, ...]:
    """What a file lacks to be proof: 41 speaks of cameras, not of what officers write or take."""
    if camera is None and form not in OF_CAMERAS:
        return ()
    return gaps_of(camera, captured_at, category)


def gaps_of(camera: Record | None, captured_at: datetime, category: str | None) -> tuple[Gap, ...]:
    """What a camera's picture lacks to be proof."""
    if camera is None:
        return (Gap.NO_CAMERA,)
    body = body_of(camera, CameraBody)
    found = [
        gap
        for gap, fulfilled in (
            (Gap.LEGAL_REVIEW, body.legal_review_on),
            (Gap.TECHNICAL_REVIEW, body.tech_review_on),
            (Gap.CALIBRATION, _is_calibrated(body.calibration_until, captured_at)),
            (Gap.SIGN, body.sign_ok),
            (Gap.PUBLICATION, body.published_on),
            (Gap.NO_LEGAL_BASIS, category not in WITHOUT_LAW),
        )
        if not fulfilled
    ]
    return tuple(found)


def announcer_of(body: EvidenceBody) -> str:
    """The name of whoever said that the file will come."""
    return next((one.actor for one in body.custody if one.act == "announce"), "")


def role_for(gaps: tuple[Gap, ...]) -> EvidenceRole:
    """Any gap makes it a lead."""
    return EvidenceRole.LEAD if gaps else EvidenceRole.PROOF


def _is_calibrated(until: date | None, at: datetime) -> bool:
    return until is not None and at.astimezone(LOCAL).date() <= until


def _is_of_something(s: Situation[Args]) -> Refusal | None:
    args = args_of(s, TakenFile)
    named = (args.flag, args.case, args.camera)
    found = tuple(fact_of(s, kind.value) for kind in ABOUT)
    if any(one is not None and record is None for one, record in zip(named, found, strict=True)):
        return Refusal(slug="gone")
    if not any(named):
        return Refusal(slug="evidence-of-nothing")
    about = _about(s)
    if about is not None and is_disposed(about):
        return Refusal(slug="files-disposed")
    if args.captured_at > s.now + CLOCKS_APART:
        return Refusal(slug="from-future", facts={"at": format_instant(args.captured_at)})
    return None


def _about(s: Situation[Args]) -> Record | None:
    return fact_of(s, Kind.CASE.value) or fact_of(s, Kind.FLAG.value)


def _holds_something_up(s: Situation[Args]) -> Refusal | None:
    args = args_of(s, AnnounceEvidence)
    if args.case is None and args.flag is None:
        return Refusal(slug="files-await-nothing")
    return _is_of_something(s)


def _record(s: Situation[Args]) -> Changes:
    return Changes(target=_taken(s, S.HELD, blob=args_of(s, RecordEvidence).blob))


def _announce(s: Situation[Args]) -> Changes:
    args = args_of(s, AnnounceEvidence)
    told = {"awaited": args.awaited, "workstation": args.workstation}
    record = with_columns(_taken(s, S.EXPECTED, **told), assignee=s.actor.user)
    return Changes(target=record)


def _is_what_was_announced(s: Situation[Args]) -> Refusal | None:
    record = target_of(s)
    body = body_of(record, EvidenceBody)
    if record.assignee != s.actor.user:
        return Refusal(slug="not-announcer", facts={"who": announcer_of(body)})
    is_same = args_of(s, Arrive).blob == f"sha256:{body.awaited}"
    return None if is_same else Refusal(slug="other-file")


def _arrive(s: Situation[Args]) -> Changes:
    record = with_columns(target_of(s), state=S.HELD.value, assignee=None)
    custody = (
        *body_of(record, EvidenceBody).custody,
        Custody(at=s.now, actor=s.actor.name, act="arrive"),
    )
    blob = args_of(s, Arrive).blob
    return Changes(target=with_body(record, blob=blob, awaited=None, custody=custody))


def _taken(s: Situation[Args], state: EvidenceState, **file: str) -> Record:
    """It lies under its case, else under its flag, with that one's place and subject."""
    args = args_of(s, TakenFile)
    camera = fact_of(s, Kind.CAMERA.value)
    about = _about(s)
    place = about or camera
    category = about.category if about is not None else None
    gaps = gaps_of_file(args.type, camera, args.captured_at, category)
    gaps = (*gaps, Gap.HUMAN_REVIEW)
    record = Record(
        kind=Kind.EVIDENCE, id=s.command.record, state=state.value, opened_at=s.now,
        title=args.title, body=EvidenceBody(
            case=args.case, flag=args.flag, type=args.type, camera=args.camera,
            captured_at=args.captured_at, camera_clock=args.camera_clock,
            pixels_sha256=args.pixels_sha256, gaps=gaps, role=role_for(gaps),
            custody=(Custody(at=s.now, actor=s.actor.name, act=s.command.transition),),
        ),
    )  # fmt: skip
    if place is not None:
        record = with_columns(record, area=place.area, place=place.place, scope=place.scope)
    if about is not None:
        record = with_columns(
            record, parent_id=about.id, category=about.category, subject_key=about.subject_key
        )
    return with_body(record, **file)


def _fact(kind: Kind) -> Fact:
    def key(_target: Record | None, args: Args, _actor: Actor) -> str | None:
        named: RecordId | None = getattr(args, kind.value)
        return named

    return Fact(kind=kind, by=FactKey.ID, key=key, closed=True)


def _review(s: Situation[Args]) -> Changes:
    record = target_of(s)
    body = body_of(record, EvidenceBody)
    gaps = tuple(gap for gap in body.gaps if gap is not Gap.HUMAN_REVIEW)
    custody = (*body.custody, Custody(at=s.now, actor=s.actor.name, act="review"))
    record = with_body(
        record, gaps=gaps, role=role_for(gaps), reviewed_by=s.actor.name, reviewed_at=s.now,
        custody=custody,
    )  # fmt: skip
    return Changes(target=record, reason=args_of(s, ReviewEvidence).note)


def _exclude(s: Situation[Args]) -> Changes:
    reason = args_of(s, Exclude).reason
    record = with_columns(target_of(s), state=S.EXCLUDED.value, closed_at=s.now)
    return Changes(target=with_body(record, exclude_reason=reason), reason=reason)


def _restore(s: Situation[Args]) -> Changes:
    state = S.EXPECTED if body_of(target_of(s), EvidenceBody).awaited else S.HELD
    record = with_columns(target_of(s), state=state.value, closed_at=None)
    return Changes(target=with_body(record, exclude_reason=None))


def disposed(record: Record, now: datetime, by: str) -> Record:
    """The piece without its file: what it was can still be told."""
    body = body_of(record, EvidenceBody)
    digest = body.awaited or (body.blob or "").removeprefix("sha256:") or None
    custody = (*body.custody, Custody(at=now, actor=by, act="dispose"))
    bare = with_body(
        record, blob=None, awaited=None, disposed=digest, disposed_at=now, custody=custody
    )
    return moved(SPEC, bare, "dispose", S.DISPOSED, now)


def _dispose_at(record: Record, policy: Policy, _calendar: WorkCalendar) -> datetime | None:
    """Of a picture of a camera alone: the others go with their case, or their flag."""
    if record.parent_id is not None or body_of(record, EvidenceBody).disposed_at is not None:
        return None
    return kept_until(Kind.EVIDENCE, record.opened_at, policy)


def _may_dispose(s: Situation[Args]) -> Refusal | None:
    return kept(_dispose_at(target_of(s), s.policy, s.calendar), s.now)


def _dispose(s: Situation[Args]) -> Changes:
    return Changes(target=disposed(target_of(s), s.now, s.actor.name))


REVIEWERS = OFFICERS | {Role.REVIEWER}
SPEC = KindSpec(
    kind=Kind.EVIDENCE,
    group=KindGroup.CASE,
    body=EvidenceBody,
    states=EvidenceState,
    closed=frozenset({S.EXCLUDED, S.DISPOSED}),
    number_prefix="XZ-E",
    transitions=(
        Transition(
            name="record", sources=frozenset(), targets=(S.HELD,), roles=REVIEWERS,
            form=RecordEvidence, facts={kind.value: _fact(kind) for kind in ABOUT},
            guard=_is_of_something, writes=_record,
        ),
        Transition(
            name="announce", sources=frozenset(), targets=(S.EXPECTED,), roles=REVIEWERS,
            form=AnnounceEvidence, facts={kind.value: _fact(kind) for kind in ABOUT},
            guard=_holds_something_up, writes=_announce,
        ),
        Transition(
            name="arrive", sources=frozenset({S.EXPECTED}), targets=(S.HELD,), roles=REVIEWERS,
            form=Arrive, guard=_is_what_was_announced, writes=_arrive,
        ),
        Transition(
            name="review", sources=frozenset({S.HELD}), targets=(S.HELD,), roles=REVIEWERS,
            form=ReviewEvidence, writes=_review,
        ),
        Transition(
            name="exclude", sources=frozenset({S.EXPECTED, S.HELD}), targets=(S.EXCLUDED,),
            roles=REVIEWERS, form=Exclude, writes=_exclude,
        ),
        Transition(
            name="restore", sources=frozenset({S.EXCLUDED}), targets=(S.HELD, S.EXPECTED),
            roles=REVIEWERS, writes=_restore,
        ),
        Transition(
            name="dispose", sources=frozenset({S.EXPECTED, S.HELD, S.EXCLUDED}),
            targets=(S.DISPOSED,), roles=SYSTEM, guard=_may_dispose, writes=_dispose,
        ),
    ),
    timers=(Timer(name="dispose", transition="dispose", due=_dispose_at, rests=RESTS),),
)  # fmt: skip

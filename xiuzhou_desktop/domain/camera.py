"""A camera 监控点位 as the district keeps it; whether its picture is alive is live data, never a
state.

    PLANNED ─install─► INSTALLED ─accept─► ACCEPTED ─retire─► RETIRED

`register` makes one in any of the first three states.

Only an ACCEPTED camera whose APL 41 metadata are complete gives proof (`evidence.gaps_of`).
"""

import re
from datetime import date, datetime

import msgspec

from .areas import scope_of
from .camera_body import CameraBatch, CameraBody, CameraState, Mute, Zone
from .command import Refusal
from .envelope import Args, Kind, KindGroup, Place, Record
from .fields import Instant, LatE7, Line, LonE7, Notes, Reason
from .gb28181 import is_camera_id
from .ids import AreaCode, CategoryCode
from .policy import Policy
from .roles import ADMINISTRATORS, OFFICERS, OFFICERS_AND_SYSTEM
from .workcalendar import LOCAL
from .workflow import Changes, KindSpec, Moves, Phase, Role, Situation, Transition
from .writing import args_of, body_of, target_of, with_body, with_columns


class RegisterCamera(Args, frozen=True, kw_only=True):
    """A point; `short_no` is its key for imports. All that is not given is not known."""

    short_no: Line
    state: CameraState = CameraState.ACCEPTED
    gb_id: str | None = None
    name: str = ""
    area: AreaCode | None = None
    lon_e7: LonE7 | None = None
    lat_e7: LatE7 | None = None
    address: str = ""
    stream_url: str | None = None
    heading_deg: int | None = None
    batch: CameraBatch = CameraBatch.KEEP
    installed_on: date | None = None
    presets: tuple[str, ...] = ()
    zones: tuple[Zone, ...] = ()
    legal_review_on: date | None = None
    tech_review_on: date | None = None
    calibration_until: date | None = None
    sign_ok: bool = False
    published_on: date | None = None
    publish_url: str | None = None


class UpdateCamera(RegisterCamera, frozen=True, kw_only=True):
    """The same particulars again; a field that is left out goes back to "not known"."""


class Install(Args, frozen=True, kw_only=True):
    """It hangs."""

    installed_on: date


class MuteCamera(Args, frozen=True, kw_only=True):
    """Detections of one category here sort last until then; listed at handover."""

    category: CategoryCode
    reason: Reason
    until: Instant


class Unmute(Args, frozen=True, kw_only=True):
    """Heard again."""

    category: CategoryCode


class RetireCamera(Args, frozen=True, kw_only=True):
    """淘汰: taken down."""

    reason: Notes | None = None


S = CameraState
STREAM_URL = re.compile(r"(?:rtsps?|https?)://[^\s/@]+(?:/[^\s@]*)?")
"""Without user and password: a record is read by many, and those lie in a workstation's keyring."""
STANDING = frozenset({S.PLANNED, S.INSTALLED, S.ACCEPTED})
BODY_FIELDS = frozenset(CameraBody.__struct_fields__) & frozenset(RegisterCamera.__struct_fields__)


def _is_sound(s: Situation[Args]) -> Refusal | None:
    args = args_of(s, RegisterCamera)
    if args.gb_id is not None and not is_camera_id(args.gb_id):
        return Refusal(slug="bad-gb-id", facts={"id": args.gb_id[:30]})
    if args.stream_url is not None and not STREAM_URL.fullmatch(args.stream_url):
        return Refusal(slug="bad-stream-url")
    if args.heading_deg is not None and not 0 <= args.heading_deg < 360:
        return Refusal(slug="bad-heading", facts={"heading_deg": args.heading_deg})
    if args.state is S.RETIRED:
        return Refusal(slug="registered-retired")
    return None


def _columns(args: RegisterCamera) -> dict[str, object]:
    place = None
    if args.lon_e7 is not None and args.lat_e7 is not None:
        place = Place(lon_e7=args.lon_e7, lat_e7=args.lat_e7)
    title = " ".join(part for part in (args.short_no, args.name or args.address) if part)
    return {
        "area": args.area, "place": place, "title": title, "scope": scope_of(args.area),
        "external_id": args.short_no, "state": args.state.value,
    }  # fmt: skip


def _body(args: RegisterCamera) -> dict[str, object]:
    given = msgspec.structs.asdict(args)
    return {name: given[name] for name in BODY_FIELDS}


def _register(s: Situation[Args]) -> Changes:
    args = args_of(s, RegisterCamera)
    record = Record(
        kind=Kind.CAMERA, id=s.command.record, state=args.state.value, opened_at=s.now,
        source="camera", body=CameraBody(short_no=args.short_no),
    )  # fmt: skip
    return Changes(target=with_body(with_columns(record, **_columns(args)), **_body(args)))


def _update(s: Situation[Args]) -> Changes:
    args, record = args_of(s, UpdateCamera), target_of(s)
    columns = _columns(args) | {"scope": record.scope}
    return Changes(target=with_body(with_columns(record, **columns), **_body(args)))


def _install(s: Situation[Args]) -> Changes:
    record = with_columns(target_of(s), state=S.INSTALLED.value)
    return Changes(target=with_body(record, installed_on=args_of(s, Install).installed_on))


def _accept(s: Situation[Args]) -> Changes:
    return Changes(target=with_columns(target_of(s), state=S.ACCEPTED.value))


def _retire(s: Situation[Args]) -> Changes:
    record = with_columns(target_of(s), state=S.RETIRED.value, closed_at=s.now)
    return Changes(target=record, reason=args_of(s, RetireCamera).reason)


def _may_mute(s: Situation[Args]) -> Refusal | None:
    if args_of(s, MuteCamera).until <= s.now:
        return Refusal(slug="mute-over")
    return None


def _mute(s: Situation[Args]) -> Changes:
    args, record = args_of(s, MuteCamera), target_of(s)
    new = Mute(category=args.category, reason=args.reason, until=args.until, by=s.actor.name)
    kept = _mutes_but(record, args.category)
    return Changes(target=with_body(record, mutes=(*kept, new)), reason=args.reason)


def _unmute(s: Situation[Args]) -> Changes:
    record = target_of(s)
    return Changes(target=with_body(record, mutes=_mutes_but(record, args_of(s, Unmute).category)))


def _mutes_but(record: Record, category: str) -> tuple[Mute, ...]:
    return tuple(one for one in body_of(record, CameraBody).mutes if one.category != category)


def _annotate(s: Situation[Args]) -> Changes:
    return Changes(target=target_of(s))


def _is_muted(record: Record, now: datetime, _policy: Policy) -> bool:
    return any(now < one.until for one in body_of(record, CameraBody).mutes)


def _is_uncalibrated(record: Record, now: datetime, _policy: Policy) -> bool:
    until = body_of(record, CameraBody).calibration_until
    return until is None or until < now.astimezone(LOCAL).date()


MUTERS = OFFICERS | {Role.ADMINISTRATOR}
SPEC = KindSpec(
    kind=Kind.CAMERA,
    group=KindGroup.BASE,
    body=CameraBody,
    states=CameraState,
    closed=frozenset({S.RETIRED}),
    merge_fields=frozenset({"note"}),
    transitions=(
        Transition(
            name="register", sources=frozenset(), targets=(S.ACCEPTED, S.PLANNED, S.INSTALLED),
            roles=ADMINISTRATORS, form=RegisterCamera, guard=_is_sound, writes=_register,
        ),
        Transition(
            name="update", sources=STANDING, targets=(S.ACCEPTED, S.PLANNED, S.INSTALLED),
            roles=ADMINISTRATORS, form=UpdateCamera, guard=_is_sound, writes=_update,
        ),
        Transition(
            name="install", sources=frozenset({S.PLANNED}), targets=(S.INSTALLED,),
            roles=ADMINISTRATORS, form=Install, writes=_install,
        ),
        Transition(
            name="accept", sources=frozenset({S.INSTALLED}), targets=(S.ACCEPTED,),
            roles=ADMINISTRATORS, writes=_accept,
        ),
        Transition(
            name="retire", sources=STANDING, targets=(S.RETIRED,), roles=ADMINISTRATORS,
            form=RetireCamera, writes=_retire,
        ),
        Transition(
            name="mute", sources=STANDING, targets=tuple(STANDING), roles=MUTERS, form=MuteCamera,
            guard=_may_mute, writes=_mute, moves=Moves.CONTENT,
        ),
        Transition(
            name="unmute", sources=STANDING, targets=tuple(STANDING), roles=MUTERS, form=Unmute,
            writes=_unmute, moves=Moves.CONTENT,
        ),
        Transition(
            name="annotate", sources=frozenset(S), targets=tuple(S),
            roles=OFFICERS_AND_SYSTEM | {Role.ADMINISTRATOR}, writes=_annotate,
            moves=Moves.CONTENT,
        ),
    ),
    phases=(
        Phase(name="muted", holds=_is_muted),
        Phase(name="uncalibrated", holds=_is_uncalibrated),
    ),
)  # fmt: skip

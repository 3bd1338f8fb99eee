"""What each transition of a flag asks: form, validator and API schema at once."""

from .envelope import Args
from .fields import (
    E4,
    Blob,
    BoxE4,
    Fen,
    Instant,
    LatE7,
    Line,
    LonE7,
    Minutes,
    Notes,
    Rank,
    Reason,
    Seconds,
)
from .flag_body import (
    Channel,
    DismissCategory,
    Frame,
    LookCause,
    OnsiteOutcome,
    OnsiteReason,
    TransferTo,
)
from .ids import AreaCode, CategoryCode, RecordId, Scope
from .notice_body import NoticeFailure


class Detect(Args, frozen=True, kw_only=True):
    """A flag from a source of AI detections; `source` and `external_id` make it the same flag
    when it comes twice.
    """

    source: Line
    external_id: Line
    category: CategoryCode
    captured_at: Instant
    camera: RecordId | None = None
    scope: Scope | None = None
    area: AreaCode | None = None
    lon_e7: LonE7 | None = None
    lat_e7: LatE7 | None = None
    address: str = ""
    confidence_e4: E4 | None = None
    box_e4: BoxE4 | None = None
    zone_e4: tuple[tuple[E4, E4], ...] = ()
    zone_name: str | None = None
    dwell_s: Seconds | None = None
    object_text: str | None = None
    shop: str | None = None  # key of the shop, where the zone belongs to one
    plate: str | None = None
    plate_colour: str | None = None
    plate_ocr_e4: E4 | None = None
    still: Blob | None = None
    frames: tuple[Frame, ...] = ()
    clip_at: Instant | None = None
    priority: Rank | None = None


class Report(Args, frozen=True, kw_only=True):
    """A violation that a person saw or was told of: three answers are enough."""

    category: CategoryCode
    address: Line
    channel: Channel
    area: AreaCode | None = None
    lon_e7: LonE7 | None = None
    lat_e7: LatE7 | None = None
    plate: str | None = None
    plate_colour: str | None = None
    object_text: str | None = None
    description: Notes = ""
    still: Blob | None = None
    camera: RecordId | None = None  # whose picture it is
    captured_at: Instant | None = None  # when it was so, where that is not now
    priority: Rank | None = None


class Confirm(Args, frozen=True, kw_only=True):
    """It is a violation. `reason` is asked where a lawful exemption stands against it."""

    reason: Reason | None = None


class Dismiss(Args, frozen=True, kw_only=True):
    """It is none."""

    category: DismissCategory = DismissCategory.OTHER
    note: Notes | None = None


class Attach(Args, frozen=True, kw_only=True):
    """It is the same matter as `parent`."""

    parent: RecordId


class SendOnsite(Args, frozen=True, kw_only=True):
    """Straight to level 3; to `unit`, else to whoever is nearest."""

    reason: OnsiteReason = OnsiteReason.OFFICER
    unit: str | None = None


class NoticeSent(Args, frozen=True, kw_only=True):
    """The gateway took the message."""

    notice: RecordId | None = None  # which one, where an earlier one was voided
    provider_id: str | None = None
    sent_at: Instant | None = None


class NoticeDelivered(Args, frozen=True, kw_only=True):
    """The gateway says that it reached the telephone."""

    notice: RecordId | None = None  # which one, where an earlier one was voided
    delivered_at: Instant | None = None


class NoticeFailed(Args, frozen=True, kw_only=True):
    """It did not reach anybody."""

    notice: RecordId | None = None  # which one, where an earlier one was voided
    cause: NoticeFailure
    detail: str | None = None


class Reply(Args, frozen=True, kw_only=True):
    """What the person notified answers (APL 41¶3)."""

    text: Reason


class TakeSecondFrame(Args, frozen=True, kw_only=True):
    """A picture for the second look, with what the workstation measured while it took it."""

    at: Instant
    blob: Blob
    camera: RecordId | None = None
    pts_advanced: bool = True
    clock_changed: bool = True
    clock_skew_ms: int | None = None
    cause: LookCause | None = None


class FindUndetermined(Args, frozen=True, kw_only=True):
    """The second look does not decide; the cause is the frame's own where none is given."""

    cause: LookCause | None = None


class ServeOrder(Args, frozen=True, kw_only=True):
    """责令限期改正, said on the spot where the notice did not arrive."""

    minutes: Minutes


class CorrectOnSite(Args, frozen=True, kw_only=True):
    """Corrected while the officer was there."""

    outcome: OnsiteOutcome = OnsiteOutcome.EDUCATION
    photos: tuple[Blob, ...] = ()


class Leave(Args, frozen=True, kw_only=True):
    """Gone when the officer came."""

    photos: tuple[Blob, ...] = ()


class PenaliseSimple(Args, frozen=True, kw_only=True):
    """简易程序 (APL 51): two officers, a numbered form, a fine within the limit."""

    second_officer: RecordId
    document_no: Line
    fine_fen: Fen = 0  # 0: a warning
    is_organisation: bool = False
    party: RecordId | None = None
    party_name: Line | None = None  # of a party that is on no record
    facts: Notes = ""


class FileCase(Args, frozen=True, kw_only=True):
    """立案 (APL 54): two officers whose certificates are valid today."""

    second_officer: RecordId
    party: RecordId | None = None
    basis: str | None = None
    facts: Notes = ""


class Transfer(Args, frozen=True, kw_only=True):
    """To the body that holds the power."""

    to: TransferTo
    note: Notes | None = None


class CorrectPlate(Args, frozen=True, kw_only=True):
    """What the plate really says."""

    plate: Line
    colour: str | None = None


class VoidNotice(Args, frozen=True, kw_only=True):
    """The notice should not have gone out."""

    reason: Reason


class Reopen(Args, frozen=True, kw_only=True):
    """Judge it once more."""

    reason: Reason


class Snooze(Args, frozen=True, kw_only=True):
    """Put off for a few minutes."""

    minutes: Minutes = 5


class Alarm(Args, frozen=True, kw_only=True):
    """A limit has passed; nothing else changes."""

    name: Line

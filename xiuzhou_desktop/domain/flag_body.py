"""What a flag holds: a suspected violation seen by a camera's AI, a patrol or a caller (domain.md
§2.3).
"""

from datetime import datetime
from enum import StrEnum

from .envelope import Body, Struct
from .fields import Blob, Instant
from .ids import RecordId


class FlagState(StrEnum):
    """Where a flag stands; the chart is in `flag.py`."""

    DETECTED = "DETECTED"
    CONFIRMED = "CONFIRMED"
    L1_NOTIFIED = "L1_NOTIFIED"
    UNDETERMINED = "UNDETERMINED"
    SELF_CORRECTED = "SELF_CORRECTED"
    L3_DISPATCHED = "L3_DISPATCHED"
    ACCEPTED = "ACCEPTED"
    ARRIVED = "ARRIVED"
    CORRECTED_ON_SITE = "CORRECTED_ON_SITE"
    LEFT = "LEFT"
    SIMPLE_PENALTY = "SIMPLE_PENALTY"
    CASE_FILED = "CASE_FILED"
    TRANSFERRED = "TRANSFERRED"
    CLOSED = "CLOSED"
    FALSE_ALARM = "FALSE_ALARM"
    DUPLICATE = "DUPLICATE"


class Channel(StrEnum):
    """How a report made by hand reached us."""

    PHONE = "phone"
    LEADER_NOTE = "leader_note"
    PATROL = "patrol"
    SUPERIOR = "superior"
    CITIZEN = "citizen"
    TRACKS = "tracks"


class DismissCategory(StrEnum):
    """Why a flag was no violation; counts against the camera's precision unless EXEMPT or GONE."""

    NO_VIOLATION = "no_violation"
    WRONG_OBJECT = "wrong_object"
    EXEMPT = "exempt"
    GONE = "gone"
    POOR_PICTURE = "poor_picture"
    EQUIPMENT = "equipment"
    OTHER = "other"


class OnsiteReason(StrEnum):
    """Why level 3 was reached."""

    OFFICER = "officer"
    URGENT = "urgent"
    REPEAT = "repeat"
    NO_CONTACT = "no_contact"
    SMS_FAILED = "sms_failed"
    NO_RECEIPT = "no_receipt"
    STILL_PRESENT = "still_present"
    UNDETERMINED = "undetermined"


class LookCause(StrEnum):
    """Why a second look could not decide."""

    NO_FRAME = "no_frame"
    FROZEN = "frozen"
    CLOCK_STOPPED = "clock_stopped"
    CLOCK_SKEW = "clock_skew"
    WRONG_CAMERA = "wrong_camera"
    TOO_EARLY = "too_early"
    OFFLINE = "offline"
    OBSTRUCTED = "obstructed"
    UNCLEAR = "unclear"


class LookVerdict(StrEnum):
    """What a person saw at the second look."""

    CORRECTED = "corrected"
    STILL_PRESENT = "still_present"
    UNDETERMINED = "undetermined"


class OnsiteOutcome(StrEnum):
    """How a violation was settled on the spot."""

    EDUCATION = "education"
    WARNING = "warning"


class TransferTo(StrEnum):
    """Who holds the power that we do not."""

    TRAFFIC_POLICE = "traffic_police"
    TOWN = "town"
    OTHER = "other"


class Frame(Struct, frozen=True, kw_only=True):
    """One picture of the strip."""

    at: Instant
    blob: Blob


class SecondFrame(Struct, frozen=True, kw_only=True):
    """A picture taken for the second look. `cause` says why it does not count, when `usable` is
    not so.
    """

    at: datetime
    blob: str
    camera: RecordId | None = None
    pts_advanced: bool = True
    clock_changed: bool = True
    clock_skew_ms: int | None = None
    usable: bool = True
    cause: LookCause | None = None


class Look(Struct, frozen=True, kw_only=True):
    """A second look that was judged."""

    at: datetime
    verdict: LookVerdict
    cause: LookCause | None = None
    frame: SecondFrame | None = None


class FlagBody(Body, frozen=True, kw_only=True):
    """Boxes and confidences in 1e-4; blobs by "sha256:…"; None: not known."""

    camera: RecordId | None = None
    captured_at: datetime
    confidence_e4: int | None = None
    box_e4: tuple[int, int, int, int] | None = None
    zone_e4: tuple[tuple[int, int], ...] = ()
    zone_name: str | None = None
    dwell_s: int | None = None
    object_text: str | None = None
    plate: str | None = None
    plate_colour: str | None = None
    plate_ocr_e4: int | None = None
    first_plate: str | None = None  # as first read, kept when it was corrected
    first_plate_colour: str | None = None
    plate_corrections: int = 0
    still: str | None = None
    frames: tuple[Frame, ...] = ()
    clip_at: datetime | None = None
    channel: Channel | None = None
    reported_by: str | None = None
    address: str = ""
    description: str = ""
    confirmed_at: datetime | None = None
    confirm_reason: str | None = None  # given where an exemption stood against it
    dismiss_category: DismissCategory | None = None
    duplicate_of: RecordId | None = None
    notice: RecordId | None = None
    held_until: datetime | None = None  # night: the notice goes out then
    receipt_by: datetime | None = None
    rectification_order: RecordId | None = None
    correct_by: datetime | None = None
    second_frame: SecondFrame | None = None
    look_from: datetime | None = None  # from when a (further) second look is due
    looks: int = 0  # how many could not decide
    past_looks: tuple[Look, ...] = ()
    task: RecordId | None = None
    onsite_reason: OnsiteReason | None = None
    onsite_outcome: OnsiteOutcome | None = None
    fine_fen: int | None = None
    document_no: str | None = None
    second_officer: RecordId | None = None
    case: RecordId | None = None
    transferred_to: TransferTo | None = None
    statement: str | None = None  # what the person answered to the notice
    statement_unread: bool = False
    exemption: RecordId | None = None
    exempt_until: datetime | None = None
    repeat_count_30d: int | None = None
    settled_at: datetime | None = None
    snoozed_until: datetime | None = None
    disposed_at: datetime | None = None  # its pictures were destroyed in due time
    alarmed_at: datetime | None = None
    note: str | None = None

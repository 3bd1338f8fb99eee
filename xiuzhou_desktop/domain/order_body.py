"""What an order 派单/督办/群众来件 holds, and what each of its transitions asks."""

from enum import StrEnum

from .envelope import Args, Body
from .fields import Blob, Days, Instant, LatE7, Line, LonE7, Minutes, Notes, Rank, Reason
from .flag_body import Channel
from .ids import AreaCode, CategoryCode, RecordId, Scope


class OrderState(StrEnum):
    """The seven stages and the side states of domain.md §2.1; the chart is in `order.py`."""

    REPORTED = "REPORTED"
    VERIFIED = "VERIFIED"
    REJECTED = "REJECTED"
    MERGED = "MERGED"
    FILED = "FILED"
    DISPATCHED = "DISPATCHED"
    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"
    IN_PROGRESS = "IN_PROGRESS"
    SUSPENDED = "SUSPENDED"
    EXTENDED = "EXTENDED"
    ESCALATED = "ESCALATED"
    FEEDBACK = "FEEDBACK"
    CHECKING = "CHECKING"
    REWORK = "REWORK"
    CLOSED = "CLOSED"


class SourceLevel(StrEnum):
    """Who gave it: 省 市 区 镇, the 12345 line, a grid or ourselves."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"
    HOTLINE = "hotline"
    SELF = "self"


class RejectReason(StrEnum):
    """Why a report is not followed."""

    NOT_FOUND = "not_found"
    NOT_OURS = "not_ours"
    ALREADY_DONE = "already_done"
    OTHER = "other"


class OrderBody(Body, frozen=True, kw_only=True):
    """`reporter_masked` is all that is kept of a citizen here. `resumes`: the state that a
    suspension interrupted.
    """

    source_level: SourceLevel = SourceLevel.SELF
    channel: Channel | None = None
    ordered_by: str | None = None
    needs_reply: bool = False
    description: str = ""
    address: str = ""
    reporter_masked: str | None = None
    reported_by: str | None = None
    still: str | None = None
    unit: str | None = None
    filed_at: Instant | None = None
    dispatched_at: Instant | None = None
    accepted_at: Instant | None = None
    first_due_at: Instant | None = None
    is_estimated: bool = False  # the deadline rests on working days not announced yet
    return_reason: str | None = None
    returns: int = 0
    reject_reason: RejectReason | None = None
    merged_into: RecordId | None = None
    feedback: str | None = None
    feedback_at: Instant | None = None
    photos: tuple[str, ...] = ()
    reply: str | None = None
    replied_at: Instant | None = None
    reworks: int = 0
    rework_reason: str | None = None
    resumes: OrderState | None = None
    suspended_at: Instant | None = None
    suspended_until: Instant | None = None
    side_reason: str | None = None  # of the suspension, extension or supervision
    is_extended: bool = False
    is_escalated: bool = False
    snoozed_until: Instant | None = None
    alarmed_at: Instant | None = None
    disposed_at: Instant | None = None  # its pictures were destroyed in due time
    note: str | None = None


class ReportOrder(Args, frozen=True, kw_only=True):
    """What somebody told us: category, place and channel suffice."""

    category: CategoryCode
    address: Line
    channel: Channel
    source_level: SourceLevel = SourceLevel.SELF
    ordered_by: Line | None = None
    area: AreaCode | None = None
    scope: Scope | None = None
    lon_e7: LonE7 | None = None
    lat_e7: LatE7 | None = None
    description: Notes = ""
    reporter_masked: Line | None = None
    still: Blob | None = None
    priority: Rank | None = None
    source: Line | None = None
    external_id: Line | None = None
    reported_at: Instant | None = None


class Reject(Args, frozen=True, kw_only=True):
    """Not followed."""

    reason: RejectReason = RejectReason.OTHER
    note: Notes | None = None


class Merge(Args, frozen=True, kw_only=True):
    """The same matter as `parent`."""

    parent: RecordId


class Dispatch(Args, frozen=True, kw_only=True):
    """To the unit that deals with it; the limit starts now."""

    unit: Line


class ReturnOrder(Args, frozen=True, kw_only=True):
    """退单: not this unit's."""

    reason: Reason


class Feedback(Args, frozen=True, kw_only=True):
    """Dealt with, with a picture of it."""

    photos: tuple[Blob, ...] = ()
    text: Notes = ""


class ReplyToSource(Args, frozen=True, kw_only=True):
    """What whoever ordered it is told."""

    text: Reason


class Rework(Args, frozen=True, kw_only=True):
    """Not good enough yet."""

    reason: Reason


class Suspend(Args, frozen=True, kw_only=True):
    """挂账: waits for something outside; the limit stands still."""

    reason: Reason
    until: Instant


class Extend(Args, frozen=True, kw_only=True):
    """延期: once, for one approved reason."""

    reason: Reason
    workdays: Days = 1


class Escalate(Args, frozen=True, kw_only=True):
    """督办: a supervisor follows it."""

    reason: Reason


class ReopenOrder(Args, frozen=True, kw_only=True):
    """It was not over."""

    reason: Reason


class SnoozeOrder(Args, frozen=True, kw_only=True):
    """Put off for a few minutes."""

    minutes: Minutes = 5


class AlarmOrder(Args, frozen=True, kw_only=True):
    """A limit has passed; nothing else changes."""

    name: Line

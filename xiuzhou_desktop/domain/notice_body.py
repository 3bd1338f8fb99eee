"""What a notice 告知短信 holds: the facts by which the backend writes and sends it, never a
telephone number.
"""

from datetime import datetime
from enum import StrEnum

from .envelope import Body
from .ids import RecordId


class NoticeState(StrEnum):
    """How far the message came."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    VOIDED = "VOIDED"


class NoticeFailure(StrEnum):
    """Why it reached nobody."""

    NO_CONTACT = "no_contact"
    SMS_FAILED = "sms_failed"
    NO_RECEIPT = "no_receipt"
    OVERTAKEN = "overtaken"  # never sent: an officer was there before it


class NoticeBody(Body, frozen=True, kw_only=True):
    """`subject_key` of the envelope is whom it is for; the `contact` adapter of the backend finds
    the number.
    """

    flag: RecordId
    template: str = "notice"
    held_until: datetime | None = None
    provider_id: str | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    correct_by: datetime | None = None
    failure: NoticeFailure | None = None
    failure_detail: str | None = None
    void_reason: str | None = None

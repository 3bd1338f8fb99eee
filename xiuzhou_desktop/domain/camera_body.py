"""What a camera record holds: the device, and the metadata of APL 41 that makes its pictures
proof.
"""

from datetime import date, datetime
from enum import StrEnum

from .envelope import Body, Struct
from .ids import CategoryCode, RecordId


class CameraState(StrEnum):
    """The record's life; whether the picture is alive now is live data, never a state."""

    PLANNED = "PLANNED"
    INSTALLED = "INSTALLED"
    ACCEPTED = "ACCEPTED"
    RETIRED = "RETIRED"


class CameraBatch(StrEnum):
    """What the renewal does with the point 监控点位: 淘汰 提升 新增 保留."""

    KEEP = "keep"
    UPGRADE = "upgrade"
    NEW = "new"
    RETIRE = "retire"


class Mute(Struct, frozen=True, kw_only=True):
    """Detections of one category at this camera sort last until then."""

    category: CategoryCode
    reason: str
    until: datetime
    by: str


class Zone(Struct, frozen=True, kw_only=True):
    """A watched part of the picture, in 1e-4 of the frame."""

    name: str
    category: CategoryCode | None = None
    polygon_e4: tuple[tuple[int, int], ...] = ()
    shop: str | None = None


class CameraBody(Body, frozen=True, kw_only=True):
    """`short_no` is for people (C-0137); `gb_id` has twenty digits and is never a number."""

    short_no: str
    gb_id: str | None = None
    name: str = ""
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
    mutes: tuple[Mute, ...] = ()
    replaced_by: RecordId | None = None
    note: str | None = None

"""Flags from AI detectors: `POST /v1/ingest/flags`, multipart with part `flag` (this, as JSON) and
part `image` (JPEG, PNG, WebP).

Detection itself is taken in, never done here. The same `source` and `external_id` sent again answer
with the same record.
"""

from datetime import datetime

from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import AreaCode, CategoryCode, RecordId


class IngestFlag(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a detector saw. `camera` is a camera's number for people (C-0137), its 20-digit id or
    its record id.

    Units: lon_e7, lat_e7 in 1e-7 degrees WGS-84 (needed only where no camera is named),
    confidence_e4 and box_e4 in 1e-4 of one and of the picture (left, top, right, bottom). `source`
    is the device's own name, and may lack.
    """

    external_id: str
    category: CategoryCode
    captured_at: datetime
    source: str | None = None
    camera: str | None = None
    area: AreaCode | None = None
    lon_e7: int | None = None
    lat_e7: int | None = None
    address: str = ""
    confidence_e4: int | None = None
    box_e4: tuple[int, int, int, int] | None = None
    zone_e4: tuple[tuple[int, int], ...] = ()
    zone_name: str | None = None
    dwell_s: int | None = None
    object_text: str | None = None
    shop: str | None = None
    plate: str | None = None
    plate_colour: str | None = None
    plate_ocr_e4: int | None = None
    clip_at: datetime | None = None
    priority: int | None = None


class IngestAnswer(Struct, frozen=True, kw_only=True):
    """The flag's record; `created` False: it was here already."""

    record: RecordId
    created: bool

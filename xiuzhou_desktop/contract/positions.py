"""Positions of vehicles: where they are and were. Live data and history, never records (rule 10).

    POST /v1/ingest/positions   IngestPositions ─► IngestPositionsAnswer   a terminal's platform
    GET  /v1/positions          ─► TrackPage                               one vehicle, one period
    GET  /v1/live               event `positions` LivePositions            every vehicle's last fix

Units: `lon_e7`, `lat_e7` in 1e-7 degrees WGS-84 once stored, `speed_dkmh` in 0.1 km/h,
`heading_deg` clockwise from north, `alarm` the bits of JT/T 808; -1 where the terminal did not say.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import Grant, RecordId
from xiuzhou_desktop.geo import Datum

UNKNOWN = -1
MAX_POSITIONS = 5_000  # of one request
Decidegrees = Annotated[int, Meta(ge=UNKNOWN, le=360)]
SpeedDkmh = Annotated[int, Meta(ge=UNKNOWN, le=65_535)]
AlarmBits = Annotated[int, Meta(ge=0, lt=1 << 32)]
DegreesE7 = Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]


class IngestPosition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fix. `vehicle` is a plate, a subject key, a terminal's number or a record id; `datum` is
    what the coordinates are in. `is_fixed` False: the receiver had no satellites.
    """

    vehicle: str
    at: datetime
    lon_e7: DegreesE7
    lat_e7: DegreesE7
    datum: Datum = Datum.WGS84
    speed_dkmh: SpeedDkmh = UNKNOWN
    heading_deg: Decidegrees = UNKNOWN
    alarm: AlarmBits = 0
    is_fixed: bool = True


class IngestPositions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A batch; back-fill comes the same way as what is live."""

    positions: Annotated[tuple[IngestPosition, ...], Meta(max_length=MAX_POSITIONS)]


class PositionFault(Struct, frozen=True, kw_only=True):
    """The fix at this place of the batch was not taken, and why (`unknown-vehicle`, `no-fix`,
    `null-island`, `not-in-china`, `too-old`, `in-the-future`).
    """

    place: int
    reason: str


class IngestPositionsAnswer(Struct, frozen=True, kw_only=True):
    """`known`: sent before, by terminal and time."""

    new: int
    known: int
    faults: tuple[PositionFault, ...] = ()


class LivePosition(msgspec.Struct, frozen=True, array_like=True):
    """A vehicle's newest fix, as an array: two thousand of them come each second."""

    vehicle: RecordId
    at_ms: int
    lon_e7: int
    lat_e7: int
    speed_dkmh: int = UNKNOWN
    heading_deg: int = UNKNOWN
    alarm: int = 0


class LivePositions(Struct, frozen=True, kw_only=True):
    """SSE event `positions`: what moved since the event before, of the vehicles under a grant."""

    grant: Grant
    positions: tuple[LivePosition, ...]


class TrackPage(Struct, frozen=True, kw_only=True):
    """All fixes of a vehicle from `start` until before `end`, by time, as columns.

    `as_of` is when the server read them: later back-fill is not in here. `doubt_e4` are the shares
    on a street as declared and as GCJ-02, where these fixes were declared WGS-84 and are not.
    """

    vehicle: RecordId
    start: datetime
    end: datetime
    as_of: datetime
    at_ms: tuple[int, ...]
    lon_e7: tuple[int, ...]
    lat_e7: tuple[int, ...]
    speed_dkmh: tuple[int, ...]
    heading_deg: tuple[int, ...]
    alarm: tuple[int, ...]
    doubt_e4: tuple[int, int] | None = None

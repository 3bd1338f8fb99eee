"""Every vehicle with its newest fix, and what may be said of it now.

fix ≤ 60 s   moving or standing · ≤ 10 min  stale, hollow · older  offline, a cross · none  unseen
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

import msgspec
import numpy as np

from plugins.tracks.opened import OpenedDay
from xiuzhou_desktop.contract.positions import UNKNOWN, LivePosition
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.vehicle import VehicleBody
from xiuzhou_desktop.geo import DEGREE_E7, Point

STALE_S, OFFLINE_S = 60, 600
MOVING_DKMH = 30
NEVER_S = 1 << 40


class Presence(StrEnum):
    """What the newest fix allows to say."""

    MOVING = "moving"
    STANDING = "standing"
    STALE = "stale"
    OFFLINE = "offline"
    UNSEEN = "unseen"
    NOT_OPENED = "not_opened"  # in the past only what was opened is known


SHOWN_AS = tuple(Presence)
"""Their places are the codes of `FleetPicture.presence`."""


class VehicleRow(msgspec.Struct, frozen=True):
    """A vehicle as the list shows it; `age_s` of its newest fix."""

    vehicle: RecordId
    body: VehicleBody
    presence: Presence
    age_s: int
    fix: LivePosition | None

    @property
    def place(self) -> Point | None:
        """Where its newest fix is."""
        return Point.from_e7(self.fix.lon_e7, self.fix.lat_e7) if self.fix else None


class FleetPicture:
    """Columns for the map: one entry a vehicle that was ever seen."""

    def __init__(self, rows: tuple[VehicleRow, ...]) -> None:
        seen = [(row, row.fix) for row in rows if row.fix is not None]
        self.rows = tuple(row for row, _ in seen)
        self.lon = np.array([fix.lon_e7 for _, fix in seen], np.float64) / DEGREE_E7
        self.lat = np.array([fix.lat_e7 for _, fix in seen], np.float64) / DEGREE_E7
        self.heading_deg = np.array([fix.heading_deg for _, fix in seen], np.int64)
        self.presence = np.array([SHOWN_AS.index(row.presence) for row, _ in seen], np.int64)


def presence_of(fix: LivePosition | None, now: datetime) -> tuple[Presence, int]:
    """By the age of the fix and what its speedometer said."""
    if fix is None:
        return Presence.UNSEEN, NEVER_S
    age_s = max(0, int((now - datetime.fromtimestamp(fix.at_ms / 1000, UTC)).total_seconds()))
    if age_s > OFFLINE_S:
        return Presence.OFFLINE, age_s
    if age_s > STALE_S:
        return Presence.STALE, age_s
    is_moving = fix.speed_dkmh == UNKNOWN or fix.speed_dkmh >= MOVING_DKMH
    return (Presence.MOVING if is_moving else Presence.STANDING), age_s


def fleet_rows(
    vehicles: tuple[Record, ...], fixes: Mapping[RecordId, LivePosition], now: datetime
) -> tuple[VehicleRow, ...]:
    """One row a vehicle, in the order given."""
    rows = []
    for record in vehicles:
        if isinstance(record.body, VehicleBody):
            fix = fixes.get(record.id)
            presence, age_s = presence_of(fix, now)
            rows.append(VehicleRow(record.id, record.body, presence, age_s, fix))
    return tuple(rows)


def past_rows(
    vehicles: tuple[Record, ...], days: Mapping[RecordId, OpenedDay], at: datetime
) -> tuple[VehicleRow, ...]:
    """The same of an instant that has been, by the days that are opened."""
    rows = []
    for record in vehicles:
        if isinstance(record.body, VehicleBody):
            day = days.get(record.id)
            fix = _fix_then(day, at) if day is not None else None
            presence, age_s = presence_of(fix, at)
            if day is None:
                presence = Presence.NOT_OPENED
            rows.append(VehicleRow(record.id, record.body, presence, age_s, fix))
    return tuple(rows)


def _fix_then(day: OpenedDay, at: datetime) -> LivePosition | None:
    seen = day.track.seen(round(at.timestamp() * 1000))
    if seen.place is None:
        return None
    speed = UNKNOWN if seen.speed_kmh < 0 else round(seen.speed_kmh * 10)
    return LivePosition(day.vehicle, seen.since_ms, *seen.place.e7, speed)

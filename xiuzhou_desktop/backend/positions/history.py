"""A vehicle's track as the API gives it: read, noted who reads, and held against the streets."""

import asyncio
from datetime import datetime

import numpy as np

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.hooks import MediaSource
from xiuzhou_desktop.backend.positions.store import Fix, PositionStore, Reading
from xiuzhou_desktop.backend.positions.streets import district_streets
from xiuzhou_desktop.contract.positions import TrackPage
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.geo import DEGREE_E7, Point
from xiuzhou_desktop.geo.tracks import datum_doubt

E4 = 10_000


class Asked(Struct, frozen=True, kw_only=True):
    """Whose track, of which period, for whom."""

    vehicle: RecordId
    start: datetime
    end: datetime
    user: str


class TrackHistory:
    """Reads tracks, on a worker's thread."""

    def __init__(self, positions: PositionStore, clock: BusinessClock, media: MediaSource) -> None:
        self._positions = positions
        self._clock = clock
        self._media = media
        self._streets: list[list[Point]] | None = None

    async def read(self, asked: Asked) -> TrackPage:
        """All fixes of the period. Raises UnavailableError."""
        if self._streets is None:
            self._streets = await district_streets(self._media)
        return await asyncio.to_thread(self._read, asked, self._streets)

    def _read(self, asked: Asked, streets: list[list[Point]]) -> TrackPage:
        now = self._clock.now()
        start_ms, end_ms = _ms(asked.start), _ms(asked.end)
        fixes = self._positions.track(asked.vehicle, start_ms, end_ms)
        self._positions.note(Reading(asked.user, asked.vehicle, start_ms, end_ms), _ms(now))
        columns = {name: tuple(getattr(fix, name) for fix in fixes) for name in Fix._fields[1:]}
        return TrackPage(
            vehicle=asked.vehicle, start=asked.start, end=asked.end, as_of=now,
            doubt_e4=doubt_of(fixes, streets), **columns,
        )  # fmt: skip


def doubt_of(fixes: list[Fix], streets: list[list[Point]]) -> tuple[int, int] | None:
    """Shares on a street as declared and as GCJ-02, where the second speaks against the first."""
    lon = np.array([fix.lon_e7 for fix in fixes], dtype=np.float64) / DEGREE_E7
    lat = np.array([fix.lat_e7 for fix in fixes], dtype=np.float64) / DEGREE_E7
    doubt = datum_doubt(lon, lat, streets)
    return (round(doubt.as_declared * E4), round(doubt.as_gcj02 * E4)) if doubt else None


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)

"""What comes from terminals is checked, brought to WGS-84 and kept; a bad fix costs only itself.

A fix that no vehicle can have made (a jump, 400 km/h) is kept: it is shown as drift, and whoever
reads the track sees what was left out (geo/tracks). Refused is what says nothing about a place or
an instant.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.positions.names import VehicleNames
from xiuzhou_desktop.backend.positions.store import Fix, PositionStore
from xiuzhou_desktop.backend.store import Store
from xiuzhou_desktop.contract.positions import (
    IngestPosition,
    IngestPositionsAnswer,
    PositionFault,
)
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.geo import Point, is_outside_china, to_wgs84

FUTURE = timedelta(minutes=5)  # a terminal's clock may be a little fast
KEPT = timedelta(days=180)
"""Retention of positions; older ones are neither taken nor kept."""
NULL_ISLAND_E7 = 1_000_000
"""Nearer to (0, 0) than 0.1° in both: a receiver that had no fix."""


class Checked(Struct, frozen=True, kw_only=True):
    """What came of a batch; `faults` by place in it."""

    new: int
    known: int
    faults: tuple[PositionFault, ...]

    def answer(self) -> IngestPositionsAnswer:
        """As the wire says it."""
        return IngestPositionsAnswer(new=self.new, known=self.known, faults=self.faults)


class PositionIntake:
    """The door for positions. Blocks: call it on a worker's thread."""

    def __init__(self, store: Store, positions: PositionStore, clock: BusinessClock) -> None:
        self._store = store
        self._positions = positions
        self._clock = clock
        self._names = VehicleNames()

    def take(self, given: Iterable[IngestPosition]) -> Checked:
        """Keep what can be kept. Raises UnavailableError."""
        with self._store.snapshot() as connection:
            self._names.refresh(connection)
        now = self._clock.now()
        fixes: list[Fix] = []
        faults: list[PositionFault] = []
        for place, one in enumerate(given):
            vehicle = self._names.find(one.vehicle)
            reason = "unknown-vehicle" if vehicle is None else fault_of(one, now)
            if vehicle is None or reason is not None:
                faults.append(PositionFault(place=place, reason=reason or "unknown-vehicle"))
            else:
                fixes.append(_fix(vehicle, one))
        new = self._positions.add(fixes, _ms(now))
        return Checked(new=new, known=len(fixes) - new, faults=tuple(faults))


def fault_of(one: IngestPosition, now: datetime) -> str | None:
    """Why it cannot be kept: the first of the table that holds."""
    return next((reason for reason, holds in _FAULTS if holds(one, now)), None)


def kept_from_ms(now: datetime) -> int:
    """What lies before this is forgotten."""
    return _ms(now - KEPT)


def _is_null_island(one: IngestPosition, _now: datetime) -> bool:
    return abs(one.lon_e7) < NULL_ISLAND_E7 and abs(one.lat_e7) < NULL_ISLAND_E7


_FAULTS: tuple[tuple[str, Callable[[IngestPosition, datetime], bool]], ...] = (
    ("no-zone", lambda one, now: one.at.tzinfo is None),
    ("no-fix", lambda one, now: not one.is_fixed),
    ("null-island", _is_null_island),
    ("not-in-china", lambda one, now: is_outside_china(_point(one))),
    ("too-old", lambda one, now: one.at < now - KEPT),
    ("in-the-future", lambda one, now: one.at > now + FUTURE),
)


def _point(one: IngestPosition) -> Point:
    return Point.from_e7(one.lon_e7, one.lat_e7)


def _fix(vehicle: str, one: IngestPosition) -> Fix:
    return Fix(
        vehicle, _ms(one.at), *to_wgs84(_point(one), one.datum).e7,
        one.speed_dkmh, one.heading_deg, one.alarm,
    )  # fmt: skip


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)

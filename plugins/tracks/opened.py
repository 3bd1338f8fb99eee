"""A vehicle-day that was opened: its track, its permit, and what happened on the way.

    TrackPage ──read_day (worker)──► OpenedDay     track, events by time, doubt of the datum

An event explains itself: rule, threshold, what was measured. Drift makes none; a terminal's alarm
makes one even where its fix drifts.
"""

from datetime import UTC, date, datetime
from enum import StrEnum

import msgspec
import numpy as np

from xiuzhou_desktop.client.tracks import fixes_of
from xiuzhou_desktop.contract.positions import TrackPage
from xiuzhou_desktop.domain.envelope import Priority, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.permit import PermitBody, is_in_window
from xiuzhou_desktop.domain.vehicle import VehicleBody
from xiuzhou_desktop.geo import Point
from xiuzhou_desktop.geo.tracks import Deviation, Span, Track, deviations, read_track

SPEEDING_S = 30
LONG_STOP_S = 600
ALARM_BITS = {0: "emergency", 1: "speeding", 5: "antenna", 8: "power", 23: "route", 29: "collision"}
URGENT_BITS = frozenset({0, 29})


class EventKind(StrEnum):
    """What a track can show."""

    OFF_ROUTE = "off_route"
    OUTSIDE_HOURS = "outside_hours"
    SPEEDING = "speeding"
    ALARM = "alarm"
    GAP = "gap"
    STOP = "stop"


class TrackEvent(msgspec.Struct, frozen=True, kw_only=True):
    """`facts` fill the sentence `tracks.event.<kind>`; `priority` None: worth knowing, no more."""

    kind: EventKind
    start_ms: int
    end_ms: int
    place: Point
    priority: int | None = None
    facts: dict[str, int | str] = {}

    @property
    def at(self) -> datetime:
        """Its first instant."""
        return datetime.fromtimestamp(self.start_ms / 1000, UTC)


class OpenedDay(msgspec.Struct, frozen=True, kw_only=True):
    """All that the panel draws of one vehicle-day."""

    vehicle: RecordId
    body: VehicleBody
    day: date
    as_of: datetime
    track: Track
    route: tuple[Point, ...]
    permit: PermitBody | None
    events: tuple[TrackEvent, ...]
    doubt_e4: tuple[int, int] | None


def read_day(vehicle: Record, page: TrackPage, day: date, permit: PermitBody | None) -> OpenedDay:
    """Everything at once; some tens of milliseconds for a day: call it in a worker."""
    body = vehicle.body
    if not isinstance(body, VehicleBody):
        raise TypeError(f"{vehicle.kind} is no vehicle")
    track = read_track(fixes_of(page))
    route = tuple(Point.from_e7(*one) for one in permit.route) if permit else ()
    events = [
        *_off_route(track, route, permit), *_outside_hours(track, permit),
        *_speeding(track, body.speed_limit_kmh), *_alarms(track),
        *(_of_span(track, EventKind.GAP, gap, Priority.LOW) for gap in track.gaps),
        *(_of_span(track, EventKind.STOP, stop) for stop in track.stops
          if stop.seconds >= LONG_STOP_S),
    ]  # fmt: skip
    return OpenedDay(
        vehicle=vehicle.id, body=body, day=day, as_of=page.as_of, track=track, route=route,
        permit=permit, events=tuple(sorted(events, key=lambda one: one.start_ms)),
        doubt_e4=page.doubt_e4,
    )  # fmt: skip


def _off_route(
    track: Track, route: tuple[Point, ...], permit: PermitBody | None
) -> list[TrackEvent]:
    if permit is None:
        return []
    found = deviations(track, route, permit.buffer_m, permit.after_s)
    return [_deviation(track, one, permit) for one in found]


def _deviation(track: Track, one: Deviation, permit: PermitBody) -> TrackEvent:
    facts: dict[str, int | str] = {
        "metres": round(one.metres), "seconds": one.seconds, "buffer_m": permit.buffer_m,
        "after_s": permit.after_s, "permit": permit.permit_no,
        "fixes": one.last - one.first + 1,
    }  # fmt: skip
    return TrackEvent(
        kind=EventKind.OFF_ROUTE, start_ms=one.start_ms, end_ms=one.end_ms,
        place=track.honest.point(one.worst), priority=Priority.HIGH, facts=facts,
    )  # fmt: skip


def _outside_hours(track: Track, permit: PermitBody | None) -> list[TrackEvent]:
    """Trips that began while the permit did not hold."""
    if permit is None:
        return []
    outside = (
        trip
        for trip in track.trips
        if not is_in_window(permit, datetime.fromtimestamp(trip.start_ms / 1000, UTC))
    )
    return [
        _of_span(track, EventKind.OUTSIDE_HOURS, trip, Priority.MEDIUM, permit=permit.permit_no)
        for trip in outside
    ]


def _speeding(track: Track, limit_kmh: int | None) -> list[TrackEvent]:
    if limit_kmh is None or not len(track.honest):
        return []
    is_fast = np.concatenate(([False], track.speed_kmh > limit_kmh, [False]))
    edges = np.flatnonzero(np.diff(is_fast.astype(np.int8)))
    found = []
    for first, after in edges.reshape(-1, 2).tolist():
        at = track.honest.at_ms
        span = Span(first, after - 1, int(at[first]), int(at[after - 1]))
        if span.seconds >= SPEEDING_S:
            fastest = round(float(track.speed_kmh[first:after].max()))
            found.append(
                _of_span(track, EventKind.SPEEDING, span, Priority.MEDIUM,
                         kmh=fastest, limit=limit_kmh)
            )  # fmt: skip
    return found


def _alarms(track: Track) -> list[TrackEvent]:
    """Of all fixes, drift too: once where a bit comes up."""
    alarm = track.all.alarm
    risen = alarm & ~np.concatenate(([0], alarm[:-1]))
    found = []
    for row in np.flatnonzero(risen).tolist():
        for bit, name in ALARM_BITS.items():
            if int(risen[row]) >> bit & 1:
                at = int(track.all.at_ms[row])
                rank = Priority.URGENT if bit in URGENT_BITS else Priority.MEDIUM
                found.append(
                    TrackEvent(kind=EventKind.ALARM, start_ms=at, end_ms=at, priority=rank,
                               place=track.all.point(row), facts={"alarm": name})
                )  # fmt: skip
    return found


def _of_span(
    track: Track, kind: EventKind, span: Span, priority: int | None = None, **facts: int | str
) -> TrackEvent:
    return TrackEvent(
        kind=kind, start_ms=span.start_ms, end_ms=span.end_ms, priority=priority,
        place=track.honest.point(span.first), facts={"seconds": span.seconds, **facts},
    )  # fmt: skip

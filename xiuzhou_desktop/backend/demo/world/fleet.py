"""The district's vehicles with terminals, and where each is at any instant of the day.

    muck        site ─permitted route─► disposal site ─► site …   from its first trip to its last
    sanitation  up and down the streets of an area, slowly
    enforcement rounds with stops

A day is a list of legs (from, to, along a line); a place is a leg and a share of it, so any instant
can be asked for, in any order. What goes wrong with a terminal is a `Trouble` of the vehicle.
"""

import heapq
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from xiuzhou_desktop.backend.demo.world.dice import between, pick, unit
from xiuzhou_desktop.backend.demo.world.things import Junction, Street, Thing
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.geo import (
    Point,
    bearing_deg,
    destination,
    metres_between,
    wgs84_to_gcj02,
)

MUCK, SANITATION, ENFORCEMENT = 18, 5, 1
"""Trucks of the district; sanitation and enforcement vehicles of each area."""
SANITATION_TYPES = ("sprinkler", "sweeper", "compactor", "mist_cannon", "sweeper")
FROM, UNTIL = time(6, 0), time(21, 0)
EVERY_S = 10
NOISE_M = 4.0
SPEED_KMH = {"muck": (30, 52), "sprinkler": (12, 18), "sweeper": (8, 14), "compactor": (18, 32),
             "mist_cannon": (12, 18), "enforcement": (22, 40)}  # fmt: skip
DWELL_S = {"muck": (240, 720), "compactor": (60, 150), "enforcement": (120, 600)}
FEW_S = (20, 70)
COMPANIES = ("嘉兴恒通土方工程有限公司", "嘉兴远大渣土运输有限公司", "秀洲鑫达运输有限公司")
SANITATION_COMPANY = "秀洲区环境卫生服务中心"
LETTERS = "ABCDEFGH"


class Trouble(StrEnum):
    """What is wrong with a vehicle or its terminal on the demo day."""

    OFF_ROUTE = "off_route"  # leaves its permitted route on the second trip
    GAP = "gap"  # no positions for a while, then again
    DRIFT = "drift"  # single fixes far away
    OFFLINE = "offline"  # nothing since before the shift
    DATUM = "datum"  # its terminal says WGS-84 and means GCJ-02


TROUBLES: Mapping[int, Trouble] = {
    0: Trouble.OFF_ROUTE, 1: Trouble.GAP, 2: Trouble.DRIFT, 3: Trouble.OFFLINE,
}  # fmt: skip
OFF_ROUTE_FROM = time(7, 48)
GAP_FROM, GAP_S = time(7, 52), 216
OFFLINE_FROM = time(7, 41)


class FleetVehicle(Thing, frozen=True):
    """`line` is its work: the permitted route of a truck, else the round that it makes."""

    number: int
    plate: str
    type: str
    area: str
    company: str
    terminal: str
    line: tuple[Point, ...]
    trouble: Trouble | None = None


class WorldFix(Thing, frozen=True):
    """What the terminal sends: degrees as it says them, km/h, degrees from north."""

    vehicle: int
    at: datetime
    point: Point
    speed_kmh: float
    heading_deg: float


class Leg(Thing, frozen=True):
    """A stretch of the day in seconds from its beginning; of a stop start and end are one point."""

    start_s: float
    end_s: float
    start: Point
    end: Point


class Fleet:
    """All vehicles of one world and day."""

    def __init__(
        self, seed: int, midnight: datetime, ground: tuple[tuple[Junction, ...], tuple[Street, ...]]
    ) -> None:
        self._seed = seed
        self._midnight = midnight
        self._roads = _Roads(*ground)
        self._days: dict[int, list[Leg]] = {}

    @cached_property
    def vehicles(self) -> tuple[FleetVehicle, ...]:
        """By number."""
        return tuple(_vehicles(self._seed, self._roads))

    def fixes(self, start: datetime, end: datetime) -> Iterator[WorldFix]:
        """What all terminals send from an instant until before another, a vehicle at a time."""
        for vehicle in self.vehicles:
            yield from self.fixes_of(vehicle, start, end)

    def fixes_of(self, vehicle: FleetVehicle, start: datetime, end: datetime) -> Iterator[WorldFix]:
        """Each ten seconds, at a second of its own."""
        phase = vehicle.number % EVERY_S
        first = max(0.0, (start - self._begin).total_seconds())
        last = min((end - self._begin).total_seconds(), self._length_s)
        second = int(-(-(first - phase) // EVERY_S)) * EVERY_S + phase
        while second < last:
            if not self._is_silent(vehicle, second):
                yield self._fix(vehicle, second)
            second += EVERY_S

    @property
    def _begin(self) -> datetime:
        return _at(self._midnight, FROM)

    @property
    def _length_s(self) -> float:
        return (_at(self._midnight, UNTIL) - self._begin).total_seconds()

    def _legs(self, vehicle: FleetVehicle) -> list[Leg]:
        if vehicle.number not in self._days:
            self._days[vehicle.number] = list(self._day(vehicle))
        return self._days[vehicle.number]

    def _day(self, vehicle: FleetVehicle) -> Iterator[Leg]:
        """To and fro along its line until evening."""
        clock_s, trip = between(0, 900, self._seed, "begin", vehicle.number), 0
        yield Leg(start_s=0, end_s=clock_s, start=vehicle.line[0], end=vehicle.line[0])
        while clock_s < self._length_s:
            line = vehicle.line if trip % 2 == 0 else vehicle.line[::-1]
            if self._leaves_its_route(vehicle, clock_s):
                line = self._roads.detour(line)
            for leg in _drive(self._seed, vehicle, (clock_s, trip), line):
                yield leg
                clock_s = leg.end_s
            trip += 1

    def _leaves_its_route(self, vehicle: FleetVehicle, clock_s: float) -> bool:
        since = (_at(self._midnight, OFF_ROUTE_FROM) - self._begin).total_seconds()
        return vehicle.trouble is Trouble.OFF_ROUTE and since <= clock_s < since + 2400

    def _is_silent(self, vehicle: FleetVehicle, second: float) -> bool:
        at = self._begin + timedelta(seconds=second)
        if vehicle.trouble is Trouble.OFFLINE:
            return at >= _at(self._midnight, OFFLINE_FROM)
        if vehicle.trouble is Trouble.GAP:
            gap = _at(self._midnight, GAP_FROM)
            return gap <= at < gap + timedelta(seconds=GAP_S)
        return False

    def _fix(self, vehicle: FleetVehicle, second: float) -> WorldFix:
        leg = _leg_at(self._legs(vehicle), second)
        length = max(leg.end_s - leg.start_s, 1e-3)
        share = min(1.0, (second - leg.start_s) / length)
        point = Point(
            leg.start.lon + (leg.end.lon - leg.start.lon) * share,
            leg.start.lat + (leg.end.lat - leg.start.lat) * share,
        )
        speed = metres_between(leg.start, leg.end) / length * 3.6
        heading = bearing_deg(leg.start, leg.end) if speed > 0 else 0.0
        return WorldFix(
            vehicle=vehicle.number, at=self._begin + timedelta(seconds=second),
            point=self._as_sent(vehicle, point, int(second)), speed_kmh=speed,
            heading_deg=heading,
        )  # fmt: skip

    def _as_sent(self, vehicle: FleetVehicle, point: Point, second: int) -> Point:
        key = (self._seed, "noise", vehicle.number, second)
        seen = destination(point, 360 * unit(*key, "way"), NOISE_M * unit(*key, "far"))
        if vehicle.trouble is Trouble.DRIFT and unit(*key, "drift") < 0.02:
            return destination(seen, 360 * unit(*key, "jump"), between(900, 2500, *key, "m"))
        return wgs84_to_gcj02(seen) if vehicle.trouble is Trouble.DATUM else seen


class _Roads:
    """The street graph, for ways from junction to junction."""

    def __init__(self, junctions: tuple[Junction, ...], streets: tuple[Street, ...]) -> None:
        self.points = {one.id: one.point for one in junctions}
        self.areas: dict[str, list[str]] = {}
        for one in junctions:
            self.areas.setdefault(one.area, []).append(one.id)
        self._next: dict[str, dict[str, float]] = {one.id: {} for one in junctions}
        for street in streets:
            for start, end in pairwise(street.junctions):
                metres = metres_between(self.points[start], self.points[end])
                self._next[start][end] = self._next[end][start] = metres
        self._name_at = {point: name for name, point in self.points.items()}

    def way(self, start: str, end: str) -> tuple[Point, ...]:
        """The shortest way; every junction can be reached from every other."""
        found = self._find(start, end, frozenset())
        return tuple(self.points[name] for name in found or (start, end))

    def detour(self, line: tuple[Point, ...]) -> tuple[Point, ...]:
        """The longest of the ways that avoid one piece of the line, on streets all the same."""
        names = [self._name_at[point] for point in line]
        ways = [
            self._find(names[0], names[-1], frozenset({(start, end), (end, start)}))
            for start, end in pairwise(names)
        ]
        longest = max((way for way in ways if way), key=self._length_m, default=tuple(names))
        return tuple(self.points[name] for name in longest)

    def _find(
        self, start: str, end: str, without: frozenset[tuple[str, str]]
    ) -> tuple[str, ...] | None:
        """Dijkstra; None: the pieces left out cut the graph."""
        waiting: list[tuple[float, str, tuple[str, ...]]] = [(0.0, start, (start,))]
        seen: set[str] = set()
        while waiting:
            metres, here, names = heapq.heappop(waiting)
            if here == end:
                return names
            if here in seen:
                continue
            seen.add(here)
            for there, far in self._next[here].items():
                if there not in seen and (here, there) not in without:
                    heapq.heappush(waiting, (metres + far, there, (*names, there)))
        return None

    def _length_m(self, names: tuple[str, ...]) -> float:
        return sum(self._next[start][end] for start, end in pairwise(names))


def _vehicles(seed: int, roads: _Roads) -> Iterator[FleetVehicle]:
    codes = sorted(roads.areas)
    number = 0
    for truck in range(MUCK):
        site, disposal = codes[truck % 3], codes[(truck + 1 + truck % 4) % len(codes)]
        line = roads.way(
            pick(roads.areas[site], seed, "site", truck),
            pick(roads.areas[disposal], seed, "disposal", truck // 6),
        )
        yield FleetVehicle(
            number=number, plate=f"浙F{LETTERS[truck % 3]}{3712 + truck * 37}", type="muck",
            area="", company=COMPANIES[truck % 3], terminal=f"0138{number:08d}", line=line,
            trouble=TROUBLES.get(truck),
        )  # fmt: skip
        number += 1
    for code in codes:
        for place in range(SANITATION + ENFORCEMENT):
            yield _of_area(seed, roads, (code, place, number))
            number += 1


def _of_area(seed: int, roads: _Roads, which: tuple[str, int, int]) -> FleetVehicle:
    """A sanitation or enforcement vehicle: a round over junctions of its area."""
    code, place, number = which
    is_sanitation = place < SANITATION
    nodes = roads.areas[code]
    stops = [pick(nodes, seed, "round", code, place, n) for n in range(5)]
    line: tuple[Point, ...] = ()
    for start, end in pairwise(stops):
        line += roads.way(start, end)[bool(line) :]
    return FleetVehicle(
        number=number, plate=f"浙F5T{118 + number}" if is_sanitation else f"浙FZ{number:04d}",
        type=SANITATION_TYPES[place] if is_sanitation else "enforcement", area=code,
        company=SANITATION_COMPANY if is_sanitation else "秀洲区综合行政执法局",
        terminal=f"0138{number:08d}", line=line if len(line) > 1 else tuple(
            roads.points[name] for name in nodes[:2]
        ),
        trouble=Trouble.DATUM if number == MUCK + 1 else None,
    )  # fmt: skip


def _drive(
    seed: int, vehicle: FleetVehicle, when: tuple[float, int], line: tuple[Point, ...]
) -> Iterator[Leg]:
    """Along a line with a speed a piece, sometimes a red light, and a stay at its end."""
    clock_s, trip = when
    low, high = SPEED_KMH[vehicle.type]
    for piece, (start, end) in enumerate(pairwise(line)):
        key = (seed, "piece", vehicle.number, trip, piece)
        speed = between(low, high, *key, "speed") / 3.6
        yield (leg := Leg(start_s=clock_s, end_s=clock_s + metres_between(start, end) / speed,
                          start=start, end=end))  # fmt: skip
        clock_s = leg.end_s
        if unit(*key, "light") < 0.12:
            clock_s += between(*FEW_S, *key, "red")
            yield Leg(start_s=leg.end_s, end_s=clock_s, start=end, end=end)
    stay = between(*DWELL_S.get(vehicle.type, FEW_S), seed, "stay", vehicle.number, trip)
    yield Leg(start_s=clock_s, end_s=clock_s + stay, start=line[-1], end=line[-1])


def _leg_at(legs: list[Leg], second: float) -> Leg:
    low, high = 0, len(legs) - 1
    while low < high:
        middle = (low + high) // 2
        if legs[middle].end_s <= second:
            low = middle + 1
        else:
            high = middle
    return legs[low]


def _at(midnight: datetime, at: time) -> datetime:
    return datetime.combine(midnight.astimezone(LOCAL).date(), at, LOCAL)

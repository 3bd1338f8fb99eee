"""The demonstration's vehicles, permits and positions: of today from 06:00, and as the day goes on.

deeds() ─► records      vehicles and muck permits, registered before the shift
backfill ─► positions   06:00 to the opening, at the first start
run ─► positions        each second what the terminals have sent since
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.demo.ledger import Deed
from xiuzhou_desktop.backend.demo.people import ADMIN, SUPERVISOR
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.fleet import Fleet, FleetVehicle, WorldFix
from xiuzhou_desktop.backend.positions import Fix, PositionStore
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId, derived_id
from xiuzhou_desktop.domain.plate import PlateColour, plate_key

EVERY_S = 1.0
SOURCE = "vehicle"
MUCK_AREA = "330411002"  # where the permits were given: the district's hub
MUCK_LIMIT_KMH, OTHER_LIMIT_KMH = 50, 60
WINDOWS: list[Json] = [[6 * 60, 11 * 60], [13 * 60 + 30, 20 * 60]]
VALID_BEFORE, VALID_AFTER = timedelta(days=40), timedelta(days=80)
SITES = ("康和路商住项目工地", "秀洲大道地下管廊工地", "高照产业园二期工地")
DISPOSALS = ("秀南消纳场", "王店消纳场", "新塍消纳场", "洪合消纳场")


def world_fleet(world: World) -> Fleet:
    """The fleet of a world."""
    return Fleet(world.seed, world.midnight, (world.junctions, world.streets))


def deeds(world: World) -> Iterator[Deed]:
    """Vehicles as the administrator registered them, permits as the supervisor granted them."""
    at = world.opening - VALID_BEFORE - timedelta(days=6)
    for vehicle in world_fleet(world).vehicles:
        is_muck = vehicle.type == "muck"
        args: dict[str, Json] = {
            "plate": vehicle.plate, "plate_colour": PlateColour.YELLOW.value,
            "type": vehicle.type, "area": vehicle.area or None, "company": vehicle.company,
            "terminal": vehicle.terminal,
            "speed_limit_kmh": MUCK_LIMIT_KMH if is_muck else OTHER_LIMIT_KMH,
        }  # fmt: skip
        moment = at + timedelta(minutes=vehicle.number)
        yield Deed(
            at=moment, actor=ADMIN.actor(), kind=Kind.VEHICLE, record=record_of(vehicle),
            transition="register", args=args,
        )  # fmt: skip
        if is_muck:
            yield _permit(world, vehicle, moment + timedelta(days=1))


def record_of(vehicle: FleetVehicle) -> RecordId:
    """The id of its record."""
    return derived_id(SOURCE, plate_key(vehicle.plate, PlateColour.YELLOW))


def backfill(world: World, positions: PositionStore) -> int:
    """What the terminals sent before the shift; twice is once."""
    start = datetime.combine(world.date, time(), world.opening.tzinfo)
    return _keep(world_fleet(world), positions, (start, world.opening))


class RunningFleet:
    """The terminals of a running day."""

    def __init__(self, world: World, positions: PositionStore, clock: BusinessClock) -> None:
        self._fleet = world_fleet(world)
        self._positions = positions
        self._clock = clock
        self._sent_until = world.opening

    def close(self) -> None:
        """Let go of the store."""
        self._positions.close()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            now = self._clock.now()
            if now > self._sent_until:
                period = (self._sent_until, now)
                await asyncio.to_thread(_keep, self._fleet, self._positions, period)
                self._sent_until = now
            await asyncio.sleep(EVERY_S)


def _keep(fleet: Fleet, positions: PositionStore, period: tuple[datetime, datetime]) -> int:
    records = {vehicle.number: record_of(vehicle) for vehicle in fleet.vehicles}
    fixes = (_fix(records[fix.vehicle], fix) for fix in fleet.fixes(*period))
    return positions.add(fixes, round(period[1].timestamp() * 1000))


def _fix(record: RecordId, fix: WorldFix) -> Fix:
    return Fix(
        record, round(fix.at.timestamp() * 1000), *fix.point.e7,
        round(fix.speed_kmh * 10), round(fix.heading_deg) % 360, 0,
    )  # fmt: skip


def _permit(world: World, vehicle: FleetVehicle, at: datetime) -> Deed:
    year, number = world.date.year, vehicle.number
    permit_no = f"秀渣 {year}-{183 + number:04d}"
    route: list[Json] = [list(one.e7) for one in vehicle.line]
    args: dict[str, Json] = {
        "permit_no": permit_no, "company": vehicle.company, "area": MUCK_AREA,
        "site": SITES[number % len(SITES)], "disposal_site": DISPOSALS[number % len(DISPOSALS)],
        "trucks": [plate_key(vehicle.plate, PlateColour.YELLOW)], "route": route,
        "windows": WINDOWS, "valid_from": (world.date - VALID_BEFORE).isoformat(),
        "valid_to": (world.date + VALID_AFTER).isoformat(),
    }  # fmt: skip
    return Deed(
        at=at, actor=SUPERVISOR.actor(), kind=Kind.PERMIT, record=derived_id("permit", permit_no),
        transition="grant", args=args,
    )  # fmt: skip

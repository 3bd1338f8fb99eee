"""The demonstration's fleet: the same each time, and each trouble is found for what it is."""

from datetime import date, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.fleet import Fleet, FleetVehicle, Trouble
from xiuzhou_desktop.domain.plate import is_plate
from xiuzhou_desktop.geo.tracks import Fixes, Track, datum_doubt, deviations, read_track
from xiuzhou_desktop.geo.tracks.route import metres_from_route

FAR_M, ON_STREET_M = 200.0, 10.0


@cache
def the_world() -> World:
    return World(7, date(2026, 11, 23))


@cache
def the_fleet() -> Fleet:
    world = the_world()
    return Fleet(world.seed, world.midnight, (world.junctions, world.streets))


def with_trouble(trouble: Trouble | None) -> FleetVehicle:
    return next(one for one in the_fleet().vehicles if one.trouble is trouble)


def fixes_until_opening(vehicle: FleetVehicle) -> Fixes:
    sent = list(the_fleet().fixes_of(vehicle, the_world().midnight, the_world().opening))
    return Fixes(
        np.array([round(fix.at.timestamp() * 1000) for fix in sent], np.int64),
        np.array([fix.point.lon for fix in sent]), np.array([fix.point.lat for fix in sent]),
        np.array([fix.speed_kmh for fix in sent]), np.array([fix.heading_deg for fix in sent]),
        np.zeros(len(sent), np.int64),
    )  # fmt: skip


def track_of(vehicle: FleetVehicle) -> Track:
    return read_track(fixes_until_opening(vehicle))


def test_plates_are_plates_and_no_two_are_the_same() -> None:
    plates = [one.plate for one in the_fleet().vehicles]
    assert all(is_plate(plate) for plate in plates)
    assert len(set(plates)) == len(plates) == 72


def test_the_same_seed_gives_the_same_fixes_in_any_order() -> None:
    again = Fleet(7, the_world().midnight, (the_world().junctions, the_world().streets))
    at = the_world().opening
    late = list(again.fixes(at, at + timedelta(seconds=30)))
    assert late == list(the_fleet().fixes(at, at + timedelta(seconds=30)))


@pytest.mark.parametrize("trouble", [None, Trouble.GAP])
def test_a_truck_without_that_trouble_keeps_its_route(trouble: Trouble | None) -> None:
    vehicle = with_trouble(trouble)
    assert not deviations(track_of(vehicle), vehicle.line, buffer_m=50, after_s=60)


def test_one_truck_leaves_its_route_on_streets() -> None:
    vehicle = with_trouble(Trouble.OFF_ROUTE)
    track = track_of(vehicle)
    found = deviations(track, vehicle.line, buffer_m=50, after_s=60)
    assert max(one.metres for one in found) > FAR_M
    streets = [street.line for street in the_world().streets]
    away = np.min([metres_from_route(track.honest, line) for line in streets], axis=0)
    assert float(away.max()) < ON_STREET_M


def test_one_is_silent_for_three_minutes_and_36_seconds() -> None:
    gaps = track_of(with_trouble(Trouble.GAP)).gaps
    assert [216 <= gap.seconds <= 236 for gap in gaps] == [True]


def test_one_drifts_and_its_path_stays_on_its_route() -> None:
    vehicle = with_trouble(Trouble.DRIFT)
    track = track_of(vehicle)
    assert 5 <= int(track.drift.sum()) <= 60
    assert not deviations(track, vehicle.line, buffer_m=50, after_s=60)


def test_one_is_offline_since_before_the_shift() -> None:
    fixes = fixes_until_opening(with_trouble(Trouble.OFFLINE))
    last = datetime.fromtimestamp(int(fixes.at_ms[-1]) / 1000, the_world().opening.tzinfo)
    assert f"{last:%H:%M}" == "07:40"


def test_one_terminal_means_gcj02_and_the_streets_tell() -> None:
    fixes = fixes_until_opening(with_trouble(Trouble.DATUM))
    streets = [street.line for street in the_world().streets]
    assert datum_doubt(fixes.lon, fixes.lat, streets) is not None

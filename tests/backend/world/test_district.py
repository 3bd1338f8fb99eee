"""The district of a seed: cameras, streets, borders and shops are what the records need."""

import re
from datetime import date

import pytest

from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.things import Batch, CameraState, View
from xiuzhou_desktop.geo import is_in_multipolygon, metres_between

AREAS = {
    "330411002": "新城街道",
    "330411003": "嘉北街道",
    "330411004": "塘汇街道",
    "330411005": "高照街道",
    "330411101": "王江泾镇",
    "330411103": "油车港镇",
    "330411104": "新塍镇",
    "330411105": "王店镇",
    "330411106": "洪合镇",
}
PLATE = re.compile(
    "^(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
    "(?:[A-HJ-NP-Z0-9]{5}|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK]))$"
)
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SEEDS = [7, 1, 20261123]


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    return World(request.param, date(2026, 11, 23))


def test_there_are_152_existing_cameras_and_79_installed_in_phase_2(world: World) -> None:
    new = [camera for camera in world.cameras if camera.batch is Batch.NEW]
    assert len(world.cameras) - len(new) == 152
    assert sum(camera.installed_on is not None for camera in new) == 79
    assert {camera.state for camera in new} == set(CameraState)
    assert {camera.batch for camera in world.cameras} == set(Batch)


def test_camera_ids_are_valid_and_unique(world: World) -> None:
    assert all(re.fullmatch(r"\d{20}", camera.gb_id) for camera in world.cameras)
    assert all(camera.gb_id[:8] == "33041100" for camera in world.cameras)
    assert len({camera.gb_id for camera in world.cameras}) == len(world.cameras)
    assert len({camera.name for camera in world.cameras}) == len(world.cameras)


def test_the_camera_of_the_manual_stands_where_the_manual_says(world: World) -> None:
    camera = world.camera("C-0137")
    assert camera.name == "中山西路-吉水路口 东"
    assert camera.view is View.FOOTWAY_LEFT


def test_everything_lies_inside_the_real_outline(world: World) -> None:
    points = [camera.point for camera in world.cameras]
    points += [node.point for node in world.junctions]
    points += [point for street in world.streets for point in street.line]
    assert all(is_in_multipolygon(point, world.outline) for point in points)


def test_areas_are_the_nine_towns_and_each_has_cameras(world: World) -> None:
    assert {area.code: area.name for area in world.areas} == AREAS
    assert {camera.area for camera in world.cameras} == set(AREAS)


def test_synthetic_borders_keep_each_centre_apart(world: World) -> None:
    for area in world.areas:
        holders = [a.code for a in world.areas if is_in_multipolygon(area.centre, [[a.border]])]
        assert holders == [area.code]


def test_streets_form_one_connected_graph(world: World) -> None:
    reached = {world.junctions[0].id}
    grown = True
    while grown:
        before = len(reached)
        for street in world.streets:
            if reached & set(street.junctions):
                reached |= set(street.junctions)
        grown = len(reached) > before
    assert reached == {node.id for node in world.junctions}


def test_a_camera_stands_on_its_street(world: World) -> None:
    streets = {street.id: street for street in world.streets}
    nodes = {node.id: node.point for node in world.junctions}
    for camera in world.cameras:
        street = streets[camera.street]
        near = min(metres_between(camera.point, nodes[node]) for node in street.junctions)
        assert near < 400


def test_zones_lie_in_the_picture_and_have_an_area(world: World) -> None:
    for camera in world.cameras:
        for zone in camera.zones:
            assert len(zone.polygon) >= 3
            assert all(0 <= value <= 10_000 for point in zone.polygon for value in point)
            assert _area(zone.polygon) > 0.005


def test_shop_credit_codes_carry_the_right_check_character(world: World) -> None:
    for shop in world.shops:
        digits = [USCC_ALPHABET.index(letter) for letter in shop.uscc]
        weighted = sum(d * pow(3, place, 31) for place, d in enumerate(digits[:17]))
        assert digits[17] == (31 - weighted % 31) % 31
    assert len({shop.uscc for shop in world.shops}) == len(world.shops)


def test_every_plate_of_the_day_is_valid(world: World) -> None:
    plates = [d.plate for d in world.detections() if d.plate is not None]
    assert len(plates) > 50
    assert all(PLATE.match(plate) for plate in plates)


def _area(polygon: tuple[tuple[int, int], ...]) -> float:
    """Share of the picture."""
    total = 0
    for index, (x, y) in enumerate(polygon):
        last_x, last_y = polygon[index - 1]
        total += last_x * y - x * last_y
    return abs(total) / 2 / 1e8

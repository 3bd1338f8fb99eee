"""What the AI reports, and the situations the opening moment must hold."""

from datetime import date, timedelta

import pytest

from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.things import (
    CameraState,
    Health,
    Matter,
    Situation,
    SituationKind,
)

SEEDS = [7, 1, 20261123]


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    return World(request.param, date(2026, 11, 23))


def of_kind(world: World, kind: SituationKind) -> Situation:
    return next(situation for situation in world.situations if situation.kind is kind)


def test_reports_are_in_order_unique_and_of_the_day(world: World) -> None:
    found = world.detections()
    times = [detection.captured_at for detection in found]
    assert times == sorted(times)
    assert len({detection.external_id for detection in found}) == len(found)
    assert times[0] >= world.midnight
    assert times[-1] < world.midnight + timedelta(days=1)
    assert {d.category for d in found} == {"05-05", "05-04", "05-07", "05-01", "01-02"}


def test_what_is_reported_stands_there_when_it_is_captured(world: World) -> None:
    for detection in world.detections():
        stay = world.stay(detection.stay)
        assert stay in world.stays_at(detection.camera, detection.captured_at)
        assert detection.dwell_s == (detection.captured_at - stay.arrives).total_seconds()
        assert world.is_present(detection.stay, detection.captured_at)
        assert not world.is_present(detection.stay, detection.departs)
        assert world.health(detection.camera, detection.captured_at) is Health.ONLINE


def test_boxes_lie_in_the_picture_and_have_a_size(world: World) -> None:
    for detection in world.detections():
        left, top, right, bottom = detection.box
        assert 0 <= left < right <= 10_000
        assert 0 <= top < bottom <= 10_000
        assert (right - left) * (bottom - top) > 20_000


def test_only_accepted_cameras_report(world: World) -> None:
    reports = world.detections() + world.burst(100, world.opening, "a")
    states = {world.camera(detection.camera).state for detection in reports}
    assert states == {CameraState.ACCEPTED}


def test_two_stays_never_share_a_spot(world: World) -> None:
    for camera in world.cameras:
        spots = [stay.spot for stay in world.stays_at(camera.no, world.opening)]
        assert len(spots) == len(set(spots))


def test_some_reports_are_false_and_say_why(world: World) -> None:
    false = [d for d in world.detections() if not d.is_true]
    assert 0.05 < len(false) / len(world.detections()) < 0.3
    lawful = {p.camera for p in world.permits}
    assert all(d.innocent is not None or d.camera in lawful for d in false)


def test_between_takes_the_start_and_leaves_the_end(world: World) -> None:
    first, second = world.detections()[10:12]
    found = world.detections_between(first.captured_at, second.captured_at)
    assert first in found
    assert second not in found


def test_a_burst_is_in_the_pictures_and_not_among_the_reports(world: World) -> None:
    burst = world.burst(50, world.opening, "a")
    assert len(burst) == 50
    assert len({d.external_id for d in burst}) == 50
    assert not {d.stay for d in burst} & {d.stay for d in world.detections()}
    assert all(world.is_present(d.stay, world.opening) for d in burst)
    assert burst == world.burst(50, world.opening, "a")
    other = world.burst(50, world.opening, "b")
    assert not {d.external_id for d in burst} & {d.external_id for d in other}


def test_the_opening_holds_every_situation_once(world: World) -> None:
    assert {s.kind for s in world.situations} == set(SituationKind)
    assert len(world.situations) == len(SituationKind)
    for situation in world.situations:
        if situation.detection is not None:
            detection = world.detection(situation.detection)
            assert detection.camera == situation.camera
            assert detection.captured_at < world.opening


def test_one_second_look_finds_nothing_and_one_finds_the_vehicle(world: World) -> None:
    left = of_kind(world, SituationKind.SECOND_LOOK_LEFT)
    present = of_kind(world, SituationKind.SECOND_LOOK_PRESENT)
    for situation, is_there in ((left, False), (present, True)):
        assert situation.detection is not None
        assert situation.correct_by is not None
        assert situation.correct_by < world.opening < situation.correct_by + timedelta(minutes=10)
        stay = world.detection(situation.detection).stay
        assert world.is_present(stay, world.opening) is is_there


def test_the_repeat_offender_has_three_offences_in_thirty_days(world: World) -> None:
    situation = of_kind(world, SituationKind.REPEAT_OFFENDER)
    assert len(situation.priors) == 3
    assert all(world.opening - prior.at < timedelta(days=30) for prior in situation.priors)


def test_the_market_stands_in_its_zone_within_its_hours(world: World) -> None:
    situation = of_kind(world, SituationKind.MARKET_EXEMPT)
    assert situation.permit is not None
    assert situation.detection is not None
    detection = world.detection(situation.detection)
    assert detection.zone == situation.permit.zone
    assert situation.permit.hours[0] <= "08:30" <= situation.permit.hours[1]
    assert world.stay(detection.stay).matter is Matter.STALL


def test_the_frozen_camera_is_frozen_at_the_opening(world: World) -> None:
    situation = of_kind(world, SituationKind.FROZEN_CAMERA)
    assert world.health(situation.camera, world.opening) is Health.FROZEN
    assert situation.detection is not None
    assert world.detection(situation.detection).captured_at < world.opening


def test_the_false_alarm_is_false(world: World) -> None:
    situation = of_kind(world, SituationKind.FALSE_ALARM)
    assert situation.detection is not None
    assert not world.detection(situation.detection).is_true

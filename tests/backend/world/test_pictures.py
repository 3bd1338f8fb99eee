"""Pictures: the box is on the very vehicle, frozen and offline cameras."""

import io
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from xiuzhou_desktop.backend.demo.world import NoPicture, World, still
from xiuzhou_desktop.backend.demo.world.things import CameraState, Detection, SituationKind

WIDE, HIGH = 1280, 720


@pytest.fixture(scope="module")
def world() -> World:
    return World(7, date(2026, 11, 23))


def picture(world: World, no: str, at: datetime) -> NDArray[np.int16]:
    image = Image.open(io.BytesIO(still(world, no, at, WIDE)))
    assert image.size == (WIDE, HIGH)
    return np.asarray(image).astype(np.int16)


def room_of(detection: Detection) -> tuple[slice, slice]:
    left, top, right, bottom = detection.box
    rows = slice(top * HIGH // 10_000, bottom * HIGH // 10_000)
    return rows, slice(left * WIDE // 10_000, right * WIDE // 10_000)


def scripted(world: World, kind: SituationKind) -> Detection:
    situation = next(s for s in world.situations if s.kind is kind)
    assert situation.detection is not None
    return world.detection(situation.detection)


def test_the_box_is_where_the_picture_changes_when_the_vehicle_leaves(world: World) -> None:
    detection = scripted(world, SituationKind.SECOND_LOOK_LEFT)
    there = picture(world, detection.camera, detection.captured_at)
    gone = picture(world, detection.camera, detection.departs + timedelta(seconds=30))
    changed = np.abs(there - gone).max(axis=2) > 24
    rows, columns = room_of(detection)
    assert changed[rows, columns].mean() > 0.6
    around = changed.copy()
    around[rows, columns] = False
    assert around.mean() < 0.08


def test_the_box_still_holds_the_vehicle_that_stays(world: World) -> None:
    detection = scripted(world, SituationKind.SECOND_LOOK_PRESENT)
    first = picture(world, detection.camera, detection.captured_at)
    later = picture(world, detection.camera, world.opening)
    rows, columns = room_of(detection)
    changed = np.abs(first - later).max(axis=2) > 24
    assert changed[rows, columns].mean() < 0.12


def test_the_plate_of_a_blue_plate_vehicle_is_seen_in_the_box(world: World) -> None:
    detection = next(
        d for d in world.detections() if d.camera == "C-0137" and d.plate == "浙FD8K31"
    )
    rows, columns = room_of(detection)
    part = picture(world, "C-0137", detection.captured_at)[rows, columns]
    red, green, blue = part[..., 0], part[..., 1], part[..., 2]
    is_plate_blue = (blue > 130) & (red < 70) & (green < 120)
    assert is_plate_blue.sum() > 250


def test_a_frozen_camera_shows_the_same_picture_and_clock_for_ever(world: World) -> None:
    camera = world.camera("C-0042")
    assert camera.frozen_since is not None
    at_freeze = picture(world, "C-0042", camera.frozen_since)
    later = picture(world, "C-0042", camera.frozen_since + timedelta(hours=2))
    before = picture(world, "C-0042", camera.frozen_since - timedelta(seconds=5))
    assert (at_freeze == later).all()
    assert (at_freeze != before).any()


def test_a_live_camera_moves_and_its_clock_runs(world: World) -> None:
    one = picture(world, "C-0137", world.opening)
    two = picture(world, "C-0137", world.opening + timedelta(seconds=2))
    clock = (slice(0, 60), slice(0, 320))
    assert (one[clock] != two[clock]).any()
    assert (one[200:] != two[200:]).any()


def test_planned_and_offline_cameras_give_no_picture(world: World) -> None:
    planned = next(c for c in world.cameras if c.state is CameraState.PLANNED)
    with pytest.raises(NoPicture):
        still(world, planned.no, world.opening)
    lost = next(c for c in world.cameras if c.offline_since is not None)
    assert lost.offline_since is not None
    with pytest.raises(NoPicture):
        still(world, lost.no, lost.offline_since)
    still(world, lost.no, lost.offline_since - timedelta(seconds=1), 320)


def test_night_is_darker_than_day(world: World) -> None:
    night = picture(world, "C-0137", world.midnight + timedelta(hours=2))
    day = picture(world, "C-0137", world.midnight + timedelta(hours=12))
    assert night.mean() < 0.6 * day.mean()

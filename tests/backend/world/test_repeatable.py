"""The same seed and date give the same district and the same decoded pictures."""

import hashlib
import io
from datetime import date, timedelta

import av
import msgspec
import numpy as np
from PIL import Image

from xiuzhou_desktop.backend.demo.world import World, render_segment, segment, still

DAY = date(2026, 11, 23)


def a_world(seed: int = 7, day: date = DAY) -> World:
    return World(seed, day)


def records_of(world: World) -> bytes:
    return msgspec.json.encode(
        [
            world.cameras,
            world.streets,
            world.areas,
            world.shops,
            world.detections(),
            world.situations,
            world.burst(50, world.opening, "x"),
        ]
    )


def decoded_hashes(piece: bytes) -> list[str]:
    with av.open(io.BytesIO(piece)) as container:
        return [
            hashlib.sha256(frame.to_ndarray(format="rgb24").tobytes()).hexdigest()
            for frame in container.decode(video=0)
        ]


def test_two_worlds_of_one_seed_hold_the_same_records() -> None:
    assert records_of(a_world()) == records_of(a_world())


def test_another_seed_is_another_district() -> None:
    assert records_of(a_world()) != records_of(a_world(seed=8))


def test_another_date_keeps_the_cameras_and_changes_the_reports() -> None:
    one, other = a_world(), a_world(day=date(2026, 11, 24))
    assert [camera.name for camera in one.cameras] == [camera.name for camera in other.cameras]
    ids = {detection.external_id for detection in one.detections()}
    assert not ids & {detection.external_id for detection in other.detections()}


def test_two_worlds_of_one_seed_decode_to_the_same_segment() -> None:
    index = a_world().segment_index(a_world().opening)
    first = decoded_hashes(segment(a_world(), "C-0137", index))
    assert first == decoded_hashes(segment(a_world(), "C-0137", index))
    assert first == decoded_hashes(render_segment(7, DAY.isoformat(), "C-0137", index))


def test_a_still_does_not_depend_on_what_was_painted_before() -> None:
    fresh, used = a_world(), a_world()
    for no in ("C-0001", "C-0042"):
        still(used, no, used.opening - timedelta(hours=1), 640)
    pictures = [
        np.asarray(Image.open(io.BytesIO(still(world, "C-0137", world.opening, 640))))
        for world in (fresh, used)
    ]
    assert (pictures[0] == pictures[1]).all()

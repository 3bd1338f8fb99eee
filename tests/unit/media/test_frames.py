"""The buffer between decoder and screen; the evidence cut from it."""

from __future__ import annotations

import ctypes
import hashlib
import io
from datetime import UTC, datetime

import numpy as np
from PIL import Image

from xiuzhou_desktop.media import take_snapshot
from xiuzhou_desktop.media.frames import Frame, FrameBuffer, Keep

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def write(buffer: FrameBuffer, level: int) -> None:
    width, height = buffer.size
    ctypes.memset(buffer.lock_back(), level, width * height * 4)
    buffer.show()


def level_of(frame: Frame | None) -> int:
    assert frame is not None
    return int(frame.pixels[0, 0, 0])


def a_buffer(keep: Keep = Keep.LATEST) -> FrameBuffer:
    buffer = FrameBuffer(keep)
    buffer.reshape(8, 4)
    return buffer


def test_a_held_picture_is_never_written_again() -> None:
    buffer = a_buffer()
    write(buffer, 1)
    held = buffer.latest()
    for level in range(2, 40):
        write(buffer, level)
    assert level_of(held) == 1
    assert level_of(buffer.latest()) == 39


def test_a_picture_being_written_is_not_yet_the_latest() -> None:
    buffer = a_buffer()
    write(buffer, 1)
    ctypes.memset(buffer.lock_back(), 2, 8 * 4 * 4)
    assert level_of(buffer.latest()) == 1


def test_memory_does_not_grow_with_pictures_nobody_holds() -> None:
    buffer = a_buffer()
    addresses = set()
    for level in range(50):
        addresses.add(buffer.lock_back())
        write(buffer, level)
    assert len(addresses) <= 3


def test_a_held_picture_survives_a_change_of_size() -> None:
    buffer = a_buffer()
    write(buffer, 7)
    held = buffer.latest()
    buffer.reshape(16, 16)
    write(buffer, 9)
    assert level_of(held) == 7
    assert held is not None and len(held.memory) == 8 * 4 * 4


def test_history_steps_through_pictures_that_differ() -> None:
    buffer = a_buffer(Keep.HISTORY)
    for level in (1, 2, 2, 2, 3):
        write(buffer, level)
    buffer.step_back()
    assert level_of(buffer.latest()) == 2
    buffer.step_back()
    assert level_of(buffer.latest()) == 1
    buffer.step_back()
    assert level_of(buffer.latest()) == 1
    assert buffer.step_forward()
    assert level_of(buffer.latest()) == 2
    buffer.look_at_newest()
    assert not buffer.step_forward()


def test_a_snapshot_holds_the_pixels_that_its_hash_names() -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (45, 80, 4), np.uint8)
    snapshot = take_snapshot(Frame(pixels, 80, 45, 1), AT)

    image = Image.open(io.BytesIO(snapshot.png))
    assert image.size == (80, 45)
    assert np.array_equal(np.asarray(image), pixels[:, :, 2::-1])
    assert hashlib.sha256(image.tobytes()).hexdigest() == snapshot.pixels_sha256
    assert hashlib.sha256(snapshot.png).hexdigest() == snapshot.file_sha256
    assert snapshot.taken_at == AT

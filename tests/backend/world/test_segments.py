"""Segments join without a seam, clips are whole, the cache keeps within its limit."""

import io
import os
import threading
from datetime import date
from pathlib import Path

import av
import pytest

from xiuzhou_desktop.backend.demo.world import SegmentCache, TsJoiner, World, clip, segment


@pytest.fixture(scope="module")
def world() -> World:
    return World(7, date(2026, 11, 23))


@pytest.fixture(scope="module")
def pieces(world: World) -> tuple[bytes, bytes]:
    first = world.segment_index(world.opening)
    return segment(world, "C-0137", first), segment(world, "C-0137", first + 1)


def frame_times(stream: bytes) -> list[float]:
    with av.open(io.BytesIO(stream)) as container:
        return [float(frame.time) for frame in container.decode(video=0) if frame.time is not None]


def counters_of(stream: bytes) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for start in range(0, len(stream), 188):
        packet_id = (stream[start + 1] & 0x1F) << 8 | stream[start + 2]
        if stream[start + 3] & 0x10:
            found.setdefault(packet_id, []).append(stream[start + 3] & 0x0F)
    return found


def test_a_segment_is_two_seconds_at_fifteen_frames(pieces: tuple[bytes, bytes]) -> None:
    times = frame_times(pieces[0])
    assert len(times) == 30
    assert times[-1] - times[0] == pytest.approx(29 / 15, abs=0.002)


def test_the_first_frame_of_a_segment_is_a_key_frame(pieces: tuple[bytes, bytes]) -> None:
    with av.open(io.BytesIO(pieces[1])) as container:
        assert next(container.decode(video=0)).key_frame


def test_joined_segments_run_on_without_a_gap(pieces: tuple[bytes, bytes]) -> None:
    joiner = TsJoiner()
    times = frame_times(b"".join(joiner.join(piece) for piece in pieces))
    assert len(times) == 60
    steps = [after - before for before, after in zip(times, times[1:], strict=False)]
    assert max(steps) == pytest.approx(1 / 15, abs=0.002)
    assert min(steps) == pytest.approx(1 / 15, abs=0.002)


def test_the_joiner_keeps_counting(pieces: tuple[bytes, bytes]) -> None:
    joiner = TsJoiner()
    stream = b"".join(joiner.join(piece) for piece in pieces)
    for numbers in counters_of(stream).values():
        steps = zip(numbers, numbers[1:], strict=False)
        assert all((after - before) % 16 == 1 for before, after in steps)


def test_the_joiner_refuses_what_is_no_transport_stream() -> None:
    with pytest.raises(ValueError, match="transport"):
        TsJoiner().join(b"<html>")


def test_a_clip_is_a_whole_mp4_with_its_index_in_front(world: World) -> None:
    film = clip(world, "C-0137", world.opening, 2)
    assert film.index(b"moov") < film.index(b"mdat")
    assert len(frame_times(film)) == 30


def test_segment_index_and_start_agree(world: World) -> None:
    index = world.segment_index(world.opening)
    assert world.segment_start(index) == world.opening
    assert index == (8 * 3600 + 30 * 60) / 2


def test_the_cache_makes_a_piece_once(tmp_path: Path) -> None:
    made: list[str] = []
    cache = SegmentCache(tmp_path)
    for _ in range(3):
        assert cache.fetch("a", lambda: made.append("a") or b"piece") == b"piece"
    assert made == ["a"]
    assert SegmentCache(tmp_path).fetch("a", lambda: b"other") == b"piece"


def test_the_cache_drops_what_was_not_used_for_longest(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path, limit_bytes=250)
    cache.fetch("a", lambda: b"x" * 100)
    cache.fetch("b", lambda: b"x" * 100)
    cache.fetch("a", lambda: b"never made")
    cache.fetch("c", lambda: b"x" * 100)
    assert cache.size_bytes == 200
    assert sum(os.path.getsize(path) for path in tmp_path.iterdir()) == 200
    assert cache.fetch("a", lambda: b"made again") == b"x" * 100
    assert cache.fetch("b", lambda: b"made again") == b"made again"


def test_two_who_ask_at_once_share_one_rendering(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path)
    started, go = threading.Event(), threading.Event()
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        started.set()
        assert go.wait(60)
        return b"piece"

    answers: list[bytes] = []
    ask = lambda: answers.append(cache.fetch("a", make))  # noqa: E731 - one line, used twice
    threads = [threading.Thread(target=ask) for _ in range(2)]
    threads[0].start()
    assert started.wait(60)
    threads[1].start()
    go.set()
    for thread in threads:
        thread.join(60)
    assert answers == [b"piece", b"piece"]
    assert made == [1]


def test_a_failed_rendering_leaves_nothing_behind(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path)

    def fail() -> bytes:
        raise OSError("no picture")

    with pytest.raises(OSError, match="no picture"):
        cache.fetch("a", fail)
    assert cache.fetch("a", lambda: b"piece") == b"piece"

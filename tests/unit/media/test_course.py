"""The state machine of a session, driven by hand."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from xiuzhou_desktop.media.backoff import LONGEST_WAIT_S, SPREAD, wait_s
from xiuzhou_desktop.media.clock import MediaClock
from xiuzhou_desktop.media.course import OPEN_TIMEOUT_S, Course, Wish
from xiuzhou_desktop.media.frames import Frame
from xiuzhou_desktop.media.libvlc import PlayerState
from xiuzhou_desktop.media.picture_watch import FROZEN_AFTER_S
from xiuzhou_desktop.media.source import SourceKind
from xiuzhou_desktop.media.status import Reason, SessionState

START = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
PLAYING = PlayerState.PLAYING


class Bench:
    """A course, a clock and a camera in one hand."""

    def __init__(self, kind: SourceKind = SourceKind.LIVE) -> None:
        self.at = 100.0
        clock = MediaClock(monotonic=lambda: self.at, now=self.now)
        self.course = Course(kind, clock, random.Random(1))
        self.course.opened(0)
        self.number = 0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.at - 100)

    def show(self, level: int, player: PlayerState = PLAYING) -> Wish:
        self.number += 1
        pixels = np.full((32, 32, 4), level, np.uint8)
        return self.course.observe(player, Frame(pixels, 32, 32, self.number))

    def run(self, seconds: float, levels: tuple[int, ...]) -> None:
        """Ten looks a second at pictures that take these levels in turn."""
        for tick in range(round(seconds * 10)):
            self.at += 0.1
            self.show(levels[(tick // 4) % len(levels)])

    @property
    def state(self) -> SessionState:
        return self.course.status.state


def test_it_plays_from_the_first_picture() -> None:
    bench = Bench()
    assert bench.state is SessionState.OPENING
    bench.show(80)
    assert bench.state is SessionState.PLAYING


def test_a_picture_that_stands_is_frozen_within_five_seconds_since_it_last_moved() -> None:
    bench = Bench()
    bench.run(3.0, (80, 120))
    moved_at = bench.now()
    bench.run(4.9, (120,))

    assert bench.state is SessionState.FROZEN
    assert bench.course.status.reason is Reason.SAME_PICTURE
    assert abs(bench.course.status.since - moved_at) <= timedelta(seconds=0.9)
    assert not bench.course.status.stood_before


@pytest.mark.parametrize("level", [0, 120])
def test_a_picture_that_never_moved_here_is_not_said_to_have_stopped_now(level: int) -> None:
    bench = Bench()
    bench.run(6.0, (level,))
    assert bench.state is SessionState.FROZEN
    assert bench.course.status.stood_before
    bench.run(0.5, (200,))
    bench.run(6.0, (level,))
    assert not bench.course.status.stood_before  # this time it was seen


def test_a_frozen_picture_that_moves_again_plays() -> None:
    bench = Bench()
    bench.run(6.0, (120,))
    bench.run(0.5, (200,))
    assert bench.state is SessionState.PLAYING


def test_noise_of_an_encoder_is_not_movement() -> None:
    bench = Bench()
    bench.run(6.0, (120, 121, 122))
    assert bench.state is SessionState.FROZEN


def test_a_held_picture_is_never_called_frozen() -> None:
    bench = Bench()
    bench.run(1.0, (120, 160))
    bench.course.hold()
    bench.run(9.0, (120,))
    assert bench.state is SessionState.PAUSED


def test_no_first_picture_in_time_is_a_failed_attempt() -> None:
    bench = Bench()
    bench.at += OPEN_TIMEOUT_S
    assert bench.course.observe(PlayerState.OPENING, None) is Wish.DROP
    assert bench.course.status.reason is Reason.NO_FIRST_PICTURE
    assert bench.state is SessionState.RECONNECTING


def test_the_next_attempt_comes_when_its_wait_is_over_and_not_before() -> None:
    bench = Bench()
    bench.show(80)
    assert bench.show(80, PlayerState.ENDED) is Wish.DROP
    retry_at = bench.course.status.retry_at
    assert retry_at is not None

    bench.at = retry_at - 0.01
    assert bench.course.observe(PlayerState.IDLE, None) is Wish.KEEP
    bench.at = retry_at
    assert bench.course.observe(PlayerState.IDLE, None) is Wish.OPEN


def test_a_clip_that_ends_is_ended_not_lost() -> None:
    bench = Bench(SourceKind.CLIP)
    bench.show(80)
    assert bench.show(80, PlayerState.ENDED) is Wish.KEEP
    assert bench.state is SessionState.ENDED


def test_a_still_clip_is_not_frozen() -> None:
    bench = Bench(SourceKind.CLIP)
    bench.run(9.0, (120,))
    assert bench.state is SessionState.PLAYING


@pytest.mark.parametrize("attempt", [1, 2, 5, 6, 40, 4000])
def test_waits_grow_to_a_limit(attempt: int) -> None:
    wait = wait_s(attempt, random.Random(attempt))
    assert 0.5 <= wait <= LONGEST_WAIT_S * (1 + SPREAD)
    assert wait >= min(2.0 ** min(attempt - 1, 10), LONGEST_WAIT_S) * (1 - SPREAD)


def test_a_camera_that_comes_back_with_the_picture_it_left_with_is_not_live() -> None:
    bench = Bench()
    bench.run(6.0, (120,))
    bench.show(120, PlayerState.ENDED)
    assert bench.state is SessionState.RECONNECTING
    bench.at += 20
    bench.course.opened(bench.number)
    bench.show(120)
    assert bench.state is SessionState.FROZEN
    bench.run(0.5, (200,))
    assert bench.state is SessionState.PLAYING


@pytest.mark.parametrize("level", [0, 120])
def test_a_camera_that_opens_slowly_has_not_stood_still_meanwhile(level: int) -> None:
    bench = Bench()
    bench.at += FROZEN_AFTER_S + 1.3
    bench.show(level)
    assert bench.state is SessionState.PLAYING


def test_one_that_comes_back_with_another_picture_is_live_at_once() -> None:
    bench = Bench()
    bench.run(6.0, (120, 80))
    bench.show(120, PlayerState.ENDED)
    bench.at += 20.3
    bench.course.opened(bench.number)
    bench.show(200)
    assert bench.state is SessionState.PLAYING

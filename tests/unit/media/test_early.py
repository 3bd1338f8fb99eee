"""What is said to a clip before its first picture. The decoder is a stand-in: it shows a picture
when the test says so, however long a real one would take."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

from tests.unit.media.waiting import wait_until
from xiuzhou_desktop.media import MediaClock, MediaSession, SessionState, clip
from xiuzhou_desktop.media.frames import FrameBuffer, Size
from xiuzhou_desktop.media.libvlc import PlayerState

SIZE = (32, 18)


class SlowPlayer:
    """Opens for as long as the test likes; keeps what it is told."""

    def __init__(self, buffer: FrameBuffer, start_ms: int) -> None:
        self._buffer = buffer
        self.start_ms = start_ms
        self.told: list[str] = []

    def show(self) -> None:
        """A picture."""
        if self._buffer.size != SIZE:
            self._buffer.told_size = SIZE
            self._buffer.reshape(*SIZE)
        self._buffer.lock_back()
        self._buffer.show()

    def play(self) -> None:
        self.told.append("play")

    def pause(self) -> None:
        self.told.append("pause")

    def resume(self) -> None:
        self.told.append("resume")

    def next_frame(self) -> None:
        self.told.append("next")

    def seek_ms(self, at_ms: int) -> None:
        self.told.append(f"seek {at_ms}")

    def position_ms(self) -> int:
        return 0

    def duration_ms(self) -> int:
        return 10_000

    def frame_ms(self) -> float:
        return 40.0

    def visible_size(self) -> Size | None:
        return None

    def state(self) -> PlayerState:
        return PlayerState.PLAYING

    def release(self) -> None:
        self.told.append("release")


class SlowDecoder:
    """Keeps the players that it made."""

    def __init__(self) -> None:
        self.players: list[SlowPlayer] = []

    def player(self, _url: str, buffer: FrameBuffer, start_ms: int) -> SlowPlayer:
        self.players.append(SlowPlayer(buffer, start_ms))
        return self.players[-1]


@contextmanager
def opening() -> Iterator[tuple[MediaSession, SlowDecoder]]:
    """A clip whose first picture is still to come."""
    decoder = SlowDecoder()
    source = clip("file:///no-such-clip.mp4")
    session = MediaSession(source, lambda: decoder, MediaClock(), random.Random(1))
    try:
        wait_until(lambda: bool(decoder.players))
        yield session, decoder
    finally:
        session.close()
        assert session.wait_closed(60)


def test_a_running_clip_that_opens_slower_than_the_clock_is_sought_not_opened_again() -> None:
    with opening() as (session, decoder):
        for at_ms in (2_000, 3_500):
            session.play()
            session.seek_ms(at_ms)
        decoder.players[0].show()
        wait_until(lambda: len(decoder.players[0].told) > 1)
        assert decoder.players[0].told == ["play", "seek 3500"]
        assert session.status.state is SessionState.PLAYING
        assert len(decoder.players) == 1


def test_a_held_clip_is_opened_where_it_is_to_stand() -> None:
    with opening() as (session, decoder):
        session.pause()
        session.seek_ms(3_500)
        decoder.players[0].show()
        wait_until(lambda: len(decoder.players) == 2)
        decoder.players[1].show()
        wait_until(lambda: session.status.state is SessionState.PAUSED)
        assert decoder.players[1].start_ms == 3_500
        assert decoder.players[1].told == ["play", "pause"]

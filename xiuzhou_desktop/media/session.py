"""One source being played: a thread that owns the player, a FrameBuffer, a status.

    UI thread:   session.status · session.buffer.latest()        (reads, never waits)
                 session.pause() · .step() · .seek_ms() · .close()   (says, never waits)
    own thread:  takes what was said, asks the player, lets Course decide, opens and drops players
    libVLC's:    write into the buffer

The UI looks at the status from its own timer; nothing of this package calls into Qt.
"""

from __future__ import annotations

import logging
import queue
import random
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from xiuzhou_desktop.media.clock import MediaClock
from xiuzhou_desktop.media.course import Course, Wish
from xiuzhou_desktop.media.frames import FrameBuffer, Keep
from xiuzhou_desktop.media.libvlc import Decoder, LibVlcMissing, Player, PlayerState
from xiuzhou_desktop.media.source import MediaSource, SourceKind
from xiuzhou_desktop.media.status import Reason, SessionState, SessionStatus, Stream

if TYPE_CHECKING:
    from xiuzhou_desktop.media.remux import Remux
    from xiuzhou_desktop.media.stillness import Stillness

logger = logging.getLogger(__name__)

TICK_S = 0.1
_SHOWING = frozenset({SessionState.PLAYING, SessionState.PAUSED, SessionState.ENDED})


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """Where a clip stands; duration 0: not known (live)."""

    position_ms: int = 0
    duration_ms: int = 0


class MediaSession:
    """Plays one source until closed. Made by MediaHub, which shares one a camera."""

    def __init__(
        self,
        source: MediaSource,
        decoder: Callable[[], Decoder | LibVlcMissing],
        clock: MediaClock,
        dice: random.Random,
    ) -> None:
        keep = Keep.HISTORY if source.kind is SourceKind.CLIP else Keep.LATEST
        self.buffer = FrameBuffer(keep, source.size)
        self.missing: LibVlcMissing | None = None
        self.progress = Progress()
        self.stream: Stream | None = None
        self.began_at = source.began_at
        self._source = source
        self._decoder = decoder
        self._clock = clock
        self._course = Course(source.kind, clock, dice)
        self._player: Player | None = None
        self._feed: Remux | None = None
        self._stillness: Stillness | None = None
        self._holds_first = False
        self._start_ms: int | None = None
        """A player that is held or sent elsewhere before its first picture may never show one:
        these wait for it."""
        self._said: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="media-session")
        self._thread.start()

    # -- what any thread may ask and say --------------------------------------------------

    @property
    def kind(self) -> SourceKind:
        return self._source.kind

    @property
    def status(self) -> SessionStatus:
        return self._course.status

    def stillness(self) -> Stillness | None:
        """Where a clip in view stands still; None: not known yet, or no clip."""
        found = self._stillness
        is_known = found is not None and found.stretches is not None
        return found if is_known and self.status.state in _SHOWING else None

    def retry_in_s(self) -> int | None:
        """Whole seconds until the next attempt; None while one is under way or none is needed."""
        retry_at = self.status.retry_at
        if retry_at is None:
            return None
        return max(0, round(retry_at - self._clock.monotonic()))

    def camera_clock(self) -> datetime | None:
        """What the camera's own clock shows now; None where the source tells none."""
        feed = self._feed
        return None if feed is None else feed.camera_clock()

    def pause(self) -> None:
        self._said.put(self._do_pause)

    def play(self) -> None:
        self._said.put(self._do_play)

    def toggle(self) -> None:
        self._said.put(self._do_toggle)

    def step_forward(self) -> None:
        self._said.put(self._do_step_forward)

    def step_back(self) -> None:
        self._said.put(self._do_step_back)

    def seek_ms(self, at_ms: int) -> None:
        self._said.put(lambda: self._do_seek(at_ms))

    def restart(self) -> None:
        """From the beginning (clip), or connect now (live)."""
        self._said.put(self._reopen)

    def close(self) -> None:
        """Ends the thread and releases the player soon; does not wait."""
        self._said.put(self._do_close)

    def wait_closed(self, timeout_s: float) -> bool:
        """For the end of the process and for tests, never on the UI thread of a running window."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # -- own thread -----------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._reopen()
            while not self._closing:
                self._take_one()
        except (
            Exception
        ):  # the top of this thread (rule 26): the log has the trace, the tile says it
            logger.exception("media session failed")
            self._course.fail(Reason.DEFECT)
        finally:
            self._drop()
            if self._stillness is not None:
                self._stillness.close()
            if self._closing:
                self._course.close()

    def _take_one(self) -> None:
        try:
            said = self._said.get(timeout=TICK_S)
        except queue.Empty:
            self._tick()
            return
        said()

    def _tick(self) -> None:
        player = self._player
        if player is not None and self._is_wrongly_sized(player):
            self._reopen()
            return
        state = PlayerState.IDLE if player is None else player.state()
        frame = self.buffer.latest() if self._is_true_size else None
        self._course.trouble = Reason.NONE if self._feed is None else self._feed.fault
        wish = self._course.observe(state, frame)
        if self.status.state is SessionState.PLAYING:
            self._do_early()
        if player is not None and self._source.kind is SourceKind.CLIP:
            self._tell_progress(player)
            self._look_through()
        if wish is Wish.OPEN:
            self._reopen()
        elif wish is Wish.DROP:
            self._drop()

    def _is_wrongly_sized(self, player: Player) -> bool:
        """The stream told its true size only after libVLC had asked for ours (libvlc.py)."""
        size = player.visible_size()
        if size is None or size == self.buffer.told_size:
            return False
        self.buffer.told_size = size
        return self.buffer.size not in {(0, 0), size}

    @property
    def _is_true_size(self) -> bool:
        """Pictures before that are scaled by libVLC: not shown as playing, not watched."""
        return self.buffer.size == self.buffer.told_size

    def _tell_progress(self, player: Player) -> None:
        if self.status.state is SessionState.PLAYING:
            self.progress = Progress(
                position_ms=player.position_ms(), duration_ms=player.duration_ms()
            )

    def _look_through(self) -> None:
        """Once, when the player has its first picture."""
        if self._stillness is None and self.status.state in _SHOWING:
            # Rule 10, as of a camera's own stream.
            from xiuzhou_desktop.media.stillness import Stillness  # noqa: PLC0415

            self._stillness = Stillness(self._source.locate)

    def _reopen(self) -> None:
        self._open(start_ms=0)

    def _open(self, start_ms: int) -> None:
        self._drop()
        decoder = self._decoder()
        if isinstance(decoder, LibVlcMissing):
            self.missing = decoder
            self._course.fail(Reason.LIBVLC_MISSING)
            return
        self._course.opened(self.buffer.shown)
        url = self._locate()
        if url is None:
            return
        self._player = decoder.player(url, self.buffer, start_ms)
        self._player.play()

    def _locate(self) -> str | None:
        if self._source.own is None:
            return self._source.locate()
        # Rule 10: FFmpeg's libraries load when the first camera of its own is opened.
        from xiuzhou_desktop.media.remux import Remux  # noqa: PLC0415

        self._feed = Remux(self._source.own, self._take_stream)
        return self._feed.url

    def _take_stream(self, stream: Stream) -> None:
        """On the feed's thread, before the player has anything to read."""
        self.stream = stream
        self.buffer.told_size = stream.size

    def _drop(self) -> None:
        """The player first: it reads from the feed."""
        if self._player is not None:
            self._player.release()
            self._player = None
        if self._feed is not None:
            self._feed.close()
            self._feed = None

    def _do_close(self) -> None:
        self._closing = True

    def _do_toggle(self) -> None:
        if self.status.state in {SessionState.PLAYING, SessionState.FROZEN}:
            self._do_pause()
        else:
            self._do_play()

    def _do_early(self) -> None:
        """The first picture is there: what was said before it. What runs is sought, however slowly
        it opened; what is held is opened there: sought and held at once, libVLC shows nothing."""
        start_ms, self._start_ms = self._start_ms, None
        if start_ms is not None:
            go = self._open if self._holds_first else self._do_seek
            go(start_ms)
        elif self._holds_first:
            self._do_pause()

    def _do_pause(self) -> None:
        self._holds_first = self.status.state is SessionState.OPENING
        if self._player is not None and not self._holds_first:
            self._player.pause()
            self._course.hold()

    def _do_play(self) -> None:
        """A live picture goes on at the present, not where it was held."""
        self._holds_first = False
        is_clip = self._source.kind is SourceKind.CLIP
        if self.status.state is SessionState.PAUSED and is_clip and self._player is not None:
            self._course.go_on()
            self.buffer.look_at_newest()
            self._player.resume()
        elif self.status.state in {SessionState.PAUSED, SessionState.ENDED, SessionState.ERROR}:
            self._reopen()

    def _do_step_forward(self) -> None:
        if self._player is None or self._source.kind is SourceKind.LIVE:
            return
        self._do_pause()
        if not self.buffer.step_forward():
            self._player.next_frame()
        self._move_progress(self._player.frame_ms())

    def _do_step_back(self) -> None:
        """From memory: libVLC has no step back, and its seek is not exact to a picture."""
        if self._player is None or self._source.kind is SourceKind.LIVE:
            return
        self._do_pause()
        self.buffer.step_back()
        self._move_progress(-self._player.frame_ms())

    def _move_progress(self, by_ms: float) -> None:
        position_ms = max(0, round(self.progress.position_ms + by_ms))
        self.progress = msgspec.structs.replace(self.progress, position_ms=position_ms)

    def _do_seek(self, at_ms: int) -> None:
        if self._source.kind is SourceKind.LIVE:
            return
        self.progress = msgspec.structs.replace(self.progress, position_ms=at_ms)
        self.buffer.look_at_newest()
        if self.status.state is SessionState.OPENING:
            self._start_ms = at_ms
            return
        if self._player is None or self.status.state is SessionState.ENDED:
            self._open(at_ms)
            return
        self._player.seek_ms(at_ms)
        if self.status.state is SessionState.PAUSED:
            self._player.next_frame()

"""Where a recorded piece stands still. It is decoded once more, apart from the player, and looked
at as a live camera is: so a piece that is held at one picture says it too.

    piece ──av──► a picture every LOOK_EVERY_S ──► PictureWatch ──► Stretch (from, to, cause)
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator

import av
import av.error

from xiuzhou_desktop.media.frames import Frame
from xiuzhou_desktop.media.picture_watch import LOOK_EVERY_S, PictureWatch, Stretch
from xiuzhou_desktop.media.remux import ANSWER_WITHIN_S

logger = logging.getLogger(__name__)

_ONE_AT_A_TIME = threading.Lock()
"""Sixteen tiles that go to an instant together leave a core to the players."""


def stretches_of(pictures: Iterable[tuple[float, Frame]]) -> tuple[Stretch, ...]:
    """Pictures with their time in the piece, in seconds."""
    watch: PictureWatch | None = None
    found: dict[float, Stretch] = {}
    for at, picture in pictures:
        watch = watch or PictureWatch(at)
        watch.look(picture, at)
        cause = watch.freeze(at)
        if cause is not None:
            since = watch.stood_still_since()
            to_ms = round((at + LOOK_EVERY_S) * 1000)
            found[since] = Stretch(from_ms=round(since * 1000), to_ms=to_ms, cause=cause)
    return tuple(found.values())


class Stillness:
    """Looks through one piece in a thread of its own; `close` waits for nothing. `locate` is asked
    there, when its turn has come: the ticket in an address does not outlive a long queue."""

    def __init__(self, locate: Callable[[], str | None]) -> None:
        self._locate = locate
        self._is_closing = False
        self.stretches: tuple[Stretch, ...] | None = None
        """None: not looked through yet, or it could not be."""
        self._thread = threading.Thread(target=self._run, name="media-stillness", daemon=True)
        self._thread.start()

    def at(self, position_ms: int) -> Stretch | None:
        """The still stretch in which a position lies."""
        within = (one for one in self.stretches or () if one.from_ms <= position_ms <= one.to_ms)
        return next(within, None)

    def close(self) -> None:
        """The piece is no longer shown; the thread ends at its next picture or time-out."""
        self._is_closing = True

    # -- own thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        with _ONE_AT_A_TIME:
            url = None if self._is_closing else self._locate()
            if url is None:
                return
            try:
                found = self._look_through(url)
            except av.error.FFmpegError as error:
                logger.info("piece not looked through", extra={"fault": type(error).__name__})
                return
        if not self._is_closing:
            self.stretches = found

    def _look_through(self, url: str) -> tuple[Stretch, ...] | None:
        """None: there is no picture in it."""
        with av.open(url, timeout=ANSWER_WITHIN_S) as piece:
            video = next(iter(piece.streams.video), None)
            return stretches_of(self._pictures(piece.decode(video))) if video is not None else None

    def _pictures(self, decoded: Iterator[av.VideoFrame]) -> Iterator[tuple[float, Frame]]:
        """Counted from the first one: what a piece calls its beginning may lie above 0."""
        begin: float | None = None
        due = 0.0
        for number, picture in enumerate(decoded, start=1):
            if self._is_closing:
                return
            told = picture.time or 0.0
            begin = told if begin is None else begin
            at = told - begin
            if at >= due:
                due = at + LOOK_EVERY_S
                yield at, _frame_of(picture, number)


def _frame_of(picture: av.VideoFrame, number: int) -> Frame:
    pixels = picture.to_ndarray(format="bgra")
    return Frame(pixels, picture.width, picture.height, number)

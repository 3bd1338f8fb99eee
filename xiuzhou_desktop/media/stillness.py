"""Where a recorded piece stands still. It is decoded once more, apart from the player, and looked
at as a live camera is: so a piece that is held at one picture says it too.

    piece ──av──► a picture every LOOK_EVERY_S ──► PictureWatch ──► Stretch (from, to, cause)
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator

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
    """Looks through one piece in a thread of its own; `close` waits for nothing."""

    def __init__(self, url: str) -> None:
        self._url = url
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
            try:
                found = stretches_of(self._pictures())
            except av.error.FFmpegError as error:
                logger.info("piece not looked through", extra={"fault": type(error).__name__})
                return
        if not self._is_closing:
            self.stretches = found

    def _pictures(self) -> Iterator[tuple[float, Frame]]:
        if self._is_closing:
            return
        with av.open(self._url, timeout=ANSWER_WITHIN_S) as piece:
            due = 0.0
            for number, picture in enumerate(piece.decode(video=0), start=1):
                if self._is_closing:
                    return
                at = picture.time or 0.0
                if at >= due:
                    due = at + LOOK_EVERY_S
                    yield at, _frame_of(picture, number)


def _frame_of(picture: av.VideoFrame, number: int) -> Frame:
    pixels = picture.to_ndarray(format="bgra")
    return Frame(pixels, picture.width, picture.height, number)

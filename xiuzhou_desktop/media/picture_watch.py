"""Is the picture still alive? A frozen camera sends frames for hours: the same one.

Every look at the latest frame is reduced to a grid of block means. Two looks are the same picture
when no block moved by more than the noise of an encoder; a clock in the corner that ticks moves its
blocks by far more. No new frame at all is the other way to freeze: presentation time stands still.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec
import numpy as np
from numpy.typing import NDArray

from xiuzhou_desktop.media.frames import Frame

FROZEN_AFTER_S = 4.0
"""Shown within 5 s: this, one look more (LOOK_EVERY_S) and one repaint."""
LOOK_EVERY_S = 0.4
BLOCK_PX = 16
BLACK_LEVELS = 20.0
"""Of 255: video's black is 0 after conversion, a covered lens stays below 15; the darkest street at
night has lamps."""
NOISE_LEVELS = 2.5
"""Of 255. A still picture encoded again moves a block's mean by < 1.5; one changed digit by > 6."""

Signature = NDArray[np.float32]


class FreezeCause(StrEnum):
    SAME_PICTURE = "SAME_PICTURE"
    BLACK_PICTURE = "BLACK_PICTURE"
    NO_NEW_FRAME = "NO_NEW_FRAME"


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """The picture does not change from `from_ms` to `to_ms` of the piece; from 0: nobody knows
    since when."""

    from_ms: int
    to_ms: int
    cause: FreezeCause


def signature_of(frame: Frame) -> Signature:
    """Block means of the green channel; small pictures get smaller blocks."""
    block = min(BLOCK_PX, frame.width, frame.height)
    rows, columns = frame.height // block, frame.width // block
    green = frame.pixels[: rows * block, : columns * block, 1]
    blocks = green.reshape(rows, block, columns, block)
    sums = blocks.sum(axis=3, dtype=np.uint16).sum(axis=1, dtype=np.uint32)
    means: Signature = np.divide(sums, block * block, dtype=np.float32)
    return means


def is_same_picture(one: Signature, other: Signature) -> bool:
    if one.shape != other.shape:
        return False
    return float(np.abs(one - other).max(initial=0.0)) <= NOISE_LEVELS


def is_black(signature: Signature) -> bool:
    """No block brighter than a covered lens gives."""
    return bool(signature.size) and float(signature.max()) <= BLACK_LEVELS


class PictureWatch:
    """Fed with looks, says since when nothing moves. Time comes from the caller."""

    def __init__(self, started_at: float) -> None:
        self._moved_at = started_at
        self._new_frame_at = started_at
        self._number = 0
        self._reference: Signature | None = None
        self._light_at = started_at
        self._counted_from = started_at

    def restart(self, at: float) -> None:
        """After a pause or a reconnect: stillness is counted anew, the reference stays."""
        self._moved_at = at
        self._new_frame_at = at
        self._light_at = at
        self._counted_from = at

    def opened(self, at: float) -> None:
        """After a loss only the frames are counted anew: a camera that comes back with the picture
        which it left with has stood still all the while. Before the first picture nothing stood."""
        self._new_frame_at = at
        if self._reference is None:
            self.restart(at)

    def look(self, frame: Frame | None, at: float) -> None:
        if frame is None or frame.number == self._number:
            return
        self._number = frame.number
        self._new_frame_at = at
        seen = signature_of(frame)
        if not is_black(seen):
            self._light_at = at
        if self._reference is None:
            self._counted_from = at
        if self._reference is None or not is_same_picture(self._reference, seen):
            self._reference = seen
            self._moved_at = at

    def stood_still_since(self) -> float:
        """Since when there is nothing new to see."""
        return min(self._moved_at, self._light_at)

    def saw_it_begin(self) -> bool:
        """Whether the picture stopped under these eyes; else it stood when it was opened."""
        return self.stood_still_since() > self._counted_from

    def without_frames_s(self, at: float) -> float:
        return at - self._new_frame_at

    def freeze(self, at: float) -> FreezeCause | None:
        if self.without_frames_s(at) >= FROZEN_AFTER_S:
            return FreezeCause.NO_NEW_FRAME
        if at - self._light_at >= FROZEN_AFTER_S:
            return FreezeCause.BLACK_PICTURE
        if at - self._moved_at >= FROZEN_AFTER_S:
            return FreezeCause.SAME_PICTURE
        return None

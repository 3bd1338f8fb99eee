"""Pictures on their way from the decoder to the screen, in plain memory.

    decoder thread:  lock_back() -> address   (decoder writes)   show() -> becomes the latest
    any reader:      latest() -> Frame        (never written again while somebody holds it)

A slot is reused only when no reader holds its Frame any more: nothing is copied, nothing tears.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

BYTES_A_PIXEL = 4
SPARE_SLOTS = 8
"""Beyond those of the history: written, latest, held by readers."""
HISTORY_BYTES = 32 * 1024 * 1024
"""What stepping back through a clip may cost: 16 pictures of 960x540."""

Pixels = NDArray[np.uint8]
Size = tuple[int, int]
"""Width and height."""


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Frame:
    """One decoded picture, 32-bit BGRX rows of `width * 4` bytes."""

    pixels: Pixels
    width: int
    height: int
    number: int

    @property
    def pitch(self) -> int:
        return self.width * BYTES_A_PIXEL

    @property
    def memory(self) -> memoryview:
        return self.pixels.data.cast("B")


class _Slot:
    def __init__(self, width: int, height: int) -> None:
        self.pixels: Pixels = np.zeros((height, width, BYTES_A_PIXEL), np.uint8)
        self.held: weakref.ReferenceType[Any] | None = None

    @property
    def is_free(self) -> bool:
        return self.held is None or self.held() is None


class Keep(StrEnum):
    LATEST = "LATEST"
    HISTORY = "HISTORY"
    """For stepping back: the last pictures that differed."""


class FrameBuffer:
    """The crossing between one decoder thread and any number of readers."""

    def __init__(self, keep: Keep = Keep.LATEST, told_size: Size | None = None) -> None:
        self.told_size = told_size
        """The picture's true size where somebody knows it before the decoder does."""
        self._lock = threading.Lock()
        self._size: Size = (0, 0)
        self._slots: list[_Slot] = []
        self._back: _Slot | None = None
        self._latest: Frame | None = None
        self._shown = 0
        self._keep = keep
        self._history: deque[Frame] = deque(maxlen=1)
        self._steps_back = 0

    @property
    def shown(self) -> int:
        """Pictures shown since the buffer was made; grows with each new one."""
        return self._shown

    @property
    def size(self) -> Size:
        return self._size

    def latest(self) -> Frame | None:
        """The picture to look at: the newest, or an earlier one after `step_back`."""
        with self._lock:
            if self._steps_back:
                return self._history[-1 - self._steps_back]
            return self._latest

    def step_back(self) -> None:
        """One picture earlier, as far as the history reaches."""
        with self._lock:
            self._steps_back = min(self._steps_back + 1, max(0, len(self._history) - 1))

    def step_forward(self) -> bool:
        """One picture later; False when the newest is already in view."""
        with self._lock:
            was_back = self._steps_back > 0
            self._steps_back = max(0, self._steps_back - 1)
            return was_back

    def look_at_newest(self) -> None:
        with self._lock:
            self._steps_back = 0

    def reshape(self, width: int, height: int) -> None:
        """The stream told its size; pictures that readers hold stay theirs."""
        with self._lock:
            self._size = (width, height)
            self._slots = []
            self._back = None
            self._steps_back = 0
            self._history = deque(maxlen=self._history_length(width, height))

    def lock_back(self) -> int:
        """Address of memory that the decoder may fill now."""
        with self._lock:
            if self._back is None:
                self._back = self._free_slot()
            return int(self._back.pixels.ctypes.data)

    def show(self) -> None:
        """What was filled last becomes the latest picture."""
        with self._lock:
            slot = self._back
            if slot is None:
                return
            width, height = self._size
            self._shown += 1
            frame = Frame(slot.pixels, width, height, self._shown)
            slot.held = weakref.ref(frame)
            self._latest = frame
            self._back = None
            if self._keep is Keep.HISTORY:
                self._remember(frame)

    def _history_length(self, width: int, height: int) -> int:
        if self._keep is Keep.LATEST:
            return 1
        return max(4, HISTORY_BYTES // (width * height * BYTES_A_PIXEL))

    def _remember(self, frame: Frame) -> None:
        """libVLC shows a paused picture again and again: only what differs is a step."""
        if self._history and np.array_equal(self._history[-1].pixels, frame.pixels):
            return
        self._history.append(frame)

    def _free_slot(self) -> _Slot:
        for slot in self._slots:
            if slot.is_free:
                return slot
        slot = _Slot(*self._size)
        if len(self._slots) >= SPARE_SLOTS + (self._history.maxlen or 0):
            self._slots.pop(0)
        self._slots.append(slot)
        return slot

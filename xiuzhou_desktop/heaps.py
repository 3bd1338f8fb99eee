"""Few heaps for many threads: the first thing that each program of ours does.

glibc gives threads heaps of their own, eight a core, and what a thread frees stays in its heap.
Measured with four instead: after a wall of sixteen streams 210 MB and not 303; a day of a backend
and an engine adds 9 % and not 20 %. Neither costs more CPU.
"""

import ctypes
import sys

MOST_HEAPS = 4
M_ARENA_MAX = -8  # malloc.h


def share_heaps() -> None:
    """Before threads begin; a C library that is not glibc has nothing to bound."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(M_ARENA_MAX, MOST_HEAPS)

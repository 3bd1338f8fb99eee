"""Which keys moved with which write of a cache, so that only what depends on them is reckoned anew.

write 41 ──► keys    write 42 ──► keys    write 43 ──► None: a load; anything may have moved
"""

from .keys import Key

REMEMBERED = 64  # writes; whoever looks more seldom than that reckons all anew


class MoveLog:
    """The last writes. One thread notes; any may ask."""

    def __init__(self, stamp: int = 0) -> None:
        self.stamp = stamp
        self._writes: tuple[tuple[int, frozenset[Key] | None], ...] = ()

    def note(self, keys: frozenset[Key] | None) -> None:
        """A write is committed. None: anything may have moved."""
        self._writes = (*self._writes[1 - REMEMBERED :], (self.stamp + 1, keys))
        self.stamp += 1

    def since(self, stamp: int) -> frozenset[Key] | None:
        """Every key that moved after this stamp; None: anything may have."""
        moved = [keys for at, keys in self._writes if at > stamp]
        if len(moved) < self.stamp - stamp:
            return None
        whole = set[Key]()
        for keys in moved:
            if keys is None:
                return None
            whole |= keys
        return frozenset(whole)

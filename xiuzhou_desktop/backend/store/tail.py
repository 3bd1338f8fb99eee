"""The newest changes of the feed, as this process has read them: from here is answered who pulls
behind a poke, whatever the number of workstations.

    a commit ─► a poke ─► 200 pulls of the same change ─► the first reads it, the others find it

A tail fits one place in the feed, that of the snapshot it is asked in: its changes and digests are
those of that snapshot, and an answer made of them is the one that the tables would give. Texts lie
in it as they lie in the tables: sealed, where they are sealed.
"""

import threading
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from operator import attrgetter

import msgspec
from sqlalchemy import Connection

from xiuzhou_desktop.backend.store import feed, meta, records
from xiuzhou_desktop.backend.store.at_rest import opened
from xiuzhou_desktop.backend.store.feed import Line, Lines
from xiuzhou_desktop.backend.store.meta import Meta
from xiuzhou_desktop.backend.store.records import Counted
from xiuzhou_desktop.backend.store.sql_tables import SqlTables
from xiuzhou_desktop.backend.store.surroundings import SurroundingsReader
from xiuzhou_desktop.domain.envelope import Struct

READ_MOST = 500  # changes at once: behind a bulk load, and at the start, a tail begins anew
KEPT_CHARACTERS = 8_000_000  # of records: an hour and more of a district's day
A_LINE = 400  # characters' worth of what a change is beside its record
_by_seq = attrgetter("seq")


class Tail(Struct, frozen=True, kw_only=True):
    """Every change behind `base`, in the feed's order, and all digests, as of one place."""

    epoch: str
    base: int
    horizon: int
    lines: tuple[Line, ...]
    digests: Mapping[str, Counted]

    def after(self, seq: int, grants: frozenset[str], limit: int) -> Lines | None:
        """As `feed.changes_after`, of texts as they lie; None: it does not reach back so far."""
        if seq < self.base:
            return None
        start = bisect_right(self.lines, seq, key=_by_seq)
        mine = tuple(line for line in self.lines[start:] if line.grant in grants)
        if len(mine) <= limit:
            return Lines(lines=mine, has_more=False)
        whole = mine[: bisect_right(mine, mine[limit - 1].seq, key=_by_seq)]
        return Lines(lines=whole, has_more=len(whole) < len(mine))


class TailReader:
    """Keeps the last reading; safe from several threads, since a reading is immutable and replaced
    whole.
    """

    def __init__(self) -> None:
        self._last: Tail | None = None
        self._reading = threading.Lock()

    def at(self, connection: Connection, seen: Meta) -> Tail | None:
        """The tail that fits this snapshot; None where another thread has read on since."""
        if not _reaches(self._last, seen):
            with self._reading:
                if not _reaches(self._last, seen):
                    self._last = _read_on(connection, self._last, seen)
        last = self._last
        return last if last and (last.epoch, last.horizon) == (seen.epoch, seen.horizon) else None


class ReadTables(SqlTables):
    """One snapshot, which nothing changes: its place in the feed is asked for once."""

    def __init__(
        self, connection: Connection, around: SurroundingsReader, tails: TailReader
    ) -> None:
        super().__init__(connection, around)
        self._tails = tails
        self._seen: Meta | None = None

    def meta(self) -> Meta:
        if self._seen is None:
            self._seen = meta.read_meta(self._c)
        return self._seen

    def changes_after(self, seq: int, grants: Iterable[str], limit: int) -> Lines:
        tail = self._tails.at(self._c, self.meta())
        found = tail.after(seq, frozenset(grants), limit) if tail else None
        if found is None:
            return feed.changes_after(self._c, seq, grants, limit)
        return Lines(lines=tuple(map(self._opened, found.lines)), has_more=found.has_more)

    def digests(self, grants: Iterable[str]) -> Mapping[str, Counted]:
        tail = self._tails.at(self._c, self.meta())
        if tail is None:
            return records.digests(self._c, grants)
        return {grant: tail.digests[grant] for grant in grants if grant in tail.digests}

    def _opened(self, line: Line) -> Line:
        doc = opened(self._c, line.doc) if line.doc else line.doc
        return line if doc is line.doc else msgspec.structs.replace(line, doc=doc)


def _reaches(tail: Tail | None, seen: Meta) -> bool:
    return tail is not None and tail.epoch == seen.epoch and tail.horizon >= seen.horizon


def _read_on(connection: Connection, last: Tail | None, seen: Meta) -> Tail:
    """What came since the last reading, behind what is left of it."""
    base, lines = seen.horizon, tuple[Line, ...]()
    if last is not None and last.epoch == seen.epoch:
        new = feed.all_after(connection, last.horizon, READ_MOST + 1)
        if len(new) <= READ_MOST:
            moved = {line.id for line in new}
            kept = (line for line in last.lines if line.doc is None or line.id not in moved)
            base, lines = _within(last.base, (*kept, *new))
    return Tail(
        epoch=seen.epoch, base=base, horizon=seen.horizon, lines=lines,
        digests=records.all_digests(connection),
    )  # fmt: skip


def _within(base: int, lines: tuple[Line, ...]) -> tuple[int, tuple[Line, ...]]:
    """The newest that fit, and behind which place they lie; never a part of a seq."""
    left = KEPT_CHARACTERS
    for number in range(len(lines) - 1, -1, -1):
        left -= A_LINE + len(lines[number].doc or "")
        if left < 0:
            base = lines[number].seq
            return base, lines[bisect_right(lines, base, key=_by_seq) :]
    return base, lines

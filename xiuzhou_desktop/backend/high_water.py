"""How far this district has ever come, kept beside the database and outside its backups.

    each poke ──► DIR/high-water.json {epoch, seq}
    serve     ──► the database is behind it, or of another epoch ──► it was restored

A backup that was put back without a word would keep its epoch: workstations ahead of it would be
answered `bad-cursor` for ever, and new commands would take seqs that were told before.
"""

import logging
import os
from datetime import datetime
from pathlib import Path

import msgspec

from xiuzhou_desktop.backend.restore import begin_within
from xiuzhou_desktop.backend.store import Store
from xiuzhou_desktop.backend.store.meta import Meta
from xiuzhou_desktop.domain.envelope import Struct

log = logging.getLogger(__name__)


class Mark(Struct, frozen=True, kw_only=True):
    """The furthest that anybody can have been told of."""

    epoch: str
    seq: int


class HighWater:
    """One small file. It follows a commit by the 20 ms of a poke, not within the transaction."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mark = self._read()

    def is_ahead_of(self, seen: Meta) -> bool:
        """Whether a database that stands there was put back from a backup. By the file as it is
        now, since another process may have noticed meanwhile.
        """
        self._mark = self._read()
        if self._mark is None or seen.horizon == 0:
            return False
        return self._mark.epoch != seen.epoch or self._mark.seq > seen.horizon

    def rise(self, seen: Meta) -> None:
        """The database has come this far."""
        mark = Mark(epoch=seen.epoch, seq=seen.horizon)
        if mark == self._mark:
            return
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            fresh.write_bytes(msgspec.json.encode(mark))
            fresh.replace(self._file)
        except OSError as error:  # the next poke tries again
            log.warning("the high-water mark cannot be written", extra={"error": str(error)})
            return
        self._mark = mark

    def _read(self) -> Mark | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Mark)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError:
            log.warning("the high-water mark cannot be read; a restore would go unnoticed once")
            return None


def notice_restore(store: Store, high_water: HighWater, now: datetime) -> None:
    """At the start of serving: a database behind the mark is a restored one, whether or not anybody
    said so. Of several processes that start on it the first begins the new epoch.
    """
    with store.writing() as tables:
        seen = tables.meta()
        if high_water.is_ahead_of(seen):
            log.warning("this database was put back from a backup; a new epoch begins")
            seen = begin_within(tables, now)
        high_water.rise(seen)

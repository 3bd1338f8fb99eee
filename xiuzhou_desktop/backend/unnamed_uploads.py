"""Files that no record names: so much a user, and not for ever.

begun ─► its declared length counts; left for `upload_keep_days`: thrown away
  └─ uploaded ─► named by a record: stays as long as the record, its uploader is forgotten in time
        └─► named by nobody for `upload_keep_days`: thrown away; a workstation that names it
            after all is told so, and sends it again

let go of by a record (domain/case_keeping.py), named by no other ─► thrown away

A file of which the database knows nothing stays: perhaps it is the wrong database, or an old one.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Store, meta, uploads
from xiuzhou_desktop.backend.unfinished import Unfinished

MB = 1024 * 1024
MOST_AT_ONCE = 500  # files of one turn


class UnnamedUploads:
    """The rules for them, over the store and the folder of files."""

    def __init__(self, store: Store, blobs: Blobs, unfinished: Unfinished) -> None:
        self._store = store
        self._blobs = blobs
        self._unfinished = unfinished

    def refuse_over_quota(self, connection: Connection, user: str, size: int) -> None:
        """Raises ProblemError (`upload-quota`) where that much more would be too much."""
        quota = self._store.surroundings(connection).policy.upload_quota_mb * MB
        held = sum(map(self._blobs.size_of, uploads.unnamed_of(connection, user)))
        if held + self._unfinished.reserved_for(user) + size > quota:
            raise ProblemError("upload-quota", quota=quota)

    def limit(self, connection: Connection, wall: datetime) -> datetime:
        """What came before that instant, and is named by nobody, is thrown away."""
        days = self._store.surroundings(connection).policy.upload_keep_days
        return wall - timedelta(days=days)

    def old(self, connection: Connection, limit: datetime, now: datetime) -> tuple[str, ...]:
        """Files to look at; none while a restore waits for commands that may name them."""
        if meta.read_meta(connection).is_replaying(now):
            return ()
        known = uploads.waiting(connection)
        return tuple(one for one in known if self._blobs.came_before(one, limit))[:MOST_AT_ONCE]

    def forget(self, old: tuple[str, ...]) -> tuple[str, ...]:
        """On the writer's thread: from now on nobody may name them unseen. Returns the unnamed,
        which are noted until they are gone: a crash before that is made good at the next turn.
        """
        with self._store.transaction() as connection:
            unnamed = uploads.forget(connection, old)
            for blob in filter(self._blobs.has, unnamed):
                uploads.note_sender(connection, blob, uploads.RELEASED)
        return unnamed

    def throw_away(self, unnamed: tuple[str, ...], limit: datetime) -> None:
        """After it: what came again meanwhile stays. What was begun and left goes as well."""
        self._unfinished.sweep(limit)
        for blob in unnamed:
            self._blobs.drop(blob, limit)

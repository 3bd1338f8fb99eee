"""After a backup was put back: a new epoch, and nothing sent blindly (sync.md §4.4 *Restore*).

Clients resync and send again what they were told, with their receipts; inside the window timers
pause, and what may have gone out before the restore is looked up at the provider first.
"""

from datetime import datetime, timedelta

from xiuzhou_desktop.backend.store import Tables, TableStore
from xiuzhou_desktop.backend.store.meta import Meta

REPLAY_WINDOW = timedelta(hours=2)


def begin_after_restore(
    store: TableStore, now: datetime, window: timedelta = REPLAY_WINDOW
) -> Meta:
    """Say that this database is a restored one. Run it before the first start on it."""
    with store.writing() as tables:
        return begin_within(tables, now, window)


def begin_within(tables: Tables, now: datetime, window: timedelta = REPLAY_WINDOW) -> Meta:
    """The same inside the caller's transaction."""
    tables.begin_epoch(now, now + window)
    tables.doubt_effects()
    return tables.meta()

"""sync.day: in the morning, the workstation holds 200,000 records and the server has changed 1,000
of them meanwhile. The district had 18,675 orders between January and May (domain.md §1), about 125
a day, and each comes with flags, notices and tasks.

    the engine starts ──► session, pages of changes, records and words replaced ──► all are found
    by a word that only their new titles have
"""

import statistics
import time
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path

import msgspec

from tests.bench.figure import Figure, spread, tell
from tests.bench.many_flags import flag
from tests.bench.workstation import started
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import open_store
from xiuzhou_desktop.client.session import open_profile
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind

DAYS = 2
OF_EACH = 500  # open records, and as many of the archive
ARCHIVE = 100_000  # the number of its first that changes


async def days(root: Path, district: Path) -> None:
    """Measure and tell. `root`: of a profile that holds all of the district, which is served."""
    took = [await _morning(root, district, day) for day in range(DAYS)]
    tell(
        Figure(
            name="sync.day", value=statistics.median(took), unit="s", limit=1,
            noise=f"{spread(took, 's', 'wall')}; {2 * OF_EACH:,} changed records",
        )
    )  # fmt: skip


async def _morning(root: Path, district: Path, day: int) -> float:
    """Seconds from the engine's start."""
    word = f"day{time.time_ns()}x{day}"
    _change(district, word)
    found = RecordQuery(kinds=(Kind.FLAG,), text=word)
    async with started(open_profile(root)) as workstation:
        return await workstation.until(partial(workstation.lists, found, 2 * OF_EACH))


def _change(district: Path, word: str) -> None:
    """One transaction beside the serving process, as another process of the backend makes them."""
    store = open_store(Settings(folder=district), datetime.now(UTC))
    try:
        with store.writing() as tables:
            changes = []
            for number in chain(range(OF_EACH), range(ARCHIVE, ARCHIVE + OF_EACH)):
                old = tables.find(flag(number).id)
                assert old is not None, "the district is served whole"
                new = msgspec.structs.replace(
                    old, title=f"{flag(number).title} {word}", version=old.version + 1,
                    seq=tables.take_seq(),
                )  # fmt: skip
                tables.write(old, new, None)
                changes.append((old, new))
            tables.count_changes(changes)
    finally:
        store.close()

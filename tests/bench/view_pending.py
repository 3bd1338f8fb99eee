"""view.pending: the queue's first page over 200,000 records with 1,000 commands pending, beside the
same page with none.

    steady   nothing moved since the last look
    moved    a page of the feed has just changed one of the records: the overlay is laid anew

Both are asked of one engine on the stored profile, before and after the commands are saved; the
slower of the two counts.
"""

import asyncio
import statistics
import sys
import time
from pathlib import Path

import msgspec

from tests.bench.figure import Figure, note, spread, tell
from tests.bench.many_flags import FLAGS, flag
from xiuzhou_desktop.client.clock import SystemClocks
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.session import open_profile
from xiuzhou_desktop.client.sync.pull import Source
from xiuzhou_desktop.client.sync.stored import read_envelope
from xiuzhou_desktop.client.views import Draft, RecordQuery
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagState

PENDING, PAGES = 1_000, 40
GOAL = 3.0
MS = 1000
FIRST_PAGE = RecordQuery(
    kinds=(Kind.FLAG, Kind.ORDER), is_open=True, states=(FlagState.DETECTED,), snoozed=False
)


async def main(root: Path) -> None:
    """Measure and tell."""
    core = EngineCore(open_profile(root), clocks=SystemClocks())
    try:
        _pages(core)  # warm
        none = {"steady": _pages(core), "moved": _pages_after_moves(core)}
        _save(core)
        many = {"steady": _pages(core), "moved": _pages_after_moves(core)}
    finally:
        await core.close()
    ratios = {name: statistics.median(many[name]) / statistics.median(none[name]) for name in none}
    slower = max(ratios, key=lambda name: ratios[name])
    tell(
        Figure(
            name="view.pending", value=statistics.median(many[slower]), unit="ms",
            ratio=ratios[slower], goal=GOAL,
            beside=f"none pending {statistics.median(none[slower]):.1f} ms",
            noise="; ".join(f"{name} {spread(found, 'ms')}" for name, found in many.items()),
        )
    )  # fmt: skip


def _pages(core: EngineCore) -> list[float]:
    """Milliseconds of each first page."""
    return [_page(core) for _ in range(PAGES)]


def _pages_after_moves(core: EngineCore) -> list[float]:
    """The same, each after a record of no command of ours has come anew."""
    took = []
    for number in range(PAGES):
        record = flag(FLAGS - 1 - number)
        moved = msgspec.structs.replace(record, seq=core.spine.cache.meta().top_seq + 1)
        core.spine.feed.take([read_envelope(canonical(moved))], Source.FEED)
        took.append(_page(core))
    return took


def _page(core: EngineCore) -> float:
    begin = time.perf_counter()
    core.reading.query(FIRST_PAGE)
    return (time.perf_counter() - begin) * MS


def _save(core: EngineCore) -> None:
    begin = time.perf_counter()
    moment = core.spine.moment()
    for number in range(PENDING):
        draft = Draft(kind=Kind.FLAG, record=flag(number).id, transition="confirm")
        assert core.spine.saver.save(draft, moment).command, "every one is saved"
    note(f"{PENDING:,} commands saved in {time.perf_counter() - begin:.1f} s")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))

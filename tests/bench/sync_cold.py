"""sync.cold: 200,000 records of a snapshot become a new workstation's cache, beside `executemany`
of the same rows into the same tables and indexes under the same cipher.

    ours   pages as they come from the wire ──decode──► Bootstrap ──► rows, words, indexes
    raw    rows made beforehand ──► one transaction, indexes in place, no full text at all

Both write to the same folder, in turns; the ratio is that of the medians.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from tests.bench.figure import Figure, Sense, note, spread, tell
from tests.bench.many_flags import flag, settled
from xiuzhou_desktop.client.cache import SqlCache
from xiuzhou_desktop.client.cache.rows import ADD_DOCUMENT, INSERT, rows_of
from xiuzhou_desktop.client.cache.tables import metadata
from xiuzhou_desktop.client.sealed_db import DamagedCacheError, Durability, connect
from xiuzhou_desktop.client.sync.bootstrap import Bootstrap, Purpose
from xiuzhou_desktop.client.sync.pull import Feed
from xiuzhou_desktop.client.sync.stored import read_envelope
from xiuzhou_desktop.contract.sync import PAGE_LIMIT, SnapshotPage
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import KindGroup, grant_for
from xiuzhou_desktop.domain.ids import DISTRICT, RecordId

PROJECT = Path(__file__).resolve().parents[2]
RECORDS, OPEN = 200_000, 5_000
ROUNDS = 2
GOAL = 0.45
KEY = bytes(range(32))
WRITER_KIB = 64 * 1024
GRANT = grant_for(DISTRICT, KindGroup.DISPATCH)


def main() -> None:
    """Measure and tell."""
    pages = tuple(_pages())
    (PROJECT / "build").mkdir(exist_ok=True)
    ours: list[float] = []
    raw: list[float] = []
    for _ in range(ROUNDS):
        ours.append(_rate(_load, pages))
        raw.append(_rate(_insert, pages))
        note(f"cold start {ours[-1]:,.0f} records/s, raw {raw[-1]:,.0f}")
    value, reference = statistics.median(ours), statistics.median(raw)
    tell(
        Figure(
            name="sync.cold", value=value, unit="/s", ratio=value / reference, goal=GOAL,
            sense=Sense.AT_LEAST, beside=f"executemany without full text {reference:,.0f}/s",
            noise=f"{spread(ours, '/s')}; raw {spread(raw, '/s')}, wall",
        )
    )  # fmt: skip


def _rate(act: Callable[[Path, tuple[bytes, ...]], float], pages: tuple[bytes, ...]) -> float:
    with tempfile.TemporaryDirectory(dir=PROJECT / "build") as name:
        return RECORDS / act(Path(name), pages)


def _load(folder: Path, pages: tuple[bytes, ...]) -> float:
    """Seconds from the first page to the last record found by its words."""
    begin = time.perf_counter()
    cache = SqlCache(folder, KEY)
    load = Bootstrap(cache, Feed(cache), (GRANT,), Purpose.RESYNC)
    for page in pages:
        load.accept(msgspec.json.decode(page, type=SnapshotPage))
    took = time.perf_counter() - begin
    assert load.next_request() is None, "the last page ends the load"
    cache.close()
    return took


def _insert(folder: Path, pages: tuple[bytes, ...]) -> float:
    """Seconds of the two statements alone."""
    raws = [raw for page in pages for raw in msgspec.json.decode(page, type=SnapshotPage).records]
    rows = [rows_of(n, read_envelope(raw), 1) for n, raw in enumerate(raws)]
    records, documents = [one.record for one in rows], [one.document for one in rows]
    connection = connect(folder / "raw.db", KEY, Durability.NORMAL, WRITER_KIB, DamagedCacheError)
    metadata.create_all(connection)
    begin = time.perf_counter()
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    connection.exec_driver_sql(INSERT, records)
    connection.exec_driver_sql(ADD_DOCUMENT, documents)
    connection.exec_driver_sql("COMMIT")
    took = time.perf_counter() - begin
    connection.close()
    return took


def _pages() -> Iterator[bytes]:
    """The open ones, then the archive, as a server sends them."""
    parts = ((range(OPEN), flag), (range(OPEN, RECORDS), settled))
    for numbers, made in parts:
        for first in range(numbers.start, numbers.stop, PAGE_LIMIT):
            end = min(first + PAGE_LIMIT, numbers.stop)
            raws = tuple(msgspec.Raw(canonical(made(number))) for number in range(first, end))
            yield msgspec.json.encode(
                SnapshotPage(
                    grant=GRANT, as_of=RECORDS, cursor="c", epoch="e", total=len(numbers),
                    has_more=end < numbers.stop, after_id=RecordId(str(end)), records=raws,
                )
            )  # fmt: skip


if __name__ == "__main__":
    main()

"""A large load: in bulk transactions, and a page of it is whole."""

from pathlib import Path

import msgspec

from tests.unit.client.test_stores import A_FLAG, KEY, NOON, rid
from xiuzhou_desktop.client.cache import SqlCache
from xiuzhou_desktop.client.cache.sql_cache import MANY_ROWS
from xiuzhou_desktop.client.sync.pull import Feed, Source
from xiuzhou_desktop.client.sync.store import CacheMeta
from xiuzhou_desktop.client.sync.stored import read_envelope
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import Kind


def test_a_bulk_load_is_one_transaction_and_all_of_it_is_found(tmp_path: Path) -> None:
    cache = SqlCache(tmp_path, KEY)
    cache.reset(CacheMeta(epoch="e"))
    raw = canonical(A_FLAG).decode()
    rows = [read_envelope(raw.replace(A_FLAG.id, rid(n)).encode()) for n in range(MANY_ROWS + 1)]
    before = cache.stamp()
    Feed(cache).take(rows, Source.SNAPSHOT, gen=1)
    assert cache.stamp() == before + 1
    query = RecordQuery(kinds=(Kind.FLAG,), limit=3, offset=MANY_ROWS - 1)
    assert [one.record.id for one in cache.window(query, frozenset(), NOON)] == [
        rid(MANY_ROWS - 1), rid(MANY_ROWS),
    ]  # fmt: skip
    assert cache.total(query, frozenset(), NOON) == MANY_ROWS + 1
    cache.close()


def test_a_search_sees_what_was_written_after_it(tmp_path: Path) -> None:
    cache = SqlCache(tmp_path, KEY)
    cache.reset(CacheMeta(epoch="e"))
    feed = Feed(cache)
    query = RecordQuery(kinds=(Kind.FLAG,), text="违停")
    for number in range(2):
        assert cache.total(query, frozenset(), NOON) == number
        title = msgspec.structs.replace(
            A_FLAG, id=rid(number), title="违停 中山西路", seq=number + 1
        )
        feed.take([read_envelope(canonical(title))], Source.SNAPSHOT, gen=1)
    assert len(cache.window(query, frozenset(), NOON)) == 2
    cache.close()

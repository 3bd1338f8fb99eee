"""The tail of the feed: what many ask for alike is read once, and is what the tables would say."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy import update

from tests.backend.district import District
from tests.unit.domain.builders import a_flag, rid
from xiuzhou_desktop.backend.store import feed, records, tail
from xiuzhou_desktop.backend.store.schema import record as record_table
from xiuzhou_desktop.contract.digest import grant_digest, line_digest
from xiuzhou_desktop.contract.sync import Op, PullPage
from xiuzhou_desktop.domain.ids import DISTRICT, Grant, Scope
from xiuzhou_desktop.domain.workflow import Role

HERE = Grant(f"{DISTRICT}:dispatch")
WRITERS, COMMITS, FOLLOWERS = 2, 12, 4


def held_after(held: dict[str, int], page: PullPage) -> dict[str, int]:
    """The flags that a workstation holds once it has taken a page: their seqs."""
    for change in page.changes:
        held.pop(change.id, None)
        if change.op is Op.PUT:
            held[change.id] = change.seq
    return held


def digest_of(held: dict[str, int]) -> object:
    x = 0
    for one, seq in held.items():
        x ^= line_digest(one, seq)
    return grant_digest(len(held), x)


def test_what_one_has_pulled_is_not_read_again_for_another(district: District) -> None:
    district.add_officer("colleague", Role.DUTY_OFFICER)
    cursor = district.pull(district.cursor()).cursor
    flag = district.reported()
    first = district.pull(cursor)
    with district.store.transaction() as connection:  # no seq: nobody could hear of it
        connection.execute(
            update(record_table).where(record_table.c.id == flag.id).values(doc="never read")
        )

    second = district.pull(cursor, "colleague")

    assert [one.id for one in first.changes] == [flag.id]
    assert second.changes == first.changes


def test_who_is_further_behind_than_is_kept_gets_all_of_it(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = district.cursor()
    cursor = district.pull(start).cursor
    monkeypatch.setattr(tail, "KEPT_CHARACTERS", 3_000)  # two flags or so
    flags = [district.reported() for _ in range(6)]
    for _ in flags:
        district.send(district.command("annotate", flags[0], fields={}))

    pages = [district.pull(cursor), district.pull(start), district.pull(cursor)]

    assert all({one.id for one in page.changes} == {one.id for one in flags} for page in pages)


def test_many_loaded_at_once_are_not_kept_and_all_pulled(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor = district.pull(district.cursor()).cursor
    monkeypatch.setattr(tail, "READ_MOST", 5)
    loaded = [
        msgspec.structs.replace(
            a_flag(), id=rid(number), scope=Scope(DISTRICT), opened_at=datetime.now(UTC)
        )
        for number in range(8)
    ]
    district.store.bulk_load(loaded)
    flag = district.reported()

    page = district.pull(cursor)

    assert len(page.changes) == len(loaded) + 1
    later = district.pull(page.cursor)
    assert not later.changes
    district.send(district.command("dismiss", flag))
    assert [one.id for one in district.pull(page.cursor).changes] == [flag.id]


def test_all_who_follow_hold_at_each_page_what_its_digest_says(district: District) -> None:
    """Commits beside them: a page made of two places in the feed would not fit its digest."""
    ended = threading.Event()
    start = district.cursor()

    def write() -> None:
        for _ in range(COMMITS):
            flag = district.reported()
            district.send(district.command("dismiss", flag))

    def follow() -> int:
        held, cursor, pages = dict[str, int](), start, 0
        while True:
            was_ended = ended.is_set()
            page = district.pull(cursor)
            held, cursor, pages = held_after(held, page), page.cursor, pages + 1
            assert page.digest is not None
            assert page.digest[HERE] == digest_of(held)
            if was_ended:
                return len(held)

    with ThreadPoolExecutor() as pool:
        followers = [pool.submit(follow) for _ in range(FOLLOWERS)]
        writers = [pool.submit(write) for _ in range(WRITERS)]
        for one in writers:
            one.result()
        ended.set()
        assert {one.result() for one in followers} == {WRITERS * COMMITS}


def test_the_tail_says_what_the_tables_say_of_every_place(district: District) -> None:
    district.pull(district.cursor())
    flags = [district.reported() for _ in range(3)]
    for one in (flags[0], flags[2]):
        district.pull(district.cursor())
        district.send(district.command("dismiss", one))

    with district.store.snapshot() as connection:
        tables = district.store.tables_of(connection)
        for seq in range(tables.meta().horizon + 1):
            for limit in (1, 2, 9):
                said = feed.changes_after(connection, seq, [HERE], limit)
                assert tables.changes_after(seq, [HERE], limit) == said
        assert tables.digests([HERE]) == records.digests(connection, [HERE])


def test_a_snapshot_is_told_nothing_that_came_after_it(district: District) -> None:
    flag = district.reported()
    with district.store.snapshot() as connection:
        tables = district.store.tables_of(connection)
        was = tables.meta().horizon
        district.send(district.command("dismiss", flag))
        district.pull(district.cursor())  # another has read on

        assert [line.seq for line in tables.changes_after(0, [HERE], 9).lines] == [was]
        assert tables.digests([HERE]) == records.digests(connection, [HERE])

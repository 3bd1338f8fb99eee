"""The SQL cache answers as the memory cache does; the journal gives back what was written."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiuzhou_desktop.client.cache import SqlCache
from xiuzhou_desktop.client.journal import SqlJournal
from xiuzhou_desktop.client.sync.entry import Entry, Left, Prints
from xiuzhou_desktop.client.sync.keys import Key
from xiuzhou_desktop.client.sync.lists import sort_key
from xiuzhou_desktop.client.sync.memory_store import MemoryCache, MemoryJournal
from xiuzhou_desktop.client.sync.pull import Feed, Gone, Source
from xiuzhou_desktop.client.sync.store import CacheMeta, CacheStore
from xiuzhou_desktop.client.sync.stored import read_envelope
from xiuzhou_desktop.client.views import Besides, Order, OutboxStatus, RecordQuery
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.command import Command, Effect, EffectKind, Expect, FieldChange
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.domain.workflow import Fact, FactKey

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
KEY = bytes(range(32))
NUMBERS = st.integers(0, 11)


def rid(number: int) -> RecordId:
    return RecordId(f"00000000-0000-7000-8000-{number:012d}")


def minutes(from_: int, to: int) -> st.SearchStrategy[datetime]:
    return st.integers(from_, to).map(lambda m: NOON + timedelta(minutes=m))


@st.composite
def flags(draw: st.DrawFn) -> Record:
    number = draw(NUMBERS)
    body = FlagBody(
        captured_at=NOON,
        address=draw(st.sampled_from(["中山西路", "新塍镇违停点", "a1"])),
        plate=draw(st.sampled_from([None, "浙FD8K31", "皖S1234挂"])),
        snoozed_until=draw(st.none() | minutes(-5, 5)),
    )
    return Record(
        kind=Kind.FLAG,
        id=rid(number),
        state=draw(st.sampled_from(["DETECTED", "CONFIRMED"])),
        scope=draw(st.sampled_from(["330411", "330411103"])),
        category=draw(st.sampled_from([None, "05-05", "05-04"])),
        area=draw(st.sampled_from([None, "330411002", "330411103"])),
        subject_key=draw(st.sampled_from([None, "plate:浙FD8K31/blue"])),
        parent_id=draw(st.none() | NUMBERS.map(rid)),
        priority=draw(st.integers(1, 4)),
        opened_at=draw(minutes(-60, 0)),
        due_at=draw(st.none() | minutes(-10, 10)),
        closed_at=draw(st.none() | minutes(-10, 0)),
        title=draw(st.sampled_from(["违停 浙FD8K31", "占道经营", ""])),
        seq=draw(st.integers(1, 40)),
        body=body,
    )  # fmt: skip


@st.composite
def queries(draw: st.DrawFn) -> RecordQuery:
    maybe = st.booleans()
    return RecordQuery(
        kinds=(Kind.FLAG,),
        ids=tuple(draw(st.lists(NUMBERS.map(rid), max_size=3))) if draw(maybe) else (),
        states=draw(st.sampled_from([(), ("DETECTED",)])),
        is_open=draw(st.sampled_from([None, True, False])),
        due=draw(st.sampled_from([None, "passed", "ahead"])),
        snoozed=draw(st.sampled_from([None, True, False])),
        categories=draw(st.sampled_from([(), ("05-05",)])),
        areas=draw(st.sampled_from([(), ("330411002",)])),
        scopes=draw(st.sampled_from([(), ("330411",)])),
        priorities=draw(st.sampled_from([(), (1, 2)])),
        subject_key=draw(st.sampled_from([None, None, "plate:浙FD8K31/blue"])),
        parent_id=draw(st.none() | NUMBERS.map(rid)) if draw(maybe) else None,
        opened_from=draw(st.none() | minutes(-60, 0)),
        text=draw(st.sampled_from([None, "违停", "停", "浙FD8", "8k31", "中山 违停", "无"])),
        order=draw(st.sampled_from(list(Order))),
        limit=draw(st.integers(1, 6)),
        offset=draw(st.integers(0, 4)),
    )  # fmt: skip


def answers(cache: CacheStore, query: RecordQuery, without: frozenset[RecordId]) -> object:
    window = cache.window(query, without, NOON)
    key = window[-1].key if window else (0,) * len(sort_key(A_FLAG, query.order))
    return (
        [(one.key, one.record) for one in window],
        cache.total(query, without, NOON),
        cache.rank(query, key, without, NOON) if window else None,
    )


A_FLAG = Record(
    kind=Kind.FLAG, id=rid(0), state="DETECTED", opened_at=NOON, body=FlagBody(captured_at=NOON)
)
FACTS = [
    Fact(kind=Kind.FLAG, by=by, key=lambda target, args, actor: None, closed=closed)
    for by, closed in itertools.product(FactKey, (True, False))
]
counter = itertools.count()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(st.lists(flags() | NUMBERS, max_size=8), min_size=1, max_size=4),
    asked=st.lists(queries(), min_size=1, max_size=6),
    without=st.frozensets(NUMBERS.map(rid), max_size=3),
    evicted=st.integers(0, 3),
)
def test_sql_and_memory_caches_answer_alike(
    tmp_path: Path,
    batches: list[list[Record | int]],
    asked: list[RecordQuery],
    without: frozenset[RecordId],
    evicted: int,
) -> None:
    folder = tmp_path / str(next(counter))
    folder.mkdir()
    sql, memory = SqlCache(folder, KEY), MemoryCache()
    try:
        for cache in (sql, memory):
            cache.reset(CacheMeta(epoch="e"))
            feed = Feed(cache)
            for gen, batch in enumerate(batches):
                rows = [
                    Gone(id=rid(row), seq=50)
                    if isinstance(row, int)
                    else read_envelope(canonical(row))
                    for row in batch
                ]
                feed.take(rows, Source.SNAPSHOT, gen=gen + 1)
            feed.evict(evicted)
        assert sql.meta() == memory.meta()
        assert sql.parts() == memory.parts()
        assert sql.stub_kinds() == memory.stub_kinds()
        assert sql.stubs() == memory.stubs()
        grants = frozenset(memory.parts())
        assert sorted(sql.ids_of(grants)) == sorted(memory.ids_of(grants))
        assert sorted(sql.unswept(grants, 1, 20)) == sorted(memory.unswept(grants, 1, 20))
        ids = [rid(number) for number in range(12)]
        assert sql.briefs(ids) == memory.briefs(ids)
        assert [sql.record(i) for i in ids] == [memory.record(i) for i in ids]
        for fact, value in itertools.product(FACTS, ("plate:浙FD8K31/blue", rid(1), "330411002")):
            found = sorted(sql.rows(fact, value), key=lambda r: r.id)
            assert found == sorted(memory.rows(fact, value), key=lambda r: r.id)
        for query in asked:
            assert answers(sql, query, without) == answers(memory, query, without)
    finally:
        sql.close()


def test_a_cache_opened_again_stands_where_it_stood(tmp_path: Path) -> None:
    first = SqlCache(tmp_path, KEY)
    first.reset(CacheMeta(epoch="abc", version_base=7))
    Feed(first).take([read_envelope(canonical(A_FLAG))], Source.SNAPSHOT, gen=1)
    meta, parts = first.meta(), dict(first.parts())
    first.close()
    again = SqlCache(tmp_path, KEY)
    assert (again.meta(), dict(again.parts())) == (meta, parts)
    assert again.record(A_FLAG.id) == A_FLAG
    assert [path.name for path in tmp_path.glob("*.db")] == ["cache-abc.db"]
    again.close()


def test_a_corrupt_cache_is_rebuilt_empty(tmp_path: Path) -> None:
    first = SqlCache(tmp_path, KEY)
    first.reset(CacheMeta(epoch="abc"))
    first.close()
    (tmp_path / "cache-abc.db").write_bytes(b"x" * 8192)
    again = SqlCache(tmp_path, KEY)
    assert again.was_rebuilt
    assert again.meta().epoch is None
    again.close()


def an_entry(seq: int, **fields: object) -> Entry:
    command = Command(
        id=CommandId(f"c{seq}"), client_seq=seq, kind=Kind.FLAG, record=rid(seq),
        transition="annotate", issued_at=NOON, not_after=NOON + timedelta(hours=1),
        after=(CommandId("c0"),), args={"a": [1, "二"]},
        fields={"note": FieldChange(base=None, new="新")},
    )  # fmt: skip
    return msgspec.structs.replace(Entry(command=command, saved_at=NOON), **fields)


def test_the_journal_gives_back_what_was_written(tmp_path: Path) -> None:
    entries = (
        an_entry(1),
        an_entry(
            2, status=OutboxStatus.CONFLICT, seen="DETECTED", writer=CommandId("c1"),
            fallback=Left(state="DETECTED", state_version=3), first_epoch="e1", attempts=2,
            prints=Prints(writes=frozenset({Key("r:1")}), loose=frozenset({Key("k:x")})),
            problem=Problem(slug="version"), current='{"a":1}', next_at=NOON, hold_until=NOON,
            left={rid(2): Left(state="CONFIRMED", state_version=4)}, resolves=CommandId("c1"),
            besides=Besides(
                makes=(Kind.NOTICE,),
                effects=(Effect(kind=EffectKind.SMS, args={"template": "notice"}),),
            ),
        ),
    )  # fmt: skip
    stamped = msgspec.structs.replace(
        entries[0],
        command=msgspec.structs.replace(entries[0].command, expect=Expect(state_version=3)),
    )
    first = SqlJournal(tmp_path / "journal.db", KEY)
    first.write(entries)
    first.write([stamped])
    first.close()
    again = SqlJournal(tmp_path / "journal.db", KEY)
    assert again.entries() == (stamped, entries[1])
    again.forget(NOON + timedelta(days=31))
    assert again.entries() == (stamped, entries[1])
    again.write([msgspec.structs.replace(stamped, status=OutboxStatus.APPLIED)])
    again.forget(NOON + timedelta(days=31))
    assert again.entries() == (entries[1],)
    again.close()


@pytest.mark.parametrize("is_sql", [True, False])
def test_a_withdrawn_cause_is_kept_as_long_as_others_wait_for_it(
    tmp_path: Path, is_sql: bool
) -> None:
    cause = an_entry(1, status=OutboxStatus.DROPPED)
    command = msgspec.structs.replace(an_entry(2).command, after=(cause.id,))
    waiting = msgspec.structs.replace(an_entry(2), command=command)
    journal = SqlJournal(tmp_path / "journal.db", KEY) if is_sql else MemoryJournal()
    journal.write([cause, waiting])
    journal.forget(NOON + timedelta(days=31))
    assert journal.entries() == (cause, waiting)
    journal.write([msgspec.structs.replace(waiting, status=OutboxStatus.DROPPED)])
    journal.forget(NOON + timedelta(days=31))
    assert journal.entries() == ()

"""A cold start: open records first, closed ones staged and admitted at the end; a killed one goes
on where it was. On the memory store and on the SQL store.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.sync.district_server import DistrictServer, crossed
from tests.sync.workstation import Workstation
from tests.unit.domain.builders import DUTY, MORNING, a_flag, rid
from xiuzhou_desktop.client.cache import SqlCache
from xiuzhou_desktop.client.sync.bootstrap import Bootstrap, EpochMovedError, Purpose
from xiuzhou_desktop.client.sync.memory_store import MemoryCache
from xiuzhou_desktop.client.sync.pull import Feed
from xiuzhou_desktop.client.sync.store import CacheStore, GrantState
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.contract.sync import SnapshotPage
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, Record, grant_for
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.ids import DISTRICT

DISPATCH = grant_for(DISTRICT, KindGroup.DISPATCH)
GRANTS = tuple(sorted(DUTY.grants))
OPEN, CLOSED, A_PAGE = 5, 30, 8
ALL_FLAGS = RecordQuery(kinds=(Kind.FLAG,))
Opened = Callable[[], CacheStore]


@pytest.fixture(params=["memory", "sql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """The cache as a process that starts now finds it."""
    held: list[CacheStore] = [MemoryCache()]

    def open_again() -> CacheStore:
        if request.param == "sql":
            if isinstance(held[0], SqlCache):
                held[0].close()
            held[0] = SqlCache(tmp_path, bytes(32))
        return held[0]

    return open_again


@pytest.fixture
def server() -> DistrictServer:
    server = DistrictServer(MORNING, DUTY.grants, DUTY)
    server.put(*(a_flag_at(number) for number in range(OPEN)))
    server.put(*(settled(number) for number in range(OPEN, OPEN + CLOSED)))
    return server


def a_flag_at(number: int) -> Record:
    return msgspec.structs.replace(a_flag(), id=rid(number), subject_key=None)


def settled(number: int) -> Record:
    return msgspec.structs.replace(a_flag_at(number), state=FlagState.CLOSED, closed_at=MORNING)


def load(cache: CacheStore, server: DistrictServer, pages: int = 10_000) -> int:
    """So many pages, and then the process is gone. How many were asked for."""
    run = Bootstrap(cache, Feed(cache), GRANTS, Purpose.RESYNC)
    asked = 0
    while asked < pages and (wanted := run.next_request()):
        part = "open" if wanted.is_open else "closed"
        page = server.snapshot("duty", wanted.grant, part, wanted.after_id, A_PAGE)
        foreseen = run.request_after(page)
        run.accept(crossed(page, SnapshotPage))
        assert run.next_request() == foreseen
        asked += 1
    return asked


def seen(cache: CacheStore) -> int:
    return cache.total(ALL_FLAGS, frozenset(), MORNING)


def test_closed_records_are_seen_only_when_all_are_here(
    opened: Opened, server: DistrictServer
) -> None:
    cache = opened()
    whole = load(MemoryCache(), server)
    load(cache, server, whole - 1)
    assert seen(cache) == OPEN
    assert cache.parts()[DISPATCH].state is GrantState.OPEN
    load(cache, server)
    assert seen(cache) == OPEN + CLOSED
    assert cache.parts()[DISPATCH].state is GrantState.READY
    assert cache.meta().loading is None


def test_a_killed_start_goes_on_where_it_was(opened: Opened, server: DistrictServer) -> None:
    whole = load(MemoryCache(), server)
    reference = MemoryCache()
    load(reference, server)
    cache = opened()
    asked = 0
    while cache.meta().cursor is None:
        asked += load(cache, server, 2)
        cache = opened()
    assert asked <= whole + 1  # the last part's end may be asked for again
    assert cache.parts() == reference.parts()
    assert msgspec.structs.replace(cache.meta(), gen=0) == msgspec.structs.replace(
        reference.meta(), gen=0
    )
    assert seen(cache) == OPEN + CLOSED


def test_a_record_closed_meanwhile_is_here_once(opened: Opened, server: DistrictServer) -> None:
    cache = opened()
    load(cache, server, len(GRANTS))  # every open part
    server.put(settled(0))
    load(cache, server)
    assert seen(cache) == OPEN + CLOSED
    found = cache.record(rid(0))
    assert found is not None and found.state == FlagState.CLOSED
    assert cache.parts()[DISPATCH].n == OPEN + CLOSED


def test_a_server_restored_meanwhile_is_loaded_from_the_beginning(
    opened: Opened, server: DistrictServer
) -> None:
    cache = opened()
    server.back_up()
    load(cache, server, len(GRANTS) + 2)
    server.restore()
    with pytest.raises(EpochMovedError):
        load(cache, server)
    load(cache, server)
    assert cache.meta().epoch == server.epoch
    assert seen(cache) == OPEN + CLOSED


def test_other_rights_begin_anew(opened: Opened, server: DistrictServer) -> None:
    cache = opened()
    load(cache, server, len(GRANTS) + 2)
    run = Bootstrap(cache, Feed(cache), (DISPATCH,), Purpose.RESYNC)
    wanted = run.next_request()
    assert wanted is not None and wanted.is_open and wanted.after_id is None


def test_steps_that_stand_give_the_view_that_new_ones_would(server: DistrictServer) -> None:
    desk = Workstation("duty", server)
    desk.sync()
    for number in range(OPEN):
        desk.save(Kind.FLAG, rid(number), "confirm")
    server.put(msgspec.structs.replace(a_flag_at(3), title="moved"), settled(OPEN + CLOSED))
    desk.pull_all()
    kept = dict(desk.view.overlay())
    desk.view.forget()
    assert kept == desk.view.overlay()
    assert desk.view.prints.keys() == {entry.id for entry in desk.outbox.active()}

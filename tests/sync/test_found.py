"""What the simulator found in the shipped code, each as the few steps that show it."""

import msgspec
import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.workstation import Crash, Workstation
from tests.unit.domain.builders import DUTY, MORNING, a_flag, rid
from xiuzhou_desktop.client.sync.memory_store import MemoryCache
from xiuzhou_desktop.client.sync.store import CacheBatch
from xiuzhou_desktop.contract.sync import PullPage, PullRequest
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, Record, grant_for
from xiuzhou_desktop.domain.ids import Scope

ALL = DUTY.grants
TOWN, OTHER_TOWN = Scope("330411103"), Scope("330411104")
ONE, OTHER = (grant_for(town, KindGroup.DISPATCH) for town in (TOWN, OTHER_TOWN))


class PowerCutError(Exception):
    """The process ends after a write that purged."""


class FrailCache(MemoryCache):
    """Ends its process once, right after the next purge is on the disk."""

    is_frail = False

    def write(self, batch: CacheBatch) -> None:
        super().write(batch)
        if self.is_frail and batch.gone_parts:
            self.is_frail = False
            raise PowerCutError


def a_flag_at(number: int, **columns: object) -> Record:
    return msgspec.structs.replace(a_flag(), id=rid(number), **columns)


def test_a_right_that_comes_back_after_a_crash_in_its_purge_brings_its_records_again() -> None:
    """SEED=280: a cursor that stood for the right, and a cache without its records."""
    server = DistrictServer(MORNING, ALL, DUTY)
    server.put(*(a_flag_at(n, scope=TOWN) for n in range(1, 4)))
    desk = Workstation("duty", server)
    desk.cache = FrailCache()
    desk.open()
    desk.sync()
    desk.cache.is_frail = True
    server.grants_of["duty"] = ALL - {ONE}
    with pytest.raises(PowerCutError):
        desk.pull_all()
    desk.open()
    server.grants_of["duty"] = ALL
    desk.pull_all()
    assert set(desk.cache.ids_of(frozenset({ONE}))) == {rid(n) for n in range(1, 4)}
    assert desk.alarms == 0


def test_what_a_crash_left_unsettled_is_said_again_and_believed() -> None:
    """SEED=838: the place in the feed ran ahead of the cursor, and the server seemed to lie."""
    server = DistrictServer(MORNING, ALL - {ONE}, DUTY)
    server.put(a_flag_at(1), *(a_flag_at(n, scope=TOWN) for n in range(10, 14)))
    server.put(*(a_flag_at(n, scope=OTHER_TOWN) for n in range(20, 24)))
    desk = Workstation("duty", server)
    desk.sync()
    server.grants_of["duty"] = ALL - {OTHER}
    with pytest.raises(Crash):
        desk.pull("crash", 100)
    desk.open()
    server.grants_of["duty"] = ALL - {ONE}
    server.put(msgspec.structs.replace(server.records[rid(1)], title="moved on"))
    with pytest.raises(Crash):
        desk.pull("crash", 100)
    desk.open()
    desk.pull_all()
    found = desk.cache.record(rid(1))
    assert found is not None and found.title == "moved on"
    assert set(desk.cache.ids_of(frozenset({OTHER}))) == {rid(n) for n in range(20, 24)}
    assert desk.alarms == 0


def test_an_answer_behind_the_cursor_still_shows_what_the_officer_did() -> None:
    """SEED=17: the record's last change lies on a page to come, so the answer is all there is."""
    server = DistrictServer(MORNING, ALL, DUTY)
    server.put(a_flag_at(1), a_flag_at(2))
    desk = Workstation("duty", server)
    desk.sync()
    desk.save(Kind.FLAG, rid(1), "dismiss")
    wave = desk.push_core.wave(lambda entry: True)
    assert wave is not None
    answer = desk._send(wave)  # noqa: SLF001 - the answer is still under way
    assert answer is not None
    server.put(a_flag_at(3), a_flag_at(4))
    server.put(msgspec.structs.replace(server.records[rid(1)], title="moved on"))
    cursor = desk.cache.meta().cursor
    assert cursor is not None
    page = server.pull("duty", PullRequest(cursor=cursor, limit=1))
    desk.feed.page(desk.carried(page, PullPage), server.now)
    assert desk.cache.meta().cursor_seq >= answer.results[0].seq
    desk.accept(wave.epoch, answer)
    assert desk.state(rid(1)) == "FALSE_ALARM"


def test_an_answer_revives_nothing_that_the_feed_has_buried() -> None:
    """The other side of R1: behind the cursor, and not in the cache."""
    server = DistrictServer(MORNING, ALL, DUTY)
    server.put(a_flag_at(1))
    desk = Workstation("duty", server)
    desk.sync()
    desk.save(Kind.FLAG, rid(1), "dismiss")
    desk.push("late_answer")
    server.delete(rid(1))
    desk.pull_all()
    desk.deliver_late()
    assert desk.cache.record(rid(1)) is None

"""`make load` in small: a day of a few seconds with its kill, and the count that finds what is
missing or there twice.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from sqlalchemy import insert, select, text, update

from tests.backend.district import District, open_district
from tests.load.audit import Audit, audit
from tests.load.doors import Doors
from tests.load.fleet import Outside
from tests.load.plan import Plan
from tests.load.run import run
from tests.load.tally import Tally
from xiuzhou_desktop.backend.positions.store import Fix, open_positions
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store.records import newest_of
from xiuzhou_desktop.backend.store.schema import record, transition_log
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.domain.kinds import RULING

NOON_MS = 1_764_000_000_000


def test_a_few_seconds_with_a_kill_lose_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    done = run(tmp_path, Plan(seconds=6, stations=4, calm_per_s=150), said.append)
    assert not done.tally.errors
    assert (done.audit.lost, done.audit.twice) == (0, 0)
    assert "one process was killed and serves again" in said
    assert done.tally.crossed
    assert done.tally.answered
    assert done.tally.flags
    assert done.tally.fixes


def test_every_flag_is_judged_by_somebody_who_may() -> None:
    for stations in (1, 4, 10, 200):
        plan = Plan(seconds=6, stations=stations)
        stand = {plan.scope_of(number) for number in range(stations)}
        judged = Counter(one for scope in stand for one in plan.judged_from(scope))
        assert judged == Counter(SCOPES)


def test_two_who_find_the_same_door_shut_stay_at_the_other() -> None:
    tally = Tally()
    doors = Doors("shut", "open", tally)

    async def call(door: str) -> str:
        await asyncio.sleep(0)  # the other one asks before this one is answered
        if door == "shut":
            raise Unavailable
        return door

    async def ask_twice() -> list[str]:
        return await asyncio.gather(doors.ask(call), doors.ask(call))

    assert asyncio.run(ask_twice()) == ["open", "open"]
    assert tally.crossed == {"unreachable": 1}


def test_a_server_that_says_not_now_is_not_left_and_is_an_error() -> None:
    tally = Tally()
    doors = Doors("busy", "open", tally)

    async def call(door: str) -> str:
        raise Unavailable("unavailable", status=503)

    with pytest.raises(Unavailable) as caught:
        asyncio.run(doors.ask(call))
    tally.failed("push", caught.value)
    assert doors.now == "busy"
    assert tally.errors == {"push unavailable": 1}


def test_a_flag_that_breaks_breaks_the_run() -> None:
    tally = Tally()

    async def run_until_asked() -> None:
        asked = asyncio.Event()

        def garbage(_: httpx.Request) -> httpx.Response:
            asked.set()
            return httpx.Response(200, text="<html>")

        here, there = (
            httpx.AsyncClient(base_url="http://district", transport=httpx.MockTransport(garbage))
            for _ in range(2)
        )
        outside = Outside(Doors(here, there, tally), Plan(seconds=6, calm_per_s=1_000), tally)
        detecting = asyncio.create_task(outside.detect(time.perf_counter()))
        await asked.wait()
        detecting.cancel()
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})  # it has broken already
        await outside.rest()

    with pytest.raises(msgspec.DecodeError):
        asyncio.run(run_until_asked())


class Served:
    """A district with one flag and one truck's place, and the tally of who was told so."""

    def __init__(self, district: District, url: str) -> None:
        self.district, self.url, self.tally = district, url, Tally()
        told = district.report()
        district.send(told)
        self.tally.answered[told.id] = frozenset({told.record})
        with district.store.transaction() as connection:
            connection.execute(update(record).values(external_id="load-0"))
        self.tally.flags.add("load-0")
        fix = Fix("T0", NOON_MS, 1_207_000_000, 307_000_000, 0, 0, 0)
        positions = open_positions(url, Path())
        positions.add([fix], NOON_MS)
        positions.close()
        self.tally.fixes[NOON_MS] = 1

    def counted(self) -> Audit:
        return audit(self.url, self.tally)


@pytest.fixture
def served(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Served]:
    url = new_database()
    with open_district(Settings(folder=tmp_path, database=url)) as district:
        yield Served(district, url)


def test_what_was_promised_and_is_there_counts_nothing(served: Served) -> None:
    assert served.counted() == Audit(lost=0, twice=0)


def test_the_newest_of_a_kind_is_not_looked_for_among_all(served: Served) -> None:
    with served.district.store.transaction() as connection:
        flag = (
            connection.execute(select(record).where(record.c.kind == Kind.FLAG.value))
            .mappings()
            .one()
        )
        more = [
            {"id": f"{n}", "seq": flag["seq"] + n, "external_id": None} for n in range(1, 3_000)
        ]
        connection.execute(insert(record), [{**flag, **one} for one in more])
        for kinds in (RULING, (Kind.CAMERA,), (Kind.VEHICLE,)):
            asked = newest_of(kinds).compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.execute(text(f"EXPLAIN {asked}")).scalars().all()
            assert "ix_record_seq" not in "".join(plan)


def test_each_thing_that_was_promised_and_is_not_there_is_lost(served: Served) -> None:
    (told,) = served.tally.answered
    served.tally.answered[told] |= {RecordId("beside it")}
    served.tally.answered[CommandId("never")] = frozenset({RecordId("nowhere")})
    served.tally.flags.add("load-1")
    served.tally.fixes |= {NOON_MS: 3, NOON_MS + 1: 1}
    assert served.counted() == Audit(lost=6, twice=0)


def test_what_is_there_again_is_twice(served: Served) -> None:
    with served.district.store.transaction() as connection:
        (row,) = connection.execute(select(transition_log)).mappings()
        connection.execute(insert(transition_log), {**row, "seq": row["seq"] + 1})
    served.tally.fixes[NOON_MS] = 0
    assert served.counted() == Audit(lost=0, twice=2)

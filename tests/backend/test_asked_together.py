"""Questions that wait together: each gets its own answer, and sees what was committed before it."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.backend.district import District
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import UnavailableError, meta
from xiuzhou_desktop.backend.store.together import TURNS, Together

QUESTIONS = 40


def bad(_: Connection) -> int:
    raise ProblemError("not-found")


def broken(connection: Connection) -> int:
    return connection.execute(text("SELECT 1 FROM no_such_table")).scalar_one()


def horizon(connection: Connection) -> int:
    return meta.read_meta(connection).horizon


def test_those_that_wait_share_snapshots_and_get_their_own_answers(district: District) -> None:
    snapshots = list[Connection]()

    def number(connection: Connection, one: int) -> int:
        snapshots.append(connection)
        return one

    async def ask() -> list[int]:
        gate = threading.Event()
        busy = [
            asyncio.create_task(district.store.ask(lambda _: gate.wait(timeout=60)))
            for _ in range(TURNS)
        ]
        jobs = [partial(number, one=one) for one in range(QUESTIONS)]
        asked = [asyncio.create_task(district.store.ask(job)) for job in jobs]
        await asyncio.sleep(0)  # all of them wait
        gate.set()
        await asyncio.gather(*busy)
        return await asyncio.gather(*asked)

    assert asyncio.run(ask()) == list(range(QUESTIONS))
    assert len(set(map(id, snapshots))) < QUESTIONS // 4


def test_one_that_fails_costs_itself(district: District) -> None:
    flag = district.reported()

    async def ask() -> list[object]:
        jobs = [horizon, bad, horizon, broken, horizon, bad, broken, horizon]
        return await asyncio.gather(*map(district.store.ask, jobs), return_exceptions=True)

    answers = asyncio.run(ask())

    assert [one for one in answers if isinstance(one, int)] == [flag.seq] * 4
    kinds = [type(one) for one in answers if not isinstance(one, int)]
    assert kinds.count(ProblemError) == 2
    assert all(issubclass(one, ProblemError | DBAPIError | UnavailableError) for one in kinds)


def test_each_sees_what_was_committed_before_it_was_asked(district: District) -> None:
    async def ask() -> None:
        others = [asyncio.create_task(district.store.ask(horizon)) for _ in range(QUESTIONS)]
        for _ in range(8):
            flag = await asyncio.to_thread(district.reported)
            assert await district.store.ask(horizon) >= flag.seq
        await asyncio.gather(*others)

    asyncio.run(ask())


def test_one_whose_asker_went_away_costs_the_others_nothing(district: District) -> None:
    async def ask() -> int:
        gate = threading.Event()
        busy = [
            asyncio.create_task(district.store.ask(lambda _: gate.wait(timeout=60)))
            for _ in range(TURNS)
        ]
        gone = asyncio.create_task(district.store.ask(horizon))
        stays = asyncio.create_task(district.store.ask(horizon))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        gate.set()
        await asyncio.gather(*busy)
        return await stays

    assert asyncio.run(ask()) == 0


def test_one_who_goes_away_as_the_database_does_stops_no_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = threading.Event()

    @contextmanager
    def gone_database() -> Iterator[Connection]:
        gate.wait(timeout=60)
        raise UnavailableError
        yield

    async def ask(together: Together) -> list[object]:
        leaving = [asyncio.create_task(together.ask(horizon)) for _ in range(TURNS)]
        await asyncio.sleep(0)
        for one in leaving:
            one.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        gate.set()
        return await asyncio.gather(
            *(asyncio.wait_for(together.ask(horizon), 20) for _ in range(QUESTIONS)),
            return_exceptions=True,
        )

    # as it was when it was looked at, a moment before
    monkeypatch.setattr(Future, "cancelled", lambda _: False)
    with ThreadPoolExecutor(TURNS) as readers:
        answers = asyncio.run(ask(Together(gone_database, readers)))
    assert {type(one) for one in answers} == {UnavailableError}

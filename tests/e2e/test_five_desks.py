"""Five workstations over one queue: each flag is judged once, and a claim whose holder vanished
frees itself, whatever the clocks of the computers say.
"""

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import sqlcipher3.dbapi2 as sqlite

from tests.backend.process import PASSWORD, Backend, administer, push, report, with_officer
from tests.e2e.waits import until
from xiuzhou_desktop.client.clock import Clocks
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import Rejected
from xiuzhou_desktop.client.session import sign_in
from xiuzhou_desktop.client.views import Draft, Order, OutboxStatus, RecordQuery, RecordView
from xiuzhou_desktop.domain.canonical import whole_ms
from xiuzhou_desktop.domain.envelope import Kind

DESKS = ("duty", "wang", "li", "zhou", "xu")
SKEWS_MIN = (0, 5, -5, 5, -5)
FLAGS = 30
ORPHANED_S = 90.0
QUEUE = RecordQuery(
    kinds=(Kind.FLAG,), states=("DETECTED",), pending=False, order=Order.NEWEST, limit=100
)


class Skewed:
    """A computer whose clock is wrong by some minutes."""

    def __init__(self, minutes: int) -> None:
        self._off = timedelta(minutes=minutes)

    def wall(self) -> datetime:
        return whole_ms(datetime.now(UTC) + self._off)

    def monotonic_s(self) -> float:
        return time.monotonic()


class Desk:
    """An officer who takes what lies open, claims it, and judges it."""

    def __init__(self, core: EngineCore, seed: int) -> None:
        self.core = core
        self.random = Random(seed)
        self.refused = 0

    async def work(self) -> None:
        """Until the queue is empty."""
        while True:
            views = self.core.reading.query(QUEUE).views
            if not views:
                return
            await self.take(self.random.choice(views[:8]))
            await asyncio.sleep(0.02)  # a hand on a key

    async def take(self, view: RecordView) -> None:
        try:
            await self.core.claims.say("claim", Kind.FLAG, view.record.id)
        except Rejected as error:
            assert error.slug == "claimed"
            self.refused += 1
            return
        draft = Draft(kind=Kind.FLAG, record=view.record.id, transition="dismiss", seen=view.seen)
        self.core.desk.submit(draft)


async def a_desk(url: str, root: Path, number: int) -> EngineCore:
    clocks: Clocks = Skewed(SKEWS_MIN[number])
    profile = await sign_in(url, DESKS[number], PASSWORD, f"ws-{number}", root, clocks=clocks)
    core = EngineCore(profile, clocks=clocks)
    await core.sync_once()
    return core


async def all_at_once(url: str, root: Path) -> tuple[list[Desk], float]:
    """One officer claims and vanishes; the others work. How long the claim outlived its holder."""
    cores = [await a_desk(url, root / str(number), number) for number in range(len(DESKS))]
    victim, *others = cores
    orphan = victim.reading.query(QUEUE).views[0]
    await victim.claims.say("claim", Kind.FLAG, orphan.record.id)
    await victim.close()  # no release, as when a cable is pulled
    vanished_s = time.monotonic()
    desks = [Desk(core, seed) for seed, core in enumerate(others)]
    async with AsyncExitStack() as stack:
        for core in others:
            stack.push_async_callback(core.close)
        works = [asyncio.create_task(core.run()) for core in others]
        await asyncio.gather(*(desk.work() for desk in desks))
        freed_s = time.monotonic() - vanished_s
        for core in others:
            await until(partial(delivered, core), "all is delivered")
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)
    return desks, freed_s


def delivered(core: EngineCore) -> bool:
    return not core.desk.summary().pending


def verdicts(database: Path) -> Counter[str]:
    """How often each flag was judged, by the log that nothing leaves."""
    connection = sqlite.connect(str(database))
    rows = connection.execute("SELECT id FROM transition_log WHERE name = 'dismiss'").fetchall()
    connection.close()
    return Counter(record for (record,) in rows)


def test_five_workstations_judge_each_flag_once_and_orphan_no_claim(tmp_path: Path) -> None:
    folder = with_officer(tmp_path / "district")
    for user in DESKS[1:]:
        added = ("user", "add", user, "--role", "duty_officer")
        assert administer(folder, *added, stdin=f"{PASSWORD}\n").returncode == 0
    with Backend(folder) as backend:
        with backend.client() as client:
            push(client, *(report(f"中山西路 {n} 号") for n in range(FLAGS)))
        desks, freed_s = asyncio.run(all_at_once(backend.url, tmp_path))
    judged = verdicts(folder / "district.db")
    assert len(judged) == FLAGS
    assert set(judged.values()) == {1}
    assert freed_s <= ORPHANED_S
    assert sum(desk.refused for desk in desks) > 0  # they did meet
    for desk in desks:
        settled = {entry.status for entry in desk.core.spine.outbox}
        assert settled <= {OutboxStatus.APPLIED, OutboxStatus.CONFLICT, OutboxStatus.REFUSED}

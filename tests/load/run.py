"""One run: everything at work, one process killed and started again, then the count.

stations, detectors, trucks ══requests══► process A ✂ ── PostgreSQL
                             ╚══════════► process B
"""

import asyncio
import resource
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from random import Random

import httpx

from tests.backend.process import ANSWER_S, PASSWORD, Backend
from tests.load.audit import Audit, audit
from tests.load.doors import Doors
from tests.load.fleet import Outside
from tests.load.plan import P99_LIMIT_MS, Plan
from tests.load.servers import Served, account_of, served
from tests.load.station import Desk, Station
from tests.load.tally import Tally
from tests.load.wire import Wire
from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.session import MemoryTokens
from xiuzhou_desktop.contract.session import SignIn
from xiuzhou_desktop.domain.envelope import Struct

MINUTE_S = 60.0
LOOK_S = 0.25
ENTER_AT_ONCE = 4
DRAIN_S = 120.0
GROWTH = 1.25  # of the median of a quarter: what a process may hold more in the last than the first
JUDGED_FROM_S = 300.0  # a shorter run ends before Python's heaps have found their size
BUSY = 0.9  # of a core: then this process itself is what is slow
Say = Callable[[str], None]


class Spent(Struct, frozen=True, kw_only=True):
    """Cores in use, on the average of so many seconds."""

    seconds: float
    acts: int  # commands and flags that were answered meanwhile
    generator: float
    servers: float
    postgresql: float

    def line(self) -> str:
        """For people; says it where the figure measures the generator."""
        said = (
            f"cores in use: generator {self.generator:.2f}, servers {self.servers:.2f},"
            f" PostgreSQL {self.postgresql:.2f}"
        )
        return f"{said}; the generator was the bottleneck" if self.generator > BUSY else said


class Done(Struct, frozen=True, kw_only=True):
    """What came of a run. `growth`: last quarter's memory to the first's, of each process."""

    plan: Plan
    tally: Tally
    audit: Audit
    growth: tuple[float, ...]
    spent: Spent

    @property
    def is_flat(self) -> bool:
        return self.plan.seconds < JUDGED_FROM_S or max(self.growth) <= GROWTH

    @property
    def is_kept(self) -> bool:
        """Whether every promise holds."""
        is_whole = self.audit.lost == self.audit.twice == self.tally.errors.total() == 0
        return is_whole and self.is_flat and self.tally.p99_ms() <= P99_LIMIT_MS

    def line(self) -> str:
        """The last line."""
        return (
            f"{self.plan.seconds:.0f} s, {self.plan.stations} workstations,"
            f" p99 {self.tally.p99_ms():.0f} ms, {self.tally.unanswered.total()} asked again,"
            f" {self.tally.errors.total()} errors,"
            f" {self.audit.lost} lost, {self.audit.twice} twice"
        )


class Memory:
    """Samples of what each process holds; of a replaced one from its new beginning."""

    def __init__(self) -> None:
        self._samples: list[list[float]] = [[], []]

    def note(self, held_mib: tuple[float, ...]) -> None:
        for samples, held in zip(self._samples, held_mib, strict=True):
            samples.append(held)

    def begin_again(self, number: int) -> None:
        self._samples[number].clear()

    def growth(self) -> tuple[float, ...]:
        return tuple(_growth(samples) for samples in self._samples)


def run(folder: Path, plan: Plan, say: Say) -> Done:
    """Serve, work, kill, count."""
    with served(folder, plan) as pair:
        return asyncio.run(_Run(pair, plan, say).done())


class _Run:
    def __init__(self, pair: Served, plan: Plan, say: Say) -> None:
        self._pair, self._plan, self._say = pair, plan, say
        self._tally, self._memory = Tally(), Memory()
        self._began = 0.0
        self._open = AsyncExitStack()  # connections, closed when all is counted

    async def done(self) -> Done:
        async with self._open:
            return await self._done()

    async def _done(self) -> Done:
        stations = await self._stations()
        outside = Outside(self._http(), self._plan, self._tally)
        self._say(f"{len(stations)} workstations are signed in and whole")
        self._began, cpu = time.perf_counter(), self._cpu()
        with _at_work(*(act for one in stations for act in (one.hear, one.follow, one.work))):
            with _at_work(lambda: outside.detect(self._began), outside.drive, self._beat):
                await self._the_day()
            await outside.rest()
            spent = self._spent(cpu)
            await self._drained(stations)
        found = await asyncio.to_thread(audit, self._pair.url, self._tally)
        return Done(
            plan=self._plan, tally=self._tally, audit=found, growth=self._memory.growth(),
            spent=spent,
        )  # fmt: skip

    async def _the_day(self) -> None:
        """A line a minute, and the kill."""
        marks = [(self._plan.kill_at_s, self._kill)]
        marks += [
            (minute * MINUTE_S, lambda minute=minute: self._tell(minute))
            for minute in range(1, int(self._plan.seconds // MINUTE_S) + 1)
        ]
        for at_s, act in sorted(marks, key=lambda mark: mark[0]):
            await asyncio.sleep(self._began + at_s - time.perf_counter())
            await act()
        await asyncio.sleep(self._began + self._plan.seconds - time.perf_counter())

    async def _tell(self, minute: int) -> None:
        self._say(self._tally.line(minute))

    async def _kill(self) -> None:
        await asyncio.to_thread(self._pair.kill)
        await asyncio.to_thread(self._pair.start_again)
        self._memory.begin_again(0)
        self._say("one process was killed and serves again")

    async def _beat(self) -> None:
        """Memory, and how late this process is by its own clock."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(LOOK_S)
            self._tally.late_ms.append((time.perf_counter() - began - LOOK_S) * 1_000)
            self._memory.note(self._pair.memory_mib())

    async def _drained(self, stations: list[Station]) -> None:
        """Until nothing is left to judge or to send."""
        try:
            async with asyncio.timeout(DRAIN_S):
                while not all(one.settled for one in stations):
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            waiting = sum(not one.settled for one in stations)
            self._tally.errors["never settled"] += waiting

    # -- parts ------------------------------------------------------------------------------------

    async def _stations(self) -> list[Station]:
        """All of them, a few at a time: each costs its server a password and a whole load."""
        few = asyncio.Semaphore(ENTER_AT_ONCE)

        async def enter(number: int) -> Station:
            async with few:
                return await self._station(number)

        return await asyncio.gather(*map(enter, range(self._plan.stations)))

    async def _station(self, number: int) -> Station:
        scope, tokens = self._plan.scope_of(number), MemoryTokens()
        peers = [n for n in range(self._plan.stations) if self._plan.scope_of(n) == scope]
        ways = [Wire(one.url, f"load-{number}") for one in self._in_turn(number)]
        for way in ways:
            self._open.push_async_callback(way.close)
        apis = [Api(way, tokens) for way in ways]
        said = SignIn(user=account_of(scope), password=PASSWORD, workstation=f"load-{number}")
        await apis[0].sign_in(said)
        judged = self._plan.judged_from(scope)
        desk = Desk(scopes=judged, place=peers.index(number), desks=len(peers))
        station = Station(desk, Doors(apis[0], apis[1], self._tally), self._tally, Random(number))
        await station.connect()
        return station

    def _http(self) -> Doors[httpx.AsyncClient]:
        headers = {"Authorization": f"Bearer {self._pair.device}"}
        two = [
            httpx.AsyncClient(base_url=each.url, headers=headers, timeout=ANSWER_S, trust_env=False)
            for each in self._pair.pair
        ]
        for one in two:
            self._open.push_async_callback(one.aclose)
        return Doors(two[0], two[1], self._tally)

    def _in_turn(self, number: int) -> list[Backend]:
        return self._pair.pair[number % 2 :] + self._pair.pair[: number % 2]

    def _cpu(self) -> tuple[float, float, float]:
        own = resource.getrusage(resource.RUSAGE_SELF)
        return (
            own.ru_utime + own.ru_stime, self._pair.server_cpu_s(), self._pair.postgresql_cpu_s(),
        )  # fmt: skip

    def _spent(self, before: tuple[float, float, float]) -> Spent:
        seconds = time.perf_counter() - self._began
        own, servers, database = (
            (after - first) / seconds for after, first in zip(self._cpu(), before, strict=True)
        )
        acts = len(self._tally.answered) + len(self._tally.flags)
        return Spent(
            seconds=seconds, acts=acts, generator=own, servers=servers, postgresql=database
        )


@contextmanager
def _at_work(*acts: Callable[[], Awaitable[None]]) -> Iterator[None]:
    """Coroutines that run for ever, until the block ends; what breaks one breaks the run."""
    tasks = [asyncio.ensure_future(act()) for act in acts]
    try:
        yield
        for one in tasks:
            if one.done():
                one.result()
    finally:
        for one in tasks:
            one.cancel()


def _growth(samples: list[float]) -> float:
    """The last quarter's median to the first's."""
    quarter = max(1, len(samples) // 4)
    first, last = samples[:quarter], samples[-quarter:]
    return statistics.median(last) / statistics.median(first) if first and any(first) else 1.0

"""growth.memory: what a day of work adds to the memory of a backend and an engine.

    one process    the shipped backend behind real HTTP, and an engine of the duty officer with its
                   own loops and streams, on an encrypted cache
    a turn         business time jumps four minutes on; a report, a verdict on an earlier one, the
                   first page of the queue; every loop of the backend has its turn; the engine is at
                   the horizon
    24 hours       360 turns; resident memory after the first two hours against the last

Both are medians over some turns: an allocator gives back late.
"""

import asyncio
import resource
import statistics
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import uvicorn

from tests.bench.figure import Figure, tell
from tests.bench.view_pending import FIRST_PAGE
from tests.unit.domain.builders import MORNING
from xiuzhou_desktop.backend.accounts import NewAccount
from xiuzhou_desktop.backend.app import create_app
from xiuzhou_desktop.backend.build import build
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.serve import LOOPS, claims
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.session import sign_in
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import DISTRICT, RecordId
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.heaps import share_heaps

HOURS, WARM_HOURS, AN_HOUR = 24, 2, 15  # turns
A_TURN = timedelta(minutes=4)
LOOKED_AT = 10  # turns whose median counts
PAUSE = 5  # turns between a report and its verdict
GOAL, MB = 1.2, 1024 * 1024
PASSWORD = "right-horse"
TURNS = tuple(turn for turn, _ in LOOPS if turn is not claims)  # that one waits for something
PROJECT = Path(__file__).resolve().parents[2]


async def main() -> None:
    """Measure and tell."""
    share_heaps()  # as both programs do
    with tempfile.TemporaryDirectory(dir=PROJECT / "build") as name:
        parts = _district(Path(name) / "district")
        async with _served(parts) as address, _at_work(address, Path(name) / "profile") as core:
            day = _Day(parts, core)
            used = [await day.turn(number) for number in range(HOURS * AN_HOUR)]
            pending, changes = core.desk.summary().pending, core.spine.cache.meta().top_seq
    warm = WARM_HOURS * AN_HOUR
    begin = statistics.median(used[warm - LOOKED_AT : warm])
    end = statistics.median(used[-LOOKED_AT:])
    hours = "/".join(f"{one:.0f}" for one in used[AN_HOUR - 1 :: 4 * AN_HOUR])
    left = f"{changes:,} changes, {pending} commands left"
    noise = f"{HOURS} h: {hours} MB resident, {left}"
    tell(
        Figure(
            name="growth.memory", value=end, unit="MB", ratio=end / begin, goal=GOAL,
            beside=f"{begin:.1f} MB after {WARM_HOURS} h", noise=noise,
        )
    )  # fmt: skip


def _district(folder: Path) -> Parts:
    (folder / "portal").mkdir(parents=True)
    BusinessClock(folder / "clock.json").set(MORNING)
    parts = build(Settings(folder=folder))
    duty = ((Role.DUTY_OFFICER, DISTRICT),)
    parts.accounts.add(NewAccount(user="duty", name="王敏", password=PASSWORD, assignments=duty))
    return parts


@asynccontextmanager
async def _served(parts: Parts) -> AsyncIterator[str]:
    """The backend on a free port; its loops are turned by the work itself."""
    config = uvicorn.Config(create_app(parts), port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as group:
        group.create_task(parts.pokes.watch())
        serving = group.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
        parts.pokes.close()
        parts.live.close()
        server.should_exit = True
        await serving
    parts.positions.close()
    parts.store.close()


@asynccontextmanager
async def _at_work(address: str, root: Path) -> AsyncIterator[EngineCore]:
    core = EngineCore(await sign_in(address, "duty", PASSWORD, "bench", root))
    work = asyncio.create_task(core.run())
    try:
        yield core
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await core.close()


class _Day:
    """The officer's work, and what the backend does beside it."""

    def __init__(self, parts: Parts, core: EngineCore) -> None:
        self._parts, self._core = parts, core
        self._reported: list[RecordId] = []

    async def turn(self, number: int) -> float:
        """One turn; MB of this process behind it."""
        parts, core = self._parts, self._core
        parts.clock.jump(parts.clock.now() + A_TURN)
        args = {"category": "05-05", "address": f"中山西路 {number + 1} 号", "channel": "phone"}
        told = core.desk.submit(Draft(kind=Kind.FLAG, record=None, transition="report", args=args))
        self._reported.append(told.record)
        if number >= PAUSE:
            earlier = self._reported[number - PAUSE]
            transition = "dismiss" if number % 3 else "confirm"
            core.desk.submit(Draft(kind=Kind.FLAG, record=earlier, transition=transition))
        core.reading.query(FIRST_PAGE)
        for one in TURNS:
            await one(parts)
        await parts.live.look()
        await core.sync_once()
        return _resident_mb()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / MB


if __name__ == "__main__":
    asyncio.run(main())

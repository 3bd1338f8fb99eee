"""Many schedules over two processes, and what is told of the first that breaks an invariant: its
steps, as few as still break the same one.
"""

import gc
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from tests.sync.backing import Backing, MemoryBacking, SqlBacking
from tests.sync.bugs import seeded
from tests.sync.simulation import STEPS, Simulation
from tests.sync.simulation import run as run_schedule

CHUNK = 20  # seeds a process takes at once
SHARED_MEMORY = Path("/dev/shm")


@dataclass
class Tally:
    """What a campaign found."""

    schedules: int = 0
    seconds: float = 0.0
    broken: dict[int, str] = field(default_factory=dict)

    def line(self) -> str:
        """The last line of `make simulate`."""
        rate = self.schedules / self.seconds if self.seconds else 0.0
        return f"{self.schedules} schedules, {len(self.broken)} violations, {rate:.0f} schedules/s"


def violation(
    seed: int, *, is_sql: bool = False, without: frozenset[int] = frozenset()
) -> str | None:
    """Run one schedule; the first invariant that it breaks. A defect of the code breaks I0."""
    try:
        simulation = Simulation(seed, _backing(is_sql=is_sql))
        broken = run_schedule(simulation, without)
    except Exception as error:  # noqa: BLE001 - the top of the loop: the campaign goes on
        return f"I0 {type(error).__name__}: {error}"
    simulation.let_go()
    return broken


def campaign(seeds: Sequence[int], *, is_sql: bool = False, jobs: int = 2) -> Tally:
    """Run them all."""
    tally, began = Tally(), time.perf_counter()
    one = partial(_told, is_sql=is_sql)
    if jobs == 1:
        _count(tally, map(one, seeds))
    else:
        with Pool(jobs, initializer=_begin) as pool:
            found = pool.imap_unordered(one, seeds, CHUNK)
            _count(tally, found)
    tally.seconds = time.perf_counter() - began
    return tally


def first_shown(bug: str, seeds: Iterable[int]) -> tuple[int, str] | None:
    """The first schedule that shows a deliberate bug."""
    with seeded(bug):
        shown = ((seed, violation(seed)) for seed in seeds)
        return next(((seed, broken) for seed, broken in shown if broken), None)


def shrunk(seed: int, broken: str, *, is_sql: bool = False) -> frozenset[int]:
    """The steps that can be left out while the same invariant breaks."""
    kind, left_out = broken[:3], frozenset[int]()
    size = STEPS * 3 // 4
    while size:
        start = 0
        while start < STEPS * 3 // 2:
            chunk = left_out | frozenset(range(start, start + size))
            found = violation(seed, is_sql=is_sql, without=chunk) if chunk != left_out else None
            left_out = chunk if found and found.startswith(kind) else left_out
            start += size
        size //= 2
    return left_out


def told(seed: int, broken: str, *, is_sql: bool = False) -> str:
    """The shrunk trace of a violation, and how to see it again."""
    left_out = shrunk(seed, broken, is_sql=is_sql)
    simulation = Simulation(seed, _backing(is_sql=is_sql))
    try:
        now = run_schedule(simulation, left_out)
    except Exception as error:  # the top of a loop: a defect is what was looked for
        logging.getLogger(__name__).exception("seed %d", seed)
        now = f"I0 {type(error).__name__}: {error}"
    steps = "\n".join(_line(step) for step in simulation.trace)
    return f"SEED={seed}: {broken}\nwithout {len(left_out)} of its steps: {now}\n{steps}"


def _line(step: Sequence[object]) -> str:
    place, at, user, *what = step
    return f"  {place:3} {at:%d. %H:%M:%S} {user:6} {' '.join(map(str, what))}"


def _told(seed: int, *, is_sql: bool) -> tuple[int, str | None]:
    return seed, violation(seed, is_sql=is_sql)


def _count(tally: Tally, found: Iterable[tuple[int, str | None]]) -> None:
    for seed, broken in found:
        tally.schedules += 1
        if broken is not None:
            tally.broken[seed] = broken


def _begin() -> None:
    """In each process: no cycle is collected while schedules come and go within milliseconds."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)
    logging.disable(logging.CRITICAL)


def _backing(*, is_sql: bool) -> Backing:
    return SqlBacking(sql_folder()) if is_sql else MemoryBacking()


def sql_folder() -> Path:
    """This process's own."""
    root = SHARED_MEMORY if SHARED_MEMORY.is_dir() else Path(tempfile.gettempdir())
    return root / f"xiuzhou-simulation-{os.getpid()}"


def clear_away() -> None:
    """Take the SQL files of ended processes off the disk."""
    for left in sql_folder().parent.glob("xiuzhou-simulation-*"):
        if not Path(f"/proc/{left.name.rpartition('-')[2]}").exists():
            shutil.rmtree(left, ignore_errors=True)

"""`python -m tests.load.growth [--held N]`: the same half a minute over once, twice and four times
so many closed flags of earlier days; a line each (docs/load.md).
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.figure import note, percentile
from tests.load.plan import Plan
from tests.load.run import Done, run

HELD = 20_000
TIMES = (1, 2, 4)
SECONDS, STATIONS = 30, 10
FLAGS_PER_S = 100  # of a whole district: five a second here, all the time


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.growth", description=__doc__)
    parser.add_argument("--held", type=int, default=HELD)
    held = parser.parse_args().held
    done = [_over(times * held) for times in TIMES]
    return 0 if all(one.audit.lost == one.audit.twice == 0 for one in done) else 1


def _over(held: int) -> Done:
    plan = Plan(
        seconds=SECONDS, stations=STATIONS, calm_per_s=FLAGS_PER_S, peak_per_s=FLAGS_PER_S,
        held=held,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        done = run(Path(folder), plan, note)
    print(f"{held:,} flags held: {_line(done)}", flush=True)
    print(*done.tally.reasons(), sep="\n", flush=True)
    return done


def _line(done: Done) -> str:
    """CPU beside latencies: it says the same on a busy computer."""
    tally, spent = done.tally, done.spent
    own, database = (
        cores * spent.seconds * 1_000 / spent.acts for cores in (spent.servers, spent.postgresql)
    )
    return (
        f"{len(tally.answered)} commands p50 {percentile(tally.commands_ms, 0.5):.0f} ms"
        f" p99 {tally.p99_ms():.0f} ms, {len(tally.flags)} flags; a command or flag costs servers"
        f" {own:.1f} ms, PostgreSQL {database:.1f} ms of CPU; {tally.errors.total()} errors,"
        f" {done.audit.lost} lost, {done.audit.twice} twice"
    )


if __name__ == "__main__":
    sys.exit(main())

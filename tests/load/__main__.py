"""`python -m tests.load [--minutes N] [--stations N]`: a line a minute, then what every part cost,
then `s s, n workstations, p99 n ms, a asked again, e errors, l lost, t twice`; exits 1 if a promise
is broken.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.load.plan import STATIONS, Plan
from tests.load.run import run

MINUTES = 10.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--stations", type=int, default=STATIONS)
    asked = parser.parse_args()
    plan = Plan(seconds=asked.minutes * 60, stations=asked.stations)
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        done = run(Path(folder), plan, lambda said: print(said, flush=True))
    print(*done.tally.reasons(), sep="\n")
    print(done.spent.line())
    print("memory, last quarter to first: " + ", ".join(f"{one:.2f}" for one in done.growth))
    print(done.line())
    return 0 if done.is_kept else 1


if __name__ == "__main__":
    sys.exit(main())

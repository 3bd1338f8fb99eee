"""`python -m tests.e2e.faults [RUNS] [--from SEED]`: prints a line a run, then
`n runs, l lost, t twice`; exits 1 on any, or on a file that is broken."""

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.e2e.faults.oracle import Verdict
from tests.e2e.faults.shift import Run, shift_of

RUNS = 120
A_SHIFT = 20  # runs on one district
LANES = 2  # districts at once: a run waits for time-outs more than it computes


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.faults", description=__doc__)
    parser.add_argument("runs", type=int, nargs="?", default=RUNS)
    parser.add_argument("--from", type=int, default=1, dest="first", metavar="SEED")
    asked = parser.parse_args()
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # the oracle reads keys
    began = time.monotonic()
    last = asked.first + asked.runs
    shifts = [range(n, min(n + A_SHIFT, last)) for n in range(asked.first, last, A_SHIFT)]
    with ProcessPoolExecutor(LANES) as lanes:
        told = list(lanes.map(shift, shifts))
    runs = sum(done for done, _ in told)
    lost, twice = (sum(len(getattr(v, name)) for _, v in told) for name in ("lost", "twice"))
    print(f"{time.monotonic() - began:.0f} s")
    print(f"{runs} runs, {lost} lost, {twice} twice")
    return 0 if all(verdict.is_clean for _, verdict in told) else 1


def shift(seeds: range) -> tuple[int, Verdict]:
    """How many runs were made, and the verdict after the last: the first that is not clean."""
    done, verdict = 0, Verdict()
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as folder,
        shift_of(Path(folder), seeds.start) as working,
    ):
        for seed in seeds:
            began = time.monotonic()
            run = working.run(seed)
            done, verdict = done + 1, run.verdict
            print(line(run, time.monotonic() - began), flush=True)
            if not verdict.is_clean:
                break
    return done, verdict


def line(run: Run, took_s: float) -> str:
    """What a person wants to know of a run."""
    found = run.verdict
    said = (
        f"seed {run.seed}: {found.saved} saved, {found.applied} applied, {found.refused} refused; "
        f"drained in {run.drained_s:.1f} s, {took_s:.1f} s in all; {', '.join(run.faults)}"
    )
    return "\n".join([said, *(f"  {one}" for one in found.lost + found.twice + found.broken)])


if __name__ == "__main__":
    sys.exit(main())

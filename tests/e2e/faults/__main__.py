"""`python -m tests.e2e.faults [RUNS] [--from SEED]`: prints a line a run, then
`n runs, l lost, t twice`; exits 1 on any, or on a file that is broken."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.faults.oracle import Verdict
from tests.e2e.faults.shift import Run, shift_of

RUNS = 120
A_SHIFT = 20  # runs on one district


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.faults", description=__doc__)
    parser.add_argument("runs", type=int, nargs="?", default=RUNS)
    parser.add_argument("--from", type=int, default=1, dest="first", metavar="SEED")
    asked = parser.parse_args()
    began = time.monotonic()
    verdicts = []
    for seed in range(asked.first, asked.first + asked.runs, A_SHIFT):
        seeds = range(seed, min(seed + A_SHIFT, asked.first + asked.runs))
        verdicts.append(shift(seeds))
    lost, twice = (sum(len(getattr(v, name)) for v in verdicts) for name in ("lost", "twice"))
    is_whole = not any(v.broken for v in verdicts)
    print(f"{time.monotonic() - began:.0f} s")
    print(f"{asked.runs} runs, {lost} lost, {twice} twice")
    return 0 if is_whole and not lost and not twice else 1


def shift(seeds: range) -> Verdict:
    """The verdict after the last run, or after the first that is not clean."""
    verdict = Verdict()
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as folder,
        shift_of(Path(folder), seeds.start) as working,
    ):
        for seed in seeds:
            began = time.monotonic()
            run = working.run(seed)
            verdict = run.verdict
            print(line(run, time.monotonic() - began), flush=True)
            if not verdict.is_clean:
                break
    return verdict


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

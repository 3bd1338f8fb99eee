"""`make simulate`: schedules of work, faults and restores over the shipped code.

python -m tests.sync --seeds 200000 --from 0        over the memory stores
python -m tests.sync --seeds 500 --sql              the same schedules over SQLite
python -m tests.sync --seed 1234                    one again, with its shrunk trace
"""

import argparse
import sys

from tests.sync.campaign import Tally, campaign, clear_away, told, violation


def main() -> int:
    """The last line is the figure; 1 on any violation."""
    asked = _parser().parse_args()
    if asked.seed is not None:
        broken = violation(asked.seed, is_sql=asked.sql)
        tally = Tally(schedules=1, broken={asked.seed: broken} if broken else {})
    else:
        seeds = range(asked.start, asked.start + asked.seeds)
        tally = campaign(seeds, is_sql=asked.sql, jobs=asked.jobs)
    for seed, broken in sorted(tally.broken.items())[:1]:
        sys.stdout.write(told(seed, broken, is_sql=asked.sql) + "\n")
    for seed, broken in sorted(tally.broken.items())[1:20]:
        sys.stdout.write(f"SEED={seed}: {broken}\n")
    clear_away()
    sys.stdout.write(tally.line() + "\n")
    return 1 if tally.broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.sync")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--from", dest="start", type=int, default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--sql", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    return parser


if __name__ == "__main__":
    sys.exit(main())

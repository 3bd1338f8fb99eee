"""One shift of `make faults`: twenty runs of fifty commands under faults of every kind."""

from pathlib import Path

from tests.e2e.faults.faults import FAULTS
from tests.e2e.faults.shift import shift_of

RUNS = range(1, 21)


def test_nothing_is_lost_and_nothing_done_twice_under_faults(tmp_path: Path) -> None:
    met: set[str] = set()
    with shift_of(tmp_path, RUNS.start) as working:
        for seed in RUNS:
            run = working.run(seed)
            found = run.verdict
            assert (found.lost, found.twice, found.broken) == ([], [], []), (seed, run.faults)
            met |= set(run.faults)
    assert found.applied > 10 * len(RUNS)
    assert len(met) >= len(FAULTS) - 2

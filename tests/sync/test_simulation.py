"""Seeded schedules over the shipped client and backend (sync.md §4.7, §4.8).

`SEED=n` runs that one schedule again, `SEEDS=n` that many instead of those that each run has.
"""

import os
from pathlib import Path

import pytest

from tests.sync.real_district import make_template
from tests.sync.simulation import Simulation, scope_names, verdict
from xiuzhou_desktop.domain.areas import TOWNS

BLOCKS, STEPS = 8, 70
SEEDS = int(os.environ.get("SEEDS", "96"))
ONE = os.environ.get("SEED")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


def test_the_oracle_knows_the_towns_by_itself() -> None:
    assert set(scope_names()) == set(TOWNS)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_schedule_breaks_an_invariant(block: int, template: Path, tmp_path: Path) -> None:
    seeds = [int(ONE)] if ONE else range(block, SEEDS, BLOCKS)
    for seed in seeds:
        simulation = Simulation(seed, template, tmp_path / str(seed))
        try:
            simulation.run(STEPS)
            found = verdict(simulation)
        finally:
            simulation.close()
        assert found is None, f"SEED={seed}: {found}"

"""Seeded schedules over the shipped client and backend (sync.md §4.7, §4.8).

`make simulate SEEDS=n FROM=s` runs others; `make simulate SEED=s` one again.
"""

import pytest

from tests.sync.campaign import campaign, told
from tests.sync.real_district import GROUP_OF, SHARED, TOWN
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.workflow import Role

PARTS = 5  # each a campaign of two processes
MEMORY_SEEDS, SQL_SEEDS = 10_000, 500


def test_the_oracle_knows_rights_by_itself() -> None:
    groups = {kind.value: spec.group.value for kind, spec in KINDS.items()}
    assert GROUP_OF == {kind: groups[kind] for kind in GROUP_OF}
    mine = {f"{TOWN}:{group}" for group in ("base", "dispatch", "case")} | {f"{SHARED}:base"}
    assert grants_for([(Role.DUTY_OFFICER, TOWN)]) == mine


@pytest.mark.parametrize("part", range(PARTS))
def test_no_schedule_breaks_an_invariant(part: int) -> None:
    tally = campaign(range(part, MEMORY_SEEDS, PARTS))
    assert not tally.broken, told(*min(tally.broken.items()))


def test_no_schedule_over_sql_breaks_an_invariant() -> None:
    tally = campaign(range(SQL_SEEDS), is_sql=True)
    assert not tally.broken, told(*min(tally.broken.items()), is_sql=True)

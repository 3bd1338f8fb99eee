"""The oracle is tested too: each deliberate bug is found, and nothing is found without it."""

import itertools

import pytest

from tests.sync.bugs import BUGS
from tests.sync.campaign import first_shown, violation

WITHIN = 2_000


@pytest.mark.parametrize("name", BUGS)
def test_a_deliberate_bug_is_found(name: str) -> None:
    kept = BUGS[name].seed
    seeds = range(WITHIN) if kept is None else itertools.chain([kept], range(WITHIN))
    shown = first_shown(name, seeds)
    assert shown is not None, f"no schedule of {WITHIN} shows {name}: {BUGS[name].forgets}"
    seed, broken = shown
    assert violation(seed) is None, f"seed {seed} breaks without the bug, too: {broken}"

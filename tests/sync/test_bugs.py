"""The oracle is tested too: each deliberate bug is found, and nothing is found without it."""

import itertools

import pytest

from tests.sync.bugs import BUGS, seeded
from tests.sync.campaign import first_shown, violation

WITHIN = 2_000
BREAKS = {
    "I1": "refusal_dropped", "I2": "no_receipts", "I3": "split_seq", "I4": "no_fence",
    "I5": "seq_falls", "I6": "receipt_unfiltered", "I7": "rights_unsettled",
    "I8": "undo_unwritten", "I9": "not_after_ignored", "I10": "after_ignored",
    "I11": "mark_after_send", "I12": "spawn_lost", "I13": "second_patrol", "I14": "two_timers",
    "I15": "no_base", "I16": "replay_any",
}  # fmt: skip


@pytest.mark.parametrize("name", BUGS)
def test_a_deliberate_bug_is_found(name: str) -> None:
    kept = BUGS[name].seed
    seeds = range(WITHIN) if kept is None else itertools.chain([kept], range(WITHIN))
    shown = first_shown(name, seeds)
    assert shown is not None, f"no schedule of {WITHIN} shows {name}: {BUGS[name].forgets}"
    seed, broken = shown
    assert violation(seed) is None, f"seed {seed} breaks without the bug, too: {broken}"


@pytest.mark.parametrize(("kind", "name"), BREAKS.items())
def test_each_invariant_has_a_bug_that_breaks_it(kind: str, name: str) -> None:
    """Else nobody knows whether its oracle sees anything."""
    kept = BUGS[name].seed
    seeds = range(WITHIN) if kept is None else itertools.chain([kept], range(WITHIN))
    with seeded(name):
        assert any((violation(seed) or "").startswith(f"{kind} ") for seed in seeds)

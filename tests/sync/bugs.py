"""Deliberate bugs, to test the oracles: each takes one rule out of the shipped code, at a seam.

    with seeded("late_page"):
        assert violation(seed)

None of them is known to the code under test. `BUGS` says what each forgets, and which seed shows it
where a search of 2,000 would be too short.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.sync import bugs_client as client
from tests.sync import bugs_server as server
from tests.sync.backing import MemoryBacking

Patch = tuple[object, str, object]


@dataclass(frozen=True, kw_only=True)
class Bug:
    """What is forgotten, and where it is cut out. `seed`: a rare one, kept where it was found."""

    forgets: str
    patches: Callable[[], tuple[Patch, ...]]
    seed: int | None = None


BUGS = {
    "receipt_apart": Bug(
        forgets="receipt and effect are one transaction", patches=server.receipt_apart
    ),
    "new_key_on_retry": Bug(
        forgets="a second send has the first one's id", patches=client.new_key_on_retry
    ),
    "cursor_before_rows": Bug(
        forgets="page and cursor are one transaction", patches=client.cursor_before_rows
    ),
    "seq_at_begin": Bug(
        forgets="a seq is taken under the commit lock", patches=server.seq_at_begin
    ),
    "waits_for_all": Bug(
        forgets="a command waits for its own causes only", patches=client.waits_for_all
    ),
    "no_sweep": Bug(forgets="a resync sweeps what it did not see", patches=client.no_sweep),
    "refusal_dropped": Bug(
        forgets="a refusal stays until a person settles it", patches=client.refusal_dropped
    ),
    "late_page": Bug(forgets="R2: a page follows its cursor", patches=client.late_page),
    "moveout_suppressed": Bug(
        forgets="a grant that lost a record is told", patches=server.moveout_suppressed
    ),
    "after_ignored": Bug(
        forgets="a dependant waits until its cause is applied",
        patches=lambda: (*client.nothing_waits(), *client.no_seen(), *server.after_ignored()),
    ),
    "replay_sends_again": Bug(
        forgets="R19: what a replay owes is looked up first", patches=server.replay_sends_again
    ),
    "two_timers": Bug(
        forgets="R16: timer ids are derived, and records read again", patches=server.two_timers
    ),
    "no_fence": Bug(forgets="R3: a batch belongs to an epoch", patches=server.no_fence),
    "zombie_ack": Bug(
        forgets="R1: an answer behind the cursor revives nothing", patches=client.zombie_ack
    ),
    "split_seq": Bug(forgets="R13: a page ends where a seq ends", patches=server.split_seq),
    "receipt_unfiltered": Bug(
        forgets="R14: a receipt is filtered by present grants", patches=server.receipt_unfiltered
    ),
    "no_base": Bug(
        forgets="R17: after a restore versions begin above all before", patches=server.no_base
    ),
    "replay_any": Bug(forgets="R18: a replay ends as told", patches=server.replay_any, seed=1209),
    "mark_after_send": Bug(
        forgets="R19: `sending` is committed first", patches=server.mark_after_send
    ),
    "outbox_open": Bug(
        forgets="R19: a restored outbox is looked up first", patches=server.outbox_open
    ),
    "not_after_ignored": Bug(
        forgets="I9: a command expires", patches=server.not_after_ignored
    ),
    "lock_late": Bug(forgets="R15: facts are read under the lock", patches=server.lock_late),
    "keep_revoked": Bug(forgets="a revoked grant is purged", patches=client.keep_revoked),
    "no_loading_mark": Bug(
        forgets="R5: a grant is marked before its first record", patches=client.no_loading_mark,
        seed=943,
    ),
    "no_seen": Bug(
        forgets="R12: the cause left what the officer saw", patches=client.no_seen,
        seed=1070,
    ),
    "evict_no_stub": Bug(forgets="R20: a stub keeps its grant", patches=client.evict_no_stub),
    "fetch_blind": Bug(
        forgets="R20: a fetch fills a stub of its seq", patches=client.fetch_blind
    ),
    "alarm_bumps": Bug(forgets="R16: an alarm moves no workflow", patches=server.alarm_bumps),
    "late_answer": Bug(
        forgets="R9: an answer of another epoch is dropped", patches=client.late_answer
    ),
    "no_receipts": Bug(
        forgets="a second send is answered, not executed", patches=server.no_receipts
    ),
    "seq_falls": Bug(forgets="a record's seq only grows", patches=server.seq_falls),
    "rights_unsettled": Bug(
        forgets="new rights are noted once they are loaded", patches=client.rights_unsettled
    ),
    "undo_unwritten": Bug(
        forgets="what the view shows is on the disk", patches=client.undo_unwritten
    ),
    "spawn_lost": Bug(forgets="a command writes all that it makes", patches=server.spawn_lost),
    "second_patrol": Bug(forgets="one patrol at a time", patches=server.second_patrol),
    "current_unfiltered": Bug(
        forgets="R14: what stands against a conflict is filtered, too",
        patches=server.current_unfiltered,
    ),
}  # fmt: skip


@contextmanager
def seeded(name: str | None) -> Iterator[None]:
    """The shipped code with one bug in it; None: as it is."""
    patches = BUGS[name].patches() if name else ()
    kept = [(owner, attribute, getattr(owner, attribute)) for owner, attribute, _ in patches]
    MemoryBacking.forget()
    try:
        for owner, attribute, put in patches:
            setattr(owner, attribute, put)
        yield
    finally:
        MemoryBacking.forget()
        for owner, attribute, was in kept:
            setattr(owner, attribute, was)

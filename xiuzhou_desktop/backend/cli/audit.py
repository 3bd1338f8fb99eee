"""`backend audit verify|export`: the chain of who did what of weight."""

import argparse
import sys

from xiuzhou_desktop.backend.cli.opened import noted, opened
from xiuzhou_desktop.backend.store import audit
from xiuzhou_desktop.domain.canonical import canonical


def verify(asked: argparse.Namespace) -> int:
    """Walk the chain; 1 where a row was changed, taken out, or the head named is not in it."""
    with opened(asked) as (store, _), store.snapshot() as connection:
        chain = audit.walk(audit.lines(connection), asked.head)
    for row, fault in chain.faults:
        print(f"row {row}: {fault}", file=sys.stderr)
    if not chain.has_expected:
        print(f"head {asked.head} is not in it: rows at the end were cut off", file=sys.stderr)
    print(f"{chain.rows} rows, head {chain.head}, {len(chain.faults)} faults")
    return 0 if chain.has_expected and not chain.faults else 1


def export(asked: argparse.Namespace) -> int:
    """A row a line, as canonical JSON, on stdout; that somebody did is itself in the audit."""
    with opened(asked) as place:
        with place.store.snapshot() as connection:
            for line in audit.lines(connection):
                print(canonical(line).decode())
        noted(place, "audit-export", "")
    return 0

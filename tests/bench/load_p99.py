"""load.p99: how long an officer's command takes, from its first sending to its answer, with a
quarter of a district's workstations at work on two processes and PostgreSQL, one of them killed.

`make load` is the same with all two hundred, for ten minutes.
"""

import tempfile
from pathlib import Path

from tests.bench.figure import Figure, note, tell
from tests.load.plan import P99_LIMIT_MS, Plan
from tests.load.run import run

PLAN = Plan(seconds=45, stations=50)


def main() -> None:
    """Measure and tell."""
    with tempfile.TemporaryDirectory() as folder:
        done = run(Path(folder), PLAN, note)
    tell(
        Figure(
            name="load.p99", value=done.tally.p99_ms(), unit="ms", limit=P99_LIMIT_MS,
            is_measured=done.is_kept, noise=done.line(),
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()

"""pg.feed: of 100,000 commits by eight writers on PostgreSQL, how many a cursor of the feed misses.

The writers are pgbench's: the product's own statements (the commit lock, the seq, one row) without
the time of Python, so that commits come as dense as they can. The reader is the feed's own page.
Beside it the naive cursor, a number from a sequence: it must miss some, or nothing was measured.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from tests.backend.cluster import create_database, program, running_cluster
from tests.backend.commit_order import GRANT, WRITERS, make_sequence, pages_of
from tests.backend.district import open_district
from tests.bench.figure import Figure, tell
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import Store
from xiuzhou_desktop.backend.store.engine import COMMIT_LOCK

COMMITS, NAIVE_COMMITS = 100_000, 10_000
THREADS = 2
WITHOUT_WAITING = os.environ | {"PGOPTIONS": "-c synchronous_commit=off"}
"""When a commit is visible does not depend on the disk; the writers only come denser."""
INSERT = f"""INSERT INTO tombstone (seq, id, kind, grant_key, why, at)
    VALUES (:seq, gen_random_uuid()::text, 'flag', '{GRANT}', 'deleted', '2026-11-23');"""
UNDER_THE_LOCK = f"""BEGIN;
SELECT pg_advisory_xact_lock({COMMIT_LOCK});
UPDATE sync_meta SET seq = seq + 1 WHERE id = 1 RETURNING seq \\gset
{INSERT}
COMMIT;
"""
FROM_A_SEQUENCE = f"""BEGIN;
SELECT nextval('naive') AS seq \\gset
{INSERT}
COMMIT;
"""


def main() -> None:
    """Measure and tell."""
    with running_cluster() as cluster:
        missed = _missed(cluster, UNDER_THE_LOCK, COMMITS)
        naive = _missed(cluster, FROM_A_SEQUENCE, NAIVE_COMMITS)
    assert naive > 0, "the naive cursor missed nothing: this run could see no loss"
    tell(
        Figure(
            name="pg.feed", value=missed, unit="missed", limit=0,
            noise=f"of {COMMITS:,}, {WRITERS} writers; naive cursor {naive} of {NAIVE_COMMITS:,}",
        )
    )  # fmt: skip


def _missed(cluster: str, script: str, commits: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        file, url = Path(name) / "commit.sql", create_database(cluster)
        file.write_text(script, "utf-8")
        with open_district(Settings(folder=Path(name), database=url)) as district:
            make_sequence(district.store)
            writing = subprocess.Popen(
                [program("pgbench"), "-n", "-c", str(WRITERS), "-j", str(THREADS), "-f", str(file),
                 "-t", str(commits // WRITERS), url],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=WITHOUT_WAITING,
            )  # fmt: skip
            return commits - _seen(district.store, writing)


def _seen(store: Store, writing: subprocess.Popen[str]) -> int:
    pages, seen = pages_of(store), 0
    while writing.poll() is None:
        seen += len(next(pages))
    assert writing.returncode == 0, writing.stderr and writing.stderr.read()
    while page := next(pages):
        seen += len(page)
    return seen


if __name__ == "__main__":
    main()

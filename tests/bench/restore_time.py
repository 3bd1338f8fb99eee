"""restore.time: putting back a backup of 200,000 records, beside a plain copy of the same database.

Each by the wall, in turn, on the same disk; a backup is verified while it is put back.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from tests.backend.at_console import at_console
from tests.backend.district import MORNING
from tests.backend.test_store import flags
from tests.bench.figure import Figure, note, spread, tell
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import open_store

RECORDS, RUNS, A_LOAD = 200_000, 3, 20_000
PROJECT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Measure and tell."""
    with tempfile.TemporaryDirectory(dir=PROJECT / "build") as name:
        folder, backup = Path(name) / "district", Path(name) / "backup"
        _fill(folder)
        done = at_console(folder, "backup", "--to", str(backup))
        assert done.returncode == 0, done.stderr
        copies, restores = [], []
        for run in range(RUNS):
            began = time.perf_counter()
            shutil.copy(backup / "district.db", Path(name) / "copy.db")
            copies.append(time.perf_counter() - began)
            restores.append(_restore(folder, backup, Path(name) / f"back-{run}"))
    took, plain = statistics.median(restores), statistics.median(copies)
    tell(
        Figure(
            name="restore.time", value=took, unit="s", ratio=took / plain, goal=5,
            beside="a plain copy of the database", noise=spread(restores, "s", "wall"),
        )
    )  # fmt: skip


def _fill(folder: Path) -> None:
    note(f"filling a district with {RECORDS:,} records")
    store = open_store(Settings(folder=folder), MORNING)
    for start in range(RECORDS // A_LOAD):
        store.bulk_load(flags(A_LOAD, title=f"浙F12345 中山西路 {start}"))
    store.close()


def _restore(folder: Path, backup: Path, target: Path) -> float:
    shutil.copytree(folder / "keys", target / "keys")
    began = time.perf_counter()
    done = at_console(target, "restore", str(backup))
    took = time.perf_counter() - began
    assert done.returncode == 0, done.stderr
    shutil.rmtree(target)
    return took


if __name__ == "__main__":
    main()

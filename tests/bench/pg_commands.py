"""pg.commands: commands a second of two backend processes with four writers each over one
PostgreSQL, beside bare transactions that take the same lock and write the same rows.

Rounds alternate, each on fresh databases of one cluster, so that both meet the same machine; the
ratio is of the medians.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.backend.cluster import create_database, running_cluster
from tests.backend.district import open_district
from tests.bench.figure import Figure, Sense, spread, tell
from tests.bench.pg_writer import SOURCE
from xiuzhou_desktop.backend.settings import Settings

ROUNDS, PROCESSES, A_PROCESS, WARM = 3, 2, 300, 8
PROJECT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Measure and tell."""
    product: list[float] = []
    bare: list[float] = []
    with running_cluster() as cluster:
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as name:
                folder, written = Path(name), create_database(cluster)
                (folder / SOURCE).write_text(written, "utf-8")
                product.append(_rate("command", _district(folder, written), folder))
                bare.append(_rate("bare", _district(folder, create_database(cluster)), folder))
    rate = statistics.median(product)
    tell(
        Figure(
            name="pg.commands", value=rate, unit="/s", sense=Sense.AT_LEAST,
            ratio=rate / statistics.median(bare), goal=0.5,
            beside=f"bare transactions {spread(bare, '/s')}", noise=spread(product, "/s", "wall"),
        )
    )  # fmt: skip


def _district(folder: Path, url: str) -> str:
    """A district in which the first rows of digests and counters are there."""
    with open_district(Settings(folder=folder, database=url)) as district:
        for number in range(WARM):
            district.reported(address=f"中山西路 {number} 号")
    return url


def _rate(mode: str, url: str, folder: Path) -> float:
    with ExitStack() as stack:
        writers = [
            stack.enter_context(_writer(mode, url, folder, number)) for number in range(PROCESSES)
        ]
        for one in writers:
            _hears(one, "ready")
        begin = time.perf_counter()
        for one in writers:
            assert one.stdin is not None
            one.stdin.write("\n")
            one.stdin.flush()
        for one in writers:
            _hears(one, "done")
        return PROCESSES * A_PROCESS / (time.perf_counter() - begin)


@contextmanager
def _writer(mode: str, url: str, folder: Path, number: int) -> Iterator[subprocess.Popen[str]]:
    command = [
        sys.executable, "-m", "tests.bench.pg_writer", mode, url, str(folder), str(A_PROCESS),
        str(WARM + number * A_PROCESS),
    ]  # fmt: skip
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process


def _hears(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    assert process.stdout.readline().strip() == word


if __name__ == "__main__":
    main()

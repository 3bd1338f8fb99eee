"""window.start and window.memory: `main.py` on a stored profile, its server running, beside a bare
PySide6 window.

Start: from the moment the process is made to the frame in which the queue shows its selected row.
Memory: what is resident once the item's picture is there and nothing happens any more.
"""

import contextlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure, spread, tell

PROJECT = Path(__file__).resolve().parents[2]
RUNS = 3
SETTLED_S = 4.0
END_S = 20
START_LIMIT_S, MEMORY_LIMIT_MB = 1.5, 250
BARE = ("tests.bench.bare_window",)


def main() -> None:
    """Measure and tell; the one argument is the profile's root."""
    ours = ("tests.bench.watched_start", "--profile", sys.argv[1])
    starts: dict[tuple[str, ...], list[float]] = {BARE: [], ours: []}
    sizes: dict[tuple[str, ...], list[float]] = {BARE: [], ours: []}
    with _shown(*ours):
        pass  # warm: the files are in the page cache
    for words in (BARE, ours) * RUNS:
        with _shown(*words) as (process, took_s):
            starts[words].append(took_s)
            _settle(process)
            sizes[words].append(_resident_mb(process.pid))
    _say("window.start", "s", START_LIMIT_S, starts[ours], starts[BARE])
    _say("window.memory", "MB", MEMORY_LIMIT_MB, sizes[ours], sizes[BARE])


def _say(name: str, unit: str, limit: float, ours: list[float], bare: list[float]) -> None:
    value, reference = statistics.median(ours), statistics.median(bare)
    tell(
        Figure(
            name=name, value=value, unit=unit, limit=limit, ratio=value / reference,
            beside=f"a bare window {reference:.2f} {unit}", noise=spread(ours, unit),
        )
    )  # fmt: skip


@contextlib.contextmanager
def _shown(*words: str) -> Iterator[tuple[subprocess.Popen[str], float]]:
    """A program whose window stands, and the seconds which that took."""
    begin = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", *words], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, f"{words[0]} ended before its window stood"
        yield process, json.loads(line)["shown_s"] - begin
    finally:
        process.terminate()
        process.wait(END_S)
        process.stdout.close()


def _settle(process: subprocess.Popen[str]) -> None:
    """Let it fetch its pictures. Raises AssertionError if it ends meanwhile."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(SETTLED_S)
    assert process.poll() is None, "the program ended by itself"


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    resident = next(line for line in lines if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1024


if __name__ == "__main__":
    main()

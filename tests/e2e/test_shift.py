"""The headless shift as one test: every step of the walk, in a process of its own.

How long its slots hold the UI thread is a figure of `make bench`.
"""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LIMIT_S = 3_000  # 290 s with two cores to itself; a walk that stands still ends, a slow one goes on


@pytest.mark.xdist_group("whole-machine")
def test_a_shift_at_the_queue(tmp_path: Path) -> None:
    walked = walk(tmp_path)
    failed = [line for line in walked.stdout.splitlines() if line.startswith("FAIL")]
    assert not failed, "\n".join(failed)
    assert walked.returncode == 0, walked.stdout[-2000:] + walked.stderr[-2000:]


def walk(folder: Path) -> subprocess.CompletedProcess[str]:
    """With a profile and a demonstration of its own."""
    command = [sys.executable, "-m", "tests.e2e.demo", "--no-pictures"]
    command += ["--profile", str(folder / "profile"), "--screens", str(folder / "screens")]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT_S, cwd=PROJECT, check=False
    )

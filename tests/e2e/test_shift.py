"""The headless shift as one test: every step of the walk, in a process of its own.

How long its slots hold the UI thread is a figure of `make bench`.
"""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LIMIT_S = 400  # 200 s on two busy cores


@pytest.mark.xdist_group("whole-machine")
def test_a_shift_at_the_queue(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.e2e.demo", "--no-pictures"]
    command += ["--profile", str(tmp_path / "profile"), "--screens", str(tmp_path / "screens")]
    walked = subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT_S, cwd=PROJECT, check=False
    )
    failed = [line for line in walked.stdout.splitlines() if line.startswith("FAIL")]
    assert not failed, "\n".join(failed)
    assert walked.returncode == 0, walked.stdout[-2000:] + walked.stderr[-2000:]

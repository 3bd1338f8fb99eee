"""A district backend as a process of its own, without a demonstration: made, served and fed by its
command line as the README says."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

PROJECT = Path(__file__).resolve().parents[2]
MODULE = "xiuzhou_desktop.backend"
COMMAND_S = 300
END_S = 180


class RealBackend(msgspec.Struct, frozen=True):
    """A running server and where its data lie."""

    address: str
    data: Path


def backend(data: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run one command of the backend; `said` is typed into it."""
    return subprocess.run(
        [sys.executable, "-m", MODULE, *words, "--data", str(data)],
        input=said,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=COMMAND_S,
        check=False,
    )


def ran(data: Path, *words: str, said: str = "") -> str:
    """The same, where it has to succeed: what it printed."""
    done = backend(data, *words, said=said)
    assert done.returncode == 0, f"{words}: {done.stderr[-800:]}"
    return done.stdout


@contextlib.contextmanager
def serving(data: Path, *words: str) -> Iterator[RealBackend]:
    """Serve the data on a free port until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE, "serve", "--data", str(data), "--port", "0", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=PROJECT,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, "the backend ended before it listened"
        yield RealBackend(json.loads(line)["listening"], data)
    finally:
        process.terminate()
        code = process.wait(END_S)
        process.stdout.close()
    assert code == 0, f"the backend ended with {code}"

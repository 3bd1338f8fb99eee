"""A command of the backend's command line within this process: what it prints, and how it ends."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import msgspec

from xiuzhou_desktop.backend.cli import main


class Ended(msgspec.Struct, frozen=True):
    """Exit code, and what was said."""

    returncode: int
    stdout: str
    stderr: str


def at_console(folder: Path, *arguments: str, stdin: str = "") -> Ended:
    """As `administer`, without the second that a Python needs to start."""
    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(stdin)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main([*arguments, "--data", str(folder)])
    finally:
        sys.stdin = before
    return Ended(code, out.getvalue(), err.getvalue())

"""The command-line twin: the engine without Qt, for people, scripts and tests (issue: Command-line
twin). Where a window holds the profile, the command runs there, with the same answer.

    0 done, or saved whatever the network · 1 refused by the server or something is wrong · 2 not
    understood 3 the forecast refused, nothing was saved · 4 the server was not reached
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from xiuzhou_desktop.heaps import share_heaps

from .log_lines import log_to
from .parser import parse
from .running import answer, run_or_hand_over
from .say import Out

__all__ = ["answer", "main"]


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code."""
    share_heaps()
    asked = parse(arguments, Path.cwd())
    log_to(asked.profile / "logs")
    out = Out(asked.lang, is_json=asked.json)
    try:
        return run_or_hand_over(asked, out, arguments)
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:  # `| head` has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0

"""The command-line twin: the engine without Qt, for people, scripts and tests (issue: Command-line
twin).

    0 done, or saved whatever the network · 1 refused by the server or something is wrong · 2 not
    understood 3 the forecast refused, nothing was saved · 4 the server was not reached
"""

from .parser import main

__all__ = ["main"]

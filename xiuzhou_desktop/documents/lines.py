"""Chinese text broken into lines: anywhere, except within a number or a Latin word, and so that
no closing mark begins a line and no opening one ends it.
"""

import re
from collections.abc import Callable, Iterator

UNBROKEN = re.compile(r"[0-9A-Za-z.,:¥%/-]+|.", re.DOTALL)
NEVER_FIRST = frozenset("，。、；：！？）〕》」』”’,.;:!?)]}%")
NEVER_LAST = frozenset("（〔《「『“‘([{¥")


def lines_of(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """The lines of that width; `measure` gives the width of a string in the same unit."""
    for paragraph in text.split("\n"):
        line = ""
        for piece in UNBROKEN.findall(paragraph):
            if line and measure(line + piece) > width and piece not in NEVER_FIRST:
                line, carried = _without_opening(line)
                yield line
                line = carried
            line += piece
        yield line


def _without_opening(line: str) -> tuple[str, str]:
    """The line without an opening mark at its end, and that mark."""
    return (line[:-1], line[-1]) if line[-1] in NEVER_LAST and len(line) > 1 else (line, "")

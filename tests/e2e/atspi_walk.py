"""Walks the accessibility tree of one program as a screen reader does, and prints it as JSON lines.

Run by the system's Python, which has pyatspi (Debian: python3-pyatspi): nothing of the product is
imported here.

    python3 atspi_walk.py NAME    ──►  {"role", "name", "path", "is_focusable", …} a widget
"""

import json
import sys
import time

import pyatspi

PATIENCE_S = 180
MOST_CHILDREN = 400
DEEPEST = 60


def main() -> int:
    """Find the program by its name, then walk it."""
    program = _program(sys.argv[1])
    if program is None:
        print(f"no program {sys.argv[1]} on the accessibility bus", file=sys.stderr)
        return 1
    _walk(program, (), 0)
    return 0


def _program(name):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        for found in pyatspi.Registry.getDesktop(0):
            if found is not None and name in (found.name or ""):
                return found
        time.sleep(0.2)  # noqa: TID251 - the bus announces no program to a reader without a loop
    return None


def _walk(node, path, depth):
    role, states = node.getRoleName(), node.getState()
    here = (*path, f"{role} {node.name}".strip())
    children = [node.getChildAtIndex(n) for n in range(min(node.childCount, MOST_CHILDREN))]
    children = [child for child in children if child is not None]
    told = {
        "role": role,
        "name": node.name or "",
        "path": " / ".join(here[-5:]),
        "is_showing": states.contains(pyatspi.STATE_SHOWING),
        "is_enabled": states.contains(pyatspi.STATE_ENABLED),
        "is_focusable": states.contains(pyatspi.STATE_FOCUSABLE),
        "rows": _count(children, pyatspi.STATE_SELECTABLE),
        "current": _count(children, pyatspi.STATE_SELECTED, pyatspi.STATE_FOCUSED),
    }
    print(json.dumps(told, ensure_ascii=False), flush=True)
    if depth < DEEPEST:
        for child in children:
            _walk(child, here, depth + 1)


def _count(children, *states):
    """How many have one of the states."""
    held = (child.getState() for child in children)
    return sum(any(one.contains(state) for state in states) for one in held)


if __name__ == "__main__":
    sys.exit(main())

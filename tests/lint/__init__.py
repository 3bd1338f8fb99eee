"""House rules that no off-the-shelf linter holds, and the order in which `make lint` asks them all.

    python -m tests.lint            everything: ruff, mypy, import-linter, our checks
    python -m tests.lint --own      our checks only (a second or two)

Each check is a function from a `Tree` to the list of `Offence`s it found there.
"""

from tests.lint.tree import Offence, Tree

__all__ = ["Offence", "Tree"]

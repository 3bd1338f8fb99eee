"""Which entries of requirements.lock a package of ours ships.

    pyproject.toml ──roots──► what they require, as installed here ──names──► their part of the lock

The environment that asks was itself installed from the lock, so that every name has its entry.
"""

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==.*(?:\n[ \t]+.*)*", re.MULTILINE)


def declared(pyproject: Path, extras: Iterable[str]) -> tuple[Requirement, ...]:
    """What the project requires by itself and for these extras of it."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    named = [*project["dependencies"], *(one for extra in extras for one in optional[extra])]
    return tuple(Requirement(one) for one in named)


def needed_by(roots: Iterable[Requirement]) -> frozenset[str]:
    """Names of the roots and of all that they require on this platform.

    Raises PackageNotFoundError where the environment lacks one.
    """
    found: set[tuple[str, str]] = set()
    waiting = [(one, "") for one in roots]
    while waiting:
        one, asked_for = waiting.pop()
        if one.marker is not None and not one.marker.evaluate({"extra": asked_for}):
            continue
        name = canonicalize_name(one.name)
        for extra in ("", *one.extras):
            if (name, extra) not in found:
                found.add((name, extra))
                waiting += [(Requirement(text), extra) for text in requires(name) or ()]
    return frozenset(name for name, _ in found)


def part_of_lock(lock: str, names: frozenset[str]) -> str:
    """The lock's entries of these names, hashes and markers as they stand."""
    entries = (match for match in ENTRY.finditer(lock))
    return "\n".join(one[0] for one in entries if canonicalize_name(one["name"]) in names) + "\n"

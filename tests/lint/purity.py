"""What a pure package may import.

import-linter holds lists of what is forbidden; this holds the short list of what is allowed.
"""

import ast
import sys
from collections.abc import Iterator

from tests.lint.tree import Offence, Source, Tree

ALLOWED = {
    "xiuzhou_desktop/domain": (
        "chinese_calendar",  # a table of announced days, nothing more
        "msgspec",
        "xiuzhou_desktop.domain",
        "xiuzhou_desktop.geo",
    ),
    "xiuzhou_desktop/geo": ("numpy", "msgspec", "xiuzhou_desktop.geo"),
}
# Of the standard library, what reaches the disk, the network or another thread.
IMPURE = {"asyncio", "http", "multiprocessing", "socket", "sqlite3", "subprocess", "threading"}


def check_purity(tree: Tree) -> list[Offence]:
    found = []
    for source in tree.sources:
        for folder, allowed in ALLOWED.items():
            if source.is_under(folder):
                found += _foreign_imports(source, allowed)
    return found


def _foreign_imports(source: Source, allowed: tuple[str, ...]) -> list[Offence]:
    return [
        source.offence(node, "purity", f"imports {name}; allowed: {', '.join(allowed)}")
        for node, name in _imports(source)
        if not _is_allowed(name, allowed)
    ]


def _is_allowed(name: str, allowed: tuple[str, ...]) -> bool:
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return top not in IMPURE
    return any(name == one or name.startswith(f"{one}.") for one in allowed)


def _imports(source: Source) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(source.syntax):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            yield node, _absolute(source, node)


def _absolute(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = source.module.split(".")
    if not source.path.endswith("/__init__.py"):
        package.pop()
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *filter(None, [node.module])])

"""Length limits: a file is one idea, a function one step.

The other limits of size (parameters, nesting, public methods) are ruff's.
"""

import ast
from collections.abc import Iterator

from tests.lint.tree import Offence, Source, Tree

FILE_LINES = 400
TEST_FILE_LINES = 500
FUNCTION_LINES = 60
FUNCTION_LINES_ADVISED = 40


def check_sizes(tree: Tree) -> list[Offence]:
    found = []
    for source in tree.sources:
        found += _long_file(source)
        found += _long_functions(source)
    return found


def count_long_functions(tree: Tree) -> int:
    """Count functions that are allowed but longer than advised."""
    return sum(
        FUNCTION_LINES_ADVISED < lines_of(function) <= FUNCTION_LINES
        for source in tree.sources
        for function in functions_of(source.syntax)
    )


def functions_of(syntax: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(syntax):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _long_file(source: Source) -> list[Offence]:
    limit = TEST_FILE_LINES if source.is_under("tests") else FILE_LINES
    lines = len(source.text.splitlines())
    if lines <= limit:
        return []
    return [Offence(source.path, limit + 1, "file-length", f"{lines} lines, at most {limit}")]


def _long_functions(source: Source) -> list[Offence]:
    return [
        source.offence(
            function,
            "function-length",
            f"{function.name}: {lines_of(function)} lines, at most {FUNCTION_LINES}",
        )
        for function in functions_of(source.syntax)
        if lines_of(function) > FUNCTION_LINES
    ]

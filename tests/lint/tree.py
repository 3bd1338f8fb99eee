"""The tree under inspection: which files count, their text and syntax, read once for all checks."""

import ast
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

SKIPPED_DIRECTORIES = {".git", ".venv", "build", "dist", "__pycache__"}


@dataclass(frozen=True, order=True)
class Offence:
    """One line of the tree that breaks one rule."""

    path: str
    line: int
    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.rule}] {self.what}"


@dataclass(frozen=True)
class Source:
    """A Python file, parsed."""

    path: str
    text: str
    syntax: ast.Module

    @property
    def module(self) -> str:
        dotted = self.path.removesuffix(".py").removesuffix("/__init__")
        return dotted.replace("/", ".")

    def is_under(self, *folders: str) -> bool:
        return any(self.path.startswith(f"{folder}/") or self.path == folder for folder in folders)

    def offence(self, node: ast.expr | ast.stmt | ast.alias, rule: str, what: str) -> Offence:
        return Offence(self.path, node.lineno, rule, what)


@dataclass(frozen=True)
class Tree:
    """A checkout, or in tests a folder that looks like one."""

    root: Path
    broken: list[Offence] = field(default_factory=list)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Every file that is or may be committed, relative to the root, in order."""
        if (self.root / ".git").exists():
            command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
            listed = subprocess.run(command, cwd=self.root, capture_output=True, check=True).stdout
            names = {name for name in listed.decode().split("\0") if name}
        else:
            names = set(self._walk())
        return tuple(sorted(name for name in names if (self.root / name).is_file()))

    def _walk(self) -> Iterator[str]:
        for folder, directories, names in os.walk(self.root):
            directories[:] = [name for name in directories if name not in SKIPPED_DIRECTORIES]
            for name in names:
                yield (Path(folder) / name).relative_to(self.root).as_posix()

    def read_bytes(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        return tuple(self._parse())

    def _parse(self) -> Iterator[Source]:
        for path in self.files:
            if not path.endswith(".py"):
                continue
            text = self.read_bytes(path).decode("utf-8")
            try:
                yield Source(path, text, ast.parse(text))
            except SyntaxError as error:
                self.broken.append(Offence(path, error.lineno or 1, "syntax", str(error.msg)))


def dotted_name(node: ast.expr) -> str:
    """Return `a.b.c` for a name or a chain of attributes, and "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted_name(node.value)
        return f"{owner}.{node.attr}" if owner else node.attr
    return ""

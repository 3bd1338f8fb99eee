"""A checkout in a temporary folder, made of the files a test names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lint import Tree


@pytest.fixture
def make_tree(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Tree]:
    def make(files: dict[str, str | bytes]) -> Tree:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Tree(tmp_path)

    return make

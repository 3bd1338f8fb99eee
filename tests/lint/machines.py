"""Nothing of one person's machine is committed: no home path, no registry host, no heavy file."""

import re
from pathlib import Path

from tests.lint.tree import Offence, Tree

HEAVY_BYTES = 1_000_000
THIS_CHECK = ("tests/lint/machines.py", "tests/unit/lint/test_machines.py")

HOME_PATH = re.compile(r"(?<![\w.$}])/(?:home|Users)/[A-Za-z0-9_.-]+/|(?<![\w.$}])/root/")
REGISTRY_HOST = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|pypi\.tuna|mirrors?\.(?:aliyun|cloud|ustc|163)"
    r"|(?:extra-)?index-url[= ]+(?:https?|file):|artifactory|nexus\.[a-z]+\.",
    re.IGNORECASE,
)


def check_machines(tree: Tree) -> list[Offence]:
    own_path = f"{tree.root.resolve()}/" if tree.root != Path("/") else None
    found = []
    for path in tree.files:
        content = tree.read_bytes(path)
        if len(content) > HEAVY_BYTES:
            what = f"{len(content):,} bytes, at most {HEAVY_BYTES:,}"
            found.append(Offence(path, 1, "heavy-file", what))
        if b"\0" in content[:4096] or path in THIS_CHECK:
            continue
        found += _machine_lines(path, content.decode("utf-8", errors="replace"), own_path)
    return found


def _machine_lines(path: str, text: str, own_path: str | None) -> list[Offence]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        match = HOME_PATH.search(line)
        if match or (own_path and own_path in line):
            what = f"path of one machine: {match.group() if match else own_path}"
            found.append(Offence(path, number, "machine-path", what))
        match = REGISTRY_HOST.search(line)
        if match:
            found.append(Offence(path, number, "registry-host", f"names {match.group()!r}"))
    return found

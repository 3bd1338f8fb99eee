"""Run every check of `make lint`, say what each found, and exit 1 if one found anything.

All are run even when one fails, so that one call shows all there is to mend.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.lint.catalogues import check_catalogues
from tests.lint.looks import check_looks
from tests.lint.machines import check_machines
from tests.lint.purity import check_purity
from tests.lint.sizes import check_sizes, count_long_functions
from tests.lint.tree import Offence, Tree
from tests.lint.waiting import check_waiting

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
STRICT = ("domain", "contract", "client", "backend", "geo")

OWN_CHECKS: tuple[Callable[[Tree], list[Offence]], ...] = (
    check_sizes,
    check_looks,
    check_waiting,
    check_purity,
    check_catalogues,
    check_machines,
)

LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"


def commands() -> dict[str, list[str]]:
    """Name the programs that are asked, in order; each shows its output only if it fails."""
    packages = [f"xiuzhou_desktop/{name}" for name in STRICT]
    named = {
        "ruff check": [PYTHON, "-m", "ruff", "check", "--quiet", "--output-format=concise", "."],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "--output-format=concise", "."],
        "mypy --strict": [PYTHON, "-m", "mypy", "--no-error-summary", *packages],
        "import-linter": [PYTHON, "-c", LINT_IMPORTS, "--cache-dir", "build/import-linter"],
    }
    if (ROOT / "ui/theme/contrast.py").exists():
        named["contrast"] = [PYTHON, "-m", "ui.theme.contrast"]
    return named


def run_command(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    passed = done.returncode == 0
    if not passed:
        print(done.stdout, done.stderr, sep="\n")
    report(name, passed, time.monotonic() - started)
    return passed


def run_own_checks() -> bool:
    started = time.monotonic()
    tree = Tree(ROOT)
    offences = sorted(offence for check in OWN_CHECKS for offence in check(tree))
    offences += tree.broken
    for offence in offences:
        print(offence)
    report("house rules", not offences, time.monotonic() - started)
    print(f"      functions of 41 to 60 lines: {count_long_functions(tree)} (40 is advised)")
    return not offences


def report(name: str, passed: bool, seconds: float) -> None:
    print(f"{'ok  ' if passed else 'FAIL'}  {name}  {seconds:.1f} s", flush=True)


def main() -> int:
    results = [run_own_checks()]
    if "--own" not in sys.argv[1:]:
        results += [run_command(name, command) for name, command in commands().items()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())

"""`make demo HEADLESS=1`: the whole shift by keys and clicks on an Xvfb of its own, a line a step.

Exits with 0 only if every step went well. Pictures: build/screens/{dark,light}/{size}/<view>.png.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from tests.display import virtual_display, windowed_environment

PROJECT = Path(__file__).resolve().parents[2]
BUILD = PROJECT / "build"
IN_DISPLAY = "XIUZHOU_WALK_DISPLAY"


def main() -> int:
    """Start an X server, then this program again inside it."""
    parser = argparse.ArgumentParser(description="The headless shift.")
    parser.add_argument("--only", help="numbers of steps, e.g. 1-12,16; the first one opens")
    parser.add_argument("--keep", action="store_true", help="go on with the last walk's profile")
    parser.add_argument("--no-pictures", action="store_true", help="walk only")
    parser.add_argument("--manual", action="store_true", help="only looks that the manual shows")
    parser.add_argument("--profile", type=Path, default=BUILD / "demo")
    parser.add_argument("--screens", type=Path, default=BUILD / "screens")
    options = parser.parse_args()
    if IN_DISPLAY in os.environ:
        return _walk(options)
    with virtual_display() as name:
        environment = windowed_environment(name) | {IN_DISPLAY: name}
        environment |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
        return os.spawnve(
            os.P_WAIT, sys.executable, [sys.executable, "-m", "tests.e2e.demo", *sys.argv[1:]],
            environment,
        )  # fmt: skip


def _walk(options: argparse.Namespace) -> int:
    # Qt only where there is a display
    from tests.e2e.pictures import EVERY_LOOK, MANUAL_LOOKS, NoPictures, Pictures  # noqa: PLC0415
    from tests.e2e.shift import shift  # noqa: PLC0415

    if not options.keep:
        shutil.rmtree(options.profile, ignore_errors=True)
    options.profile.mkdir(parents=True, exist_ok=True)
    looks = MANUAL_LOOKS if options.manual else EVERY_LOOK
    pictures = (NoPictures if options.no_pictures else Pictures)(options.screens, looks)
    # How long the UI thread was held is told here and judged by `make bench`: it is a figure.
    *steps, _measure = shift(options.profile, pictures, _numbers(options.only), sys.stdout)
    failed = [one for one in steps if one.reason is not None]
    print(f"{len(steps) - len(failed)} of {len(steps)} steps went well", flush=True)
    return 1 if failed else 0


def _numbers(only: str | None) -> frozenset[int] | None:
    if only is None:
        return None
    found: set[int] = set()
    for part in only.split(","):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


if __name__ == "__main__":
    sys.exit(main())

"""ui.block: the longest time for which one event held the UI thread in the whole headless shift."""

import sys
from pathlib import Path

from tests.bench.figure import Figure, tell
from tests.e2e.pictures import NoPictures
from tests.e2e.shift import shift


def main() -> None:
    """Walk the shift and tell; the one argument is a folder for its profile."""
    folder = Path(sys.argv[1])
    profile = folder / "shift"
    profile.mkdir()
    *steps, measure = shift(profile, NoPictures(folder / "screens"), None, sys.stderr)
    failed = [str(one.number) for one in steps if one.reason is not None]
    walked = f"{len(steps) - len(failed)} of {len(steps)} steps well"
    tell(
        Figure(
            name="ui.block", value=measure.seconds * 1000, unit="ms", limit=50,
            noise=f"CPU of the UI thread, {walked}; {measure.reason or 'none is longer'}",
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()

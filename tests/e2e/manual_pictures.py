"""`make pictures`: after a whole walk, its pictures that docs/manual shows, made light.

    build/manual-screens/dark/1366x768/<view>.png ──few colours──► docs/manual/pictures

Exits with 1 where the walk did not take one of them.
"""

import argparse
import sys
from pathlib import Path

from PIL import Image

PROJECT = Path(__file__).resolve().parents[2]
SCREENS = PROJECT / "build" / "manual-screens"
SET = Path("dark", "1366x768")
KEPT = PROJECT / "docs" / "manual" / "pictures"
HEAVIEST_BYTES = 290_000
COLOURS = (256, 128, 64, 32)
VIEWS = {
    "sign-in": "sign-in",
    "sign-in-code": "sign-in-code",
    "triage": "triage",
    "palette": "palette",
    "outbox": "outbox-offline",
    "outbox-files": "outbox-files",
    "conflict": "conflict",
    "question": "question",
    "second-look": "second-look",
    "report": "report",
    "wall": "wall",
    "tracks-live": "tracks-live",
    "tracks": "tracks",
    "cases": "cases",
    "party": "party",
    "publication": "publication",
    "publication-confirm": "publication-confirm",
    "administration": "administration",
    "administration-foreseen": "administration-foreseen",
}


def main() -> int:
    """Copy them all; a line for each."""
    parser = argparse.ArgumentParser(description="The manual's pictures, from those of a walk.")
    parser.add_argument("--screens", type=Path, default=SCREENS)
    taken = parser.parse_args().screens / SET
    missing = [view for view in VIEWS.values() if not (taken / f"{view}.png").exists()]
    if missing:
        print(f"the walk took no picture of {', '.join(missing)}")
        return 1
    for name, view in VIEWS.items():
        size = _keep(taken / f"{view}.png", KEPT / f"{name}.png")
        print(f"{name}.png {size:,} bytes")
    return 0


def _keep(taken: Path, kept: Path) -> int:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(taken) as picture:
        whole = picture.convert("RGB")
    whole = whole.crop(whole.getbbox())  # without the bare screen around a small window
    for colours in COLOURS:
        # a median cut would give the few red pixels of an urgent mark the orange of the next
        few = whole.quantize(colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(kept, optimize=True)
        if kept.stat().st_size <= HEAVIEST_BYTES:
            break
    return kept.stat().st_size


if __name__ == "__main__":
    sys.exit(main())

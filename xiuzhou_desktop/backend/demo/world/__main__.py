"""Look at the demonstration world from the command line.

python -m xiuzhou_desktop.backend.demo.world --camera C-0137 --at 08:30 --out F.jpg   (or .mp4, .ts)
python -m xiuzhou_desktop.backend.demo.world --list
"""

import argparse
import sys
from datetime import date, datetime, time
from pathlib import Path

from xiuzhou_desktop.backend.demo.world import NoPicture, World, clip, segment, still
from xiuzhou_desktop.domain.workcalendar import LOCAL


def main(arguments: list[str]) -> int:
    """Write one picture, clip or segment; or list the situations of the opening."""
    asked = _parse(arguments)
    world = World(asked.seed, date.fromisoformat(asked.date))
    if asked.list:
        for line in _situations(world):
            print(line)
        return 0
    at = datetime.combine(world.date, time.fromisoformat(asked.at), LOCAL)
    try:
        asked.out.write_bytes(_render(world, asked.camera, at, asked))
    except (NoPicture, KeyError) as error:
        print(f"no picture: {error}", file=sys.stderr)
        return 1
    return 0


def _render(world: World, no: str, at: datetime, asked: argparse.Namespace) -> bytes:
    if asked.out.suffix == ".mp4":
        return clip(world, no, at)
    if asked.out.suffix == ".ts":
        return segment(world, no, world.segment_index(at))
    return still(world, no, at, asked.width)


def _situations(world: World) -> list[str]:
    lines = []
    for situation in world.situations:
        subject = situation.order.number if situation.order else ""
        at = ""
        if situation.detection is not None:
            found = world.detection(situation.detection)
            subject = found.plate or found.category
            at = found.captured_at.astimezone(LOCAL).strftime("%H:%M:%S")
        lines.append(f"{situation.kind:22} {situation.camera} {at:8} {subject}")
    return lines


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m xiuzhou_desktop.backend.demo.world")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--date", default="2026-11-23")
    parser.add_argument("--camera", default="C-0137")
    parser.add_argument("--at", default="08:30")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--out", type=Path, default=Path("still.jpg"))
    parser.add_argument("--list", action="store_true", help="the situations of the opening")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

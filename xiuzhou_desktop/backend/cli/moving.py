"""`backend move`."""

import argparse

from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.clock import open_clock
from xiuzhou_desktop.backend.moving import MoveError, move
from xiuzhou_desktop.backend.settings import Settings


def run(asked: argparse.Namespace) -> int:
    """Move, and say what arrived."""
    clock = open_clock(Settings(folder=asked.source.parent))
    try:
        moved = move(asked.source, asked.target, clock.now())
    except MoveError as error:
        raise RefusedError(str(error)) from error
    for one in moved:
        print(f"{one.table}: {one.rows} rows, {one.digest:016x}")
    print(f"moved; serve it with --data {asked.source.parent} --database URL")
    return 0

"""`backend backup` and `backend restore`."""

import argparse

from sqlalchemy.exc import DBAPIError

from xiuzhou_desktop.backend.backup import BackupError, is_occupied, restore, take
from xiuzhou_desktop.backend.cli.opened import noted, opened
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.clock import wall_clock
from xiuzhou_desktop.backend.high_water import HighWater
from xiuzhou_desktop.backend.restore import begin_after_restore
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import UnavailableError, leases
from xiuzhou_desktop.backend.timers import LEASE_NAME
from xiuzhou_desktop.domain.canonical import format_instant

MB = 1_000_000


def backup(asked: argparse.Namespace) -> int:
    """All but the keys into a new folder, while the server runs."""
    settings = _settings(asked)
    with opened(asked) as place:
        noted(place, "backup", str(asked.to)[-120:])
    try:
        made = take(settings, asked.to, wall_clock())
    except (BackupError, OSError) as error:
        raise RefusedError(f"no backup was made: {error}") from error
    print(f"{len(made.files)} files, {made.size / MB:.1f} MB, verified, in {asked.to}")
    return 0


def put_back(asked: argparse.Namespace) -> int:
    """A verified backup, under a new epoch."""
    settings = _settings(asked)
    try:
        _refuse_running(asked)
        made = restore(settings, asked.source, wall_clock(), may_replace=asked.force)
    except (BackupError, OSError, UnavailableError) as error:
        raise RefusedError(f"nothing was put back: {error}") from error
    with opened(asked) as place:
        begun = begin_after_restore(place.store, place.clock.now())
        HighWater(settings.high_water_file).rise(begun)
        noted(place, "restore", format_instant(made.made_at))
    print(f"the state of {format_instant(made.made_at)} is back; epoch {begun.epoch}, ", end="")
    print(f"replays until {begun.replay_until}")
    return 0


def _refuse_running(asked: argparse.Namespace) -> None:
    """Nobody replaces the files of a district that is served; none serves a broken one."""
    if not is_occupied(_settings(asked)):
        return
    try:
        with opened(asked) as (store, _), store.snapshot() as connection:
            until = leases.held_until(connection, LEASE_NAME)
    except (RefusedError, DBAPIError):
        return
    if until is not None and until > format_instant(wall_clock()):
        raise RefusedError("a server is running on it: stop it first (after a kill wait 10 s)")


def _settings(asked: argparse.Namespace) -> Settings:
    return Settings(folder=asked.data, database=asked.database)

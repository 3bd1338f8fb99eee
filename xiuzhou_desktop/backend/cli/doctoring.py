"""`backend doctor`, `log-level`, `metrics-token`: looking after a running district."""

import argparse

import msgspec

from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.clock import open_clock, wall_clock
from xiuzhou_desktop.backend.doctor import How, examine
from xiuzhou_desktop.backend.logs import LevelError, read_levels
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store.keys import read_key


def doctor(asked: argparse.Namespace) -> int:
    """A line a check, the remedy below it; 1 if anything is bad."""
    settings = Settings(
        folder=asked.data, database=asked.database, tls_cert=asked.tls_cert, tls_key=asked.tls_key
    )
    found = list(examine(settings, wall_clock(), open_clock(settings).now()))
    for one in found:
        print(f"{one.how:5}{one.name:15}{one.told}")
        if one.remedy:
            print(f"{'':20}→ {one.remedy}")
    return 1 if any(one.how is How.BAD for one in found) else 0


def log_level(asked: argparse.Namespace) -> int:
    """Set or, without a level, forget a logger's level; servers read it at their next SIGHUP."""
    file = Settings(folder=asked.data).log_levels_file
    try:
        levels = read_levels(file)
    except LevelError as error:
        raise RefusedError(f"{error}; delete the file") from error
    if asked.level is None:
        levels.pop(asked.logger, None)
    else:
        levels[asked.logger] = asked.level
    file.write_bytes(msgspec.json.encode(levels))
    print(f"{len(levels)} levels in {file.name}; kill -HUP the servers")
    return 0


def metrics_token(asked: argparse.Namespace) -> int:
    """What a monitor on another computer shows as bearer token."""
    print(read_key(Settings(folder=asked.data).metrics_key_file).hex())
    return 0

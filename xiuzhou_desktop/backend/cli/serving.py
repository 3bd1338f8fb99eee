"""`backend serve`."""

import argparse

from xiuzhou_desktop.backend.build import build
from xiuzhou_desktop.backend.cli.logs import log_to_stderr
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.serve import LOOPBACK, serve
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import UnavailableError


def run(asked: argparse.Namespace) -> int:
    """Serve until a signal."""
    if asked.demo and asked.host not in LOOPBACK:
        raise RefusedError("a demonstration serves this computer only: leave out --host")
    if asked.speed < 1 or (asked.speed != 1 and not asked.demo):
        raise RefusedError("--speed is for a demonstration, and at least 1")
    log_to_stderr()
    settings = settings_of(asked)
    try:
        parts = build(settings)
    except UnavailableError as error:
        raise RefusedError(f"the database cannot be opened: {error}") from error
    try:
        serve(parts, say)
    except OSError as error:
        raise RefusedError(f"cannot listen on {settings.host}:{settings.port}: {error}") from error
    return 0


def settings_of(asked: argparse.Namespace) -> Settings:
    """The settings that the arguments say."""
    return Settings(
        folder=asked.data, host=asked.host, port=asked.port, database=asked.database,
        demo=asked.demo, seed=asked.seed, demo_date=asked.demo_date, speed=asked.speed,
    )  # fmt: skip


def say(lines: str) -> None:
    """On stdout, at once."""
    print(lines, flush=True)

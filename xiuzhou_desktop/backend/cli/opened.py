"""The store for one command of the command line, closed again whatever happens. The server may be
running meanwhile.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.clock import BusinessClock, open_clock
from xiuzhou_desktop.backend.console import CONSOLE
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import Store, UnavailableError, open_store
from xiuzhou_desktop.backend.store.port import Note


class Opened(NamedTuple):
    """What a command works on."""

    store: Store
    clock: BusinessClock


@contextmanager
def opened(asked: argparse.Namespace) -> Iterator[Opened]:
    """The district's store and clock."""
    settings = Settings(folder=asked.data, database=asked.database)
    clock = open_clock(settings)
    try:
        store = open_store(settings, clock.now())
    except UnavailableError as error:
        raise RefusedError(f"the database cannot be opened: {error}") from error
    try:
        yield Opened(store, clock)
    finally:
        store.close()


def noted(place: Opened, act: str, subject: str, detail: str = "") -> None:
    """A row of the audit: what the administrator did at the server's console."""
    note = Note(at=place.clock.now(), who=CONSOLE.user, act=act, subject=subject, detail=detail)
    with place.store.writing() as tables:
        tables.note(note)

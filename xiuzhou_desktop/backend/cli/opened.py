"""The store for one command of the command line, closed again whatever happens. The server may be running meanwhile."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from xiuzhou_desktop.backend.build import open_clock
from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import Store, UnavailableError, open_store


@contextmanager
def opened(asked: argparse.Namespace) -> Iterator[Store]:
    """The district's store."""
    settings = Settings(folder=asked.data, database=asked.database)
    try:
        store = open_store(settings, open_clock(settings).now())
    except UnavailableError as error:
        raise RefusedError(f"the database cannot be opened: {error}") from error
    try:
        yield store
    finally:
        store.close()

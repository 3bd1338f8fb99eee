"""Districts for the tests of the backend: the real store on SQLite and on a PostgreSQL of their
own, a clock in hand.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.backend.cluster import create_database, running_cluster
from tests.backend.district import District, open_district
from xiuzhou_desktop.backend.settings import Settings


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a cluster of this worker."""
    with running_cluster() as url:
        yield url


@pytest.fixture(scope="session")
def new_database(postgresql: str) -> Callable[[], str]:
    """Makes an empty database and gives its URL."""
    return partial(create_database, postgresql)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """None for SQLite, else a URL: each test that asks runs on both."""
    if request.param == "sqlite":
        return None
    make: Callable[[], str] = request.getfixturevalue("new_database")
    return make()


@pytest.fixture
def district(tmp_path: Path, database_url: str | None) -> Iterator[District]:
    """An empty district with a duty officer, on both databases."""
    with open_district(Settings(folder=tmp_path, database=database_url)) as one:
        yield one


@pytest.fixture
def small_district(tmp_path: Path) -> Iterator[District]:
    """The same on SQLite alone, for rules that no database can change."""
    with open_district(Settings(folder=tmp_path)) as one:
        yield one

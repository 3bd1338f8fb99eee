"""Districts for the tests of the backend: the real store on SQLite and on a PostgreSQL of their
own, a clock in hand.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest

from tests.backend.cluster import create_database, running_cluster
from tests.backend.district import District, Prototype
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
def database(request: pytest.FixtureRequest) -> str:
    """Each test that asks runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest) -> str | None:
    """Of an empty database; None for SQLite."""
    return _url(database, request)


@pytest.fixture(scope="session")
def prototype(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str], Prototype]:
    """An empty district with a duty officer, begun once a worker on each database."""

    @cache
    def begun(database: str) -> Prototype:
        folder = tmp_path_factory.mktemp("prototype")
        return Prototype(Settings(folder=folder, database=_url(database, request)))

    return begun


def _url(database: str, request: pytest.FixtureRequest) -> str | None:
    """Starts PostgreSQL only for who needs it."""
    if database == "sqlite":
        return None
    make: Callable[[], str] = request.getfixturevalue("new_database")
    return make()


@pytest.fixture
def district(
    tmp_path: Path, database: str, prototype: Callable[[str], Prototype]
) -> Iterator[District]:
    """An empty district with a duty officer, on both databases."""
    with prototype(database).copied(tmp_path) as one:
        yield one


@pytest.fixture
def small_district(tmp_path: Path, prototype: Callable[[str], Prototype]) -> Iterator[District]:
    """The same on SQLite alone, for rules that no database can change."""
    with prototype("sqlite").copied(tmp_path) as one:
        yield one

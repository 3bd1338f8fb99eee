"""Districts for the tests of the backend: the real store on SQLite and on a PostgreSQL of their
own, a clock in hand.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.backend.district import District, open_district
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store.engine import unpooled

POSTGRES_USER = "postgres"  # apt's package makes it; initdb refuses to run as root


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _as_postgres(arguments: list[str]) -> None:
    is_root = os.geteuid() == 0
    prefix = ["runuser", "-u", POSTGRES_USER, "--"] if is_root else []
    subprocess.run([*prefix, *arguments], check=True, capture_output=True, cwd="/")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a cluster of this worker, started as a non-root user and thrown away."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="xiuzhou-pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam(POSTGRES_USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data, port = folder / "data", _free_port()
    control = str(programs / "pg_ctl")
    _as_postgres(
        [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "district", "--no-sync"]
    )
    options = f"-h 127.0.0.1 -p {port} -k {folder}"
    _as_postgres(
        [control, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"]
    )
    try:
        yield f"postgresql://district@127.0.0.1:{port}"
    finally:
        _as_postgres([control, "-D", str(data), "-m", "immediate", "stop"])
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_database(postgresql: str) -> Callable[[], str]:
    """Makes an empty database and gives its URL."""
    made: list[str] = []

    def make() -> str:
        name = f"district_{os.getpid()}_{os.urandom(6).hex()}"
        engine = unpooled(f"{postgresql.replace('postgresql', 'postgresql+psycopg')}/postgres")
        with engine.connect() as connection:
            raw = connection.execution_options(isolation_level="AUTOCOMMIT")
            raw.exec_driver_sql(f"CREATE DATABASE {name}")
        made.append(name)
        return f"{postgresql}/{name}"

    return make


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

"""A PostgreSQL of one's own: a cluster in a temporary folder, run by a user who is not root, and
thrown away.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import lasting_port
from xiuzhou_desktop.backend.store.engine import unpooled

POSTGRES_USER = "postgres"  # apt's package makes it; initdb refuses to run as root


class Cluster:
    """A server that may stop and come back."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, lasting_port()
        self._data = str(folder / "data")
        how = ["-A", "trust", "-U", "district", "--no-sync"]
        _as_postgres([program("initdb"), "-D", self._data, *how])

    @property
    def url(self) -> str:
        """Without a database."""
        return f"postgresql://district@127.0.0.1:{self._port}"

    def start(self) -> None:
        """Returns once it answers."""
        options = f"-h 127.0.0.1 -p {self._port} -k {self._folder}"
        log = str(self._folder / "log")
        _as_postgres([program("pg_ctl"), "-D", self._data, "-w", "-l", log, "-o", options, "start"])

    def stop(self) -> None:
        """As a power cut does."""
        _as_postgres([program("pg_ctl"), "-D", self._data, "-m", "immediate", "stop"])


@contextmanager
def mortal_cluster() -> Iterator[Cluster]:
    """One that runs, for a test that stops and starts it."""
    folder = Path(tempfile.mkdtemp(prefix="xiuzhou-pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam(POSTGRES_USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    cluster = Cluster(folder)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder)


@contextmanager
def running_cluster() -> Iterator[str]:
    """Its URL, without a database."""
    with mortal_cluster() as cluster:
        yield cluster.url


def program(name: str) -> str:
    """The path of one of PostgreSQL's own programs."""
    return str(max(Path("/usr/lib/postgresql").glob("*/bin")) / name)


def create_database(cluster: str, template: str = "template1") -> str:
    """A database of the cluster, empty or a copy of another one; its URL."""
    name = f"district_{os.getpid()}_{os.urandom(6).hex()}"
    with unpooled(f"{cluster}/postgres").connect() as connection:
        raw = connection.execution_options(isolation_level="AUTOCOMMIT")
        raw.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"{cluster}/{name}"


def copy_database(url: str) -> str:
    """The URL of a copy of a database to which nobody is connected."""
    cluster, _, name = url.rpartition("/")
    return create_database(cluster, name)


def _as_postgres(arguments: list[str]) -> None:
    is_root = os.geteuid() == 0
    prefix = ["runuser", "-u", POSTGRES_USER, "--"] if is_root else []
    subprocess.run([*prefix, *arguments], check=True, capture_output=True, cwd="/")

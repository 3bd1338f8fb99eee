"""The databases of a district as files: SQLite by its own backup interface, PostgreSQL by pg_dump.

Both give one consistent state while commands go on.
"""

import os
import shutil
import subprocess
from pathlib import Path

import sqlcipher3.dbapi2
from sqlalchemy import URL, inspect
from sqlalchemy.engine import make_url

from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store.engine import translated, unpooled

DUMP = "database.dump"
SIDE_FILES = ("-wal", "-shm")


class BackupError(Exception):
    """It was not taken, or not put back; the text says why and what to do."""


def copy_sqlite(source: Path, target: Path) -> None:
    """The state of this moment as one plain file, looked through from end to end. Raises
    BackupError.
    """
    reading = sqlcipher3.dbapi2.connect(str(source))
    writing = sqlcipher3.dbapi2.connect(str(target), isolation_level=None)
    try:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE")
        found = [row[0] for row in writing.execute("PRAGMA integrity_check(5)")]
    except sqlcipher3.dbapi2.Error as error:
        raise BackupError(f"{source.name}: {error}") from error
    finally:
        reading.close()
        writing.close()
    if found != ["ok"]:
        raise BackupError(f"{source.name} is damaged: {'; '.join(found)}")


def dump_postgresql(url: str, target: Path) -> None:
    """Records and positions as a dump in pg_dump's own format. Raises BackupError."""
    _run("pg_dump", ["--format=custom", "--no-owner", f"--file={target}"], url)


def load_postgresql(url: str, source: Path) -> None:
    """All of a dump, or nothing. Raises BackupError."""
    how = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
    _run("pg_restore", [*how, str(source)], url)


def is_occupied(settings: Settings) -> bool:
    """Whether a district lives there already. Raises UnavailableError."""
    if settings.database is None:
        return settings.sqlite_file.exists()
    with translated(), unpooled(settings.database).connect() as connection:
        return inspect(connection).has_table("sync_meta")


def _run(program: str, how: list[str], url: str) -> None:
    """With the whole address, but the password in the environment, where `ps` does not show it."""
    if shutil.which(program) is None:
        raise BackupError(f"{program} is not installed: apt-get install postgresql-client")
    where = make_url(url)
    shown = URL.create("postgresql", where.username, None, where.host, where.port, where.database)
    address = shown.update_query_dict(where.query).render_as_string()
    password = {"PGPASSWORD": str(where.password)} if where.password else {}
    done = subprocess.run(
        [program, *how, f"--dbname={address}"], env=os.environ | password, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()}")

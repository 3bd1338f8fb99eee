"""One process of pg.commands: four writers on a PostgreSQL, of the product's commands or of bare
transactions that take the same lock and write the same rows.

    python -m tests.bench.pg_writer command URL DIR COUNT FIRST
    python -m tests.bench.pg_writer bare URL DIR COUNT FIRST   rows from FIRST on, of the database
        that DIR/url names

It says `ready`, waits for a line, works, and says `done`.
"""

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg
from psycopg.rows import tuple_row

from tests.backend.district import MORNING, District, Wall
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import open_store
from xiuzhou_desktop.backend.store.engine import COMMIT_LOCK

WRITERS = 4
SOURCE = "url"  # in DIR: where a run of the product has written
LOCK = "SELECT pg_advisory_xact_lock(%s)"
SEQ = "UPDATE sync_meta SET seq = seq + 1 WHERE id = 1 RETURNING seq"
DIGEST = "UPDATE grant_digest SET n = n + 1, n_open = n_open + 1, x = %s WHERE grant_key = %s"
COUNTER = "UPDATE counter SET value = value + 1 WHERE name = %s"
TABLES = ("record", "transition_log", "receipt")

Job = Callable[[], None]


def main(mode: str, url: str, folder: Path, places: range) -> None:
    """Work once."""
    jobs = {"command": commands, "bare": bare}[mode](url, folder, places)
    threads = [threading.Thread(target=_all, args=(jobs[n::WRITERS],)) for n in range(WRITERS)]
    print("ready", flush=True)
    sys.stdin.readline()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    print("done", flush=True)


def commands(url: str, folder: Path, places: range) -> list[Job]:
    """Reports of parked cars, as an officer's workstation sends them."""
    settings = Settings(folder=folder, database=url)
    district = District(open_store(settings, MORNING), Wall(MORNING), settings)
    sender = district.sender("duty")
    made = [
        district.report(plate=f"浙F{10_000 + n}", plate_colour="blue", address=f"中山西路 {n} 号")
        for n in places
    ]

    def job(number: int) -> None:
        assert district.desk.execute(sender, made[number]).result.seq

    return [lambda number=number: job(number) for number in range(len(made))]


def bare(url: str, folder: Path, places: range) -> list[Job]:
    """The same rows without a judgement, by the driver alone."""
    source = (folder / SOURCE).read_text("utf-8")
    with psycopg.connect(source, row_factory=tuple_row) as taken:
        grant = taken.execute("SELECT grant_key FROM grant_digest LIMIT 1").fetchone()
        number = taken.execute("SELECT name FROM counter LIMIT 1").fetchone()
        rows = {
            one: taken.execute(f"SELECT * FROM {one} ORDER BY seq").fetchall() for one in TABLES
        }
    assert grant
    assert number
    mine = threading.local()

    def job(place: int) -> None:
        if not hasattr(mine, "connection"):
            mine.connection = psycopg.connect(url)
        _write(mine.connection, [(one, rows[one][place]) for one in TABLES], grant[0], number[0])

    return [lambda place=place: job(place) for place in places]


def _write(
    connection: psycopg.Connection, rows: Sequence[tuple[str, tuple[object, ...]]], grant: str,
    number: str,
) -> None:  # fmt: skip
    with connection.transaction():
        connection.execute(LOCK, (COMMIT_LOCK,))
        connection.execute(SEQ)
        for table, row in rows:
            places = ", ".join(["%s"] * len(row))
            connection.execute(f"INSERT INTO {table} VALUES ({places})", row)
        connection.execute(DIGEST, ("0" * 16, grant))
        connection.execute(COUNTER, (number,))


def _all(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job()


if __name__ == "__main__":
    first = int(sys.argv[5])
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), range(first, first + int(sys.argv[4])))

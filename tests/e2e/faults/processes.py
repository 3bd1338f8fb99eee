"""The two sides as processes that may be killed, starved of disk and cut off from power."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import sqlcipher3.dbapi2 as driver

from tests.e2e.faults import disk
from tests.e2e.twin import PASSWORD, ROOT, STARTS_S, Backend, Twin, environment
from tests.e2e.waits import until
from xiuzhou_desktop.client.door import Call, Said, Stream, ask
from xiuzhou_desktop.client.errors import ClientError

SURROUNDINGS = {"XIUZHOU_PACE": "0.05"}  # read time-out 35 s → 1.8 s, longest back-off 60 s → 3 s
PATIENCE_S = 150.0


def wait_for(test: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> None:
    asyncio.run(until(test, what, seconds))


class Told(msgspec.Struct, frozen=True):
    """What a command was answered; `code` None: the holder was not there, or ended meanwhile."""

    code: int | None
    value: Any = None
    was_heard: bool = True  # False: nobody was at the door, so nothing can have been saved


class Process:
    """One process of the product, started again and again over the same files."""

    def __init__(self, name: str, files: Path, folder: Path) -> None:
        self.name, self.files = name, files
        self._control = folder / f"fiu-{name}"
        self._log = folder / f"strace-{name}"
        self._errors = folder / f"{name}.err"
        self._process: subprocess.Popen[bytes] | None = None
        self._is_traced = False

    @property
    def is_up(self) -> bool:
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """Of the product's process itself; under strace, which is its parent, once there is one."""
        if self._process is None or not self._is_traced:
            return self._process.pid if self._process else None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return next(map(int, children.read_text().split()), None) if children.exists() else None

    def kill(self) -> None:
        """SIGKILL, wherever it is."""
        if self._process is None:
            return
        pid = self.pid
        if self._process.poll() is None:
            os.kill(pid or self._process.pid, signal.SIGKILL)
        self._process.wait(STARTS_S)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
        for left in self._control.parent.glob(f"{self._control.name}-{pid}.*"):
            left.unlink()

    def cut_power(self) -> int:
        """As `kill`, and what was not synced is lost; how many bytes."""
        assert self._is_traced
        self.kill()
        return disk.lose_power(self._log, self.files)

    def fill_disk(self) -> None:
        self._switch(disk.fill)

    def shorten_writes(self) -> None:
        self._switch(disk.shorten)

    def mend_disk(self) -> None:
        self._switch(disk.mend)

    def _switch(self, how: Callable[[int, Path], None]) -> None:
        if self._process is not None and not self._is_traced:
            how(self._process.pid, self._control)

    def _open(self, command: list[str], *, is_traced: bool) -> subprocess.Popen[bytes]:
        assert self._process is None
        self._is_traced = is_traced
        extra = {} if is_traced else disk.preloaded(self._control)
        with self._errors.open("ab") as errors:
            self._process = subprocess.Popen(
                disk.traced(self._log, command) if is_traced else command, cwd=ROOT,
                env=environment() | SURROUNDINGS | extra, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        return self._process


class Station(Process):
    """A workstation: `sync --watch` holds the profile, commands come in by its door."""

    def __init__(self, user: str, folder: Path, server: str) -> None:
        super().__init__(user, folder / user, folder)
        self.user = user
        self._twin = Twin(self.files)
        words = ("login", "--server", server, "--user", user)
        said = self._twin.run(*words, stdin=f"{PASSWORD}\n")
        assert said.code == 0, said.err
        (self.profile,) = self.files.glob(f"*/{user}")

    def start(self) -> None:
        self._start(is_traced=False)

    def start_traced(self) -> None:
        self._start(is_traced=True)

    def ask(self, *words: str) -> Told:
        """One command of the twin."""
        lines: list[Said] = []
        arguments = (*words, "--json", "--profile", str(self.files))
        door = self._holder()["door"] if self.is_up else None
        if door is None:
            return Told(None, was_heard=False)
        try:
            code = ask(door, Call(arguments=arguments, folder=str(ROOT)), lines.append)
        except ClientError:
            return Told(None)
        if code is None:
            return Told(None, was_heard=False)
        said = "".join(line.text for line in lines if line.stream is Stream.OUT)
        return Told(code, json.loads(said) if said else None)

    def journal(self) -> list[dict[str, Any]]:
        """Every command as it lies in the file."""
        with self._database(self.profile / "journal.db") as connection:
            names = "id, status, epoch, body, problem, attempts"
            rows = connection.execute(f"SELECT {names} FROM command ORDER BY client_seq")
            found = [dict(zip(names.split(", "), row, strict=True)) for row in rows]
        return [row | {"body": json.loads(row["body"])} for row in found]

    def faults_of_files(self) -> list[str]:
        """What the databases find wrong with themselves."""
        found = []
        for path in (self.profile / "journal.db", *self.profile.glob("cache-*.db")):
            with self._database(path) as connection:
                checks = [r[0] for r in connection.execute("PRAGMA integrity_check")]
                checks += [r[0] for r in connection.execute("PRAGMA cipher_integrity_check")]
            found += [f"{self.user} {path.name}: {one}" for one in checks if one != "ok"]
        return found

    def _database(self, path: Path) -> driver.Connection:
        return closing_database(path, (self.profile / "key").read_text("ascii").strip())

    def _start(self, *, is_traced: bool) -> None:
        command = self._twin.command("sync", "--watch")
        process = self._open(command, is_traced=is_traced)

        def is_open() -> bool:
            assert process.poll() is None, f"{self.user} ended: {self._errors.read_text()[-2000:]}"
            holder = self._holder()
            return bool(holder["door"]) and holder["pid"] == self.pid

        wait_for(is_open, f"{self.user} opens its door")

    def _holder(self) -> dict[str, Any]:
        holder: dict[str, Any] = json.loads((self.profile / "holder.json").read_bytes())
        return holder


class District(Process):
    """The backend, always on the same port."""

    def __init__(self, folder: Path, officers: tuple[str, ...]) -> None:
        super().__init__("district", folder / "district", folder)
        self._backend = Backend(self.files)
        self._backend.cli("init")
        for officer in officers:
            self._backend.add_officer(officer)
        self._backup = folder / "backup.db"
        self.port = 0

    @property
    def database(self) -> Path:
        return self.files / "district.db"

    def start(self) -> None:
        self._start(is_traced=False)

    def start_traced(self) -> None:
        self._start(is_traced=True)

    def back_up(self) -> None:
        """Last night's, of the running database."""
        self._backup.unlink(missing_ok=True)
        with closing_database(self.database) as connection:
            connection.execute("VACUUM INTO ?", (str(self._backup),))

    def restore(self) -> None:
        """Put the backup in the place of a database that is lost, as docs/operations.md says."""
        assert not self.is_up
        for tail in ("-wal", "-shm"):
            Path(f"{self.database}{tail}").unlink(missing_ok=True)
        shutil.copyfile(self._backup, self.database)
        self._backend.cli("restored")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing_database(self.database) as connection:
            return list(connection.execute(query))

    def faults_of_files(self) -> list[str]:
        found = [row[0] for row in self.rows("PRAGMA integrity_check")]
        return [f"district: {one}" for one in found if one != "ok"]

    def _start(self, *, is_traced: bool) -> None:
        serve = ["serve", "--data", str(self.files), "--port", str(self.port)]
        command = [sys.executable, "-m", "xiuzhou_desktop.backend", *serve]
        process = self._open(command, is_traced=is_traced)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"the district ended: {self._errors.read_text()[-2000:]}"
        self.port = int(json.loads(line)["listening"].rpartition(":")[2])


class closing_database:
    """A connection of our own beside the product's, for one look."""

    def __init__(self, path: Path, key: str | None = None) -> None:
        self._connection = driver.connect(str(path), isolation_level=None, timeout=20)
        if key is not None:
            self._connection.execute(f"PRAGMA key = \"x'{key}'\"")

    def __enter__(self) -> driver.Connection:
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()

"""A district backend and command-line twins as processes, for tests that need the real thing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.ports import lasting_port

ROOT = Path(__file__).resolve().parents[2]
STARTS_S = 300.0
PASSWORD = "correct-horse-9"


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONUNBUFFERED": "1"}


def _hears_interrupts() -> None:
    """A shell starts what runs in its background deaf to SIGINT, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass
class Backend:
    """A running `backend serve`."""

    folder: Path
    port: int = field(default_factory=lasting_port)
    process: subprocess.Popen[str] | None = None
    database: str | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cli(self, *arguments: str, stdin: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "xiuzhou_desktop.backend", *arguments, "--data", self.folder],
            cwd=ROOT, env=environment(), input=stdin, capture_output=True, text=True, check=True,
            timeout=STARTS_S,
        )  # fmt: skip
        return done.stdout

    def add_officer(self, user: str, scope: str = "330411") -> None:
        self.cli(
            "user", "add", user, "--role", "duty_officer", "--scope", scope,
            "--certificate", f"11-{user}", "--valid-from", "2024-01-01",
            "--valid-to", "2035-01-01", stdin=f"{PASSWORD}\n",
        )  # fmt: skip

    def start(self) -> None:
        more = ("--database", self.database) if self.database else ()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "xiuzhou_desktop.backend", "serve", "--data", self.folder,
             "--port", str(self.port), *more],
            cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        listening = json.loads(self.process.stdout.readline())["listening"]
        self.port = int(listening.rpartition(":")[2])

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STARTS_S)
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None


@contextmanager
def running_backend(folder: Path, *officers: str) -> Iterator[Backend]:
    backend = Backend(folder)
    backend.cli("init")
    for user in officers:
        backend.add_officer(user)
    backend.start()
    try:
        yield backend
    finally:
        backend.stop()


@dataclass
class Said:
    """What a twin printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Twin:
    """One person's profile, used from the command line."""

    root: Path

    def command(self, *arguments: str) -> list[str]:
        return [
            sys.executable, "-m", "xiuzhou_desktop", *arguments, "--profile", str(self.root),
            "--json",
        ]  # fmt: skip

    def run(self, *arguments: str, stdin: str = "") -> Said:
        done = subprocess.run(
            self.command(*arguments), cwd=ROOT, env=environment(), input=stdin,
            capture_output=True, text=True, check=False, timeout=STARTS_S,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    def open(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments), cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=_hears_interrupts,
        )  # fmt: skip

    def login(self, backend: Backend, user: str) -> "Twin":
        said = self.run("login", "--server", backend.url, "--user", user, stdin=f"{PASSWORD}\n")
        assert said.code == 0, said.err
        assert self.run("sync").code == 0
        return self

    def report(self, address: str) -> str:
        """A flag made by hand; its KIND/ID."""
        said = self.run(
            "new", "flag", "--set", "category=05-05", "--set", f"address={address}",
            "--set", "channel=phone",
        )  # fmt: skip
        assert said.code == 0, said.err
        return str(said.json["record"])

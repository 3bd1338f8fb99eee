"""A real backend process for tests, and a signed-in client of it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import uuid_utils

from tests.backend.at_console import at_console
from tests.backend.district import TOWN

ROOT = Path(__file__).parents[2]
PASSWORD = "right-horse"
ANSWER_S = 300  # of a server beside which a whole machine is at work
STOP_S = 180


class Backend:
    """`python -m xiuzhou_desktop.backend serve` on a folder; ends with the block."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder = folder
        self._more = more

    def command(self) -> list[str]:
        """The program and its arguments."""
        words = ["-m", "xiuzhou_desktop.backend", "serve", "--data", str(self.folder)]
        return [sys.executable, *words, *self._more]

    def __enter__(self) -> Self:
        self.log = (self.folder.parent / "backend.log").open("ab")
        self.process = subprocess.Popen(
            self.command(), stdout=subprocess.PIPE, stderr=self.log, cwd=ROOT
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.url: str = json.loads(line)["listening"]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.stop()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.log.close()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_S)

    def kill(self) -> None:
        """As a power cut does."""
        self.process.kill()
        self.process.wait(STOP_S)

    @contextmanager
    def client(self, user: str = "duty") -> Iterator[httpx.Client]:
        """Signed in."""
        with httpx.Client(base_url=self.url, timeout=ANSWER_S) as client:
            asked = {"user": user, "password": PASSWORD, "workstation": "test"}
            answer = client.post("/v1/session", json=asked)
            assert answer.status_code == 200, answer.text
            client.headers["Authorization"] = f"Bearer {answer.json()['access']}"
            yield client


def administer(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """One command of the backend's command line."""
    command = [sys.executable, "-m", "xiuzhou_desktop.backend", *arguments, "--data", str(folder)]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, cwd=ROOT, check=False
    )


def with_officer(folder: Path) -> Path:
    """A district with the duty officer `duty`."""
    account = ("user", "add", "duty", "--role", "duty_officer")
    done = at_console(folder, *account, stdin=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    return folder


def with_towns_officer(folder: Path, user: str = "town", town: str = TOWN) -> Path:
    """The same district with a duty officer of one of its towns."""
    account = ("user", "add", user, "--role", "duty_officer", "--scope", town)
    done = administer(folder, *account, stdin=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    return folder


def report(address: str = "中山西路 1 号", **changes: object) -> dict[str, object]:
    """The JSON of a command that reports a car."""
    at = datetime.now(UTC)
    base: dict[str, object] = {
        "id": str(uuid_utils.uuid7()), "client_seq": 1, "kind": "flag",
        "record": str(uuid_utils.uuid7()), "transition": "report", "expect": {"absent": True},
        "args": {"category": "05-05", "address": address, "channel": "phone"},
        "issued_at": at.isoformat(), "not_after": (at + timedelta(hours=8)).isoformat(),
    }  # fmt: skip
    return base | changes


def push(client: httpx.Client, *commands: object) -> httpx.Response:
    """Under the present epoch."""
    epoch = client.get("/v1/sync/session").json()["epoch"]
    return client.post("/v1/commands", json={"epoch": epoch, "commands": commands})


def results(answer: httpx.Response) -> list[Any]:
    """What became of each command of a push."""
    assert answer.status_code == 200, answer.text
    told: list[Any] = answer.json()["results"]
    return told


def slugs(answer: httpx.Response) -> list[str]:
    """Why each was refused, or its status."""
    return [(one.get("problem") or {}).get("slug", one["status"]) for one in results(answer)]


def do(transition: str, record: object, **changes: object) -> dict[str, object]:
    """The JSON of a command on a record in its first state."""
    base = report(record=record, transition=transition, expect={"state_version": 1}, args={})
    return base | changes

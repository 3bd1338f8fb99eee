"""One profile, one holder: while a window or `sync --watch` has a profile open, twins work through
it, and a holder that was killed is taken over at once. All of them real processes.
"""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.twin import PASSWORD, ROOT, Backend, Twin, environment, running_backend
from tests.e2e.waits import until

pytestmark = pytest.mark.xdist_group("holder")


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with running_backend(tmp_path_factory.mktemp("district"), "duty") as running:
        yield running


@pytest.fixture
def duty(backend: Backend, tmp_path: Path) -> Twin:
    return Twin(tmp_path / "profile").login(backend, "duty")


def door_of(twin: Twin) -> Path | None:
    (path,) = twin.root.glob("*/duty/holder.json")
    door = json.loads(path.read_bytes())["door"]
    return Path(door) if door else None


@contextmanager
def held_by(twin: Twin, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """The program that holds the profile, once its door is open; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, *command, "--profile", str(twin.root)], cwd=ROOT, env=environment(),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until_true(lambda: process.poll() is not None or door_of(twin) is not None, "a door")
        assert process.poll() is None
        yield process
    finally:
        process.kill()
        process.wait()


def until_true(test: Callable[[], object], what: str) -> None:
    asyncio.run(until(test, what))


WATCH = ("-m", "xiuzhou_desktop", "sync", "--watch")


def test_a_twin_beside_a_window_says_what_it_says_alone(duty: Twin, tmp_path: Path) -> None:
    flag = duty.report("中山西路 20 号")
    duty.run("sync")
    asked = (("show", flag), ("list", "flag"), ("do", flag, "find_corrected"))
    alone = [duty.run(*words) for words in asked]
    with held_by(duty, "main.py"):
        assert [duty.run(*words) for words in asked] == alone
        refused = duty.run("do", flag, "find_corrected")
        assert (refused.code, refused.json["problem"]["slug"]) == (3, "state")
        assert refused.err.strip()
        done = duty.run("do", flag, "confirm")
        assert (done.code, done.json["status"]) == (0, "applied")
        assert duty.run("show", "flag/none").code == 1
        synced = duty.run("sync")
        assert (synced.code, synced.json["link"]["link"]) == (0, "online")
        file = tmp_path / "flags.csv"
        assert duty.run("export", "flag", "--format", "csv", "--out", str(file)).code == 0
        assert "中山西路 20 号" in file.read_text("utf-8-sig")
        checks = {one["check"]: one["ok"] for one in duty.run("doctor").json}
        assert checks["profile"] is True
        assert duty.run("status").json["pending"] == 0
    assert duty.run("show", flag).json["record"]["state"] != "DETECTED"


def test_files_are_meant_from_where_the_twin_was_called(duty: Twin, tmp_path: Path) -> None:
    with held_by(duty, *WATCH):
        told = subprocess.run(
            duty.command("export", "flag", "--format", "csv", "--out", "here.csv"), cwd=tmp_path,
            env=environment() | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
        )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "here.csv").exists()


def test_offline_the_holder_saves_for_the_twin(backend: Backend, duty: Twin) -> None:
    flag = duty.report("中山西路 21 号")
    with held_by(duty, *WATCH):
        backend.stop()
        try:
            assert duty.run("sync").code == 4
            done = duty.run("do", flag, "confirm")
            assert (done.code, done.json["status"]) == (0, "queued")
        finally:
            backend.start()
        assert duty.run("sync").code == 0
        statuses = {one["status"] for one in duty.run("outbox").json}
        assert statuses == {"applied"}


def test_the_door_is_for_its_owner_only(duty: Twin) -> None:
    with held_by(duty, *WATCH):
        door = door_of(duty)
        assert door is not None
        assert stat.S_IMODE(door.stat().st_mode) == 0o600
        assert stat.S_IMODE(door.parent.stat().st_mode) == 0o700


def test_a_killed_holder_is_taken_over_at_once_and_leaves_nothing(duty: Twin) -> None:
    with held_by(duty, *WATCH) as first:
        left = door_of(duty)
        first.kill()
        first.wait()
        assert left is not None and left.exists()
        assert duty.run("outbox").code == 0
        assert not left.parent.exists()
        with held_by(duty, *WATCH):
            assert door_of(duty) != left
            assert duty.run("outbox").code == 0


def test_a_holder_that_ends_during_a_command_leaves_no_doubt_unsaid(duty: Twin) -> None:
    flag = duty.report("中山西路 22 号")
    with held_by(duty, *WATCH) as holder:
        os.kill(holder.pid, signal.SIGSTOP)
        asking = duty.open("do", flag, "confirm")
        until_true(lambda: _is_connected(asking.pid), "the twin stands before the door")
        holder.kill()
        out, error = asking.communicate()
    assert asking.returncode == 1
    assert json.loads(out)["problem"]["slug"] == "holder-ended"
    assert "outbox" in error
    assert duty.run("do", flag, "confirm").json["status"] == "applied"


def test_a_twin_that_is_interrupted_leaves_the_holder_at_work(duty: Twin) -> None:
    with held_by(duty, *WATCH) as holder:
        watching = duty.open("sync", "--watch")
        assert watching.stdout is not None
        assert json.loads(watching.stdout.readline())["link"]
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=120)
        assert watching.returncode == 0
        assert duty.run("sync").code == 0
        assert holder.poll() is None


def test_a_login_into_a_held_profile_is_told_who_holds_it(backend: Backend, duty: Twin) -> None:
    with held_by(duty, *WATCH) as holder:
        words = ("login", "--server", backend.url, "--user", "duty")
        told = duty.run(*words, stdin=f"{PASSWORD}\n")
        assert told.code == 1
        assert told.json["problem"]["slug"] == "profile-in-use"
        assert told.json["problem"]["facts"]["pid"] == holder.pid


def test_two_twins_at_once_take_turns(duty: Twin) -> None:
    flags = [duty.report(f"中山西路 {n} 号") for n in (23, 24, 25)]
    asking = [duty.open("do", flag, "confirm") for flag in flags]
    for one in asking:
        one.communicate()
    assert [one.returncode for one in asking] == [0, 0, 0]
    assert {one["status"] for one in duty.run("outbox").json} == {"applied"}


def _is_connected(pid: int) -> bool:
    """Whether that process has a connected Unix socket."""
    folder = Path(f"/proc/{pid}/fd")
    try:
        inodes = {os.readlink(one) for one in folder.iterdir()}
    except FileNotFoundError:
        return False
    lines = Path("/proc/net/unix").read_text().splitlines()[1:]
    connected = {f"socket:[{line.split()[6]}]" for line in lines if line.split()[5] == "03"}
    return bool(inodes & connected)


def test_without_a_place_for_a_door_the_holder_works_and_others_are_told(
    duty: Twin, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        duty.command("sync", "--watch"), cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment() | {"TMPDIR": str(tmp_path / ("long" * 40))},
    )  # fmt: skip
    (tmp_path / ("long" * 40)).mkdir()
    try:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["link"]
        told = duty.run("outbox")
        assert (told.code, told.json["problem"]["slug"]) == (1, "profile-in-use")
        assert told.json["problem"]["facts"]["pid"] == process.pid
    finally:
        process.kill()
        process.communicate()

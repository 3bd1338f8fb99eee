"""The backend as a process: what it prints, how it ends, what survives."""

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.backend.process import ANSWER_S, Backend, administer, push, report, with_officer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return with_officer(tmp_path / "data")


def test_it_says_where_it_listens_and_ends_on_sigterm_with_streams_open(folder: Path) -> None:
    with Backend(folder) as backend, backend.client() as client:
        events = client.stream("GET", "/v1/events")
        with events as stream, client.stream("GET", "/v1/live"):
            lines = stream.iter_lines()
            assert next(lines) == "event: horizon"
            assert backend.stop() == 0
        assert backend.process.stdout is not None
        assert backend.process.stdout.read() == b""


def test_a_poke_follows_a_command(folder: Path) -> None:
    with Backend(folder) as backend, backend.client() as client, backend.client() as other:
        with client.stream("GET", "/v1/events") as stream:
            lines = (line for line in stream.iter_lines() if line.startswith("data: "))
            first = json.loads(next(lines)[6:])["horizon"]
            thread = threading.Thread(target=push, args=(other, report()))
            thread.start()
            second = moved(lines, first)
            thread.join()
    assert second == first + 1


def moved(lines: Iterator[str], before: int) -> int:
    """The next horizon beyond that one: a sign of life repeats it."""
    told = (int(json.loads(line[6:])["horizon"]) for line in lines)
    return next(horizon for horizon in told if horizon != before)


def test_what_was_answered_survives_kill_minus_nine(folder: Path) -> None:
    with Backend(folder) as backend, backend.client() as client:
        command = report()
        told = push(client, command).json()["results"][0]
        backend.kill()
    with Backend(folder) as backend, backend.client() as client:
        again = push(client, command).json()["results"][0]
        receipt = client.get(f"/v1/commands/{command['id']}").json()
    assert (again["status"], again["replayed"]) == ("applied", True)
    assert told["receipt"] == again["receipt"] == receipt["receipt"]


def test_a_colleague_without_the_grant_finds_nothing(folder: Path) -> None:
    town = ("user", "add", "town", "--role", "duty_officer", "--scope", "330411103")
    assert administer(folder, *town, stdin="right-horse\n").returncode == 0
    with Backend(folder) as backend, backend.client() as client, backend.client("town") as other:
        command = report()
        push(client, command)
        path = f"/v1/records/flag/{command['record']}"
        assert client.get(path).json()["id"] == command["record"]
        assert other.get(path).status_code == 404
        assert other.get(f"/v1/commands/{command['id']}").status_code == 404


def test_a_claim_belongs_to_one_and_is_seen_by_all(folder: Path) -> None:
    assert administer(
        folder, "user", "add", "second", "--role", "duty_officer", stdin="right-horse\n"
    ).returncode == 0  # fmt: skip
    with Backend(folder) as backend, backend.client() as one, backend.client("second") as two:
        flag = report()
        push(one, flag)
        claim = {"act": "claim", "kind": "flag", "record": flag["record"]}
        with two.stream("GET", "/v1/live") as stream:
            lines = stream.iter_lines()
            held = one.post("/v1/live", json=claim)
            assert next(lines) == "event: lease"
            assert json.loads(next(lines)[6:])["holder"] == "duty"
        assert held.json()["holder"] == "duty"
        refused = two.post("/v1/live", json=claim)
        assert (refused.status_code, refused.json()["slug"]) == (409, "claimed")
        one.post("/v1/live", json=claim | {"act": "release"})
        assert two.post("/v1/live", json=claim).status_code == 200


def test_tokens_rotate_and_end(folder: Path) -> None:
    with Backend(folder) as backend, httpx.Client(base_url=backend.url, timeout=ANSWER_S) as client:
        asked = {"user": "duty", "password": "right-horse", "workstation": "t"}
        first = client.post("/v1/session", json=asked).json()
        spend = {"refresh": first["refresh"]}
        second = client.post("/v1/session/refresh", json=spend).json()
        header = {"Authorization": f"Bearer {second['access']}"}
        assert client.get("/v1/sync/session", headers=header).status_code == 200
        assert client.delete("/v1/session", headers=header).status_code == 204
        assert client.get("/v1/sync/session", headers=header).status_code == 401
        again = client.post("/v1/session/refresh", json={"refresh": second["refresh"]})
        assert (again.status_code, again.json()["slug"]) == (403, "session-ended")


def test_what_the_console_changes_reaches_a_running_server(folder: Path, tmp_path: Path) -> None:
    cameras = tmp_path / "cameras.csv"
    cameras.write_text("short_no,area,lon,lat\nC-0001,330411002,120.70,30.76\n", "utf-8")
    with Backend(folder) as backend, backend.client() as client:
        with client.stream("GET", "/v1/events") as stream:
            lines = (line for line in stream.iter_lines() if line.startswith("data: "))
            before = json.loads(next(lines)[6:])["horizon"]
            assert administer(folder, "import", "cameras", str(cameras)).returncode == 0
            assert moved(lines, before) > before


def test_a_demonstration_is_for_this_computer_only(folder: Path) -> None:
    refused = administer(folder, "serve", "--demo", "--host", "0.0.0.0")
    assert refused.returncode == 1
    assert "loopback" in refused.stderr or "this computer" in refused.stderr


def test_a_backup_put_back_without_a_word_is_noticed(folder: Path) -> None:
    database, backup = folder / "district.db", folder.parent / "backup.db"
    with Backend(folder) as backend, backend.client() as client:
        push(client, report())
    shutil.copy(database, backup)
    with Backend(folder) as backend, backend.client() as client:
        push(client, report())
        cursor = client.post("/v1/sync/pull", json={"cursor": _start(client)}).json()["cursor"]
    for file in folder.glob("district.db*"):
        file.unlink()
    shutil.copy(backup, database)
    with Backend(folder) as backend, backend.client() as client:
        told = client.post("/v1/sync/pull", json={"cursor": cursor})
        begun = client.get("/v1/sync/session").json()
    assert (told.status_code, told.json()["slug"]) == (410, "epoch-changed")
    assert begun["replay_until"] is not None
    with Backend(folder) as backend, backend.client() as client:  # once, not at every start
        assert client.get("/v1/sync/session").json()["epoch"] == begun["epoch"]


def test_a_restore_that_was_announced_is_not_noticed_again(folder: Path) -> None:
    with Backend(folder) as backend, backend.client() as client:
        push(client, report())
    assert administer(folder, "restored").returncode == 0
    told = []
    for _ in range(2):
        with Backend(folder) as backend, backend.client() as client:
            told.append(client.get("/v1/sync/session").json()["epoch"])
    assert told[0] == told[1]


def _start(client: httpx.Client) -> str:
    """The cursor of a snapshot: where a workstation begins to pull."""
    grant = client.get("/v1/sync/session").json()["grants"][0]
    page = client.get("/v1/sync/snapshot", params={"grant": grant, "open": "true"}).json()
    return str(page["cursor"])

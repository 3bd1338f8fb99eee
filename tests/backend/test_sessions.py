"""An administrator sees who is signed in and ends it; workstations are enrolled where demanded."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.backend.at_console import at_console
from tests.backend.process import ANSWER_S, PASSWORD, ROOT, Backend, with_officer

ASKED = {"user": "duty", "password": PASSWORD, "workstation": "a guest"}


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    folder = with_officer(tmp_path_factory.mktemp("sessions") / "data")
    chief = ("user", "add", "chief", "--role", "administrator")
    assert not at_console(folder, *chief, stdin=f"{PASSWORD}\n").returncode
    with Backend(folder) as one:
        yield one


def test_a_session_that_an_administrator_ends_is_over_and_so_is_its_stream(
    backend: Backend,
) -> None:
    with backend.client("chief") as chief, backend.client() as duty:
        with duty.stream("GET", "/v1/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: horizon"
            listed = chief.get("/v1/sessions").json()["sessions"]
            [mine] = [one["id"] for one in listed if one["user"] == "duty"]
            assert chief.delete(f"/v1/sessions/{mine}").status_code == httpx.codes.NO_CONTENT
            assert not [line for line in lines if line.startswith("event")]  # it ends by itself
        assert duty.get("/v1/sync/session").json()["slug"] == "signed-out"
        assert chief.delete(f"/v1/sessions/{mine}").status_code == httpx.codes.NOT_FOUND


def test_nobody_else_sees_sessions_and_the_attempt_is_in_the_audit(backend: Backend) -> None:
    with backend.client() as duty:
        assert duty.get("/v1/sessions").json()["slug"] == "forbidden"
    assert '"act":"request-refused"' in at_console(backend.folder, "audit", "export").stdout


def test_the_console_lists_and_ends_sessions(backend: Backend) -> None:
    with backend.client() as duty:
        listed = at_console(backend.folder, "session", "list").stdout.splitlines()
        mine = next(line for line in listed if "\tduty\t" in line).partition("\t")[0]
        assert not at_console(backend.folder, "session", "end", mine).returncode
        assert duty.get("/v1/sync/session").json()["slug"] == "signed-out"
    assert at_console(backend.folder, "session", "end", mine).returncode == 1


def test_where_it_is_demanded_only_an_enrolled_workstation_signs_in(
    backend: Backend, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.json"
    with httpx.Client(base_url=backend.url, timeout=ANSWER_S) as client:
        rules.write_text('{"enrolled_only": true}')
        assert not at_console(backend.folder, "config", "import", str(rules)).returncode
        refused = client.post("/v1/session", json=ASKED)
        assert (refused.status_code, refused.json()["slug"]) == (403, "not-enrolled")
        code = at_console(backend.folder, "workstation", "invite", "desk 1").stdout.split()[1]
        enrolled = client.post("/v1/workstations", json={"code": code}).json()
        assert enrolled["workstation"] == "desk 1"
        again = client.post("/v1/workstations", json={"code": code})
        assert again.json()["slug"] == "bad-code"
        code = at_console(backend.folder, "workstation", "invite", "desk 2").stdout.split()[1]
        assert "duty" in signed_in(tmp_path / "profile", backend.url, "--code", code)
        assert "duty" in signed_in(tmp_path / "profile", backend.url)  # the key is kept there
        shown = ASKED | {"workstation": "another's", "workstation_key": enrolled["key"]}
        assert client.post("/v1/session", json=shown).status_code == httpx.codes.OK
        listed = at_console(backend.folder, "session", "list").stdout
        assert "desk 1" in listed and "another's" not in listed
        assert "desk 1" in at_console(backend.folder, "workstation", "list").stdout
        assert not at_console(backend.folder, "workstation", "remove", "desk 1").returncode
        assert client.post("/v1/session", json=shown).json()["slug"] == "not-enrolled"
        rules.write_text('{"enrolled_only": false}')
        assert not at_console(backend.folder, "config", "import", str(rules)).returncode
        assert client.post("/v1/session", json=ASKED).status_code == httpx.codes.OK


def test_nobody_signs_in_under_the_name_of_an_enrolled_workstation(backend: Backend) -> None:
    asked = ASKED | {"workstation": "desk 4"}
    with backend.client("chief") as admin:
        invited = {"act": "invite", "workstation": "desk 4"}
        code = admin.post("/v1/enrolments", json=invited).json()["code"]
        assert admin.post("/v1/session", json=asked).status_code == httpx.codes.OK
        key = admin.post("/v1/workstations", json={"code": code}).json()["key"]
        for shown in ({}, {"workstation_key": "another's"}):
            refused = admin.post("/v1/session", json=asked | shown)
            assert (refused.status_code, refused.json()["slug"]) == (403, "not-enrolled")
        own = admin.post("/v1/session", json=asked | {"workstation_key": key})
        assert own.status_code == httpx.codes.OK


def test_an_administrator_alone_lets_workstations_in_over_the_wire(backend: Backend) -> None:
    with backend.client("chief") as admin, backend.client("duty") as duty:
        said = {"act": "invite", "workstation": "desk 3"}
        assert duty.post("/v1/enrolments", json=said).json()["slug"] == "forbidden"
        assert duty.get("/v1/enrolments").json()["slug"] == "forbidden"
        told = admin.post("/v1/enrolments", json=said).json()
        assert line_of("desk 3", told)["enrolled_at"] is None
        code = {"code": told["code"]}
        assert admin.post("/v1/workstations", json=code).json()["workstation"] == "desk 3"
        assert line_of("desk 3", admin.get("/v1/enrolments").json())["enrolled_at"]
        assert admin.post("/v1/enrolments", json=said | {"workstation": " "}).is_client_error
        gone = admin.post("/v1/enrolments", json=said | {"act": "remove"}).json()
        assert "desk 3" not in {one["workstation"] for one in gone["enrolments"]}
        again = admin.post("/v1/enrolments", json=said | {"act": "remove"})
        assert again.json()["slug"] == "not-found"


def line_of(
    workstation: str, told: dict[str, list[dict[str, str | None]]]
) -> dict[str, str | None]:
    """A workstation's own line of the list."""
    [line] = [one for one in told["enrolments"] if one["workstation"] == workstation]
    return line


def signed_in(root: Path, server: str, *more: str) -> str:
    """What the twin of a workstation says at its sign-in."""
    words = ("login", "--server", server, "--user", "duty", *more)
    done = subprocess.run(
        [sys.executable, "-m", "xiuzhou_desktop", "--profile", str(root), *words],
        input=f"{PASSWORD}\n", capture_output=True, text=True, cwd=ROOT, check=False,
        env=os.environ | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout

"""A PostgreSQL that stops under a running backend and comes back: weather, and nothing is lost."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.backend.cluster import create_database, mortal_cluster
from tests.backend.district import open_district
from tests.backend.process import ANSWER_S, PASSWORD, Backend, report
from tests.e2e.waits import until
from xiuzhou_desktop.backend.settings import Settings

OK, AWAY = 200, 503
SOME = 3


class Officer:
    """Sends one command after the other; one that was not taken is sent again, as it was."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._epoch = client.get("/v1/sync/session").json()["epoch"]
        self._ended = threading.Event()
        self.told: list[tuple[int, str]] = []
        self.done: list[str] = []

    def work(self) -> None:
        """Until told to stop."""
        while not self._ended.is_set():
            command = report()
            while not self._is_taken(command) and not self._ended.is_set():
                pass

    def stop(self) -> None:
        """After the answer that is under way."""
        self._ended.set()

    def heard(self, status: int, since: int) -> bool:
        """Whether that was the answer some times."""
        return [one for one, _ in self.told[since:]].count(status) >= SOME

    def _is_taken(self, command: dict[str, object]) -> bool:
        answer = self._client.post(
            "/v1/commands", json={"epoch": self._epoch, "commands": [command]}
        )
        said = answer.json()
        self.told.append((answer.status_code, said.get("slug", "")))
        if answer.status_code != OK:
            assert said["retryable"] and answer.headers["Retry-After"]
            return False
        assert said["results"][0]["status"] == "applied", said
        self.done.append(str(command["record"]))
        return True


@contextmanager
def at_work(officer: Officer) -> Iterator[None]:
    """On a thread of its own."""
    thread = threading.Thread(target=officer.work)
    thread.start()
    try:
        yield
    finally:
        officer.stop()
        thread.join()


def test_a_database_that_stops_and_comes_back_is_weather_and_loses_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with mortal_cluster() as cluster:
        url = create_database(cluster.url)
        with open_district(Settings(folder=folder, database=url)):
            pass
        with Backend(folder, "--database", url) as backend, backend.client() as client:
            officer = Officer(client)
            with at_work(officer):
                asyncio.run(until(lambda: officer.heard(OK, 0), "work is done"))
                cluster.stop()
                asyncio.run(until(lambda: officer.heard(AWAY, 0), "the database is away"))
                elsewhere = asked_while_away(backend)
                since = len(officer.told)
                cluster.start()
                asyncio.run(until(lambda: officer.heard(OK, since), "work goes on by itself"))
            kept = [client.get(f"/v1/records/flag/{one}").status_code for one in officer.done]
    assert set(officer.told) == {(OK, ""), (AWAY, "unavailable")}
    assert set(elsewhere) == {(AWAY, "unavailable")}
    assert set(kept) == {OK}
    assert "error" not in levels(folder)


def asked_while_away(backend: Backend) -> list[tuple[int, str]]:
    """Status and slug of what others ask."""
    asked = {"user": "duty", "password": PASSWORD, "workstation": "test"}
    nobodys = {"Authorization": "Bearer x"}
    with httpx.Client(base_url=backend.url, headers=nobodys, timeout=ANSWER_S) as client:
        assert client.get("/v1/health").status_code == OK
        answers = [
            client.post("/v1/session", json=asked),
            client.post("/v1/session/refresh", json={"refresh": "x"}),
            client.get("/v1/sync/session"),
            client.get("/v1/records/flag/x"),
            client.get("/v1/positions"),
            client.post("/v1/ingest/positions", json={"positions": []}),
            client.get("/open/penalties"),
        ]
    return [(one.status_code, one.json()["slug"]) for one in answers]


def levels(folder: Path) -> set[str]:
    """Of what the ended server wrote."""
    lines = (folder.parent / "backend.log").read_text("utf-8").splitlines()
    return {json.loads(line)["level"] for line in lines if line.startswith("{")}

"""Several backend processes over one PostgreSQL are one backend: what is done through one is known
to the others at once, and one that is killed is replaced.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.backend.district import open_district
from tests.backend.process import ANSWER_S, PASSWORD, Backend, push, report
from tests.e2e.waits import until
from xiuzhou_desktop.backend.clock import Anchor
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store.engine import unpooled
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.workflow import Role

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 of a working day: messages go out
LONGEST = 20  # pokes, of which one comes at least every 15 s
EVENING = "2026-11-23T12:00:00.000Z"


class WithProvider(Backend):
    """The backend with a stand-in SMS provider at its border."""

    def command(self) -> list[str]:
        url = self._more[-1]
        return [sys.executable, "-m", "tests.backend.with_provider", url, str(self.folder)]


class Pair(NamedTuple):
    """Two processes with one folder and one database."""

    here: Backend
    there: Backend
    url: str
    folder: Path


@pytest.fixture(scope="module")
def pair(
    tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[], str]
) -> Iterator[Pair]:
    with two_processes(tmp_path_factory.mktemp("pair") / "data", new_database()) as both:
        yield both


@contextmanager
def two_processes(folder: Path, url: str) -> Iterator[Pair]:
    """A district with two duty officers; both processes serve it."""
    with open_district(Settings(folder=folder, database=url)) as district:
        district.add_officer("second", Role.DUTY_OFFICER)
    anchor = Anchor(wall=datetime.now(UTC), business=MORNING)
    (folder / "clock.json").write_bytes(canonical(anchor))
    with ExitStack() as stack:
        one, two = (stack.enter_context(WithProvider(folder, "--database", url)) for _ in range(2))
        yield Pair(one, two, url, folder)


def reported() -> dict[str, object]:
    """A parked car whose owner can be written to."""
    args = {
        "category": "05-05", "address": "中山西路 1 号", "channel": "phone",
        "plate": "浙F12345", "plate_colour": "blue",
    }  # fmt: skip
    return report(args=args, issued_at=MORNING.isoformat(), not_after=EVENING)


def confirmed(flag: dict[str, object]) -> dict[str, object]:
    return report(
        record=flag["record"], transition="confirm", expect={"state_version": 1}, args={},
        issued_at=MORNING.isoformat(), not_after=EVENING,
    )  # fmt: skip


def events(stream: httpx.Response) -> Iterator[dict[str, object]]:
    """The data of each event."""
    lines = (line for line in stream.iter_lines() if line.startswith("data: "))
    return (json.loads(line[6:]) for line in lines)


def test_what_is_done_through_one_is_known_to_the_other(pair: Pair) -> None:
    with pair.here.client() as here, pair.there.client() as there:
        _pokes_cross(here, there)
        _results_are_kept_by_both(here, there)
    with pair.here.client() as here, pair.there.client("second") as there:
        _a_claim_is_one(here, there)
    _a_session_is_everybodys(pair)
    _a_lock_out_is_everybodys(pair)


def _pokes_cross(here: httpx.Client, there: httpx.Client) -> None:
    with there.stream("GET", "/v1/events") as stream:
        heard = events(stream)
        before = next(heard)["horizon"]
        assert push(here, reported()).json()["results"][0]["status"] == "applied"
        assert any(poke["horizon"] > before for poke in islice(heard, LONGEST))


def _results_are_kept_by_both(here: httpx.Client, there: httpx.Client) -> None:
    command = reported()
    first = push(here, command).json()["results"][0]
    again = push(there, command).json()["results"][0]
    assert (again["status"], again["replayed"]) == ("applied", True)
    assert again["receipt"] == first["receipt"]


def _a_claim_is_one(here: httpx.Client, there: httpx.Client) -> None:
    flag = reported()
    push(here, flag)
    claim = {"act": "claim", "kind": "flag", "record": flag["record"]}
    with there.stream("GET", "/v1/live") as stream:
        heard = events(stream)
        assert here.post("/v1/live", json=claim).json()["holder"] == "duty"
        assert next(heard)["holder"] == "duty"
        refused = there.post("/v1/live", json=claim)
        assert (refused.status_code, refused.json()["slug"]) == (409, "claimed")
        here.post("/v1/live", json=claim | {"act": "release"})
        assert next(heard)["holder"] is None
    assert there.post("/v1/live", json=claim).json()["holder"] == "second"
    lost = here.post("/v1/live", json=claim | {"act": "renew"})
    assert (lost.status_code, lost.json()["slug"]) == (409, "claimed")


def _a_session_is_everybodys(pair: Pair) -> None:
    with (
        httpx.Client(base_url=pair.there.url, timeout=ANSWER_S) as there,
        pair.here.client() as here,
    ):
        asked = {"user": "duty", "password": PASSWORD, "workstation": "test"}
        made = here.post("/v1/session", json=asked).json()
        header = {"Authorization": f"Bearer {made['access']}"}
        assert there.get("/v1/sync/session", headers=header).status_code == 200
        fresh = there.post("/v1/session/refresh", json={"refresh": made["refresh"]}).json()
        assert here.get("/v1/sync/session", headers=header).status_code == 401
        header = {"Authorization": f"Bearer {fresh['access']}"}
        assert here.delete("/v1/session", headers=header).status_code == 204
        assert there.get("/v1/sync/session", headers=header).status_code == 401


def _a_lock_out_is_everybodys(pair: Pair) -> None:
    wrong = {"user": "nobody", "password": "not-it-at-all", "workstation": "test"}
    told = [
        httpx.post(f"{one.url}/v1/session", json=wrong, timeout=ANSWER_S).json()["slug"]
        for one in (pair.here, pair.there) * 3
    ]
    assert told == ["wrong-password"] * 5 + ["locked-out"]


def test_two_who_claim_at_once_through_two_processes_are_never_both_right(pair: Pair) -> None:
    with pair.here.client() as here, pair.there.client("second") as there:
        for _ in range(20):
            flag = reported()
            push(here, flag)
            claim = {"act": "claim", "kind": "flag", "record": flag["record"]}
            assert sorted(_at_once((here, there), claim)) == [200, 409]


def _at_once(clients: tuple[httpx.Client, ...], claim: dict[str, object]) -> list[int]:
    both = threading.Barrier(len(clients))
    answers: list[int] = []

    def ask(client: httpx.Client) -> None:
        both.wait()
        answers.append(client.post("/v1/live", json=claim).status_code)

    threads = [threading.Thread(target=ask, args=(one,)) for one in clients]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


def test_what_a_killed_process_had_in_hand_another_finishes_once(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    with two_processes(tmp_path / "data", new_database()) as pair:
        _kill_in_the_middle(pair)


def _kill_in_the_middle(pair: Pair) -> None:
    provider = pair.folder / "provider"
    os.mkfifo(provider / "stall")
    by_pid = {one.process.pid: one for one in (pair.here, pair.there)}
    flag = reported()
    with pair.here.client() as client:
        push(client, flag)
        told = push(client, confirmed(flag)).json()["results"][0]
        assert told["status"] == "applied", told
    tried = provider / "tried"
    asyncio.run(until(lambda: tried.exists() and tried.read_bytes(), "the provider is asked"))

    holder = int(tried.read_text("utf-8").split()[0])
    os.kill(holder, signal.SIGKILL)
    (provider / "stall").unlink()

    (other,) = (one for pid, one in by_pid.items() if pid != holder)
    with other.client() as client, client.stream("GET", "/v1/events") as stream:
        path = f"/v1/records/flag/{flag['record']}"
        for _ in islice(events(stream), LONGEST):  # at each change, and as a sign of life
            if "notice_sent" in [one["name"] for one in client.get(path).json()["log"]]:
                break
        log = [one["name"] for one in client.get(path).json()["log"]]
    assert log.count("notice_sent") == 1
    calls = [line.split() for line in tried.read_text("utf-8").splitlines()]
    assert [int(pid) for pid, _ in calls] == [holder]  # the other asked by its key: it was there
    assert len({key for _, key in calls}) == len(list((provider / "sent").iterdir())) == 1


def test_a_database_that_is_gone_is_weather_for_both(pair: Pair) -> None:
    with pair.here.client() as here, pair.there.client() as there:
        epoch = here.get("/v1/sync/session").json()["epoch"]
        batch = {"epoch": epoch, "commands": [reported()]}
        claim = {"act": "claim", "kind": "flag", "record": batch["commands"][0]["record"]}
        with there.stream("GET", "/v1/events") as stream:
            heard = events(stream)
            before = next(heard)["horizon"]
            with shut_out(pair.url):
                answers = [
                    here.post("/v1/commands", json=batch),
                    here.get("/v1/sync/session"),
                    here.post("/v1/live", json=claim),
                ]
                assert {(one.status_code, one.json()["slug"]) for one in answers} == {
                    (503, "unavailable")
                }
                assert all(one.headers["Retry-After"] for one in answers)
                assert here.get("/v1/health").status_code == 200
            back = here.post("/v1/commands", json=batch)
            assert back.json()["results"][0]["status"] == "applied"
            assert any(poke["horizon"] > before for poke in islice(heard, LONGEST))
        assert here.post("/v1/live", json=claim).status_code == 200


@contextmanager
def shut_out(url: str) -> Iterator[None]:
    """Nobody reaches that database meanwhile."""
    name = url.rpartition("/")[2]
    server = url.replace(f"/{name}", "/postgres")
    with unpooled(server).connect() as connection:
        raw = connection.execution_options(isolation_level="AUTOCOMMIT")
        raw.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        raw.exec_driver_sql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        yield
        raw.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

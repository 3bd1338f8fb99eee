"""A town's workstation judges offline while the hub takes its town over: each verdict comes out
once, and the workstation says of each what became of it (decision 0016).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.backend.district import TOWN
from tests.backend.process import push, report
from tests.e2e.twin import PASSWORD, Backend, Twin, running_backend

pytestmark = pytest.mark.xdist_group("twin")


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with running_backend(tmp_path_factory.mktemp("district"), "duty") as running:
        running.add_officer("town", TOWN)
        yield running


@pytest.fixture(scope="module")
def town(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Twin:
    return Twin(tmp_path_factory.mktemp("town")).login(backend, "town")


@contextmanager
def hub(backend: Backend) -> Iterator[httpx.Client]:
    """The hub's duty officer, signed in."""
    with httpx.Client(base_url=backend.url, timeout=60) as client:
        asked = {"user": "duty", "password": PASSWORD, "workstation": "hub"}
        token = client.post("/v1/session", json=asked).json()["access"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def carry_out(client: httpx.Client, *commands: dict[str, object]) -> list[str]:
    """Apply them all; the ids of their records."""
    answer = push(client, *commands).json()
    assert [one["status"] for one in answer["results"]] == ["applied"] * len(commands), answer
    return [str(one["record"]) for one in commands]


def flags(client: httpx.Client, count: int) -> list[str]:
    args = {"category": "05-05", "address": "镇东路", "channel": "phone", "area": TOWN}
    return carry_out(client, *(report(args=args) for _ in range(count)))


def on(record: str, transition: str, kind: str = "flag") -> dict[str, object]:
    return report(
        record=record, transition=transition, kind=kind, expect={"state_version": 1}, args={}
    )


def take_over(client: httpx.Client) -> str:
    until = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    args = {"town": TOWN, "until": until, "reason": "光缆中断"}
    return carry_out(client, report(kind="custody", transition="take_over", args=args))[0]


def judge_offline(town: Twin, records: list[str]) -> None:
    for flag in records:
        said = town.run("do", f"flag/{flag}", "dismiss")
        assert said.code == 0, said.err
        assert said.json["status"] == "queued"


def ended(town: Twin, records: list[str]) -> list[tuple[str, str | None]]:
    """What the workstation says of each verdict."""
    town.run("sync")
    by_record = {one["record"]: one for one in town.run("outbox").json}
    found = [by_record[f"flag/{flag}"] for flag in records]
    return [(one["status"], (one["problem"] or {}).get("slug")) for one in found]


def verdicts(client: httpx.Client, records: list[str]) -> list[int]:
    """How often each flag was judged."""
    logs = [client.get(f"/v1/records/flag/{flag}").json()["log"] for flag in records]
    return [[entry["name"] for entry in log].count("dismiss") for log in logs]


def test_verdicts_given_before_and_during_a_custody_each_come_out_once(
    backend: Backend, town: Twin
) -> None:
    with hub(backend) as client:
        early, late = flags(client, 3), flags(client, 2)
    assert town.run("sync").code == 0
    backend.stop()
    judge_offline(town, early)
    backend.start()
    with hub(backend) as client:
        custody = take_over(client)
    backend.stop()
    judge_offline(town, late)  # it has yet to hear of the custody
    backend.start()
    with hub(backend) as client:
        carry_out(client, on(early[0], "dismiss"), on(late[0], "dismiss"))

        assert ended(town, early + late) == [
            ("conflict", "version"), ("applied", None), ("applied", None),
            ("conflict", "version"), ("refused", "custody"),
        ]  # fmt: skip
        assert verdicts(client, early + late) == [1, 1, 1, 1, 0]

        refused = town.run("do", f"flag/{late[1]}", "confirm")  # now it knows
        assert (refused.code, refused.json["problem"]["slug"]) == (3, "custody")
        carry_out(client, on(custody, "hand_back", "custody"))
    assert town.run("sync").code == 0
    assert town.run("do", f"flag/{late[1]}", "confirm").json["status"] == "applied"

"""A client that replays, reorders, forges and floods, at a real backend: a clear problem, bounded
memory, and nothing changed that its officer may not change.
"""

import socket
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uuid_utils

from tests.backend.district import OTHER_TOWN, TOWN
from tests.backend.process import (
    ANSWER_S,
    Backend,
    do,
    push,
    report,
    results,
    slugs,
    with_officer,
    with_towns_officer,
)
from xiuzhou_desktop.domain.ids import derived_id

GROWTH = 64 * 1024 * 1024  # bytes of memory that an attack may leave behind
FLOOD = 200 * 1024 * 1024  # of a body that is announced with two gigabytes, or with no end
HEAD = 16 * 1024 * 1024  # of a head that never ends: C would join it anew with every piece


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    folder = with_officer(tmp_path_factory.mktemp("hostile") / "data")
    for user, scope in (("town", TOWN), ("other", OTHER_TOWN)):
        with_towns_officer(folder, user, scope)
    with Backend(folder) as one:
        yield one


@pytest.fixture
def client(backend: Backend) -> Iterator[httpx.Client]:
    with backend.client() as one:
        yield one


def written_by_persons(backend: Backend) -> int:
    """How often anything was written but by the server's own timers and effects, which come when
    they are due: each act takes one seq, and theirs stand in the log.
    """
    asked = f"file:{backend.folder / 'district.db'}?mode=ro"
    with closing(sqlite3.connect(asked, uri=True, timeout=ANSWER_S)) as connection:
        (told,) = connection.execute(
            "SELECT (SELECT seq FROM sync_meta)"
            " - (SELECT count(DISTINCT seq) FROM transition_log WHERE actor = 'system')"
        ).fetchone()
    return int(told)


def memory(backend: Backend) -> int:
    lines = Path(f"/proc/{backend.process.pid}/status").read_text().splitlines()
    (rss,) = (line for line in lines if line.startswith("VmRSS:"))
    return int(rss.split()[1]) * 1024


def test_a_replay_is_answered_and_not_done_again(backend: Backend, client: httpx.Client) -> None:
    command = report()
    first, again = results(push(client, command, command))
    after = written_by_persons(backend)
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first["receipt"] == again["receipt"]
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: results(push(client, command))[0], range(24)))
    assert {one["replayed"] for one in told} == {True}
    assert written_by_persons(backend) == after


def test_an_id_used_for_something_else_is_refused(backend: Backend, client: httpx.Client) -> None:
    command = report()
    push(client, command)
    before = written_by_persons(backend)
    other = command | {"args": {"category": "05-05", "address": "别处", "channel": "phone"}}
    assert slugs(push(client, other)) == ["key-reused"]
    with backend.client("town") as town:
        assert slugs(push(town, command)) == ["key-reused"]
    assert written_by_persons(backend) == before


def test_commands_out_of_order_wait_for_what_they_name(
    backend: Backend, client: httpx.Client
) -> None:
    made = report()
    judged = do("confirm", made["record"], after=[made["id"]])
    before = written_by_persons(backend)
    assert slugs(push(client, judged)) == ["held"]
    assert written_by_persons(backend) == before
    assert slugs(push(client, judged, made)) == ["held", "applied"]
    assert slugs(push(client, judged)) == ["applied"]


@pytest.mark.parametrize("after", [["x"], [str(uuid_utils.uuid7())]])
def test_a_command_that_waits_for_nothing_known_is_held_for_ever(
    backend: Backend, client: httpx.Client, after: list[str]
) -> None:
    before = written_by_persons(backend)
    assert slugs(push(client, report(after=after))) == ["held"]
    assert written_by_persons(backend) == before


def test_a_command_that_waits_for_itself_is_held(client: httpx.Client) -> None:
    command = report()
    assert slugs(push(client, command | {"after": [command["id"]]})) == ["held"]


@pytest.mark.parametrize("client_seq", [-1, 0, 2**63, 10**30])
def test_a_forged_client_seq_orders_nothing(client: httpx.Client, client_seq: int) -> None:
    answer = push(client, report(client_seq=client_seq))
    assert answer.status_code == 400 or slugs(answer) in (["applied"], ["bad-argument"])
    assert slugs(push(client, report())) == ["applied"]


def test_a_town_changes_nothing_of_another_town(backend: Backend, client: httpx.Client) -> None:
    args = {"category": "05-05", "address": "甲", "channel": "phone", "area": OTHER_TOWN}
    theirs = report(args=args)
    with backend.client("other") as other:
        push(other, theirs)
    before = written_by_persons(backend)
    with backend.client("town") as town:
        assert slugs(push(town, do("confirm", theirs["record"]))) == ["grant-revoked"]
        assert slugs(push(town, report(args=args))) == ["grant-revoked"]
        assert slugs(push(town, do("confirm", theirs["record"], kind="order"))) == ["bad-argument"]
    assert written_by_persons(backend) == before


def test_ids_that_only_the_judge_derives_are_not_a_persons(
    backend: Backend, client: httpx.Client
) -> None:
    made = report()
    push(client, made)
    before = written_by_persons(backend)
    spawned = str(derived_id("notice", "forged"))
    assert slugs(push(client, report(record=spawned))) == ["bad-argument"]
    assert slugs(push(client, report(id=spawned))) == ["bad-argument"]
    notice = do(
        "notice_sent", made["record"], args={"provider_id": "x", "sent_at": made["issued_at"]}
    )
    assert results(push(client, notice))[0]["status"] == "refused"
    assert written_by_persons(backend) == before


def test_a_command_older_than_its_limit_is_not_done(backend: Backend, client: httpx.Client) -> None:
    before = written_by_persons(backend)
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    assert slugs(push(client, report(not_after=past))) == ["expired"]
    assert written_by_persons(backend) == before


def test_a_receipt_that_nobody_gave_brings_nothing_back(
    backend: Backend, client: httpx.Client
) -> None:
    made = report()
    push(client, made)
    told = client.get(f"/v1/commands/{made['id']}").json()["receipt"]
    forged = report(not_after=(datetime.now(UTC) - timedelta(hours=1)).isoformat())
    receipt = told | {"epoch": "0" * 32, "mac": "0" * 64}
    epoch = client.get("/v1/sync/session").json()["epoch"]
    resent = {forged["id"]: {"first_epoch": "0" * 32, "receipt": receipt}}
    before = written_by_persons(backend)
    batch = {"epoch": epoch, "commands": [forged], "resent": resent}
    assert slugs(client.post("/v1/commands", json=batch)) == ["expired"]
    assert written_by_persons(backend) == before


def test_ten_thousand_commands_in_a_batch_are_too_many(
    backend: Backend, client: httpx.Client
) -> None:
    before, held = written_by_persons(backend), memory(backend)
    tiny = report(args={})
    answer = push(client, *([tiny] * 10_000))
    assert (answer.status_code, answer.json()["slug"]) == (413, "too-large")
    assert written_by_persons(backend) == before
    assert memory(backend) < held + GROWTH


@pytest.mark.parametrize("size", ["Transfer-Encoding: chunked", f"Content-Length: {2**31}"])
def test_a_body_without_end_is_refused_and_not_kept(
    backend: Backend, client: httpx.Client, size: str
) -> None:
    held = memory(backend)
    head = (
        f"POST /v1/commands HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: {client.headers['Authorization']}\r\n{size}\r\n\r\n"
    )
    piece = b"10000\r\n" + b"[" * 65536 + b"\r\n"
    port = int(backend.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S) as connection:
        connection.sendall(head.encode())
        for _ in range(FLOOD // len(piece)):
            connection.sendall(piece)
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")
        assert memory(backend) < held + GROWTH
    assert slugs(push(client, report())) == ["applied"]


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /v1/health HTTP/1.1\r\nHost: x\r\nX-Long: ",
        b"GET /v1/health?",
        b"POST /v1/commands HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Late: ",
    ],
    ids=["header", "address", "trailer"],
)
def test_a_head_without_end_is_refused_and_not_kept(backend: Backend, begun: bytes) -> None:
    held = memory(backend)
    port = int(backend.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S) as connection:
        connection.sendall(begun)
        with pytest.raises(ConnectionError):
            for _ in range(HEAD // 65536):
                connection.sendall(b"a" * 65536)
    assert memory(backend) < held + GROWTH
    with backend.client() as one:
        assert slugs(push(one, report())) == ["applied"]


def test_a_long_head_is_told_so(backend: Backend, client: httpx.Client) -> None:
    assert client.get("/v1/health", headers={"x-long": "a" * 60_000}).status_code == 200
    port = int(backend.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S) as connection:
        connection.sendall(b"GET /v1/health?" + b"a" * 70_000)
        assert connection.recv(4096).startswith(b"HTTP/1.1 431")


def test_the_server_had_no_defect(backend: Backend) -> None:
    assert "request failed" not in (backend.folder.parent / "backend.log").read_text()

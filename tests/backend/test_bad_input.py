"""Every answer to bad input is a problem (RFC 9457), never a 500."""

import io
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from PIL import Image
from schemathesis.checks import not_a_server_error

from tests.backend.process import Backend, administer, push, report, with_officer
from tests.unit.media.waiting import wait_until
from xiuzhou_desktop.contract.uploads import UPLOAD_TYPE

# Streams without end, and the end of the session that the attack uses: test_process has them.
LEFT_OUT = {("get", "/v1/events"), ("get", "/v1/live"), ("delete", "/v1/session")}
schemathesis.serializer.alias(UPLOAD_TYPE, "application/octet-stream")
ATTACK = settings(
    max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    folder = with_officer(tmp_path_factory.mktemp("bad") / "data")
    with Backend(folder) as one:
        yield one


@pytest.fixture(scope="module")
def client(backend: Backend) -> Iterator[httpx.Client]:
    with backend.client() as one:
        yield one


@pytest.fixture(scope="module")
def device(backend: Backend) -> dict[str, str]:
    token = administer(backend.folder, "device", "add", "test").stdout.strip()
    return {"Authorization": f"Bearer {token}"}


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"] == f"urn:xiuzhou:problem:{told['slug']}"
    return answer.status_code, told["slug"]


HTML = b"<!doctype html><html><body>502</body></html>"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/commands", HTML),
        ("/v1/commands", b""),
        ("/v1/commands", b"\xff\xfe"),
        ("/v1/commands", b"[" * 100_000),
        ("/v1/commands", b'{"epoch": 5, "commands": {}}'),
        ("/v1/commands", b'{"epoch": "\\u0000", "commands": []}'),
        ("/v1/commands", b'{"epoch": "e", "commands": [], "more": 1}'),
        ("/v1/sync/pull", b'{"cursor": null}'),
        ("/v1/live", b'{"act": "steal", "kind": "flag", "record": "r"}'),
        ("/v1/media-token", b'{"path": 1}'),
        ("/v1/session", HTML),
        ("/v1/session/refresh", b"null"),
    ],
)
def test_a_body_that_is_not_the_operations_is_malformed(
    client: httpx.Client, path: str, body: bytes
) -> None:
    answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert problem(answer) == (400, "malformed")


def test_another_media_type_is_not_taken(client: httpx.Client) -> None:
    answer = client.post("/v1/commands", content=HTML, headers={"Content-Type": "text/html"})
    assert problem(answer) == (415, "unsupported-media")


def test_a_batch_has_an_end(client: httpx.Client) -> None:
    assert problem(push(client, *[report() for _ in range(51)])) == (413, "too-large")
    assert problem(push(client, report("x" * 300_000))) == (413, "too-large")


def test_another_version_of_the_wire_is_told_which_are_spoken(client: httpx.Client) -> None:
    answer = client.get("/v1/sync/session", headers={"Sync-Schema": "99"})
    assert problem(answer) == (426, "schema-unsupported")
    assert answer.json()["facts"] == {"min": 1, "max": 1}


def test_without_a_token_nothing_is_told(backend: Backend) -> None:
    for path in ("/v1/sync/session", "/v1/events", "/v1/records/flag/x", "/v1/figures?name=today"):
        assert problem(httpx.get(backend.url + path)) == (401, "signed-out")


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "unicorn"},
        {"expect": {"state_version": "three"}},
        {"issued_at": "yesterday"},
        {"after": "none"},
    ],
)
def test_a_command_of_the_wrong_type_is_malformed(
    client: httpx.Client, changes: dict[str, object]
) -> None:
    assert problem(push(client, report(**changes))) == (400, "malformed")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "not-an-id"},
        {"record": "not-an-id"},
        {"transition": "fly"},
        {"args": {"category": "05-05"}},
        {"args": {"category": "05-05", "address": "a", "channel": "phone", "surprise": 1}},
        {"args": {"depth": json.loads("[" * 400 + "]" * 400)}},
        {"args": {"category": 1.5}},
        {"args": {"category": 10**40}},
        {"issued_at": "2026-01-01T00:00:00"},
        {"not_after": "9999-12-31T23:59:59-12:00"},
        {"fields": {"title": {"base": None, "new": "x"}}},
    ],
)
def test_a_command_that_makes_no_sense_is_refused_and_its_neighbours_are_not(
    client: httpx.Client, changes: dict[str, object]
) -> None:
    answer = push(client, report(), report(**changes), report())
    assert answer.status_code == 200, answer.text
    statuses = [one["status"] for one in answer.json()["results"]]
    assert statuses == ["applied", "refused", "applied"]


def test_commands_in_another_order_than_their_client_seq_are_judged_as_they_come(
    client: httpx.Client,
) -> None:
    answer = push(client, report(client_seq=9), report(client_seq=2), report(client_seq=9))
    assert [one["status"] for one in answer.json()["results"]] == ["applied"] * 3


def test_an_answer_of_the_province_without_end_keeps_no_officer_waiting(
    backend: Backend, client: httpx.Client
) -> None:
    tray = backend.folder / "case-packages" / "in"
    tray.mkdir(parents=True)
    os.mkfifo(tray / "slow.json")
    with (tray / "slow.json").open("wb") as slow:  # opens once the backend has begun to read
        assert push(client, report()).json()["results"][0]["status"] == "applied"
        slow.write(b"{")
    wait_until((tray / "bad" / "slow.why").exists)


def test_ranges_and_names_of_blobs(client: httpx.Client) -> None:
    for name in ("x", "sha256:" + "0" * 64, "..%2f..%2fdistrict.db"):
        assert problem(client.get(f"/v1/blobs/{name}")) == (404, "not-found")


def flag(**changes: object) -> dict[str, object]:
    at = datetime.now(UTC).isoformat()
    return {"external_id": "e1", "category": "05-05", "captured_at": at} | changes


def jpeg(size: tuple[int, int] = (320, 180)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (90, 120, 90)).save(made, "JPEG")
    return made.getvalue()


def ingest(
    client: httpx.Client, device: dict[str, str], told: object, image: bytes
) -> httpx.Response:
    return client.post(
        "/v1/ingest/flags", headers=device, data={"flag": json.dumps(told)},
        files={"image": ("a.jpg", image, "image/jpeg")},
    )  # fmt: skip


def test_a_sound_flag_is_taken_once(client: httpx.Client, device: dict[str, str]) -> None:
    told = flag(external_id="once", plate="浙f·12345", plate_colour="blue")
    first = ingest(client, device, told, jpeg()).json()
    again = ingest(client, device, told, jpeg()).json()
    assert (first["created"], again["created"]) == (True, False)
    assert first["record"] == again["record"]
    record = client.get(f"/v1/records/flag/{first['record']}").json()
    assert record["body"]["plate"] == "浙F12345"
    blob = client.get(f"/v1/blobs/{record['body']['still']}", headers={"Range": "bytes=0-2"})
    assert (blob.status_code, blob.content) == (206, b"\xff\xd8\xff")


def big_png() -> bytes:
    made = io.BytesIO()
    Image.new("L", (10_000, 6_000)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize(
    ("image", "slug"),
    [
        (jpeg()[:500], "bad-image"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "bad-image"),
        (b"", "bad-image"),
        (big_png(), "bad-image"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "bad-image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 \x00", "bad-image"),
    ],
    ids=["cut", "svg", "empty", "60-megapixels", "no-png", "no-webp"],
)
def test_a_picture_that_cannot_be_used(
    client: httpx.Client, device: dict[str, str], image: bytes, slug: str
) -> None:
    assert problem(ingest(client, device, flag(), image)) == (422, slug)


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"plate": "🚗🚗🚗🚗🚗🚗🚗"}, (422, "bad-plate")),
        ({"captured_at": "2099-01-01T00:00:00Z"}, (422, "bad-time")),
        ({"captured_at": "2026-01-01T00:00:00"}, (422, "bad-time")),
        ({"camera": "C-9999"}, (422, "unknown-camera")),
        ({"category": "99-99"}, (422, "bad-flag")),
        ({"confidence_e4": 20_000}, (422, "bad-flag")),
        ({"external_id": ""}, (422, "bad-flag")),
        ({"external_id": "x" * 999}, (422, "bad-flag")),
        ({"surprise": 1}, (400, "malformed")),
        ({"box_e4": [1, 2]}, (400, "malformed")),
    ],
)
def test_a_flag_that_cannot_be_right(
    client: httpx.Client,
    device: dict[str, str],
    changes: dict[str, object],
    answer: tuple[int, str],
) -> None:
    assert problem(ingest(client, device, flag(**changes), jpeg())) == answer


def test_a_device_speaks_for_no_other_source(client: httpx.Client, device: dict[str, str]) -> None:
    assert ingest(client, device, flag(source="test"), jpeg()).status_code == 200
    other = flag(source="ai-box-1", external_id="x-1")
    assert problem(ingest(client, device, other, jpeg())) == (403, "foreign-source")


def test_a_form_that_is_none(client: httpx.Client, device: dict[str, str]) -> None:
    url, form = "/v1/ingest/flags", {"Content-Type": "multipart/form-data"}
    assert problem(client.post(url, headers=device, content=b"x"))[0] == 415
    assert problem(client.post(url, headers=device | form, content=b"x"))[0] == 400
    bound = {"Content-Type": "multipart/form-data; boundary=b"}
    assert problem(client.post(url, headers=device | bound, content=b"x"))[0] == 400
    assert problem(client.post(url, headers=device, files={"image": b"x"}))[0] == 400


def test_a_person_is_no_device_and_a_device_no_person(
    client: httpx.Client, device: dict[str, str]
) -> None:
    assert problem(ingest(client, {}, flag(), jpeg())) == (401, "signed-out")
    assert problem(client.get("/v1/sync/session", headers=device)) == (401, "signed-out")


@pytest.fixture(scope="module")
def document(backend: Backend) -> dict[str, object]:
    described: dict[str, object] = httpx.get(f"{backend.url}/openapi.json").json()
    return described


def test_every_operation_is_described_with_its_problems(document: dict[str, object]) -> None:
    paths = document["paths"]
    assert isinstance(paths, dict)
    for path, methods in paths.items():
        for told in methods.values():
            assert "500" in told["responses"], path
            assert told["operationId"]
    assert {"/v1/sync/pull", "/v1/commands", "/v1/ingest/flags", "/v1/session"} <= set(paths)


def test_nothing_generated_from_the_document_makes_a_defect(
    backend: Backend, client: httpx.Client, document: dict[str, object]
) -> None:
    token = {"Authorization": client.headers["Authorization"]}
    answered: set[int] = set()

    def attack(case: schemathesis.Case) -> None:
        answer = case.call(base_url=backend.url, headers=token)
        case.validate_response(answer, checks=[not_a_server_error])
        answered.add(answer.status_code)
        if answer.status_code >= 400:
            kind = answer.headers["content-type"][0]
            assert kind.startswith("application/problem+json")

    operations = [
        found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()
    ]
    attacked = [one for one in operations if (one.method, one.path) not in LEFT_OUT]
    for operation in attacked:
        ATTACK(given(case=operation.as_strategy())(attack))()

    assert len(attacked) == len(operations) - len(LEFT_OUT)
    assert {200, 400, 404} <= answered
    assert "defect" not in (backend.folder.parent / "backend.log").read_text()

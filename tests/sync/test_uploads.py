"""Attached files against a real backend: kept offline, sealed, sent once, before their command."""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.backend.process import PASSWORD, Backend, push, report, with_officer
from tests.ports import lasting_port
from xiuzhou_desktop.client import line
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import TooLarge, Unavailable
from xiuzhou_desktop.client.session import open_profile, sign_in
from xiuzhou_desktop.client.uploads import FileState
from xiuzhou_desktop.client.views import Draft, OutboxStatus, RecordQuery, Submitted
from xiuzhou_desktop.contract.uploads import (
    DIGEST,
    LENGTH,
    METADATA,
    OFFSET,
    TUS_RESUMABLE,
    TUS_VERSION,
    UPLOAD_BYTES,
    UPLOAD_TYPE,
    metadata_of,
)
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId


def a_png(size: tuple[int, int]) -> bytes:
    made = io.BytesIO()
    Image.new("1", size).save(made, "PNG")
    return made.getvalue()


def a_zip() -> bytes:
    """Two megabytes in two kilobytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("photo.jpg", bytes(2_000_000))
    return made.getvalue()


PICTURE = a_png((64, 48))
PAPER = b"%PDF-1.7 " + bytes(range(256)) * 40
BLOB = f"sha256:{hashlib.sha256(PICTURE).hexdigest()}"


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    return Backend(with_officer(tmp_path / "data"), "--port", str(lasting_port()))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with Backend(with_officer(tmp_path_factory.mktemp("uploads") / "data")) as one:
        yield one


@pytest.fixture
def client(server: Backend) -> Iterator[httpx.Client]:
    with server.client() as one:
        yield one


async def at_work(root: Path, do: Callable[[EngineCore], Awaitable[None]]) -> None:
    """One life of the engine over the profile that signed in last."""
    core = EngineCore(open_profile(root))
    try:
        await do(core)
    finally:
        await core.close()


async def signed_in(backend: Backend, root: Path) -> None:
    """A workstation that has been online once."""
    profile = await sign_in(backend.url, "duty", PASSWORD, "desk-1", root)
    core = EngineCore(profile)
    await core.sync_once()
    await core.close()


async def take_evidence(core: EngineCore, source: bytes | Path = PICTURE) -> Submitted:
    """A report, and the picture that proves it, as the wall makes them."""
    told = core.desk.submit(
        Draft(
            kind=Kind.FLAG, record=None, transition="report",
            args={
                "category": "05-05", "address": "中山西路", "channel": "patrol",
                "plate": "浙F53418", "plate_colour": "blue",
            },
        )
    )  # fmt: skip
    blob = await core.uploader.attach(source, "C-0137.png")
    at = format_instant(core.spine.clock.now() - timedelta(seconds=1))
    return core.desk.submit(
        Draft(
            kind=Kind.EVIDENCE, record=None, transition="record",
            args={
                "type": "still", "blob": blob, "title": "C-0137", "flag": told.record,
                "captured_at": at,
            },
        )
    )  # fmt: skip


def declared(content: bytes) -> dict[str, str]:
    """What is said of a file before its bytes come."""
    digest = hashlib.sha256(content).hexdigest()
    return {
        TUS_RESUMABLE: TUS_VERSION, LENGTH: str(len(content)),
        METADATA: metadata_of({DIGEST: digest}),
    }  # fmt: skip


def uploaded(client: httpx.Client, content: bytes, **headers: str) -> httpx.Response:
    """All of it in one request."""
    sent = {"Content-Type": UPLOAD_TYPE} | declared(content) | headers
    return client.post("/v1/uploads", content=content, headers=sent)


def begun(client: httpx.Client, content: bytes) -> str:
    """A place without a byte yet."""
    answer = client.post("/v1/uploads", headers=declared(content))
    assert (answer.status_code, answer.headers[OFFSET]) == (201, "0")
    return answer.headers["location"]


def offset_of(client: httpx.Client, place: str) -> int:
    answer = client.head(place, headers={TUS_RESUMABLE: TUS_VERSION})
    assert answer.status_code == 200
    return int(answer.headers[OFFSET])


def went_on(client: httpx.Client, place: str, offset: int, part: bytes) -> httpx.Response:
    sent = {TUS_RESUMABLE: TUS_VERSION, OFFSET: str(offset), "Content-Type": UPLOAD_TYPE}
    return client.patch(place, content=part, headers=sent)


def blob_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def evidence(flag: object, content: bytes) -> dict[str, object]:
    """A command that names the file."""
    args = {
        "type": "document", "blob": blob_of(content), "title": "询问笔录", "flag": flag,
        "captured_at": format_instant(datetime.now(UTC) - timedelta(seconds=1)),
    }  # fmt: skip
    return report(kind="evidence", transition="record", args=args, blobs=[blob_of(content)])


def stored(backend: Backend) -> list[bytes]:
    return [one.read_bytes() for one in (backend.folder / "blobs").rglob("*") if one.is_file()]


def test_evidence_taken_offline_outlives_the_program_and_arrives_once(
    backend: Backend, tmp_path: Path
) -> None:
    root, taken = tmp_path / "profile", list[Submitted]()

    async def offline(core: EngineCore) -> None:
        taken.append(await take_evidence(core))
        assert await core.fetch(f"/v1/blobs/{BLOB}") == PICTURE
        with pytest.raises(Unavailable):
            await core.sync_once()

    async def online(core: EngineCore) -> None:
        await core.sync_once()
        await core.sync_once()
        assert core.desk.entries() == ()

    with backend:
        asyncio.run(signed_in(backend, root))
    asyncio.run(at_work(root, offline))
    sealed = [one.read_bytes() for one in root.rglob("*") if one.is_file()]
    assert not any(PICTURE in one for one in sealed)
    with backend, backend.client() as client:
        asyncio.run(at_work(root, online))
        assert client.get(f"/v1/blobs/{BLOB}").content == PICTURE
        evidence = client.get(f"/v1/records/evidence/{taken[0].record}").json()
        assert evidence["body"]["blob"] == BLOB
    assert stored(backend) == [PICTURE]


def test_a_command_waits_for_the_file_that_it_names(client: httpx.Client) -> None:
    command = report(blobs=[BLOB])
    first = push(client, command).json()["results"][0]
    assert (first["status"], first["problem"]["facts"]) == ("held", {"blob": BLOB})
    assert uploaded(client, PICTURE).headers[OFFSET] == str(len(PICTURE))
    assert push(client, command).json()["results"][0]["status"] == "applied"


def test_an_upload_alone_is_readable_by_nobody(client: httpx.Client) -> None:
    alone = b"%PDF- nobody names me"
    assert uploaded(client, alone).status_code == 201
    assert client.get(f"/v1/blobs/{blob_of(alone)}").status_code == 404


@pytest.mark.parametrize(
    ("content", "headers", "slug"),
    [
        (b"%PDF-1", {METADATA: declared(b"%PDF-o")[METADATA]}, "blob-mismatch"),
        (b"%PDF-2", {METADATA: "md5 AAAA"}, "bad-parameter"),
        (b"%PDF-3", {METADATA: "sha256 no base64"}, "bad-parameter"),
        (b"%PDF-4", {"Content-Type": "image/png"}, "unsupported-media"),
        (b"%PDF-5", {LENGTH: str(UPLOAD_BYTES + 1)}, "too-large"),
        (b"%PDF-6", {LENGTH: "5"}, "too-large"),
        (b"%PDF-7", {LENGTH: "many"}, "bad-parameter"),
        (b"%PDF-8", {"Authorization": "Bearer x"}, "signed-out"),
        (b"%PDF-9", {TUS_RESUMABLE: "0.2.2"}, "tus-version"),
        (a_zip(), {}, "unsupported-file"),
        (a_png((9000, 9000)), {}, "bad-image"),
        (PICTURE[:45], {}, "bad-image"),
    ],
    ids=[
        "other-bytes",
        "other-hash",
        "no-base64",
        "other-type",
        "too-large",
        "longer-than-said",
        "no-length",
        "signed-out",
        "other-tus",
        "zip-bomb",
        "picture-bomb",
        "cut-picture",
    ],
)
def test_a_bad_upload_keeps_nothing(
    server: Backend, client: httpx.Client, content: bytes, headers: dict[str, str], slug: str
) -> None:
    assert uploaded(client, content, **headers).json()["slug"] == slug
    assert content not in stored(server)


def test_it_says_what_of_tus_it_speaks(client: httpx.Client) -> None:
    told = client.options("/v1/uploads").headers
    assert (told["tus-version"], told["tus-max-size"]) == (TUS_VERSION, str(UPLOAD_BYTES))
    other = uploaded(client, b"%PDF-", **{TUS_RESUMABLE: "2.0.0"})
    assert (other.status_code, other.headers["tus-version"]) == (412, TUS_VERSION)


def test_an_upload_goes_on_where_it_was_after_the_server_was_killed(
    backend: Backend, tmp_path: Path
) -> None:
    with backend, backend.client() as client:
        place = begun(client, PAPER)
        assert went_on(client, place, 0, PAPER[:4000]).headers[OFFSET] == "4000"
        backend.kill()
    with backend, backend.client() as client:
        assert offset_of(client, place) == 4000
        assert went_on(client, place, 0, PAPER[:4000]).json()["slug"] == "offset-mismatch"
        assert went_on(client, place, 4000, PAPER[4000:]).status_code == 204
        assert offset_of(client, place) == len(PAPER)
    assert stored(backend) == [PAPER]


def test_a_hash_that_is_known_gives_nothing_without_its_bytes(client: httpx.Client) -> None:
    secret = b"%PDF- of somebody else"
    with_bytes = uploaded(client, secret)
    assert with_bytes.status_code == 201
    place = begun(client, secret)  # as whoever only knows the hash: no byte is spared
    assert offset_of(client, place) == 0
    assert went_on(client, place, 0, secret[:-1] + b"!").json()["slug"] == "blob-mismatch"
    assert client.head(place, headers={TUS_RESUMABLE: TUS_VERSION}).status_code == 404


def test_a_file_is_read_in_ranges(client: httpx.Client) -> None:
    assert uploaded(client, PAPER).status_code == 201
    flag = report()
    told = push(client, flag, evidence(flag["record"], PAPER)).json()["results"]
    assert [one["status"] for one in told] == ["applied", "applied"]
    path, tag = f"/v1/blobs/{blob_of(PAPER)}", f'"{hashlib.sha256(PAPER).hexdigest()}"'
    whole = client.get(path)
    assert (whole.content, whole.headers["etag"]) == (PAPER, tag)
    assert whole.headers["content-type"] == "application/pdf"
    for asked, status, content in (
        ({"Range": "bytes=10-19"}, 206, PAPER[10:20]),
        ({"Range": "bytes=-5"}, 206, PAPER[-5:]),
        ({"Range": "bytes=9000-", "If-Range": tag}, 206, PAPER[9000:]),
        ({"Range": "bytes=9000-", "If-Range": '"other"'}, 200, PAPER),
        ({"Range": "lines=1-2"}, 200, PAPER),
    ):
        answer = client.get(path, headers=asked)
        assert (answer.status_code, answer.content) == (status, content), asked
    beyond = client.get(path, headers={"Range": f"bytes={len(PAPER)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(PAPER)}")


def test_the_workstation_goes_on_where_the_server_has_come_to(
    backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, parts = tmp_path / "profile", list[int]()
    monkeypatch.setattr(line, "MOST_BYTES", 4000)
    source = tmp_path / "paper.pdf"
    source.write_bytes(PAPER)

    async def cut_off(core: EngineCore) -> None:
        taken = await take_evidence(core, source)
        source.write_bytes(b"%PDF- changed since")  # ours is the copy of the moment it was taken
        await core.puller.connect()

        async def breaks(*_: object) -> int:
            raise Unavailable("unreachable")

        monkeypatch.setattr(core.api, "upload_part", breaks)
        with pytest.raises(Unavailable):
            await core.uploader.drain()
        assert taken.command is not None

    async def later(core: EngineCore) -> None:
        send = core.api.upload_part

        async def counted(place: str, offset: int, part: bytes) -> int:
            parts.append(offset)
            return await send(place, offset, part)

        monkeypatch.setattr(core.api, "upload_part", counted)
        await core.sync_once()
        assert core.desk.entries() == ()

    with backend:
        asyncio.run(signed_in(backend, root))
        asyncio.run(at_work(root, cut_off))
        asyncio.run(at_work(root, later))
    assert parts == [4000, 8000]
    assert stored(backend) == [PAPER]


def test_a_file_that_the_server_lost_is_sent_again(backend: Backend, tmp_path: Path) -> None:
    async def lose_it(core: EngineCore) -> None:
        await take_evidence(core)
        await core.uploader.drain()
        for one in (backend.folder / "blobs").rglob(BLOB.removeprefix("sha256:")):
            one.unlink()
        await core.pusher.drain()
        assert len(core.desk.entries()) == 1
        await core.uploader.drain()
        assert stored(backend) == [PICTURE]

    with backend:
        asyncio.run(signed_in(backend, tmp_path / "profile"))
        asyncio.run(at_work(tmp_path / "profile", lose_it))


def test_a_file_changed_on_this_disk_is_said_and_its_command_not_sent(
    backend: Backend, tmp_path: Path
) -> None:
    root = tmp_path / "profile"

    async def spoiled(core: EngineCore) -> None:
        told = await take_evidence(core)
        (file,) = root.rglob(f"outgoing/{BLOB.removeprefix('sha256:')}")
        *kept, last = file.read_bytes()
        # sealed bytes are random: no fixed byte is sure to differ from what stands there
        file.write_bytes(bytes([*kept, last ^ 1]))
        await core.sync_once()
        entry = next(one for one in core.desk.entries() if one.command.id == told.command)
        assert (entry.status, entry.problem and entry.problem.slug) == (
            OutboxStatus.ATTENTION, "file-damaged",
        )  # fmt: skip
        (shown,) = (await core.uploader.uploads(None)).files
        assert (shown.state, shown.problem) == (FileState.FAILED, entry.problem)

    with backend, backend.client() as client:
        asyncio.run(signed_in(backend, root))
        asyncio.run(at_work(root, spoiled))
        assert uploaded(client, PICTURE).status_code == 201  # the server never had it
    assert len(stored(backend)) == 1


def test_a_file_above_the_limit_is_refused_at_once(backend: Backend, tmp_path: Path) -> None:
    async def too_much(core: EngineCore) -> None:
        with pytest.raises(TooLarge):
            await core.uploader.attach(bytes(UPLOAD_BYTES + 1), "large.bin")

    with backend:
        asyncio.run(signed_in(backend, tmp_path / "profile"))
    asyncio.run(at_work(tmp_path / "profile", too_much))


def test_the_same_bytes_attached_twice_are_one_file(backend: Backend, tmp_path: Path) -> None:
    root = tmp_path / "profile"

    async def twice(core: EngineCore) -> None:
        first = await core.uploader.attach(PICTURE, "one.png")
        assert await core.uploader.attach(PICTURE, "two.png") == first
        assert len([*root.rglob("outgoing/*")]) == 1

    with backend:
        asyncio.run(signed_in(backend, root))
    asyncio.run(at_work(root, twice))


async def case_with_a_photo_on_its_way(core: EngineCore) -> RecordId:
    """A case on this workstation, whose photograph is announced; returns the case."""
    case = core.desk.submit(
        Draft(
            kind=Kind.CASE, record=None, transition="register_lead",
            args={"title": "违停", "category": "05-05", "facts": "停放"},
        )
    )  # fmt: skip
    blob = await core.uploader.attach(PICTURE, "photo.png")
    at = format_instant(core.spine.clock.now() - timedelta(seconds=1))
    told = core.desk.submit(
        Draft(
            kind=Kind.EVIDENCE, record=None, transition="announce",
            args={
                "type": "photo", "awaited": blob.removeprefix("sha256:"), "workstation": "desk-1",
                "title": "现场照片", "case": case.record, "captured_at": at,
            },
        )
    )  # fmt: skip
    assert told.refusal is None
    return case.record


def states_under(client: httpx.Client, *records: RecordId) -> list[str]:
    return [client.get(f"/v1/records/evidence/{one}").json()["state"] for one in records]


def test_a_case_goes_on_without_its_photo_and_the_photo_follows(
    backend: Backend, tmp_path: Path
) -> None:
    root, query = tmp_path / "profile", RecordQuery(kinds=(Kind.EVIDENCE,))

    async def a_slow_line(core: EngineCore) -> None:
        case = await case_with_a_photo_on_its_way(core)
        await core.puller.connect()
        await core.pusher.drain()
        assert core.desk.entries() == ()  # the file has not moved, and nothing waits for it
        (piece,) = core.reading.query(query).views
        assert (piece.record.state, piece.record.parent_id) == ("EXPECTED", case)
        assert states_under(client, piece.record.id) == ["EXPECTED"]
        assert client.get(f"/v1/blobs/{BLOB}").status_code == 404

    async def a_better_one(core: EngineCore) -> None:
        await core.sync_once()
        assert core.desk.entries() == ()
        (piece,) = core.reading.query(query).views
        assert states_under(client, piece.record.id) == ["HELD"]
        assert client.get(f"/v1/blobs/{BLOB}").content == PICTURE
        await core.sync_once()  # told once

    with backend, backend.client() as client:
        asyncio.run(signed_in(backend, root))
        asyncio.run(at_work(root, a_slow_line))
        asyncio.run(at_work(root, a_better_one))


def test_two_records_that_await_the_same_bytes_are_told_by_one_upload(
    backend: Backend, tmp_path: Path
) -> None:
    async def shared(core: EngineCore) -> None:
        for _ in range(2):
            await case_with_a_photo_on_its_way(core)
        await core.sync_once()
        assert core.desk.entries() == ()
        views = core.reading.query(RecordQuery(kinds=(Kind.EVIDENCE,))).views
        assert states_under(client, *(one.record.id for one in views)) == ["HELD", "HELD"]
        assert stored(backend) == [PICTURE]

    with backend, backend.client() as client:
        asyncio.run(signed_in(backend, tmp_path / "profile"))
        asyncio.run(at_work(tmp_path / "profile", shared))


def test_an_announcement_gives_nobody_anothers_file(client: httpx.Client) -> None:
    secret = b"%PDF- named by its hash alone"
    assert uploaded(client, secret).status_code == 201
    lead = {"title": "违停", "category": "05-05", "facts": "停放"}
    case = report(kind="case", transition="register_lead", args=lead)
    args = {
        "type": "document", "title": "询问笔录", "case": case["record"], "workstation": "desk-9",
        "awaited": blob_of(secret).removeprefix("sha256:"),
        "captured_at": format_instant(datetime.now(UTC) - timedelta(seconds=1)),
    }  # fmt: skip
    told = report(kind="evidence", transition="announce", args=args)
    results = push(client, case, told).json()["results"]
    assert [one["status"] for one in results] == ["applied", "applied"]
    assert client.get(f"/v1/blobs/{blob_of(secret)}").status_code == 404

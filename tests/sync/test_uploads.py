"""Attached files against a real backend: kept offline, sealed, sent once, before their command."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.backend.process import PASSWORD, Backend, push, report, with_officer
from tests.ports import lasting_port
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import TooLarge, Unavailable
from xiuzhou_desktop.client.session import open_profile, sign_in
from xiuzhou_desktop.client.views import Draft, OutboxStatus, Submitted
from xiuzhou_desktop.contract.uploads import CHECKSUM, UPLOAD_BYTES, UPLOAD_TYPE, checksum_of
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Kind

PICTURE = b"\x89PNG\r\n\x1a\n the pixels of a tile"
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


async def take_evidence(core: EngineCore) -> Submitted:
    """A report, and the picture that proves it, as the wall makes them."""
    told = core.desk.submit(
        Draft(
            kind=Kind.FLAG, record=None, transition="report",
            args={"category": "05-05", "address": "中山西路", "channel": "patrol"},
        )
    )  # fmt: skip
    blob = await core.uploader.attach(PICTURE, "C-0137.png")
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


def uploaded(client: httpx.Client, content: bytes, **headers: str) -> httpx.Response:
    sent = {"Content-Type": UPLOAD_TYPE, CHECKSUM: checksum_of(content)} | headers
    return client.post("/v1/uploads", content=content, headers=sent)


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
    assert uploaded(client, PICTURE).json() == {"blob": BLOB, "size": len(PICTURE)}
    assert push(client, command).json()["results"][0]["status"] == "applied"


def test_an_upload_alone_is_readable_by_nobody(client: httpx.Client) -> None:
    blob = uploaded(client, b"nobody names me").json()["blob"]
    assert client.get(f"/v1/blobs/{blob}").status_code == 404


@pytest.mark.parametrize(
    ("content", "headers", "slug"),
    [
        (b"1", {CHECKSUM: checksum_of(b"others")}, "blob-mismatch"),
        (b"2", {CHECKSUM: "md5 AAAA"}, "bad-parameter"),
        (b"3", {CHECKSUM: "sha256 no base64"}, "bad-parameter"),
        (b"4", {"Content-Type": "image/png"}, "unsupported-media"),
        (bytes(UPLOAD_BYTES + 100_000), {}, "too-large"),
        (b"6", {"Authorization": "Bearer x"}, "signed-out"),
    ],
    ids=["other-bytes", "other-hash", "no-base64", "other-type", "too-large", "signed-out"],
)
def test_a_bad_upload_keeps_nothing(
    server: Backend, client: httpx.Client, content: bytes, headers: dict[str, str], slug: str
) -> None:
    assert uploaded(client, content, **headers).json()["slug"] == slug
    assert content not in stored(server)


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

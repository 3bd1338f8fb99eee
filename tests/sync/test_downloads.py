"""Files that an officer opens, from a real backend over a line that does what a test wants."""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.backend.at_console import at_console
from tests.backend.process import ANSWER_S, PASSWORD, Backend, push, report, with_officer
from tests.sync.test_uploads import blob_of, evidence, signed_in, uploaded
from tests.unit.client.test_small_parts import HandClocks
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import ClientError, TooLarge, Unavailable, WrongServer
from xiuzhou_desktop.client.sealed_file import CHUNK_BYTES
from xiuzhou_desktop.client.session import open_profile

PAPER = b"%PDF-1.7 " + bytes(range(256)) * (CHUNK_BYTES * 7 // 2 // 256)
PATH = f"/v1/blobs/{blob_of(PAPER)}"
Spoil = Callable[[httpx.Response], httpx.Response]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """With the paper in it, and a quota of two files of its length."""
    folder = with_officer(tmp_path_factory.mktemp("downloads") / "data")
    account = ("user", "add", "it", "--role", "administrator")
    assert at_console(folder, *account, stdin=f"{PASSWORD}\n").returncode == 0
    with Backend(folder) as one:
        with one.client() as client:
            assert uploaded(client, PAPER).status_code == 201
            flag = report()
            told = push(client, flag, evidence(flag["record"], PAPER)).json()["results"]
            assert [each["status"] for each in told] == ["applied", "applied"]
        yield one


@pytest.fixture
def root(server: Backend, tmp_path: Path) -> Path:
    asyncio.run(signed_in(server, tmp_path / "profile"))
    return tmp_path / "profile"


class Line:
    """Carries to the real server; counts ranges, cuts and spoils answers of the paper."""

    def __init__(self, server: Backend) -> None:
        self.asked: list[str] = []
        self.cut_after: int | None = None
        self.spoil: Spoil = lambda answer: answer
        self._url = server.url

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        is_paper = request.url.path == PATH.replace("sha256:", "")
        if is_paper and len(self.asked) == self.cut_after:
            raise httpx.ConnectError("cut", request=request)
        async with httpx.AsyncClient(base_url=self._url, trust_env=False, timeout=ANSWER_S) as real:
            answer = await real.request(
                request.method, request.url.path, params=request.url.params,
                headers=request.headers, content=request.content,
            )  # fmt: skip
        if not is_paper:
            return answer
        self.asked.append(request.headers.get("range", ""))
        return self.spoil(answer)


def at_work(root: Path, line: Line, do: Callable[[EngineCore], Awaitable[None]]) -> None:
    """One life of the engine."""

    async def life() -> None:
        core = EngineCore(open_profile(root), transport=line.transport())
        try:
            await do(core)
        finally:
            await core.close()

    asyncio.run(life())


async def gets_it(core: EngineCore) -> None:
    assert await core.fetch(PATH) == PAPER


def files_of(root: Path) -> list[Path]:
    return [one for one in root.rglob("files/*") if one.is_file()]


def test_a_file_comes_in_parts_goes_on_after_a_cut_and_is_kept_sealed(
    server: Backend, root: Path
) -> None:
    line = Line(server)
    line.cut_after = 2

    async def cut(core: EngineCore) -> None:
        with pytest.raises(Unavailable):
            await core.fetch(PATH)

    at_work(root, line, cut)
    line.asked, line.cut_after = [], None
    at_work(root, line, gets_it)
    bounds = [CHUNK_BYTES * number for number in range(1, 5)]
    assert line.asked == [f"bytes={at}-{at + CHUNK_BYTES - 1}" for at in bounds[:3]]
    assert not any(PAPER[:64] in one.read_bytes() for one in files_of(root))
    line.asked, line.cut_after = [], 0
    at_work(root, line, gets_it)
    assert line.asked == []


def test_a_damaged_file_is_noticed_and_brought_anew(server: Backend, root: Path) -> None:
    line = Line(server)
    at_work(root, line, gets_it)
    (kept,) = files_of(root)
    content = bytearray(kept.read_bytes())
    content[CHUNK_BYTES * 2] ^= 1
    kept.write_bytes(content)
    at_work(root, line, gets_it)
    assert len(line.asked) == 8


def test_damage_in_what_an_earlier_day_brought_costs_no_more_than_the_way(
    server: Backend, root: Path
) -> None:
    line = Line(server)
    line.cut_after = 3

    async def cut(core: EngineCore) -> None:
        with pytest.raises(Unavailable):
            await core.fetch(PATH)

    at_work(root, line, cut)
    (begun,) = files_of(root)
    content = bytearray(begun.read_bytes())
    content[CHUNK_BYTES // 2] ^= 1
    begun.write_bytes(content)
    line.cut_after = None
    at_work(root, line, gets_it)


def test_a_server_without_ranges_gives_all_of_it(server: Backend, root: Path) -> None:
    line = Line(server)
    line.spoil = lambda _: httpx.Response(200, content=PAPER)
    at_work(root, line, gets_it)
    assert len(line.asked) == 1


def _other_bytes(answer: httpx.Response) -> httpx.Response:
    return _again(answer, answer.content[:-1] + bytes([answer.content[-1] ^ 1]))


def _short(answer: httpx.Response) -> httpx.Response:
    return _again(answer, answer.content[:-1])


def _again(answer: httpx.Response, content: bytes) -> httpx.Response:
    told = {"content-range": answer.headers["content-range"]}
    return httpx.Response(206, content=content, headers=told)


@pytest.mark.parametrize(
    ("spoil", "slug"),
    [
        (_other_bytes, "blob-damaged"),
        (_short, "blob-cut"),
        (lambda answer: httpx.Response(200, content=b""), "blob-cut"),
        (lambda answer: httpx.Response(200, content=PAPER[:-1]), "blob-damaged"),
        (lambda answer: httpx.Response(206, content=b"x"), "blob-damaged"),
    ],
    ids=["other-bytes", "short", "empty", "short-whole", "a-part-of-nothing"],
)
def test_what_is_not_the_file_is_never_shown(
    server: Backend, root: Path, spoil: Spoil, slug: str
) -> None:
    line = Line(server)
    line.spoil = spoil

    async def refused(core: EngineCore) -> None:
        with pytest.raises(WrongServer) as told:
            await core.fetch(PATH)
        assert told.value.slug == slug

    at_work(root, line, refused)
    assert not any(one.name == hashlib.sha256(PAPER).hexdigest() for one in files_of(root))
    line.spoil = lambda answer: answer
    at_work(root, line, gets_it)


def test_a_part_on_its_way_while_rights_are_taken_leaves_nothing(
    server: Backend, root: Path
) -> None:
    line = Line(server)

    async def taken(core: EngineCore) -> None:
        def let_go(answer: httpx.Response) -> httpx.Response:
            if len(line.asked) == 1:
                core.spine.files.clear()
            return answer

        line.spoil = let_go
        with pytest.raises(Unavailable):
            await core.fetch(PATH)

    at_work(root, line, taken)
    assert files_of(root) == []
    line.spoil = lambda answer: answer
    at_work(root, line, gets_it)


def test_a_failing_disk_is_said_and_keeps_nobody_out(server: Backend, root: Path) -> None:
    line = Line(server)

    async def said(core: EngineCore) -> None:
        with pytest.raises(Unavailable) as told:
            await core.fetch(PATH)
        assert told.value.slug == "disk"

    folder = open_and_close(root) / "files"
    kept = folder / hashlib.sha256(PAPER).hexdigest()
    kept.mkdir(parents=True)  # can neither be read nor replaced
    at_work(root, line, said)
    shutil.rmtree(folder)
    folder.write_bytes(b"")  # nor can anything be looked up in it
    at_work(root, line, said)


def open_and_close(root: Path) -> Path:
    """The folder of the profile."""
    profile = open_profile(root)
    profile.close()
    return profile.folder


def test_copies_of_earlier_builds_go_at_the_start(server: Backend, root: Path) -> None:
    copies = open_and_close(root) / "blobs"
    copies.mkdir(exist_ok=True)
    (copies / "copy").write_bytes(b"sealed")

    async def nothing(_: EngineCore) -> None:
        assert not copies.exists()

    at_work(root, Line(server), nothing)


def test_what_nobody_opens_goes_while_the_program_runs_offline(root: Path) -> None:
    async def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("cut", request=request)

    async def life() -> None:
        clocks, profile = HandClocks(), open_profile(root)
        folder = profile.folder / "files"
        folder.mkdir()
        old, young = folder / "old", folder / "young"
        for file, age in ((old, 31), (young, 0)):
            file.write_bytes(b"sealed")
            os.utime(file, times=(0, (clocks.now - timedelta(days=age)).timestamp()))
        core = EngineCore(profile, transport=httpx.MockTransport(cut), clocks=clocks, pace=1e-4)
        loops = asyncio.create_task(core.run())
        async with asyncio.timeout(ANSWER_S):
            await gone(old)
            assert young.exists()
            clocks.now += timedelta(days=31)
            await gone(young)
        loops.cancel()
        await asyncio.gather(loops, return_exceptions=True)
        await core.close()

    asyncio.run(life())


async def gone(file: Path) -> None:
    """Looked for until it is not there."""
    while file.exists():
        await asyncio.sleep(0.01)


def test_a_quota_smaller_than_the_file_is_said(server: Backend, root: Path) -> None:
    with server.client("it") as client:
        args = {"name": "file_cache_mb", "value": 2}
        told = push(client, report(kind="setting", transition="define", args=args)).json()
        assert told["results"][0]["status"] == "applied", told

    async def refused(core: EngineCore) -> None:
        await core.sync_once()
        with pytest.raises(ClientError) as said:
            await core.fetch(PATH)
        assert isinstance(said.value, TooLarge)
        assert said.value.slug == "file-quota"
        assert said.value.facts == {"quota_mb": 2, "size_mb": 4, "stays_mb": 0}

    at_work(root, Line(server), refused)
    assert files_of(root) == []

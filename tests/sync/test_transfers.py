"""Files on their way against a real backend: held back, let go, slowed, and told; records never
wait for any of it.
"""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.backend.process import ANSWER_S, ROOT, Backend, with_officer
from tests.sync.test_uploads import (
    BLOB,
    PAPER,
    PICTURE,
    at_work,
    blob_of,
    case_with_a_photo_on_its_way,
    signed_in,
    take_evidence,
)
from tests.unit.client.test_small_parts import HandClocks
from xiuzhou_desktop.client import line
from xiuzhou_desktop.client.engine import EngineCore, transfers
from xiuzhou_desktop.client.errors import ServerFailed
from xiuzhou_desktop.client.line import LEAST_BYTES, Allowed
from xiuzhou_desktop.client.session import open_profile
from xiuzhou_desktop.client.uploads import FileState, Pause, Resume, Uploads, load_held
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.contract.uploads import Uploaded
from xiuzhou_desktop.domain.envelope import Kind

SLOW = Allowed(bytes_per_s=LEAST_BYTES)
LONG = b"%PDF-1.7 " + bytes(range(256)) * 16 * 1024  # four megabytes: a minute at that limit
LONGER = LONG * 8  # lifted long before its nine minutes are over
HOLD_AND_HANG = """
import asyncio, sys, time
from pathlib import Path
from xiuzhou_desktop.client.engine import EngineCore, transfers
from xiuzhou_desktop.client.session import open_profile
from xiuzhou_desktop.client.uploads import Pause

async def hold():
    core = EngineCore(open_profile(Path(sys.argv[1])))
    await core.uploader.uploads(Pause())
    print("held", flush=True)
    time.sleep(3600)

asyncio.run(hold())
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with Backend(with_officer(tmp_path_factory.mktemp("transfers") / "data")) as one:
        yield one


@pytest.fixture
def root(server: Backend, tmp_path: Path) -> Path:
    """A workstation that has been online once."""
    asyncio.run(signed_in(server, tmp_path))
    return tmp_path


def states(told: Uploads) -> dict[str, FileState]:
    return {one.blob: one.state for one in told.files}


async def reported(core: EngineCore) -> None:
    """A record of this workstation arrives at the server."""
    args = {"category": "05-05", "address": "中山西路", "channel": "patrol"}
    told = core.desk.submit(Draft(kind=Kind.FLAG, record=None, transition="report", args=args))
    await until(lambda: told.command not in {one.command.id for one in core.desk.entries()})


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(ANSWER_S):
        while not holds():
            await asyncio.sleep(0.01)  # the other threads have the core meanwhile


async def running(core: EngineCore, do: Callable[[EngineCore], Awaitable[None]]) -> None:
    """With the loops of the engine."""
    loops = asyncio.create_task(core.run())
    try:
        await do(core)
    finally:
        loops.cancel()
        await asyncio.gather(loops, return_exceptions=True)


def test_what_is_held_back_stays_after_a_kill_and_goes_when_it_is_let_go(root: Path) -> None:
    async def attached_offline(core: EngineCore) -> None:
        await take_evidence(core)
        (one,) = (await core.uploader.uploads(None)).files
        assert (one.name, one.size, one.sent) == ("C-0137.png", len(PICTURE), 0)
        assert (one.state, one.kind, one.title) == (FileState.WAITING, Kind.EVIDENCE, "C-0137")
        assert one.about.startswith("浙F·53418")  # the flag that was reported

    async def after_the_kill(core: EngineCore) -> None:
        told = await core.uploader.uploads(None)
        assert told.is_held
        assert states(told) == {BLOB: FileState.PAUSED}
        await core.sync_once()
        (left,) = core.desk.entries()  # the report needed no file and is there
        assert left.command.kind is Kind.EVIDENCE
        assert states(await core.uploader.uploads(None)) == {BLOB: FileState.PAUSED}
        assert not (await core.uploader.uploads(Resume())).is_held
        await core.sync_once()
        assert core.desk.entries() == ()
        assert (await core.uploader.uploads(None)).files == ()

    asyncio.run(at_work(root, attached_offline))
    command = [sys.executable, "-c", HOLD_AND_HANG, str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.send_signal(signal.SIGKILL)
    asyncio.run(at_work(root, after_the_kill))


def test_one_file_is_held_back_and_the_others_go(root: Path) -> None:
    async def two(core: EngineCore) -> None:
        await take_evidence(core)
        await take_evidence(core, PAPER)
        await core.uploader.uploads(Pause(blob=BLOB))
        await core.sync_once()
        assert states(await core.uploader.uploads(None)) == {BLOB: FileState.PAUSED}
        await core.uploader.uploads(Resume(blob=BLOB))
        await core.sync_once()
        assert core.desk.entries() == ()

    asyncio.run(at_work(root, two))


def test_of_all_that_is_held_back_one_may_go_alone(root: Path) -> None:
    async def two(core: EngineCore) -> None:
        await take_evidence(core)
        await case_with_a_photo_on_its_way(core)
        await take_evidence(core, PAPER)
        await core.uploader.uploads(Pause())
        told = await core.uploader.uploads(Resume(blob=blob_of(PAPER)))
        assert states(told) == {BLOB: FileState.PAUSED, blob_of(PAPER): FileState.WAITING}
        await core.sync_once()
        assert states(await core.uploader.uploads(None)) == {BLOB: FileState.PAUSED}

    asyncio.run(at_work(root, two))


def test_a_pause_is_heeded_in_the_midst_of_a_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "MOST_BYTES", 4000)

    async def interrupted(core: EngineCore) -> None:
        await take_evidence(core, PAPER)
        send = core.api.upload_part

        async def then_pause(place: str, offset: int, part: bytes) -> int:
            reached = await send(place, offset, part)
            await core.uploader.uploads(Pause())
            return reached

        with monkeypatch.context() as patch:
            patch.setattr(core.api, "upload_part", then_pause)
            await core.sync_once()
        (one,) = (await core.uploader.uploads(None)).files
        assert (one.state, one.sent) == (FileState.PAUSED, 8000)

    async def later(core: EngineCore) -> None:
        (one,) = (await core.uploader.uploads(None)).files
        assert (one.state, one.sent) == (FileState.PAUSED, None)  # nobody has asked the server yet
        await core.uploader.uploads(Resume())
        await core.sync_once()
        assert core.desk.entries() == ()

    asyncio.run(at_work(root, interrupted))
    asyncio.run(at_work(root, later))


def test_a_pause_is_heeded_by_the_files_that_have_not_begun(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, sent = list[str](), list[str]()

    async def queued(core: EngineCore) -> None:
        await take_evidence(core)
        await take_evidence(core, PAPER)
        begins, send = core.transfers.begins, core.api.begin_upload

        def noted(blob: str) -> None:
            tried.append(blob)
            begins(blob)

        async def then_pause(digest: str, size: int, part: bytes) -> Uploaded:
            sent.append(f"sha256:{digest}")
            told = await send(digest, size, part)
            await core.uploader.uploads(Pause())
            return told

        monkeypatch.setattr(core.transfers, "begins", noted)
        monkeypatch.setattr(core.api, "begin_upload", then_pause)
        await core.uploader.drain()
        assert (sent, tried) == ([BLOB], [BLOB])
        assert states(await core.uploader.uploads(None)) == {blob_of(PAPER): FileState.PAUSED}

    asyncio.run(at_work(root, queued))


def test_a_file_that_is_held_back_while_it_waits_to_begin_does_not_begin(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = list[str]()

    async def begun(digest: str, size: int, _part: bytes) -> Uploaded:
        sent.append(digest)
        return Uploaded(location="/v1/uploads/1", offset=size)

    async def limited() -> None:
        core = EngineCore(open_profile(root), clocks=HandClocks())

        async def paused(*_: object) -> bool:
            await core.uploader.uploads(Pause())
            return True

        monkeypatch.setattr(transfers, "woken", paused)
        monkeypatch.setattr(core.api, "begin_upload", begun)
        await core.uploader.uploads(SLOW)
        core.transfers.line.book(LEAST_BYTES)  # what another file has just sent
        await take_evidence(core)
        await core.uploader.drain()
        assert states(await core.uploader.uploads(None)) == {BLOB: FileState.PAUSED}
        await core.close()

    asyncio.run(limited())
    assert sent == []


def test_a_part_is_booked_once_whatever_is_said_of_other_files(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = HandClocks()

    async def waits() -> None:
        core = EngineCore(open_profile(root), clocks=clocks)
        said = iter([Pause(blob=blob_of(PAPER)), Resume(blob=blob_of(PAPER))])

        async def woken(_: asyncio.Event, within_s: float) -> bool:
            word = next(said, None)
            clocks.pass_s(within_s if word is None else 0.25)
            if word is not None:
                await core.uploader.uploads(word)
            return word is not None

        monkeypatch.setattr(transfers, "woken", woken)
        await core.uploader.uploads(SLOW)
        core.transfers.line.book(LEAST_BYTES)
        began_s = clocks.monotonic_s()
        assert await core.transfers.turn(BLOB, LEAST_BYTES)
        assert clocks.monotonic_s() - began_s == 1.0
        assert core.transfers.line.book(0) == 1.0  # of this part alone
        await core.close()

    asyncio.run(waits())


def test_a_file_that_is_let_go_of_is_no_longer_held_back(root: Path) -> None:
    async def held_and_gone(core: EngineCore) -> None:
        await core.uploader.attach(PICTURE, "photo.png")
        await core.uploader.attach(LONG, "long.pdf")
        await core.uploader.uploads(Pause(blob=BLOB))
        await core.uploader.uploads(Pause(blob=blob_of(LONG)))
        core.spine.attachments.forget(core.spine.clocks.wall(), {blob_of(LONG)})
        assert not core.spine.attachments.is_kept(BLOB)

    async def attached_anew(core: EngineCore) -> None:
        await take_evidence(core)
        assert states(await core.uploader.uploads(None)) == {BLOB: FileState.WAITING}
        await take_evidence(core, PAPER)
        await core.uploader.uploads(Pause(blob=blob_of(PAPER)))
        held = load_held(core.spine.profile.folder).blobs
        assert held == {blob_of(LONG), blob_of(PAPER)}

    asyncio.run(at_work(root, held_and_gone))
    asyncio.run(at_work(root, attached_anew))


def test_a_file_takes_as_long_as_the_limit_says(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks, parts = HandClocks(), list[int]()

    async def rests(_: asyncio.Event, within_s: float) -> bool:
        clocks.pass_s(within_s)
        return False

    monkeypatch.setattr(transfers, "woken", rests)

    async def slowed() -> None:
        core = EngineCore(open_profile(root), clocks=clocks)
        await core.uploader.uploads(SLOW)
        await take_evidence(core, LONG)
        book = core.transfers.line.book

        def noted(size: int) -> float:
            parts.append(size)
            return book(size)

        monkeypatch.setattr(core.transfers.line, "book", noted)
        began_s = clocks.monotonic_s()
        await core.uploader.drain()
        took_s = clocks.monotonic_s() - began_s
        await core.close()
        assert (sum(parts), max(parts)) == (len(LONG), LEAST_BYTES)
        assert took_s == pytest.approx((len(LONG) - parts[-1]) / LEAST_BYTES)

    asyncio.run(slowed())


def test_a_limit_slows_no_record_and_may_be_lifted_while_a_file_is_under_way(root: Path) -> None:
    async def lifted(core: EngineCore) -> None:
        await core.uploader.uploads(SLOW)
        await take_evidence(core, LONGER)

        async def while_it_goes(core: EngineCore) -> None:
            def is_begun() -> bool:
                return any(one.sent for one in core.transfers.shown().files)

            await until(is_begun)
            await reported(core)
            (one,) = (await core.uploader.uploads(None)).files
            assert one.state is FileState.UPLOADING
            assert one.sent is not None
            assert 0 < one.sent < one.size
            await core.uploader.uploads(Allowed())
            await until(lambda: core.desk.entries() == ())

        await running(core, while_it_goes)

    asyncio.run(at_work(root, lifted))


def test_a_file_at_which_the_server_fails_says_so_and_is_tried_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise ServerFailed

    async def tried(core: EngineCore) -> None:
        await take_evidence(core)
        with monkeypatch.context() as patch:
            patch.setattr(core.api, "begin_upload", fails)
            assert not await core.uploader.drain()
        (one,) = (await core.uploader.uploads(None)).files
        assert (one.state, one.problem and one.problem.slug) == (
            FileState.WAITING, "server-failed",
        )  # fmt: skip
        await core.sync_once()
        assert core.desk.entries() == ()

    asyncio.run(at_work(root, tried))

"""Announced files on the workstation that has them: kept while anything may ask for them, sent for
their announcer alone, told once, and what hinders it is said.
"""

import asyncio
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.network import Network
from tests.sync.test_engine import signed_in
from tests.sync.test_uploads import BLOB, PICTURE, case_with_a_photo_on_its_way
from tests.unit.domain.builders import DUTY, MORNING, rid
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import Rejected, Unavailable
from xiuzhou_desktop.client.session import open_profile
from xiuzhou_desktop.client.sync.entry import Entry
from xiuzhou_desktop.client.uploads import FileState
from xiuzhou_desktop.client.views import OutboxStatus, Remedy
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.uploads import Uploaded
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import EvidenceBody, EvidenceState, EvidenceType
from xiuzhou_desktop.domain.ids import RecordId

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
CASE = RecordId(rid(50))


def awaited_by(user: str, number: int, state: EvidenceState = EvidenceState.EXPECTED) -> Record:
    """A piece of evidence whose file is PICTURE."""
    body = EvidenceBody(
        case=CASE, type=EvidenceType.PHOTO, captured_at=MORNING, workstation="desk-1",
        awaited=BLOB.removeprefix("sha256:"),
    )  # fmt: skip
    is_closed = state is EvidenceState.EXCLUDED
    return Record(
        kind=Kind.EVIDENCE, id=rid(number), state=state.value, opened_at=MORNING, parent_id=CASE,
        assignee=user, closed_at=MORNING if is_closed else None, body=body,
    )  # fmt: skip


@pytest.fixture
def network() -> Network:
    return Network(DistrictServer(MORNING, DUTY.grants, DUTY))


async def begun(network: Network, root: Path) -> EngineCore:
    """A workstation at the horizon that has kept PICTURE for very long."""
    core = EngineCore(await signed_in(network, root), transport=network.transport())
    await core.sync_once()
    await core.uploader.attach(PICTURE, "photo.png")
    age(core)
    return core


def age(core: EngineCore) -> None:
    kept = core.spine.attachments.of(BLOB)
    core.spine.attachments.keep(msgspec.structs.replace(kept, saved_at=LONG_AGO))


async def is_kept_at_the_next_start(core: EngineCore, root: Path) -> bool:
    await core.close()
    again = EngineCore(open_profile(root))
    content = await again.uploader.content(f"/v1/blobs/{BLOB}")
    await again.close()
    assert content in {PICTURE, None}
    return content is not None


def test_an_old_file_that_nothing_names_goes(network: Network, tmp_path: Path) -> None:
    async def run() -> None:
        core = await begun(network, tmp_path)
        assert not await is_kept_at_the_next_start(core, tmp_path)

    asyncio.run(run())


@pytest.mark.parametrize("status", [OutboxStatus.QUEUED, OutboxStatus.REFUSED])
def test_an_old_file_stays_while_its_announcement_is_unsettled(
    network: Network, tmp_path: Path, status: OutboxStatus
) -> None:
    async def run() -> None:
        core = await begun(network, tmp_path)
        await case_with_a_photo_on_its_way(core)
        age(core)
        *_, announced = core.spine.outbox.pending()
        core.spine.outbox.write(msgspec.structs.replace(announced, status=status))
        assert await is_kept_at_the_next_start(core, tmp_path)

    asyncio.run(run())


@pytest.mark.parametrize("state", [EvidenceState.EXPECTED, EvidenceState.EXCLUDED])
def test_an_old_file_stays_while_a_record_may_ask_for_it(
    network: Network, tmp_path: Path, state: EvidenceState
) -> None:
    network.server.put(awaited_by(DUTY.user, 3, state))

    async def run() -> None:
        core = await begun(network, tmp_path)
        assert await is_kept_at_the_next_start(core, tmp_path)

    asyncio.run(run())


def test_an_old_file_stays_where_excluded_evidence_was_evicted(
    network: Network, tmp_path: Path
) -> None:
    network.server.put(awaited_by(DUTY.user, 3, EvidenceState.EXCLUDED))

    async def run() -> None:
        core = await begun(network, tmp_path)
        assert core.spine.feed.evict(1) == 1
        assert await is_kept_at_the_next_start(core, tmp_path)

    asyncio.run(run())


def arrivals(core: EngineCore) -> list[Entry]:
    return [one for one in core.spine.outbox.active() if one.command.transition == "arrive"]


async def begun_with(network: Network, root: Path, *records: Record) -> EngineCore:
    """The same with these records; the server has the file."""
    network.server.put(*records)
    core = await begun(network, root)
    core.spine.attachments.sent(BLOB, network.server.epoch)
    return core


def test_nobody_gets_a_file_by_naming_it_nor_hides_ours(network: Network, tmp_path: Path) -> None:
    others = [awaited_by("a colleague", number) for number in range(1000, 1510)]

    async def run() -> None:
        core = await begun_with(network, tmp_path, *others, awaited_by(DUTY.user, 2000))
        await core.uploader.drain()
        assert [one.command.record for one in arrivals(core)] == [rid(2000)]
        await core.close()

    asyncio.run(run())


def test_an_arrival_that_was_given_up_is_not_told_again(network: Network, tmp_path: Path) -> None:
    async def run() -> None:
        core = await begun_with(network, tmp_path, awaited_by(DUTY.user, 3))
        await core.uploader.drain()
        (told,) = arrivals(core)
        core.spine.outbox.write(msgspec.structs.replace(told, status=OutboxStatus.REFUSED))
        core.desk.resolve(told.id, Remedy.THEIRS, None)
        core.spine.attachments.missed(BLOB)
        assert await core.uploader.drain()  # nor is the file sent: this network takes none
        assert arrivals(core) == []
        await core.close()

    asyncio.run(run())


def test_a_refused_file_goes_up_once_and_what_hinders_its_arrival_is_said(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    sent: list[str] = []

    async def refuse(digest: str, _size: int, _part: bytes) -> Uploaded:
        sent.append(digest)
        raise Rejected(Problem(slug="unsupported-file"))

    async def run() -> None:
        network.server.put(awaited_by(DUTY.user, 3))
        core = await begun(network, tmp_path)
        monkeypatch.setattr(core.api, "begin_upload", refuse)
        monkeypatch.setattr(core.claims, "refusal", lambda _record: Refusal(slug="claimed"))
        for _ in range(2):
            await core.uploader.drain()
        said = [one.__dict__ for one in caplog.records if one.message == "an arrival is refused"]
        assert [(one["record"], one["slug"]) for one in said] == [(rid(3), "claimed")]
        (shown,) = (await core.uploader.uploads(None)).files
        assert (shown.state, shown.sent) == (FileState.REFUSED, 0)
        assert shown.problem is not None and shown.problem.slug == "unsupported-file"
        monkeypatch.setattr(core.claims, "refusal", lambda _record: None)
        await core.uploader.drain()
        (entry,) = core.desk.entries()
        assert (entry.status, entry.problem and entry.problem.slug) == (
            OutboxStatus.ATTENTION, "unsupported-file",
        )  # fmt: skip
        await core.uploader.drain()
        assert len(sent) == 1
        core.desk.resolve(entry.command.id, Remedy.MINE, None)  # a person wants it tried again
        await core.uploader.drain()
        assert len(sent) == 2
        await core.close()

    asyncio.run(run())


def test_an_arrival_is_told_before_the_next_file_goes(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = b"%PDF-1.7 the second"
    record = awaited_by(DUTY.user, 4)
    assert isinstance(record.body, EvidenceBody)
    digest = hashlib.sha256(other).hexdigest()
    body = msgspec.structs.replace(record.body, awaited=digest)
    network.server.put(awaited_by(DUTY.user, 3), msgspec.structs.replace(record, body=body))

    async def run() -> None:
        core = await begun(network, tmp_path)
        await core.uploader.attach(other, "second.pdf")
        told = list[int]()

        async def one_gets_through(_digest: str, size: int, _part: bytes) -> Uploaded:
            told.append(len(arrivals(core)))
            if len(told) > 1:
                raise Unavailable("unreachable")
            return Uploaded(location="/v1/uploads/1", offset=size)

        monkeypatch.setattr(core.api, "begin_upload", one_gets_through)
        with pytest.raises(Unavailable):
            await core.uploader.drain()
        assert told == [0, 1]
        await core.close()

    asyncio.run(run())


def test_a_file_that_is_there_stays_in_the_list_until_its_arrival_is_told(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        core = await begun_with(network, tmp_path, awaited_by(DUTY.user, 3))
        monkeypatch.setattr(core.claims, "refusal", lambda _record: Refusal(slug="claimed"))
        await core.uploader.drain()
        (shown,) = (await core.uploader.uploads(None)).files
        assert (shown.record, shown.sent) == (rid(3), len(PICTURE))
        assert shown.problem is not None and shown.problem.slug == "claimed"
        monkeypatch.setattr(core.claims, "refusal", lambda _record: None)
        await core.uploader.drain()
        assert (await core.uploader.uploads(None)).files == ()
        await core.close()

    asyncio.run(run())

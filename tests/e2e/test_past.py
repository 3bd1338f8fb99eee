"""A panel asks for the list as it stood: the engine asks the server, and offline it says so."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.backend.process import PASSWORD, Backend, push, report, with_officer
from tests.e2e.waits import until, until_delivered
from xiuzhou_desktop.client.engine import EngineThread
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.client.session import sign_in
from xiuzhou_desktop.client.views import Draft, Link, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind


def queue(at: datetime | None = None) -> RecordQuery:
    return RecordQuery(kinds=(Kind.FLAG,), is_open=True, at=at)


def pending(at: datetime) -> RecordQuery:
    """Of the past: nothing of ours had happened."""
    return RecordQuery(kinds=(Kind.FLAG,), pending=True, at=at)


def test_the_queue_as_it_stood_and_offline_a_sentence(tmp_path: Path) -> None:
    folder = with_officer(tmp_path / "district")

    async def run() -> None:
        with Backend(folder) as backend:
            with backend.client() as client:
                push(client, report("中山西路 1 号"), report("中山西路 2 号"))
            profile = await sign_in(backend.url, "duty", PASSWORD, "ws", tmp_path / "ws")
            engine = EngineThread(profile)
            await asyncio.to_thread(engine.start)
            try:
                await until(lambda: engine.link.link is Link.ONLINE, "online")
                before = datetime.now(UTC)
                (view, _) = (await engine.query(queue())).views
                draft = Draft(kind=Kind.FLAG, record=view.record.id, transition="dismiss")
                await engine.submit(draft)
                await until_delivered(engine)
                assert (await engine.query(queue())).total == 1
                then = await engine.query(queue(before))
                assert then.total == 2
                assert {one.record.state for one in then.views} == {"DETECTED"}
                dismissed = view.record.id
                assert await engine.counts((queue(), queue(before), pending(before))) == (1, 2, 0)
                places = [one.record.id for one in then.views]
                assert await engine.position(queue(before), dismissed) == places.index(dismissed)
                assert await engine.position(queue(), dismissed) is None
                everything = RecordQuery(kinds=(), at=before)
                assert dismissed in {
                    one.record.id for one in (await engine.query(everything)).views
                }
                backend.kill()
                await until(lambda: engine.link.link is Link.OFFLINE, "offline")
                with pytest.raises(Unavailable) as said:
                    await engine.counts((queue(before),))
                assert said.value.slug == "past-needs-server"
            finally:
                await asyncio.to_thread(engine.stop)

    asyncio.run(run())

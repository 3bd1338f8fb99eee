"""A server that lies, floods, or is somebody else's: said as the link's reason, memory bounded, and
nothing of what it answered is applied. When it comes to its senses, work goes on.
"""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.network import Network
from tests.sync.test_engine import FLAGS, flag, signed_in
from tests.unit.domain.builders import DUTY, MORNING, rid
from xiuzhou_desktop.client.api import Api, Transport
from xiuzhou_desktop.client.api.transport import JSON_LIMIT, LINE_LIMIT, Ask
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import ClientError, WrongServer
from xiuzhou_desktop.client.session import MemoryTokens
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.contract.session import Tokens
from xiuzhou_desktop.domain.envelope import Kind

Page = dict[str, Any]
Twist = Callable[[Page], object]
DEEP = "[" * 200_000


def first(page: Page) -> Page:
    """The record of the page's first change."""
    record: Page = page["changes"][0]["record"]
    return record


def seq_goes_back(page: Page) -> Page:
    page["changes"].append(page["changes"][0] | {"seq": 1})
    return page


def changed(**values: object) -> Twist:
    def twist(page: Page) -> Page:
        return page | values

    return twist


def record_with(**values: object) -> Twist:
    def twist(page: Page) -> Page:
        first(page).update(values)
        return page

    return twist


PAGES: dict[str, Twist] = {
    "no object": lambda page: [page],
    "wrong types": changed(changes=5),
    "a seq that goes back": seq_goes_back,
    "a seq beyond any table": changed(horizon=10**30),
    "a horizon behind the cursor": changed(horizon=0),
    "another's rows": record_with(scope="330499"),
    "a record under another's id": record_with(id=rid(99)),
    "a version beyond any table": record_with(version=10**30),
    "a place nowhere": record_with(place={"lon_e7": 10**30, "lat_e7": 0}),
    "a body of the wrong type": record_with(body={"captured_at": 5}),
    "a kind that is none": record_with(kind="unicorn"),
    "a state of no type": record_with(state=["x"]),
}


class Twisted:
    """The district's network, with one path's answers changed while `twist` is set."""

    def __init__(self, server: DistrictServer, path: str) -> None:
        self.network = Network(server)
        self.path = path
        self.twist: Callable[[httpx.Response], httpx.Response] | None = None

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self.network.answer(request)
        if self.twist is None or request.url.path != self.path:
            return answer
        return self.twist(answer)


def as_json(twist: Twist) -> Callable[[httpx.Response], httpx.Response]:
    return lambda answer: httpx.Response(200, json=twist(json.loads(answer.content)))


def raw(body: str, status: int = 200, **headers: str) -> Callable[[httpx.Response], httpx.Response]:
    said = {"content-type": "application/json"} | headers
    return lambda _: httpx.Response(status, content=body.encode(), headers=said)


@pytest.fixture
def server() -> DistrictServer:
    made = DistrictServer(MORNING, DUTY.grants, DUTY)
    made.put(*(flag(n) for n in range(1, 4)))
    return made


def seen(core: EngineCore) -> object:
    """All that a person could see, and how far the feed is."""
    page = core.reading.query(FLAGS)
    return [view.record for view in page.views], core.spine.cache.meta()


def meet(
    server: DistrictServer,
    root: Path,
    twist: Callable[[httpx.Response], httpx.Response],
    path: str = "/v1/sync/pull",
) -> ClientError:
    """Sync well, meet the twisted answer, sync well again; the error of the one between."""

    async def run() -> ClientError:
        way = Twisted(server, path)
        profile = await signed_in(way.network, root)
        core = EngineCore(profile, transport=way.transport())
        try:
            await core.sync_once()
            before = seen(core)
            server.put(flag(7))
            way.twist = twist
            with pytest.raises(ClientError) as told:
                await core.sync_once()
            assert seen(core) == before
            way.twist = None
            await core.sync_once()
            assert core.reading.find(rid(7)) is not None
        finally:
            await core.close()
        return told.value

    return asyncio.run(run())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_cannot_be_changes_nothing(
    server: DistrictServer, tmp_path: Path, name: str
) -> None:
    told = meet(server, tmp_path, as_json(PAGES[name]))
    assert isinstance(told, WrongServer)
    assert told.slug == "not-ours"


def lying_snapshot(**values: object) -> Callable[[httpx.Response], httpx.Response]:
    """Values of one flag, as a load brings it."""

    def twist(page: Page) -> Page:
        for record in page["records"]:
            if record["id"] == rid(2):
                record.update(values)
        return page

    return as_json(twist)


@pytest.mark.parametrize(
    "values",
    [{"body": {"captured_at": 5}}, {"scope": "330499"}, {"version": 10**30}, {"kind": "unicorn"}],
    ids=["body", "another's", "version", "kind"],
)
def test_a_load_that_cannot_be_is_told_and_begun_again(
    server: DistrictServer, tmp_path: Path, values: Page
) -> None:
    async def run() -> None:
        way = Twisted(server, "/v1/sync/snapshot")
        core = EngineCore(await signed_in(way.network, tmp_path), transport=way.transport())
        try:
            way.twist = lying_snapshot(**values)
            with pytest.raises(WrongServer) as told:
                await core.sync_once()
            assert told.value.slug == "not-ours"
            assert core.reading.query(FLAGS).total == 0
            way.twist = None
            await core.sync_once()
            assert core.reading.query(FLAGS).total == 3
        finally:
            await core.close()

    asyncio.run(run())


def test_a_closed_record_that_cannot_be_read_costs_a_new_load(
    server: DistrictServer, tmp_path: Path
) -> None:
    async def run() -> None:
        server.put(flag(2, state="CLOSED", closed_at=MORNING))
        way = Twisted(server, "/v1/sync/snapshot")
        core = EngineCore(await signed_in(way.network, tmp_path), transport=way.transport())
        try:
            way.twist = lying_snapshot(body={"captured_at": 5})
            await core.sync_once()
            way.twist = None
            assert (await core.lists.query(FLAGS)).total == 0  # said, and begun anew
            await core.sync_once()
            assert (await core.lists.query(FLAGS)).total == 3
        finally:
            await core.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("body", "status", "headers", "slug"),
    [
        (DEEP, 200, {}, "not-ours"),
        (f'{{"from": {DEEP}', 200, {}, "not-ours"),
        (DEEP, 400, {"content-type": "application/problem+json"}, "not-json"),
        ("", 302, {"location": "https://elsewhere.example/v1/sync/pull"}, "redirected"),
        ("<html>", 200, {"content-type": "text/html"}, "not-json"),
        ("x", 200, {"content-encoding": "gzip"}, "not-ours"),
    ],
    ids=["deep", "deep inside", "a deep problem", "elsewhere", "a page", "no gzip"],
)
def test_what_is_no_answer_of_ours_is_told_and_changes_nothing(
    server: DistrictServer,
    tmp_path: Path,
    body: str,
    status: int,
    headers: dict[str, str],
    slug: str,
) -> None:
    told = meet(server, tmp_path, raw(body, status, **headers))
    assert (type(told), told.slug) == (WrongServer, slug)


def another_result(answer: httpx.Response) -> httpx.Response:
    told = json.loads(answer.content)
    for result in told["results"]:
        for record in result["records"]:
            record["version"] = 10**30
    return httpx.Response(200, json=told)


def test_a_lying_answer_to_a_command_leaves_it_queued(
    server: DistrictServer, tmp_path: Path
) -> None:
    async def run() -> None:
        way = Twisted(server, "/v1/commands")
        profile = await signed_in(way.network, tmp_path)
        core = EngineCore(profile, transport=way.transport())
        try:
            await core.sync_once()
            way.twist = another_result
            core.desk.submit(Draft(kind=Kind.FLAG, record=rid(1), transition="dismiss"))
            with pytest.raises(WrongServer):
                await core.push_once()
            assert core.desk.summary().pending == 1
            way.twist = None
            await core.push_once()
            assert core.desk.summary().pending == 0
        finally:
            await core.close()

    asyncio.run(run())


# -- floods, over a real connection: how much was taken is what counts ---------------------------

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: 2147483648\r\n\r\n"
PIECE = b"a" * 65536
FLOOD = 2**31
SLACK = 16 * 1024 * 1024  # what lies in sockets and in the reader's hands


class Flood:
    """Answers everything with two gigabytes of one line; counts what was taken."""

    def __init__(self, kind: bytes) -> None:
        self._head = HEAD % kind
        self.taken = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(self._head)
        try:
            while self.taken < FLOOD:
                writer.write(PIECE)
                await writer.drain()
                self.taken += len(PIECE)
        except ConnectionError:
            return
        finally:
            writer.close()


def flooded(kind: bytes, ask: Callable[[Transport], Any]) -> tuple[ClientError, int]:
    async def run() -> tuple[ClientError, int]:
        flood = Flood(kind)
        listening = await asyncio.start_server(flood.serve, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        transport = Transport(f"http://127.0.0.1:{port}", "test")
        try:
            with pytest.raises(ClientError) as told:
                await ask(transport)
        finally:
            await transport.close()
            listening.close()
        return told.value, flood.taken

    return asyncio.run(run())


def test_two_gigabytes_are_not_read() -> None:
    told, taken = flooded(b"application/json", lambda t: t.send(Ask(path="/v1/health"), None))
    assert (type(told), told.slug) == (WrongServer, "answer-too-large")
    assert taken < JSON_LIMIT + SLACK


def test_an_event_line_without_end_is_not_kept() -> None:
    async def listen(transport: Transport) -> None:
        tokens = MemoryTokens()
        tokens.keep(Tokens(access="a", refresh="r", expires_at=MORNING))
        async for _ in Api(transport, tokens).stream("/v1/events"):
            pass

    told, taken = flooded(b"text/event-stream", listen)
    assert (type(told), told.slug) == (WrongServer, "not-ours")
    assert taken < LINE_LIMIT + SLACK

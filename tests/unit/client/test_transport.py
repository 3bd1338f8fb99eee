"""Everything that a network or a wrong server may answer, told apart at the transport."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import httpx
import pytest

from xiuzhou_desktop.client.api import Api, Transport
from xiuzhou_desktop.client.api.transport import Ask, Heard
from xiuzhou_desktop.client.errors import (
    ClientError,
    Rejected,
    ResyncNeeded,
    ServerFailed,
    SignedOut,
    TooLarge,
    Unavailable,
    UpgradeNeeded,
    WrongServer,
)
from xiuzhou_desktop.client.session import MemoryTokens
from xiuzhou_desktop.contract.session import Tokens
from xiuzhou_desktop.domain.canonical import canonical

SERVER = "https://district.test"
Answer = Callable[[httpx.Request], httpx.Response]
PORTAL = {"location": "http://portal/"}
PROBLEM_JSON = {"content-type": "application/problem+json"}


def problem(status: int, slug: str, **headers: str) -> httpx.Response:
    body = canonical({"slug": slug, "status": status})
    return httpx.Response(status, content=body, headers=PROBLEM_JSON | headers)


def asked(answer: Answer) -> object:
    async def run() -> object:
        transport = Transport(SERVER, "test", httpx.MockTransport(answer))
        try:
            return await transport.send(Ask(path="/v1/sync/session", limit=1000), "token")
        finally:
            await transport.close()

    return asyncio.run(run())


def refusing(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route", request=request)


def stalling(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("35 s", request=request)


CASES: list[tuple[Answer, type[ClientError], str]] = [
    (refusing, Unavailable, "unreachable"),
    (stalling, Unavailable, "timeout"),
    (lambda r: httpx.Response(200, html="<h1>Guest network</h1>"), WrongServer, "not-json"),
    (lambda r: httpx.Response(302, headers=PORTAL), WrongServer, "redirected"),
    (lambda r: httpx.Response(502, html="bad gateway"), Unavailable, "busy"),
    (lambda r: problem(429, "slow", **{"retry-after": "7"}), Unavailable, "slow"),
    (lambda r: problem(500, "defect"), ServerFailed, "defect"),
    (lambda r: httpx.Response(404, html="nginx"), WrongServer, "not-json"),
    (lambda r: problem(401, "wrong-password"), SignedOut, "wrong-password"),
    (lambda r: problem(403, "account-disabled"), SignedOut, "account-disabled"),
    (lambda r: problem(403, "forbidden"), Rejected, "forbidden"),
    (lambda r: problem(409, "epoch-mismatch"), ResyncNeeded, "epoch-mismatch"),
    (lambda r: problem(410, "cursor-expired"), ResyncNeeded, "cursor-expired"),
    (lambda r: problem(413, "too-large"), TooLarge, "too-large"),
    (lambda r: problem(426, "schema-unsupported"), UpgradeNeeded, "schema"),
    (lambda r: httpx.Response(200, json=["x" * 2000]), WrongServer, "answer-too-large"),
    (lambda r: problem(422, "bad-time"), Rejected, "bad-time"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "error", "slug"), CASES)
def test_each_failure_says_what_to_do_next(
    answer: Answer, error: type[ClientError], slug: str
) -> None:
    with pytest.raises(error) as raised:
        asked(answer)
    assert raised.value.slug == slug


def test_the_servers_own_wish_for_a_pause_is_kept() -> None:
    with pytest.raises(Unavailable) as raised:
        asked(CASES[5][0])
    assert raised.value.retry_after_s == 7


def test_json_that_is_not_ours_is_another_server() -> None:
    async def run() -> None:
        answer = httpx.MockTransport(lambda r: httpx.Response(200, json={"hello": 1}))
        api = Api(Transport(SERVER, "test", answer), MemoryTokens())
        try:
            await api.health()
        finally:
            await api.close()

    with pytest.raises(WrongServer) as raised:
        asyncio.run(run())
    assert raised.value.slug == "not-ours"


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    async def run() -> Transport:
        transport = Transport("http://127.0.0.1:1", "test")
        try:
            await transport.send(Ask(path="/"), None)
        except Unavailable as error:
            assert error.facts["detail"] == "ConnectError"
        finally:
            await transport.close()
        return transport

    asyncio.run(run())


def test_one_renewal_serves_all_who_wait_for_it() -> None:
    renewals: list[str] = []
    late = datetime(2026, 11, 24, tzinfo=UTC)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/session/refresh":
            renewals.append("once")
            fresh = Tokens(access="new", refresh="r2", expires_at=late)
            return httpx.Response(200, content=canonical(fresh), headers=JSON)
        if request.headers["authorization"] == "Bearer new":
            return httpx.Response(200, content=b"{}", headers=JSON)
        return problem(401, "signed-out")

    async def run() -> None:
        tokens = MemoryTokens()
        tokens.keep(Tokens(access="old", refresh="r1", expires_at=late))
        api = Api(Transport(SERVER, "test", httpx.MockTransport(answer)), tokens)
        await asyncio.gather(*(api.heard(Ask(path="/v1/x")) for _ in range(5)))
        assert tokens.tokens() == Tokens(access="new", refresh="r2", expires_at=late)
        await api.close()

    asyncio.run(run())
    assert renewals == ["once"]


JSON = {"content-type": "application/json"}


def test_a_stream_that_cannot_be_unpacked_is_no_stream_of_ours() -> None:
    head = {"content-type": "text/event-stream", "content-encoding": "gzip"}

    class Garbage(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"no gzip"

    async def run() -> None:
        answer = httpx.Response(200, headers=head, stream=Garbage())
        transport = Transport(SERVER, "test", httpx.MockTransport(lambda r: answer))
        try:
            async for _ in transport.lines("/v1/live", "token"):
                raise AssertionError("a line")
        finally:
            await transport.close()

    with pytest.raises(WrongServer) as told:
        asyncio.run(run())
    assert told.value.slug == "not-ours"


def test_a_date_without_a_zone_is_no_date() -> None:
    head = {"date": "Tue, 24 Nov 2026 15:00:00 -0000"}
    heard = asked(lambda r: httpx.Response(200, json={}, headers=head))
    assert isinstance(heard, Heard)
    assert heard.date is None

"""One request to the district backend, with every way in which it may fail told apart
(client/errors.py).

    no connection, timeout, 429, 502–504 ──► Unavailable     500 ──► ServerFailed
    a redirect, HTML, not our JSON, too much of it,
    a certificate that nobody vouches for──► WrongServer     401 ──► SignedOut
    409 epoch-mismatch, 410              ──► ResyncNeeded    426 ──► UpgradeNeeded
    413 ──► TooLarge                                         else ──► Rejected

No proxy, certificate or netrc from the environment; redirects are not followed: a captive portal is
not our server.
"""

import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn, TypeVar

import httpx
import msgspec

from xiuzhou_desktop.client.errors import (
    Rejected,
    ResyncNeeded,
    ServerFailed,
    SignedOut,
    TooLarge,
    Unavailable,
    UpgradeNeeded,
    WrongServer,
)
from xiuzhou_desktop.client.trust import Trust
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import SCHEMA
from xiuzhou_desktop.contract.uploads import UPLOAD_BYTES
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import Struct

CONNECT_S = 5.0  # a server in the same district answers at once or is not there
READ_S = 35.0  # two heartbeats of a stream, and then it is dead (sync.md §2)
JSON_LIMIT = 64 * 1024 * 1024  # a page of 2,000 records with their logs is a few MiB
LINE_LIMIT = 1024 * 1024  # of an event stream: a poke has 200 bytes
BLOB_LIMIT = UPLOAD_BYTES

JSON_TYPES = ("application/json", "application/problem+json", "application/geo+json")
WEATHER = {429, 502, 503, 504}
BY_DATE = {9: "certificate-early", 10: "certificate-expired"}  # X509_V_ERR_…: not yet, no longer
WITHOUT_BODY = {401: "signed-out", 404: "not-found"}  # what HEAD's answer leaves unsaid
MOVED = {409: ("epoch-mismatch",), 410: ("epoch-changed", "cursor-expired"), 400: ("bad-cursor",)}
AnswerT = TypeVar("AnswerT")
NO_MORE_TRUST = Trust()


class Heard(Struct, frozen=True, kw_only=True):
    """An answer as bytes, with what its head tells of the server's clock."""

    content: bytes
    date: datetime | None
    round_trip_s: float
    headers: Mapping[str, str] = {}


class Ask(Struct, frozen=True, kw_only=True):
    """One request."""

    method: str = "GET"
    path: str
    parameters: Mapping[str, str | int] = {}
    body: object = None
    content: bytes | None = None  # a file, in place of a JSON body
    headers: Mapping[str, str] = {}
    limit: int = JSON_LIMIT
    is_json: bool = True


class Transport:
    """A client of one server. Tests hand in an `httpx.MockTransport`.

    Raises WrongServer where the address may not be reached as it is written (trust.py).
    """

    def __init__(
        self,
        server: str,
        client_id: str,
        transport: httpx.AsyncBaseTransport | None = None,
        pace: float = 1.0,
        trust: Trust = NO_MORE_TRUST,
    ) -> None:
        self.server = server
        self._http = httpx.AsyncClient(
            base_url=server,
            timeout=httpx.Timeout(READ_S * pace, connect=CONNECT_S * pace),
            headers={"Sync-Schema": str(SCHEMA), "Client-Id": client_id},
            follow_redirects=False,
            trust_env=False,
            verify=trust.verification(server),
            transport=transport,
        )

    async def send(self, ask: Ask, token: str | None) -> Heard:
        """The answer's bytes. Raises what the picture above says."""
        started = time.monotonic()
        async with self._opened(ask, token) as response:
            content = await _bounded(response, ask.limit)
            if response.is_success:
                _check_type(response, ask)
        round_trip_s = time.monotonic() - started
        if not response.is_success:
            _raise(response, content)
        return Heard(
            content=content, date=_date(response), round_trip_s=round_trip_s,
            headers=response.headers,
        )  # fmt: skip

    async def lines(self, path: str, token: str | None) -> AsyncIterator[str]:
        """The lines of an endless event stream. Ends by raising Unavailable."""
        async with self._opened(Ask(path=path), token, accept="text/event-stream") as response:
            if not response.is_success:
                _raise(response, await _bounded(response, JSON_LIMIT))
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                raise WrongServer("not-json", server=self.server)
            try:
                async for line in _lines(response):
                    yield line
            except httpx.TransportError as error:
                raise _weather(error) from error
            except httpx.DecodingError as error:
                raise WrongServer("not-ours", detail=str(error)) from error
        raise Unavailable("stream-ended")

    async def close(self) -> None:
        """Drop the connections."""
        await self._http.aclose()

    @asynccontextmanager
    async def _opened(
        self, ask: Ask, token: str | None, accept: str = "application/json, */*"
    ) -> AsyncIterator[httpx.Response]:
        headers = {"Accept": accept, **ask.headers}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        content = ask.content
        if ask.body is not None:
            content = canonical(ask.body)
            headers["Content-Type"] = "application/json"
        try:
            request = self._http.build_request(
                ask.method, ask.path, params=dict(ask.parameters) or None, content=content,
                headers=headers,
            )  # fmt: skip
            response = await self._http.send(request, stream=True)
        except httpx.TransportError as error:
            raise _weather(error) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise WrongServer("bad-address", server=self.server) from error
        try:
            if response.is_redirect:
                raise WrongServer("redirected", server=self.server)
            yield response
        finally:
            await response.aclose()


def decode(heard: Heard, answer: type[AnswerT]) -> AnswerT:
    """The typed answer. Raises WrongServer for JSON that is not ours."""
    try:
        return msgspec.json.decode(heard.content, type=answer)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise WrongServer("not-ours", detail=str(error)) from error


async def _lines(response: httpx.Response) -> AsyncIterator[str]:
    """Lines of a stream, none longer than LINE_LIMIT. Raises WrongServer."""
    rest = b""
    async for part in response.aiter_bytes():
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            yield line.rstrip(b"\r").decode(errors="replace")
        if len(rest) > LINE_LIMIT:
            raise WrongServer("not-ours", detail="a line without end")


async def _bounded(response: httpx.Response, limit: int) -> bytes:
    parts, size = [], 0
    try:
        async for part in response.aiter_bytes():
            size += len(part)
            if size > limit:
                raise WrongServer("answer-too-large", limit=limit)
            parts.append(part)
    except httpx.TransportError as error:
        raise _weather(error) from error
    except httpx.DecodingError as error:
        raise WrongServer("not-ours", detail=str(error)) from error
    return b"".join(parts)


def _check_type(response: httpx.Response, ask: Ask) -> None:
    if not ask.is_json or response.status_code == httpx.codes.NO_CONTENT:
        return
    kind = response.headers.get("content-type", "").partition(";")[0].strip()
    if kind not in JSON_TYPES:
        raise WrongServer("not-json", content_type=kind or "?")


def _raise(response: httpx.Response, content: bytes) -> NoReturn:
    status = response.status_code
    problem = _problem(response, content)
    if status in WEATHER:
        slug = problem.slug if problem else "busy"
        raise Unavailable(slug, retry_after_s=_retry_after_s(response), status=status)
    if problem is None:
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ServerFailed(status=status)
        raise WrongServer("not-json", status=status)
    if problem.slug in MOVED.get(status, ()):
        raise ResyncNeeded(problem.slug)
    if status in (401, 403):
        _raise_rights(status, problem)
    if status == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        raise TooLarge(problem.slug)
    if status == httpx.codes.UPGRADE_REQUIRED or problem.slug.startswith("schema"):
        raise UpgradeNeeded("schema", **problem.facts)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise ServerFailed(problem.slug, status=status, request_id=problem.request_id)
    raise Rejected(problem)


def _raise_rights(status: int, problem: Problem) -> None:
    ends = ("session-ended", "account-disabled", "locked-out", "not-enrolled")
    if status == httpx.codes.UNAUTHORIZED or problem.slug in ends:
        raise SignedOut(problem.slug, **problem.facts)


def _problem(response: httpx.Response, content: bytes) -> Problem | None:
    if response.request.method == "HEAD" and response.status_code in WITHOUT_BODY:
        return Problem(slug=WITHOUT_BODY[response.status_code], status=response.status_code)
    if response.headers.get("content-type", "").partition(";")[0].strip() not in JSON_TYPES:
        return None
    try:
        return msgspec.json.decode(content, type=Problem)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _weather(error: httpx.TransportError) -> Unavailable | WrongServer:
    """No answer; or none that could be believed: the other end is not whom we want."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            slug = BY_DATE.get(cause.verify_code, "certificate")
            return WrongServer(slug, detail=str(cause))
        if isinstance(cause, ssl.SSLError):
            return WrongServer("no-tls", detail=str(cause))
        cause = cause.__cause__ or cause.__context__
    slug = "timeout" if isinstance(error, httpx.TimeoutException) else "unreachable"
    return Unavailable(slug, detail=type(error).__name__)


def _retry_after_s(response: httpx.Response) -> int | None:
    text = response.headers.get("retry-after", "")
    return int(text) if text.isdigit() else None


def _date(response: httpx.Response) -> datetime | None:
    text = response.headers.get("date")
    if text is None:
        return None
    try:
        told = parsedate_to_datetime(text)
    except ValueError:
        return None
    return told if told.tzinfo else None  # "-0000" says no zone

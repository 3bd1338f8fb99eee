"""The way between an engine and the district in memory: httpx's own MockTransport, which a test can
cut, stall or turn into another server.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import msgspec

from tests.sync.district_server import DistrictServer, Forbidden, Resync
from xiuzhou_desktop.contract.session import Health, SignIn, Tokens
from xiuzhou_desktop.contract.sync import Poke, PullRequest, PushRequest
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.ids import Grant, RecordId

JSON = {"content-type": "application/json"}
STREAM = {"content-type": "text/event-stream"}
STILL = b"\xff\xd8 a still"


class Network:
    """Routes requests to the district; `is_up` False refuses every connection."""

    def __init__(self, server: DistrictServer) -> None:
        self.server = server
        self.is_up = True
        self.answer_all: Callable[[httpx.Request], httpx.Response] | None = None
        self.pushes = 0
        self.breaks_on: str | None = None  # a record whose commands the server cannot carry out
        self.fetched: list[str] = []
        self.poked = asyncio.Event()

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def poke(self) -> None:
        self.poked.set()

    async def answer(self, request: httpx.Request) -> httpx.Response:
        if not self.is_up:
            raise httpx.ConnectError("cut", request=request)
        if self.answer_all:
            return self.answer_all(request)
        try:
            return self._route(request, request.url.path)
        except Resync:
            return _problem(410 if request.url.path.endswith("pull") else 409)
        except Forbidden:
            return httpx.Response(403, content=b'{"slug":"forbidden","status":403}', headers=JSON)

    def _route(self, request: httpx.Request, path: str) -> httpx.Response:
        user, body = "duty", request.content
        match (request.method, path):
            case ("GET", "/v1/health"):
                return _ok(
                    Health(
                        status="ok", server_time=self.server.now, schema_min=1, schema_max=1,
                        demo=False, version="test",
                    )
                )  # fmt: skip
            case ("POST", "/v1/session"):
                return self._sign_in(msgspec.json.decode(body, type=SignIn))
            case ("GET", "/v1/sync/session"):
                return _ok(self.server.session(user))
            case ("POST", "/v1/sync/pull"):
                return _ok(self.server.pull(user, msgspec.json.decode(body, type=PullRequest)))
            case ("GET", "/v1/sync/snapshot"):
                return self._snapshot(user, request.url.params)
            case ("POST", "/v1/commands"):
                return self._push(user, body)
            case ("GET", "/v1/events"):
                return httpx.Response(200, content=self._pokes(), headers=STREAM)
            case ("GET", "/v1/live"):
                return httpx.Response(200, content=self._silence(), headers=STREAM)
        return self._named(path)

    def _named(self, path: str) -> httpx.Response:
        """A file or a record by its name."""
        folder, _, name = path.rpartition("/")
        found = self.server.records.get(RecordId(name))
        if folder == "/v1/blobs":
            self.fetched.append(path)
            return httpx.Response(200, content=STILL, headers={"content-type": "image/jpeg"})
        if folder.startswith("/v1/records") and found:
            return _ok(found)
        return httpx.Response(404, content=b'{"slug":"not-found","status":404}', headers=JSON)

    def _sign_in(self, said: SignIn) -> httpx.Response:
        if said.password != "right":
            return httpx.Response(401, content=b'{"slug":"wrong-password"}', headers=JSON)
        return _ok(Tokens(access="a", refresh="r", expires_at=self.server.now))

    def _push(self, user: str, body: bytes) -> httpx.Response:
        self.pushes += 1
        if self.breaks_on and self.breaks_on in body.decode():
            return httpx.Response(500, content=b'{"slug":"defect"}', headers=JSON)
        return _ok(self.server.push(user, msgspec.json.decode(body, type=PushRequest)))

    def _snapshot(self, user: str, asked: httpx.QueryParams) -> httpx.Response:
        part = "open" if asked["open"] == "true" else "closed"
        grant, limit = Grant(asked["grant"]), int(asked["limit"])
        return _ok(self.server.snapshot(user, grant, part, asked.get("after_id"), limit))

    async def _pokes(self) -> AsyncIterator[bytes]:
        while self.is_up:
            poke = Poke(
                horizon=self.server.seq, epoch=self.server.epoch, server_time=self.server.now
            )
            yield b"event: horizon\ndata: " + canonical(poke) + b"\n\n"
            await self.poked.wait()
            self.poked.clear()

    async def _silence(self) -> AsyncIterator[bytes]:
        yield b": alive\n\n"
        await asyncio.Event().wait()


def _ok(value: object) -> httpx.Response:
    return httpx.Response(200, content=msgspec.json.encode(value), headers=JSON)


def _problem(status: int) -> httpx.Response:
    slug = "epoch-changed" if status == 410 else "epoch-mismatch"
    return httpx.Response(status, content=canonical({"slug": slug}), headers=JSON)

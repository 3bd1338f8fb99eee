"""The backend's operations, typed; a token that has run out is renewed once, then the call is made
again.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol, TypeVar
from urllib.parse import quote

import msgspec

from xiuzhou_desktop.client.blob_files import Part
from xiuzhou_desktop.client.errors import SignedOut, Unavailable, WrongServer
from xiuzhou_desktop.client.sync.bootstrap import SnapshotRequest
from xiuzhou_desktop.contract.administration import (
    AccountList,
    AccountSay,
    Foreseen,
    ForesightSay,
)
from xiuzhou_desktop.contract.demo import DemoAnswer, DemoSay
from xiuzhou_desktop.contract.figures import Figures
from xiuzhou_desktop.contract.history import HistoryPage
from xiuzhou_desktop.contract.live import LeaseState, LiveSay
from xiuzhou_desktop.contract.parties import PartyFind, PartyFound, PartyLook, PartyNumbers
from xiuzhou_desktop.contract.platforms import Platforms
from xiuzhou_desktop.contract.sealing import SealedKept, SealedSay
from xiuzhou_desktop.contract.session import Health, Refresh, SignIn, Tokens
from xiuzhou_desktop.contract.sessions import (
    Enrol,
    Enrolled,
    Enrolments,
    EnrolmentSay,
    Sessions,
)
from xiuzhou_desktop.contract.sync import (
    PAGE_LIMIT,
    PullPage,
    PullRequest,
    PushAnswer,
    PushRequest,
    SnapshotPage,
    SyncSession,
)
from xiuzhou_desktop.contract.uploads import (
    DIGEST,
    LENGTH,
    METADATA,
    OFFSET,
    TUS_RESUMABLE,
    TUS_VERSION,
    UPLOAD_TYPE,
    Uploaded,
    metadata_of,
)
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import RecordId

from .events import Event, events
from .ranges import headers_of, part_of
from .transport import BLOB_LIMIT, Ask, Heard, Transport, decode

# slug of an access token that has run out; expiry by our own clock may be an hour off
RENEWABLE = "signed-out"
AnswerT = TypeVar("AnswerT")


class TokenStore(Protocol):
    """Where the session's tokens lie; `keep` is durable before it returns, since a refresh token is
    used once.
    """

    def tokens(self) -> Tokens | None: ...

    def keep(self, tokens: Tokens | None) -> None: ...


class MediaToken(Struct, frozen=True, kw_only=True):
    """A short-lived right to one path."""

    token: str


class Api:  # noqa: PLR0904 - one method an operation of the backend
    """One server, one person."""

    def __init__(self, transport: Transport, tokens: TokenStore) -> None:
        self._transport = transport
        self._tokens = tokens
        self._renewal: asyncio.Task[None] | None = None

    @property
    def server(self) -> str:
        """Its address."""
        return self._transport.server

    async def close(self) -> None:
        """Drop the connections."""
        await self._transport.close()

    # -- session --------------------------------------------------------------------------------

    async def history(self, parameters: dict[str, str | int]) -> HistoryPage:
        """A page of records as they stood at an instant."""
        asked = Ask(path="/v1/history", parameters=parameters, limit=BLOB_LIMIT)
        return decode(await self.heard(asked), HistoryPage)

    async def hand_in(self, said: SealedSay) -> SealedKept:
        """Unsent work of an account that was shut; nobody is signed in any more."""
        ask = Ask(method="POST", path="/v1/sealed", body=said)
        return decode(await self._transport.send(ask, None), SealedKept)

    async def health(self) -> tuple[Health, Heard]:
        """Open to everyone."""
        heard = await self._transport.send(Ask(path="/v1/health"), None)
        return decode(heard, Health), heard

    async def sign_in(self, said: SignIn) -> Tokens:
        """Raises SignedOut for a wrong password."""
        heard = await self._transport.send(Ask(method="POST", path="/v1/session", body=said), None)
        tokens = decode(heard, Tokens)
        self._tokens.keep(tokens)
        return tokens

    async def enrol(self, said: Enrol) -> Enrolled:
        """This computer's key for a code. Raises Rejected `bad-code`."""
        ask = Ask(method="POST", path="/v1/workstations", body=said)
        return decode(await self._transport.send(ask, None), Enrolled)

    async def session(self) -> tuple[SyncSession, Heard]:
        """Epoch, horizon, grants, clock; who we are."""
        heard = await self.heard(Ask(path="/v1/sync/session"))
        return decode(heard, SyncSession), heard

    # -- sync -----------------------------------------------------------------------------------

    async def pull(self, cursor: str, limit: int = PAGE_LIMIT) -> PullPage:
        """Changes after the cursor. Raises ResyncNeeded."""
        body = PullRequest(cursor=cursor, limit=limit)
        return await self._posted("/v1/sync/pull", body, PullPage)

    async def snapshot(self, asked: SnapshotRequest, limit: int = PAGE_LIMIT) -> SnapshotPage:
        """One page of a grant's open or closed records."""
        parameters: dict[str, str | int] = {
            "grant": asked.grant, "open": "true" if asked.is_open else "false", "limit": limit,
        }  # fmt: skip
        if asked.after_id:
            parameters["after_id"] = asked.after_id
        heard = await self.heard(Ask(path="/v1/sync/snapshot", parameters=parameters))
        return decode(heard, SnapshotPage)

    async def push(self, request: PushRequest) -> PushAnswer:
        """One result a command."""
        return await self._posted("/v1/commands", request, PushAnswer)

    async def record(self, kind: Kind, record: RecordId) -> bytes:
        """An evicted record, as in the feed."""
        path = f"/v1/records/{kind.value}/{quote(record, safe='')}"
        return (await self.heard(Ask(path=path))).content

    # -- beside the records -----------------------------------------------------------------------

    async def stream(self, path: str) -> AsyncIterator[Event]:
        """`/v1/events` or `/v1/live`. Ends by raising Unavailable."""
        token = self._access()
        try:
            async for event in events(self._transport.lines(path, token)):
                yield event
        except SignedOut as error:
            if error.slug != RENEWABLE:
                raise
            await self._other_than(token)
            raise Unavailable("stream-ended") from error

    async def live_say(self, said: LiveSay) -> LeaseState | None:
        """None where the answer is not a lease (health)."""
        heard = await self.heard(Ask(method="POST", path="/v1/live", body=said))
        try:
            return msgspec.json.decode(heard.content, type=LeaseState)
        except msgspec.MsgspecError:
            return None

    async def figures(self, parameters: dict[str, str | int]) -> Figures:
        """Counts over whole populations, with their age."""
        return decode(await self.heard(Ask(path="/v1/figures", parameters=parameters)), Figures)

    async def media_token(self, path: str) -> str:
        """For libVLC, which sends no header."""
        return (await self._posted("/v1/media-token", {"path": path}, MediaToken)).token

    async def demo(self, said: DemoSay) -> DemoAnswer:
        """A demonstration control."""
        return await self._posted("/v1/demo", said, DemoAnswer)

    async def content(self, path: str) -> bytes:
        """A still, the base map."""
        if not path.startswith("/"):
            raise WrongServer("bad-address", server=path)
        return (await self.heard(Ask(path=path, limit=BLOB_LIMIT, is_json=False))).content

    async def blob_part(self, digest: str, offset: int, size: int) -> Part:
        """So many bytes of a file from there on; all of it where no ranges are given. Raises
        Rejected (`not-found`, `range-not-satisfiable`), WrongServer (`blob-cut`).
        """
        headers = headers_of(digest, offset, size)
        ask = Ask(path=f"/v1/blobs/{digest}", headers=headers, limit=BLOB_LIMIT, is_json=False)
        return part_of(await self.heard(ask), offset)

    async def begin_upload(self, digest: str, size: int, part: bytes) -> Uploaded:
        """A place for a file with that hash (hex) and length, and its first bytes there. Raises
        TooLarge, Rejected (`blob-mismatch`, `unsupported-file`).
        """
        headers = {LENGTH: str(size), METADATA: metadata_of({DIGEST: digest})}
        heard = await self._tus("POST", "/v1/uploads", headers, part)
        return Uploaded(location=heard.headers.get("location", ""), offset=_offset(heard))

    async def upload_offset(self, location: str) -> int:
        """How much of the file the server has. Raises Rejected (`not-found`)."""
        return _offset(await self._tus("HEAD", location, {}, None))

    async def upload_part(self, location: str, offset: int, part: bytes) -> int:
        """The offset after these bytes. Raises Rejected (`offset-mismatch`, `blob-mismatch`)."""
        return _offset(await self._tus("PATCH", location, {OFFSET: str(offset)}, part))

    async def _tus(
        self, method: str, path: str, headers: dict[str, str], part: bytes | None
    ) -> Heard:
        told = {TUS_RESUMABLE: TUS_VERSION} | headers
        if part is not None:
            told["Content-Type"] = UPLOAD_TYPE
        ask = Ask(method=method, path=path, content=part, headers=told, is_json=False)
        return await self.heard(ask)

    # -- administration ---------------------------------------------------------------------------

    async def accounts(self) -> AccountList:
        """Every account. Raises Rejected (`forbidden`)."""
        return decode(await self.heard(Ask(path="/v1/accounts")), AccountList)

    async def account(self, said: AccountSay) -> AccountList:
        """One act on an account. Raises Rejected."""
        return await self._posted("/v1/accounts", said, AccountList)

    async def sessions(self) -> Sessions:
        """Who is signed in. Raises Rejected (`forbidden`)."""
        return decode(await self.heard(Ask(path="/v1/sessions")), Sessions)

    async def end_session(self, session: str) -> None:
        """Somebody has to sign in anew. Raises Rejected (`not-found`)."""
        await self.heard(Ask(method="DELETE", path=f"/v1/sessions/{quote(session, safe='')}"))

    async def enrolments(self) -> Enrolments:
        """The workstations that are let in. Raises Rejected (`forbidden`)."""
        return decode(await self.heard(Ask(path="/v1/enrolments")), Enrolments)

    async def enrolment(self, said: EnrolmentSay) -> Enrolments:
        """One act on a workstation. Raises Rejected (`not-found`)."""
        return await self._posted("/v1/enrolments", said, Enrolments)

    async def platforms(self) -> Platforms:
        """The hub and the towns, and how the link to each is."""
        return decode(await self.heard(Ask(path="/v1/platforms")), Platforms)

    async def party_look(self, said: PartyLook) -> PartyNumbers:
        """The numbers of a party; the look is noted. Raises Rejected (`forbidden`, `not-found`)."""
        return await self._posted("/v1/parties/look", said, PartyNumbers)

    async def party_find(self, said: PartyFind) -> PartyFound:
        """Parties of which that is so; noted, too. Raises Rejected (`forbidden`)."""
        return await self._posted("/v1/parties/find", said, PartyFound)

    async def foresight(self, said: ForesightSay) -> Foreseen:
        """What a command would affect."""
        return await self._posted("/v1/foresight", said, Foreseen)

    async def heard(self, ask: Ask) -> Heard:
        """Ask with the access token; once more after a renewal if it was refused."""
        token = self._access()
        try:
            return await self._transport.send(ask, token)
        except SignedOut as error:
            if error.slug != RENEWABLE:
                raise
        return await self._transport.send(ask, await self._other_than(token))

    # -- parts ----------------------------------------------------------------------------------

    async def _posted(self, path: str, body: object, answer: type[AnswerT]) -> AnswerT:
        return decode(await self.heard(Ask(method="POST", path=path, body=body)), answer)

    def _access(self) -> str:
        tokens = self._tokens.tokens()
        if tokens is None:
            raise SignedOut("no-session")
        return tokens.access

    async def _other_than(self, refused: str) -> str:
        """A newer access token. One renewal serves all who wait: a refresh token is used once."""
        if self._access() == refused:
            if self._renewal is None or self._renewal.done():
                self._renewal = asyncio.create_task(self._renew())
            await asyncio.shield(self._renewal)
        return self._access()

    async def _renew(self) -> None:
        tokens = self._tokens.tokens()
        if tokens is None:
            raise SignedOut("no-session")
        body = Refresh(refresh=tokens.refresh)
        ask = Ask(method="POST", path="/v1/session/refresh", body=body)
        self._tokens.keep(decode(await self._transport.send(ask, None), Tokens))


def _offset(heard: Heard) -> int:
    text = heard.headers.get(OFFSET, "")
    if not text.isascii() or not text.isdecimal():
        raise WrongServer("not-ours", detail=OFFSET)
    return int(text)

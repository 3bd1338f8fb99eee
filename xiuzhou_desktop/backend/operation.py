"""An operation of the API: one row says its path, what it takes and gives, its problems, and the
function that does it.

The application's routes and /openapi.json are both made from these rows, so neither can say what
the other does not.

    request ─► Call (person, body, parameters; each parsed once, else a problem) ─► run ─► Reply
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, TypeVar

from litestar import Request
from litestar.datastructures import State

from xiuzhou_desktop.backend.accounts import Accounts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Store
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.backend.wire import decode_body
from xiuzhou_desktop.domain.canonical import parse_instant

T = TypeVar("T")
HttpRequest: TypeAlias = "Request[object, object, State]"

JSON_TYPE = "application/json"
MAX_JSON = 1024 * 1024  # bytes of any JSON body but a batch, which has its own smaller limit


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What goes back: bytes, or a stream that ends with the connection or the process."""

    body: bytes = b""
    stream: AsyncIterator[bytes] | None = None
    status: int = 200
    media_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter of the query, or one header."""

    name: str
    about: str
    schema: Mapping[str, object]
    required: bool = False


class Call:
    """One request, parsed piece by piece; whatever does not parse is a problem."""

    def __init__(self, request: HttpRequest, store: Store, accounts: Accounts) -> None:
        self.request = request
        self._store = store
        self._accounts = accounts
        self.asker: Person | None = None  # once somebody has asked for the person

    async def person(self) -> Person:
        """Who asks. Raises ProblemError `signed-out`."""
        token = self.bearer()
        found = await self._store.ask(lambda c: self._accounts.person_of(c, token))
        self.asker = found
        return found

    def bearer(self) -> str:
        """The access token of the header."""
        scheme, _, token = self.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise ProblemError("signed-out")
        return token

    async def body(self, wanted: type[T], limit: int = MAX_JSON) -> T:
        """The decoded body."""
        kind = self.request.headers.get("content-type", JSON_TYPE).partition(";")[0].strip()
        if kind.lower() != JSON_TYPE:
            raise ProblemError("unsupported-media", kind)
        length = self.request.headers.get("content-length", "0")
        if length.isdecimal() and int(length) > limit:
            raise ProblemError("too-large")
        raw = await self.request.body()
        if len(raw) > limit:
            raise ProblemError("too-large")
        return decode_body(raw, wanted)

    def path(self, name: str) -> str:
        """A part of the path. Raises ProblemError for what no name holds."""
        value = str(self.request.path_params[name])
        if "\x00" in value:
            raise ProblemError("not-found")
        return value

    def query(self, name: str, default: str | None = None) -> str:
        """A parameter's text. Raises ProblemError where it lacks."""
        value = self.request.query_params.get(name, default)
        if value is None or "\x00" in value:
            raise ProblemError("bad-parameter", name)
        return str(value)

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number from 1 to `most`."""
        text = self.query(name, str(default))
        if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:12]) <= most:
            raise ProblemError("bad-parameter", name)
        return int(text)

    def instant(self, name: str, default: datetime | None = None) -> datetime:
        """An RFC 3339 instant. Raises ProblemError."""
        text = self.request.query_params.get(name)
        if text is None and default is not None:
            return default
        try:
            return parse_instant(self.query(name).replace(" ", "+"))
        except (ValueError, OverflowError) as error:
            raise ProblemError("bad-parameter", name) from error

    def header(self, name: str) -> str | None:
        """A header's text."""
        return self.request.headers.get(name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One row. `takes` and `gives` are Structs; `takes_type` and `gives_type` name another type of
    body, such as a file's bytes or a picture.
    """

    method: str
    path: str
    name: str
    about: str
    run: Callable[[Call], Awaitable[Reply]]
    takes: type | None = None
    takes_form: Mapping[str, object] | None = None
    takes_type: str | None = None
    gives: type | None = None
    gives_type: str = JSON_TYPE
    status: int = 200
    query: tuple[Parameter, ...] = ()
    headers: tuple[Parameter, ...] = ()
    problems: tuple[str, ...] = ()
    is_open: bool = False
    max_body: int = MAX_JSON

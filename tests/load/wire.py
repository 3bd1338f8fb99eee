"""HTTP/1.1 of a simulated workstation, in place of the shipped transport: the same requests, bytes
and time-outs, for a fifth of httpx's processor time, which two hundred of them would take from the
servers beside them. One that is answered anything but 200 counts as an error by its slug.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import msgspec

from xiuzhou_desktop.client.api.transport import CONNECT_S, READ_S, Ask, Heard
from xiuzhou_desktop.client.errors import ClientError, Unavailable
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import SCHEMA
from xiuzhou_desktop.domain.canonical import canonical

OK = 200
LONGEST_HEAD = 64 * 1024
UNSENT = b""
Headers = dict[str, str]


class _Line(NamedTuple):
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Wire:
    """One workstation's connections to one server, kept alive between its requests."""

    def __init__(self, server: str, client_id: str) -> None:
        self.server = server
        address = urlsplit(server)
        self._host, self._port = address.hostname, address.port
        self._always = (
            f"Host: {address.netloc}\r\nAccept-Encoding: gzip, deflate\r\n"
            f"Connection: keep-alive\r\nUser-Agent: load\r\n"
            f"Sync-Schema: {SCHEMA}\r\nClient-Id: {client_id}\r\n"
        )
        self._idle = list[_Line]()

    async def send(self, ask: Ask, token: str | None) -> Heard:
        """The answer's bytes. Raises Unavailable, ClientError."""
        began = time.monotonic()
        async with self._line() as line:
            status, headers = await self._asked(line, ask, token, "application/json, */*")
            content = await _body(line.reader, headers)
        if status != OK:
            raise _refused(status, content)
        round_trip_s = time.monotonic() - began
        return Heard(content=content, date=None, round_trip_s=round_trip_s, headers=headers)

    async def lines(self, path: str, token: str | None) -> AsyncIterator[str]:
        """The lines of an endless stream. Ends by raising Unavailable."""
        async with self._line() as line:
            status, headers = await self._asked(line, Ask(path=path), token, "text/event-stream")
            if status != OK:
                raise _refused(status, await _body(line.reader, headers))
            rest = b""
            async for part in _chunks(line.reader):
                *lines, rest = (rest + part).split(b"\n")
                for one in lines:
                    yield one.decode()
            line.writer.close()
        raise Unavailable("stream-ended")

    async def close(self) -> None:
        """Drop the connections."""
        for line in self._idle:
            line.writer.close()
        self._idle.clear()

    # -- parts ------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[_Line]:
        """One for a request; kept where its answer was read to the end."""
        line, is_whole = None, False
        try:
            line = self._kept() or await self._opened()
            yield line
            is_whole = True
        except TimeoutError as error:
            raise Unavailable("timeout") from error
        except (OSError, EOFError) as error:
            raise Unavailable("unreachable", detail=type(error).__name__) from error
        except ClientError:
            is_whole = True
            raise
        finally:
            if line is not None and is_whole:
                self._idle.append(line)
            elif line is not None:
                line.writer.close()

    def _kept(self) -> _Line | None:
        while self._idle:
            line = self._idle.pop()
            if not line.reader.at_eof() and not line.writer.is_closing():
                return line
            line.writer.close()
        return None

    async def _opened(self) -> _Line:
        async with asyncio.timeout(CONNECT_S):
            pair = await asyncio.open_connection(self._host, self._port, limit=LONGEST_HEAD)
        return _Line(*pair)

    async def _asked(
        self, line: _Line, ask: Ask, token: str | None, accept: str
    ) -> tuple[int, Headers]:
        """The answer's status and headers."""
        body = UNSENT if ask.body is None else canonical(ask.body)
        line.writer.write(self._head(ask, token, accept, len(body)) + body)
        async with asyncio.timeout(READ_S):
            head = await line.reader.readuntil(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")[:-2]
        pairs = (one.partition(":") for one in rest)
        return int(first.split(" ", 2)[1]), {
            name.lower(): value.strip() for name, _, value in pairs
        }

    def _head(self, ask: Ask, token: str | None, accept: str, size: int) -> bytes:
        target = f"{ask.path}?{urlencode(ask.parameters)}" if ask.parameters else ask.path
        head = f"{ask.method} {target} HTTP/1.1\r\n{self._always}Accept: {accept}\r\n"
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        if ask.body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {size}\r\n"
        return f"{head}\r\n".encode("latin-1")


async def _body(reader: asyncio.StreamReader, headers: Headers) -> bytes:
    """The whole of an answer. Raises TimeoutError, EOFError."""
    async with asyncio.timeout(READ_S):
        return await reader.readexactly(int(headers.get("content-length", "0")))


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The parts of a chunked body. Raises TimeoutError, EOFError."""
    while True:
        async with asyncio.timeout(READ_S):
            size = int(await reader.readuntil(b"\r\n"), 16)
            part = await reader.readexactly(size + 2)
        if size == 0:
            return
        yield part[:-2]


def _refused(status: int, content: bytes) -> ClientError:
    try:
        slug = msgspec.json.decode(content, type=Problem).slug
    except msgspec.MsgspecError:
        slug = str(status)
    return ClientError(slug, status=status)

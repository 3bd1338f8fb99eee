"""The door of a held profile: a local socket by which other programs of the same person reach the
one that holds it.

    twin            Call(arguments) ──►┐                      ┌──► Said … Said, Ended(code)
    second window   Raise ────────────►┤ door of the holder ──┤
                                       └──────────────────────┴──► Ended(0), or 1: no window here

One line of JSON a message. The socket lies in a folder of mode 0700 and has mode 0600 itself; its
name is in `holder.json`, since a profile's own path may be longer than a socket's name may be. A
holder that was killed leaves a name where nobody answers: whoever finds the lock free removes it.

Unix only: `_listen` and `_connect` are the two places where a named pipe of Windows would stand.
Until then a holder there has no door, and others are told that the profile is in use.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from xiuzhou_desktop.domain.envelope import Struct

from .errors import ClientError

log = logging.getLogger(__name__)
LONGEST_LINE = 256 * 1024  # a command with its arguments
FOLDER_PREFIX = "xiuzhou-"
SOCKET = "door"
ENDED_BADLY = 1


class Stream(StrEnum):
    """Where a line belongs."""

    OUT = "out"
    ERROR = "error"


class Call(Struct, frozen=True, kw_only=True, tag="call"):
    """A command of the twin: its words, and the folder from which relative files are meant."""

    arguments: tuple[str, ...]
    folder: str


class Raise(Struct, frozen=True, kw_only=True, tag="raise"):
    """Come to the front."""


class Said(Struct, frozen=True, kw_only=True, tag="said"):
    """One line of the answer."""

    stream: Stream
    text: str


class Ended(Struct, frozen=True, kw_only=True, tag="ended"):
    """The answer is whole."""

    code: int


Say = Callable[[Said], None]
Answer = Callable[[Call, Say], Awaitable[int]]


class Door:
    """The holder's side, on the engine's loop. `announce` puts the socket's name where others look
    for it.
    """

    def __init__(
        self, announce: Callable[[str | None], None], answer: Answer, on_raise: Callable[[], bool]
    ) -> None:
        self._announce = announce
        self._answer = answer
        self._on_raise = on_raise
        self._folder: Path | None = None
        self._server: asyncio.AbstractServer | None = None
        self._visits: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen, then say where. Where there is no place for a socket the holder works without."""
        try:
            self._folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
            self._server = await _listen(self._folder / SOCKET, self._visited)
        except OSError:  # such as a temporary folder whose name is too long
            log.warning("no door: others are told that the profile is in use", exc_info=True)
            return
        self._announce(str(self._folder / SOCKET))

    async def close(self) -> None:
        """End visits under way; nobody is let in any more."""
        if self._server is not None:
            self._announce(None)
            self._server.close()
        for visit in tuple(self._visits):
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    # -- parts ----------------------------------------------------------------------------------

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.current_task()
        if visit is not None:
            self._visits.add(visit)
            visit.add_done_callback(self._visits.discard)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            log.info("a visit ended early")
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = msgspec.json.decode(await reader.readline(), type=Call | Raise)
        except (msgspec.MsgspecError, ValueError):  # ValueError: longer than LONGEST_LINE
            log.warning("a visit that was not understood")
            return
        if isinstance(asked, Raise):
            code = 0 if self._on_raise() else ENDED_BADLY
        else:
            code = await self._answered(asked, reader, writer)
        _write(writer, Ended(code=code))
        await writer.drain()

    async def _answered(
        self, call: Call, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> int:
        """The command's exit code. It is cancelled when whoever asked goes away (Ctrl+C)."""
        work = asyncio.ensure_future(self._answer(call, lambda said: _write(writer, said)))
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise ConnectionResetError
            return work.result()
        finally:
            gone.cancel()
            work.cancel()


def ask(door: str, asked: Call | Raise, say: Say) -> int | None:
    """Ask the holder and wait for its whole answer; None where nobody answers at this door.

    Raises ClientError `holder-ended` where the holder went away meanwhile: what it had saved by
    then is in its journal.
    """
    try:
        connection = _connect(door)
    except (FileNotFoundError, ConnectionError):
        return None
    with connection:
        for told in _answers(connection, asked):
            if isinstance(told, Ended):
                return told.code
            say(told)
    raise ClientError("holder-ended")


def _answers(connection: socket.socket, asked: Call | Raise) -> Iterator[Said | Ended]:
    try:
        connection.sendall(msgspec.json.encode(asked) + b"\n")
        for line in connection.makefile("rb"):
            yield msgspec.json.decode(line, type=Said | Ended)
    except (ConnectionError, msgspec.MsgspecError) as error:
        raise ClientError("holder-ended") from error


def sweep(door: str | None) -> None:
    """Remove what a killed holder left in the temporary folder."""
    if door is None:
        return
    folder = Path(door).parent
    if folder.name.startswith(FOLDER_PREFIX) and Path(door).is_socket():
        with contextlib.suppress(OSError):
            Path(door).unlink()
            folder.rmdir()


def _write(writer: asyncio.StreamWriter, message: Said | Ended) -> None:
    writer.write(msgspec.json.encode(message) + b"\n")


async def _listen(
    path: Path,
    visited: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> asyncio.AbstractServer:
    if sys.platform == "win32":
        raise OSError("no local socket on this system")
    server = await asyncio.start_unix_server(visited, path=path, limit=LONGEST_LINE)
    os.chmod(path, 0o600)
    return server


def _connect(door: str) -> socket.socket:
    if sys.platform == "win32":
        raise FileNotFoundError(door)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(door)
    except OSError:
        connection.close()
        raise
    return connection

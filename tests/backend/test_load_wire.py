"""The simulated workstation's HTTP tells apart what the shipped one does, and keeps connections."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.load.wire import Wire
from xiuzhou_desktop.client.api.transport import Ask
from xiuzhou_desktop.client.errors import ClientError, Unavailable

ASK = Ask(method="POST", path="/v1/x", body={"a": 1})
FULL = b'{"slug":"disk-full","status":503}'


def answers(*given: bytes) -> tuple[Callable[[Callable[[Wire], Awaitable[None]]], None], list[int]]:
    """A server that gives these to one request after the other (nothing: it hangs up); and how many
    connections it was asked on.
    """
    left, connections = list(given), list[int]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        while left and await reader.readuntil(b'{"a":1}'):
            answer = left.pop(0)
            if not answer:
                break
            writer.write(answer)
        writer.close()

    async def run(act: Callable[[Wire], Awaitable[None]]) -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            wire = Wire(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "ws")
            await act(wire)
            await wire.close()

    return lambda act: asyncio.run(run(act)), connections


def answer(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


def test_one_connection_serves_answers_and_refusals_alike() -> None:
    run, connections = answers(answer(200, b"{}"), answer(503, FULL), answer(200, b"[]"))

    async def act(wire: Wire) -> None:
        assert (await wire.send(ASK, "token")).content == b"{}"
        with pytest.raises(ClientError) as refused:
            await wire.send(ASK, "token")
        assert refused.value.slug == "disk-full"
        assert (await wire.send(ASK, "token")).content == b"[]"

    run(act)
    assert len(connections) == 1


def test_who_hangs_up_has_said_nothing() -> None:
    run, _ = answers(b"", answer(200, b"{}"))

    async def act(wire: Wire) -> None:
        with pytest.raises(Unavailable) as silent:
            await wire.send(ASK, "token")
        assert silent.value.slug == "unreachable"

    run(act)

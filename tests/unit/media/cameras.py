"""Cameras of their own for tests: a real RTSP server, and servers that misbehave."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.ports import lasting_port

SYSTEM_PYTHON = "/usr/bin/python3"
SERVER = Path(__file__).with_name("rtsp_server.py")
END_S = 180


class RtspServer:
    """GStreamer's, a process of its own; `cut` and `start` again on the same port."""

    def __init__(self, *options: str, login: str | None = None) -> None:
        self._options, self._login = options, login
        self.port = lasting_port()
        self.start()

    @property
    def url(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/live"

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        words = [*self._options, *(("--login",) if self._login else ())]
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, str(SERVER), "--port", str(self.port), *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if self._login:
            self._process.stdin.write(f"{self._login}\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the RTSP server ended before it listened"
        self.port = int(line)

    def cut(self) -> None:
        """As pulling the camera's cable does."""
        self._process.kill()
        self._process.wait(END_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


@contextlib.contextmanager
def rtsp(*options: str, login: str | None = None) -> Iterator[RtspServer]:
    """A running server until the block ends."""
    server = RtspServer(*options, login=login)
    try:
        yield server
    finally:
        server.cut()


@contextlib.contextmanager
def answering(content: bytes) -> Iterator[int]:
    """A TCP server that sends these bytes to whoever comes and then says nothing; its port."""
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = server.accept()
                    held.append(client)
                    client.sendall(content)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield int(server.getsockname()[1])
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(END_S)
            for client in held:
                client.close()

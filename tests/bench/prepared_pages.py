"""A server that only sends: bodies made beforehand, by the same HTTP server as the backend's.

python -m tests.bench.prepared_pages FOLDER      GET /<name> ──► the bytes of FOLDER/<name>
"""

import asyncio
import json
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import uvicorn

Message = Mapping[str, object]
Send = Callable[[Message], Awaitable[None]]
HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


class Prepared:
    """The ASGI application: nothing is computed."""

    def __init__(self, folder: Path) -> None:
        self._bodies = {f"/{file.name}": file.read_bytes() for file in folder.iterdir()}

    async def __call__(self, scope: Message, _: object, send: Send) -> None:
        """One request."""
        body = self._bodies[str(scope["path"])]
        size = (b"content-length", str(len(body)).encode())
        start = {"type": "http.response.start", "status": 200, "headers": [*HEADERS, size]}
        await send(start)
        await send({"type": "http.response.body", "body": body})


def main(folder: Path) -> None:
    """Listen on a free port, say where, serve."""
    listening = socket.create_server(("127.0.0.1", 0))
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
    config = uvicorn.Config(Prepared(folder), log_config=None, access_log=False, lifespan="off")
    asyncio.run(uvicorn.Server(config).serve([listening]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

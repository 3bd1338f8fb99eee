"""A server that only sends: bodies made beforehand, by the same HTTP server as the backend's.

python -m tests.bench.prepared_pages FOLDER

GET …?after_id=<name>   the bytes of FOLDER/<name>, FIRST where no id is named
POST                    a session, which nobody checks
"""

import asyncio
import json
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import uvicorn

from xiuzhou_desktop.contract.session import Tokens
from xiuzhou_desktop.domain.canonical import canonical

Message = Mapping[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
FIRST = "first"
HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


class Prepared:
    """The ASGI application: nothing is computed."""

    def __init__(self, folder: Path) -> None:
        self._bodies = {file.name: file.read_bytes() for file in folder.iterdir()}
        ends_at = datetime.now(UTC) + timedelta(days=1)
        self._session = canonical(Tokens(access="a", refresh="b", expires_at=ends_at))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        asked = parse_qs(str(scope["query_string"], "ascii"))  # type: ignore[call-overload]
        body = self._bodies[asked.get("after_id", [FIRST])[0]]
        if scope["method"] == "POST":
            await receive()
            body = self._session
        size = (b"content-length", str(len(body)).encode())
        start = {"type": "http.response.start", "status": 200, "headers": [*HEADERS, size]}
        await send(start)
        await send({"type": "http.response.body", "body": body})


def main(folder: Path) -> None:
    """Listen on a free port, say where, serve."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    print(json.dumps({"listening": address}), flush=True)
    config = uvicorn.Config(Prepared(folder), log_config=None, access_log=False, lifespan="off")
    asyncio.run(uvicorn.Server(config).serve([listening]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

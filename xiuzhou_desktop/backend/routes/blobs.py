"""Download of blobs, whole or in ranges (RFC 9110 §14), for whoever reads a record that names them.

A blob never changes, so its hash is its ETag, and a range that was begun goes on at any time.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

from xiuzhou_desktop.backend.blobs import full_name
from xiuzhou_desktop.backend.images import HEAD_BYTES, media_type_of
from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import records

RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
AT_ONCE = 1024 * 1024


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""

    async def blob(call: Call) -> Reply:
        person, name = await call.person(), full_name(call.path("blob"))
        if name is None:
            raise ProblemError("not-found")
        grants = await parts.store.read(lambda c: records.blob_grants(c, name))
        if not person.grants.intersection(grants) or not parts.blobs.has(name):
            raise ProblemError("not-found")
        digest = name.removeprefix("sha256:")
        etag = f'"{digest}"'
        is_same = call.header("if-range") in (None, etag)
        asked = call.header("range") if is_same else None
        return await asyncio.to_thread(_answer, parts.blobs.file_of(digest), etag, asked)

    return (
        Operation(
            method="GET", path="/v1/blobs/{blob}", name="blob", run=blob,
            gives_type="application/octet-stream", about="A file by its SHA-256.",
            problems=("not-found", "range-not-satisfiable"),
        ),
    )  # fmt: skip


def _answer(file: Path, etag: str, asked: str | None) -> Reply:
    length = file.stat().st_size
    with file.open("rb") as content:
        media_type = media_type_of(content.read(HEAD_BYTES))
    headers = {"Accept-Ranges": "bytes", "ETag": etag}
    wanted = RANGE.fullmatch(asked) if asked else None
    start, end, status = 0, length, 200
    if wanted is not None and wanted[0] != "bytes=-":
        start, end = _limits(length, wanted[1], wanted[2])
        if start >= end:
            raise ProblemError("range-not-satisfiable", length=length)
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
        status = 206
    headers["Content-Length"] = str(end - start)
    return Reply(
        stream=_read(file, start, end), status=status, media_type=media_type, headers=headers
    )


async def _read(file: Path, start: int, end: int) -> AsyncIterator[bytes]:
    with file.open("rb") as content:
        content.seek(start)
        left = end - start
        while left:
            part = await asyncio.to_thread(content.read, min(left, AT_ONCE))
            if not part:
                return
            left -= len(part)
            yield part


def _limits(length: int, first: str, last: str) -> tuple[int, int]:
    if not first:
        return max(0, length - int(last)), length
    end = min(length, int(last) + 1) if last else length
    return int(first), end

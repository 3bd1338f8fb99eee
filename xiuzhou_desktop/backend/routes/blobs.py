"""Download of blobs, with ranges, for whoever reads a record that names them."""

import asyncio
import re

from xiuzhou_desktop.backend.blobs import full_name
from xiuzhou_desktop.backend.images import media_type_of
from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import records

RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""

    async def blob(call: Call) -> Reply:
        person, name = await call.person(), full_name(call.path("blob"))
        if name is None:
            raise ProblemError("not-found")
        grants = await parts.store.read(lambda c: records.blob_grants(c, name))
        if not person.grants.intersection(grants):
            raise ProblemError("not-found")
        content = await asyncio.to_thread(parts.blobs.get, name)
        if content is None:
            raise ProblemError("not-found")
        return _part(content, call.header("range"))

    return (
        Operation(
            method="GET", path="/v1/blobs/{blob}", name="blob", run=blob,
            gives_type="application/octet-stream", about="A file by its SHA-256.",
            problems=("not-found", "range-not-satisfiable"),
        ),
    )  # fmt: skip


def _part(content: bytes, asked: str | None) -> Reply:
    media_type = media_type_of(content)
    wanted = RANGE.fullmatch(asked) if asked else None
    if wanted is None or wanted[0] == "bytes=-":
        return Reply(body=content, media_type=media_type, headers={"Accept-Ranges": "bytes"})
    start, end = _limits(len(content), wanted[1], wanted[2])
    if start >= end:
        raise ProblemError("range-not-satisfiable")
    return Reply(
        body=content[start:end], status=206, media_type=media_type,
        headers={"Content-Range": f"bytes {start}-{end - 1}/{len(content)}"},
    )  # fmt: skip


def _limits(length: int, first: str, last: str) -> tuple[int, int]:
    if not first:
        return max(0, length - int(last)), length
    end = min(length, int(last) + 1) if last else length
    return int(first), end

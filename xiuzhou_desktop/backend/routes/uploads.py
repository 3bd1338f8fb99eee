"""Upload of files that a command will name (contract/uploads.py), with resumption.

Nobody can read a blob before a record names it, so an upload alone shows nothing to anybody.
"""

import asyncio

from xiuzhou_desktop.backend.operation import Call, Operation, Parameter, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import uploads
from xiuzhou_desktop.backend.unfinished import Planned
from xiuzhou_desktop.backend.unnamed_uploads import UnnamedUploads
from xiuzhou_desktop.contract.uploads import (
    LENGTH,
    METADATA,
    OFFSET,
    TUS_EXTENSIONS,
    TUS_RESUMABLE,
    TUS_VERSION,
    UPLOAD_BYTES,
    UPLOAD_TYPE,
    digest_in,
)

AT_ONCE = 1024 * 1024  # bytes of one write; smaller ones cost more than the disk
NUMBER = {"type": "string", "pattern": "^[0-9]{1,12}$"}
RESUMABLE = Parameter(
    name=TUS_RESUMABLE, about="the version of tus", required=True,
    schema={"type": "string", "const": TUS_VERSION},
)  # fmt: skip
ABOUT_LENGTH = Parameter(name=LENGTH, about="bytes of the file", required=True, schema=NUMBER)
ABOUT_OFFSET = Parameter(name=OFFSET, about="the first byte's place", required=True, schema=NUMBER)
ABOUT_METADATA = Parameter(
    name=METADATA, about="sha256 and the file's hash: hex, then base64", required=True,
    schema={"type": "string", "pattern": "^sha256 [A-Za-z0-9+/]{86}==$"},
)  # fmt: skip
PART = ("offset-mismatch", "blob-mismatch", "bad-image", "unsupported-file", "disk-full")


class _Desk:
    """What the operations share."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._kept = UnnamedUploads(parts.store, parts.blobs, parts.unfinished)

    async def options(self, _: Call) -> Reply:
        told = {
            "Tus-Version": TUS_VERSION, "Tus-Extension": TUS_EXTENSIONS,
            "Tus-Max-Size": str(UPLOAD_BYTES),
        }  # fmt: skip
        return Reply(status=204, headers=_with_version(told))

    async def create(self, call: Call) -> Reply:
        user = (await call.person()).account.user
        _check_version(call)
        length, digest = _number(call, LENGTH), digest_in(call.header(METADATA) or "")
        if digest is None:
            raise ProblemError("bad-parameter", METADATA)
        if length > UPLOAD_BYTES:
            raise ProblemError("too-large")
        one = await self._parts.store.write(lambda: self._begin(user, length, digest))
        offset = 0
        if call.header("content-type") is not None or length == 0:
            offset = await self._take(call, one, 0)
        told = {"Location": f"/v1/uploads/{one.id}", OFFSET: str(offset)}
        return Reply(status=201, headers=_with_version(told))

    async def head(self, call: Call) -> Reply:
        one, offset = await self._reached(call)
        told = {OFFSET: str(offset), LENGTH: str(one.length)}
        return Reply(headers=_with_version(told))

    async def patch(self, call: Call) -> Reply:
        one, offset = await self._reached(call)
        if offset != _number(call, OFFSET):
            raise ProblemError("offset-mismatch")
        offset = await self._take(call, one, offset)
        return Reply(status=204, headers=_with_version({OFFSET: str(offset)}))

    async def _reached(self, call: Call) -> tuple[Planned, int]:
        """The upload, and how many of its bytes are here."""
        user, unfinished = (await call.person()).account.user, self._parts.unfinished
        _check_version(call)

        def found() -> tuple[Planned, int]:
            one = unfinished.of(user, call.path("upload"))
            return one, unfinished.offset(one)

        return await asyncio.to_thread(found)

    def _begin(self, user: str, length: int, digest: str) -> Planned:
        """One at a time, or two would each see the room that is left for one."""
        with self._parts.store.snapshot() as connection:
            self._kept.refuse_over_quota(connection, user, length)
        return self._parts.unfinished.begin(user, length, digest)

    async def _take(self, call: Call, one: Planned, offset: int) -> int:
        """Write what comes, as it comes; after the last byte it is a blob."""
        kind = (call.header("content-type") or UPLOAD_TYPE).partition(";")[0].strip().lower()
        if kind != UPLOAD_TYPE:
            raise ProblemError("unsupported-media", UPLOAD_TYPE)
        waiting, size, writing = list[bytes](), 0, asyncio.create_task(asyncio.sleep(0, offset))
        async for part in call.request.stream():  # the next bytes come while these are written
            waiting.append(part)
            size += len(part)
            if size >= AT_ONCE:
                writing = self._append(one, await writing, waiting)
                waiting, size = [], 0
        offset = await self._append(one, await writing, waiting)
        if offset == one.length and not one.is_done:
            await self._finish(one)
        return offset

    def _append(self, one: Planned, offset: int, parts: list[bytes]) -> asyncio.Task[int]:
        """Begin to write these bytes."""

        def append() -> int:
            return self._parts.unfinished.append(one, offset, b"".join(parts))

        return asyncio.create_task(asyncio.to_thread(append))

    async def _finish(self, one: Planned) -> None:
        blob = await asyncio.to_thread(self._parts.unfinished.finish, one)
        await self._parts.store.write(lambda: self._note(blob, one.user))
        await asyncio.to_thread(self._parts.unfinished.close, one)

    def _note(self, blob: str, user: str) -> None:
        """Only who had the bytes, or may read them, may name them (store/uploads.py)."""
        with self._parts.store.transaction() as connection:
            uploads.note_sender(connection, blob, user)


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""
    desk, one = _Desk(parts), "/v1/uploads/{upload}"
    return (
        Operation(
            method="OPTIONS", path="/v1/uploads", name="upload_options", run=desk.options,
            status=204, is_open=True, about="What of tus is spoken here.",
        ),
        Operation(
            method="POST", path="/v1/uploads", name="upload", run=desk.create, status=201,
            takes_type=UPLOAD_TYPE, headers=(RESUMABLE, ABOUT_LENGTH, ABOUT_METADATA),
            max_body=UPLOAD_BYTES, about="A place for a file, with its first bytes or all of them.",
            problems=("tus-version", "upload-quota", *PART),
        ),
        Operation(
            method="HEAD", path=one, name="upload_offset", run=desk.head, headers=(RESUMABLE,),
            about="How much of a file has come.", problems=("not-found", "tus-version"),
        ),
        Operation(
            method="PATCH", path=one, name="upload_part", run=desk.patch, status=204,
            takes_type=UPLOAD_TYPE, headers=(RESUMABLE, ABOUT_OFFSET), max_body=UPLOAD_BYTES,
            about="The bytes from the offset on; after the last one the file is a blob.",
            problems=("not-found", "tus-version", *PART),
        ),
    )  # fmt: skip


def _with_version(headers: dict[str, str]) -> dict[str, str]:
    return {TUS_RESUMABLE: TUS_VERSION, **headers}


def _check_version(call: Call) -> None:
    if call.header(TUS_RESUMABLE) != TUS_VERSION:
        raise ProblemError("tus-version", TUS_VERSION)


def _number(call: Call, name: str) -> int:
    text = call.header(name) or ""
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        raise ProblemError("bad-parameter", name)
    return int(text)

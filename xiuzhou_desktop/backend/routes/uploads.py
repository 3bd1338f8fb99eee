"""Upload of files that a command will name (contract/uploads.py).

Nobody can read a blob before a record names it, so an upload alone shows nothing to anybody.
"""

import asyncio
import hashlib

from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.operation import Call, Operation, Parameter, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import uploads
from xiuzhou_desktop.backend.unnamed_uploads import UnnamedUploads
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.uploads import (
    CHECKSUM,
    UPLOAD_BYTES,
    UPLOAD_TYPE,
    Uploaded,
    digest_named,
)

HEADERS = (
    Parameter(
        name=CHECKSUM, about="sha256 and the hash of the body in base64", required=True,
        schema={"type": "string", "pattern": "^sha256 [A-Za-z0-9+/]{43}=$"},
    ),
)  # fmt: skip


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""

    kept = UnnamedUploads(parts.store, parts.blobs)

    async def upload(call: Call) -> Reply:
        person = await call.person()
        kind = (call.header("content-type") or "").partition(";")[0].strip().lower()
        if kind != UPLOAD_TYPE:
            raise ProblemError("unsupported-media", UPLOAD_TYPE)
        digest = digest_named(call.header(CHECKSUM) or "")
        if digest is None:
            raise ProblemError("bad-parameter", CHECKSUM)
        content = await call.request.body()
        user, size = person.account.user, len(content)
        await parts.store.read(lambda c: kept.refuse_over_quota(c, user, size))
        blob = await asyncio.to_thread(_kept, parts.blobs, content, digest)
        await parts.store.write(lambda: _note(parts, blob, user))
        told = Uploaded(blob=blob, size=size)
        headers = {"Location": f"/v1/blobs/{blob}", "Upload-Offset": str(size)}
        return Reply(body=encode_body(told), status=201, headers=headers)

    return (
        Operation(
            method="POST", path="/v1/uploads", name="upload", run=upload, takes_type=UPLOAD_TYPE,
            gives=Uploaded, status=201, headers=HEADERS, max_body=UPLOAD_BYTES,
            about="A file in one piece; the same bytes again are the same blob.",
            problems=(
                "bad-parameter", "blob-mismatch", "too-large", "unsupported-media", "upload-quota",
            ),
        ),
    )  # fmt: skip


def _kept(blobs: Blobs, content: bytes, digest: str) -> str:
    """Their name, if they are what was announced. Raises ProblemError."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise ProblemError("blob-mismatch")
    return blobs.put(content)


def _note(parts: Parts, blob: str, user: str) -> None:
    """Only who had the bytes, or may read them, may name them (store/uploads.py)."""
    with parts.store.transaction() as connection:
        uploads.note_sender(connection, blob, user)

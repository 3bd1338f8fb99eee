"""Flags from detectors, as a form of two parts."""

import asyncio

from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException

from xiuzhou_desktop.backend.images import MAX_BYTES
from xiuzhou_desktop.backend.ingest import device_of, parse_flag
from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.ingest import IngestAnswer

FORM = {
    "type": "object",
    "required": ["flag", "image"],
    "properties": {
        "flag": {"type": "string", "contentMediaType": "application/json"},
        "image": {"type": "string", "format": "binary"},
    },
}
MULTIPART = "multipart/form-data"


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""
    line = asyncio.Semaphore()

    async def ingest(call: Call) -> Reply:
        token = call.bearer()
        device = await parts.store.ask(lambda c: device_of(c, token))
        raw, image = await _form(call)
        flag = parse_flag(raw)
        if flag.source not in {None, device}:  # its name is the source; nobody speaks for another
            raise ProblemError("foreign-source")
        async with line:  # detectors wait for each other, officers for none of them
            told = await asyncio.to_thread(parts.intake.take, device, flag, image)
        return Reply(body=encode_body(told))

    return (
        Operation(
            method="POST", path="/v1/ingest/flags", name="ingest_flag", takes_form=FORM,
            gives=IngestAnswer, run=ingest, max_body=MAX_BYTES,
            about="A flag from a detector, with its picture; again with the same ids is the same.",
            problems=(
                "foreign-source", "bad-image", "bad-plate", "bad-time", "bad-flag",
                "unknown-camera",
            ),
        ),
    )  # fmt: skip


async def _form(call: Call) -> tuple[bytes, bytes]:
    if (call.header("content-type") or "").partition(";")[0].strip().lower() != MULTIPART:
        raise ProblemError("unsupported-media", MULTIPART)
    try:
        form = await call.request.form()
    except HTTPException as error:
        raise ProblemError("malformed", error.detail) from error
    except (ValueError, KeyError, AttributeError) as error:  # the parser's ways to say no
        raise ProblemError("malformed", "the form cannot be read") from error
    flag, image = form.get("flag"), form.get("image")
    if flag is None or not isinstance(image, UploadFile):
        raise ProblemError("malformed", "parts flag and image")
    raw = await flag.read() if isinstance(flag, UploadFile) else str(flag).encode()
    return raw, await image.read()

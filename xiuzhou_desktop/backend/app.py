"""The Litestar application: a route a row, every failure a problem (RFC 9457), streams that end
when the process does.

row ─► handler: Call → run → Reply        ProblemError → its problem · framework error → problem ·
anything else → logged, 500
"""

import errno
import logging
import re
from collections.abc import Awaitable, Callable
from uuid import uuid4

from litestar import HttpMethod, Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from xiuzhou_desktop.backend.openapi import describe
from xiuzhou_desktop.backend.operation import Call, HttpRequest, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import RIGHTS, ProblemError, slug_of_status
from xiuzhou_desktop.backend.routes import (
    administration,
    blobs,
    demo,
    figures,
    history,
    ingest,
    live,
    media,
    metrics,
    open_penalties,
    parties,
    platforms,
    positions,
    sealed,
    session,
    sessions,
    sync,
    uploads,
)
from xiuzhou_desktop.backend.store import DiskFullError, UnavailableError
from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.contract.uploads import TUS_VERSION
from xiuzhou_desktop.domain.canonical import canonical

log = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = "2"
Handler = Callable[[HttpRequest], Awaitable[Response[bytes]]]


def all_operations(parts: Parts) -> tuple[Operation, ...]:
    """Every row of the API; the demonstration's only where there is one."""
    rows = (
        *session.operations(parts), *sync.operations(parts), *live.operations(parts),
        *sessions.operations(parts), *metrics.operations(parts),
        *parties.operations(parts),
        *media.operations(parts), *blobs.operations(parts), *figures.operations(parts),
        *ingest.operations(parts), *sealed.operations(parts), *history.operations(parts),
        *positions.operations(parts), *uploads.operations(parts),
        *open_penalties.operations(parts), *administration.operations(parts),
        *platforms.operations(parts),
    )  # fmt: skip
    return (*rows, *demo.operations(parts)) if parts.demo else rows


def create_app(parts: Parts) -> Litestar:
    """The ASGI application of one backend."""
    rows = all_operations(parts)
    document = canonical(describe(rows))

    async def openapi(_: Call) -> Reply:
        return Reply(body=document)

    described = Operation(
        method="GET", path="/openapi.json", name="openapi", is_open=True, run=openapi,
        about="This document.",
    )  # fmt: skip
    return Litestar(
        route_handlers=[_route(parts, row) for row in (*rows, described)],
        openapi_config=None,
        exception_handlers={Exception: _on_exception},
        logging_config=None,
        request_max_body_size=None,  # each row has its own limit
    )


def _route(parts: Parts, row: Operation) -> HTTPRouteHandler:
    async def handle(request: Request[object, object, State]) -> Response[bytes] | Stream:
        call = Call(request, parts.store, parts.accounts)
        try:
            reply = await row.run(call)
        except ProblemError as error:
            await _note_refusal(parts, row, call, error)
            raise
        finally:
            if call.asker is not None:
                parts.platforms.heard(call.asker)
        headers = {"Cache-Control": "no-store", **reply.headers}
        if reply.stream is not None:
            return Stream(
                reply.stream, status_code=reply.status, media_type=reply.media_type, headers=headers
            )
        return Response(
            reply.body, status_code=reply.status, media_type=reply.media_type, headers=headers
        )

    typed = re.sub(r"{(\w+)}", r"{\1:str}", row.path)
    return HTTPRouteHandler(
        typed, http_method=HttpMethod(row.method), name=row.name, status_code=200,
        request_max_body_size=row.max_body + _FORM_OVERHEAD, include_in_schema=False,
    )(handle)  # fmt: skip


async def _note_refusal(parts: Parts, row: Operation, call: Call, error: ProblemError) -> None:
    """What somebody asked for without the right to it is in the audit."""
    if error.slug not in RIGHTS or call.asker is None:
        return
    note = Note(
        at=parts.clock.now(), who=call.asker.account.user, act="request-refused", subject=row.name,
        detail=error.slug,
    )  # fmt: skip

    def keep() -> None:
        with parts.store.writing() as tables:
            tables.note(note)

    await parts.store.write(keep)


_FORM_OVERHEAD = 64 * 1024  # boundaries and headers of a multipart body


def _on_exception(request: Request[object, object, State], error: Exception) -> Response[bytes]:
    request_id = str(uuid4())
    told = _as_problem(error)
    if told.slug == "defect":
        log.error(
            "request failed", exc_info=error,
            extra={"request_id": request_id, "path": request.url.path, "method": request.method},
        )  # fmt: skip
    headers = {"Cache-Control": "no-store"}
    if told.status in (429, 503):
        headers["Retry-After"] = RETRY_AFTER_S
    if told.slug == "range-not-satisfiable":
        headers["Content-Range"] = f"bytes */{told.facts['length']}"
    if told.slug == "tus-version":
        headers["Tus-Version"] = TUS_VERSION
    if told.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, HTTPException) and error.headers:
        headers |= error.headers
    return Response(
        canonical(told.problem(request_id)), status_code=told.status, media_type=PROBLEM_JSON,
        headers=headers,
    )  # fmt: skip


def _as_problem(error: Exception) -> ProblemError:
    match error:
        case ProblemError():
            return error
        case HTTPException():
            return ProblemError(slug_of_status(error.status_code), error.detail)
        case DiskFullError():
            return ProblemError("disk-full")
        case OSError(errno=errno.ENOSPC):
            return ProblemError("disk-full")
        case UnavailableError():
            return ProblemError("unavailable")
        case _:
            return ProblemError("defect")

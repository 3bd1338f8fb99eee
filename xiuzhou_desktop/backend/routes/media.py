"""Pictures of cameras, their tickets, the base map, the words of a message to come."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

from xiuzhou_desktop.backend.hooks import NoPictureError
from xiuzhou_desktop.backend.operation import Call, Operation, Parameter, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import records
from xiuzhou_desktop.backend.store.codec import grant_of
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.media import MediaToken, MediaTokenAsked, NoticePreview
from xiuzhou_desktop.documents.sms_text import sms_text
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import Grant

CLIP_MOST_S = 60
CLIP_S = 10
INSTANT = {"type": "string", "format": "date-time"}
TOKEN = Parameter(name="token", about="a media token", schema={"type": "string"})
CAMERA_PATH = re.compile(r"/v1/cameras/([^/\x00]+)/(?:still|live|clip)")
PICTURE_PROBLEMS = ("not-found", "no-picture")


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""
    return (
        Operation(
            method="GET", path="/v1/cameras/{camera}/still", name="still", gives_type="image/jpeg",
            about="A camera's picture at an instant, now unless `at` says another.",
            run=lambda call: _still(parts, call), problems=PICTURE_PROBLEMS,
            query=(Parameter(name="at", about="business time", schema=INSTANT), TOKEN),
        ),
        Operation(
            method="GET", path="/v1/cameras/{camera}/live", name="live_picture",
            gives_type="video/mp2t", about="A camera's picture now, without end.",
            run=lambda call: _live(parts, call), problems=PICTURE_PROBLEMS, query=(TOKEN,),
        ),
        Operation(
            method="GET", path="/v1/cameras/{camera}/clip", name="clip", gives_type="video/mp4",
            about="Some seconds of a camera.", run=lambda call: _clip(parts, call),
            problems=PICTURE_PROBLEMS, query=(
                Parameter(name="from", about="start", schema=INSTANT, required=True),
                Parameter(
                    name="seconds", about="length",
                    schema={"type": "integer", "minimum": 1, "maximum": CLIP_MOST_S},
                ),
                TOKEN,
            ),
        ),
        Operation(
            method="POST", path="/v1/media-token", name="media_token", takes=MediaTokenAsked,
            gives=MediaToken, about="A ticket for one path and one minute.",
            run=lambda call: _token(parts, call), problems=("not-found",),
        ),
        Operation(
            method="GET", path="/v1/basemap", name="basemap", is_open=True,
            gives_type="application/geo+json", about="Streets and borders.",
            run=lambda _: _basemap(parts), problems=("no-picture",),
        ),
        Operation(
            method="GET", path="/v1/notice-preview", name="notice_preview", gives=NoticePreview,
            about="The message about a flag as it would go out.",
            run=lambda call: _preview(parts, call), problems=("not-found",),
            query=(
                Parameter(
                    name="flag", about="the flag", schema={"type": "string"}, required=True
                ),
            ),
        ),
    )  # fmt: skip


async def _still(parts: Parts, call: Call) -> Reply:
    camera = await _camera(parts, call)
    at = call.instant("at", parts.clock.now())
    try:
        picture = await parts.media.still(camera, at)
    except NoPictureError as error:
        raise ProblemError("no-picture", str(error)) from error
    return Reply(body=picture, media_type="image/jpeg")


async def _clip(parts: Parts, call: Call) -> Reply:
    camera, start = await _camera(parts, call), call.instant("from")
    seconds = call.number("seconds", CLIP_S, most=CLIP_MOST_S)
    if start > parts.clock.now() - timedelta(seconds=seconds):
        raise ProblemError("no-picture", "not yet recorded")
    try:
        picture = await parts.media.clip(camera, start, seconds)
    except NoPictureError as error:
        raise ProblemError("no-picture", str(error)) from error
    return Reply(body=picture, media_type="video/mp4")


async def _live(parts: Parts, call: Call) -> Reply:
    camera = await _camera(parts, call)
    try:
        pieces = parts.media.live(camera)
        first = await anext(pieces)
    except NoPictureError as error:
        raise ProblemError("no-picture", str(error)) from error
    return Reply(stream=_pieces(parts, first, pieces), media_type="video/mp2t")


async def _pieces(parts: Parts, first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    try:
        async for piece in rest:
            if parts.pokes.is_closing:
                return
            yield piece
    except NoPictureError:
        return  # the camera went away: the player sees the end and asks again


async def _token(parts: Parts, call: Call) -> Reply:
    person, asked = await call.person(), await call.body(MediaTokenAsked)
    path = asked.path.partition("?")[0]
    named = CAMERA_PATH.fullmatch(path)
    if named is None:
        raise ProblemError("not-found", "path")
    await _camera_of(parts, named[1], person.grants)  # the ticket will be asked for no rights
    token, until = parts.media_tokens.give(path)
    return Reply(body=encode_body(MediaToken(token=token, expires_at=until)))


async def _basemap(parts: Parts) -> Reply:
    try:
        body = await parts.media.basemap()
    except NoPictureError as error:
        raise ProblemError("no-picture", str(error)) from error
    return Reply(body=body, media_type="application/geo+json")


async def _preview(parts: Parts, call: Call) -> Reply:
    person, flag = await call.person(), call.query("flag")
    found = await parts.store.read(lambda c: (records.find(c, flag), parts.store.surroundings(c)))
    one, around = found
    if one is None or one.kind is not Kind.FLAG or grant_of(one) not in person.grants:
        raise ProblemError("not-found")
    words = sms_text("notice", one, around.policy)
    return Reply(body=encode_body(NoticePreview(text=words)))


async def _camera(parts: Parts, call: Call) -> Record:
    """The camera of the path, for whoever may see it or holds a ticket for this path."""
    grants: frozenset[Grant] | None = None
    if "token" in call.request.query_params:
        parts.media_tokens.check(call.query("token"), call.request.url.path)
    else:
        grants = (await call.person()).grants
    return await _camera_of(parts, call.path("camera"), grants)


async def _camera_of(parts: Parts, wanted: str, grants: frozenset[Grant] | None) -> Record:
    """The camera of that id; None: whoever asks holds a ticket, so the rights were asked before."""
    found = await parts.store.read(lambda c: records.find(c, wanted))
    if found is None or found.kind is not Kind.CAMERA:
        raise ProblemError("not-found")
    if grants is not None and grant_of(found) not in grants:
        raise ProblemError("not-found")
    return found

"""The live lane: server-sent events down, claims and health up."""

from collections.abc import AsyncIterator

from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.sse import EVENT_STREAM, SIGN_OF_LIFE, event
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.live import CameraHealth, LeaseState, LiveSay


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""

    async def listen(call: Call) -> Reply:
        await call.person()
        return Reply(stream=_states(parts), media_type=EVENT_STREAM)

    async def say(call: Call) -> Reply:
        person, said = await call.person(), await call.body(LiveSay)
        return Reply(body=encode_body(parts.live.say(person, said)))

    return (
        Operation(
            method="GET", path="/v1/live", name="live", gives=CameraHealth,
            gives_type=EVENT_STREAM, run=listen,
            about="Server-sent events `camera` and `lease`: all that stands, then each change.",
        ),
        Operation(
            method="POST", path="/v1/live", name="live_say", takes=LiveSay, gives=LeaseState,
            run=say, about="Claim, renew, release or break a lease; report a camera's health.",
            problems=("claimed", "forbidden", "too-many-requests"),
        ),
    )  # fmt: skip


async def _states(parts: Parts) -> AsyncIterator[bytes]:
    async for state in parts.live.stream():
        match state:
            case LeaseState():
                yield event("lease", state)
            case CameraHealth():
                yield event("camera", state)
            case None:
                yield SIGN_OF_LIFE

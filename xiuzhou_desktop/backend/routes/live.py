"""The live lane: server-sent events down, claims and health up."""

from collections.abc import AsyncIterator

from xiuzhou_desktop.backend.live import LiveState
from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.sse import EVENT_STREAM, SIGN_OF_LIFE, event
from xiuzhou_desktop.backend.store import codec, records
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.live import CameraHealth, LeaseState, LiveAct, LiveSay
from xiuzhou_desktop.contract.positions import LivePositions
from xiuzhou_desktop.domain.envelope import Kind

LONGEST_ID = codec.LIMITS["id"]


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""

    async def listen(call: Call) -> Reply:
        person = await call.person()
        return Reply(stream=_states(parts, call, person), media_type=EVENT_STREAM)

    async def say(call: Call) -> Reply:
        person, said = await call.person(), await call.body(LiveSay)
        grant = await _grant(parts, person, said)
        return Reply(body=encode_body(await parts.live.say(person, said, grant)))

    return (
        Operation(
            method="GET", path="/v1/live", name="live", gives=CameraHealth,
            gives_type=EVENT_STREAM, run=listen,
            about="Server-sent events `camera`, `lease`, `positions`: what stands, then changes.",
        ),
        Operation(
            method="POST", path="/v1/live", name="live_say", takes=LiveSay, gives=LeaseState,
            run=say, about="Claim, renew, release or break a lease; report a camera's health.",
            problems=("claimed", "lease-lost", "forbidden", "not-found", "too-many-requests"),
        ),
    )  # fmt: skip


async def _grant(parts: Parts, person: Person, said: LiveSay) -> str | None:
    """The grant under which the record lies; nobody speaks of a record of another scope. One that
    is not here yet may be claimed: its report is on the way; health is said of cameras that there
    are. Raises ProblemError.
    """
    if len(said.record) > LONGEST_ID:
        raise ProblemError("not-found")
    found = await parts.store.read(lambda c: records.find_with_grant(c, said.record))
    is_camera = found is not None and found.kind == Kind.CAMERA
    is_strange = said.act is LiveAct.HEALTH and not is_camera
    is_other_kind = found is not None and found.kind != said.kind.value
    is_foreign = found is not None and found.grant not in person.grants
    if is_strange or is_other_kind or is_foreign:
        raise ProblemError("not-found")
    return found.grant if found else None


async def _states(parts: Parts, call: Call, person: Person) -> AsyncIterator[bytes]:
    with parts.door.admitted(call, person) as admission:
        async for state in parts.live.stream(person):
            if not admission.stands:
                return
            yield _line(state)


def _line(state: LiveState | None) -> bytes:
    match state:
        case LeaseState():
            return event("lease", state)
        case CameraHealth():
            return event("camera", state)
        case LivePositions():
            return event("positions", state)
        case None:
            return SIGN_OF_LIFE

"""What a monitor reads, from this computer or with the district's token for it."""

import hmac
from functools import partial
from ipaddress import ip_address

from xiuzhou_desktop.backend.metrics import CONTENT_TYPE, owed_by_state
from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError

FORWARDED = ("x-forwarded-for", "forwarded")


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The row of this feature."""

    async def metrics(call: Call) -> Reply:
        if not _is_local(call) and not hmac.compare_digest(
            call.bearer().encode(), parts.metrics.token.encode()
        ):
            raise ProblemError("signed-out")
        owed = await parts.store.read(owed_by_state)
        read = partial(parts.platforms.read, listening=parts.door.persons())
        parts.metrics.platforms(await parts.store.read(read), parts.clock.now())
        page = parts.metrics.text(parts.door.streams, owed, parts.live.camera_states())
        return Reply(body=page, media_type=CONTENT_TYPE)

    return (
        Operation(
            method="GET", path="/metrics", name="metrics", gives_type="text/plain", is_open=True,
            about="Figures of this process, for a monitor on this computer or with its token.",
            run=metrics, problems=("signed-out",),
        ),
    )  # fmt: skip


def _is_local(call: Call) -> bool:
    """Asked from this computer itself, not by way of a proxy on it."""
    client = call.request.client
    if client is None or any(call.header(name) for name in FORWARDED):
        return False
    return ip_address(client.host).is_loopback

"""The six platforms and how the link to each is: for everybody who is signed in."""

from functools import partial

from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.platforms import Platforms


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The row of this feature."""

    async def platforms(call: Call) -> Reply:
        parts.platforms.heard(await call.person())  # now, not once this is answered
        read = partial(parts.platforms.read, listening=parts.door.persons())
        return Reply(body=encode_body(await parts.store.read(read)))

    return (
        Operation(
            method="GET", path="/v1/platforms", name="platforms", gives=Platforms, run=platforms,
            about="When the hub and each town were last heard of.",
        ),
    )  # fmt: skip

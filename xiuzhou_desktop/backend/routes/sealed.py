"""What a workstation could not send before its officer's access ended."""

from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.sealing import SEALED_BYTES, SealedKept, SealedSay


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""

    async def keep(call: Call) -> Reply:
        said = await call.body(SealedSay, SEALED_BYTES)
        now = parts.clock.now()
        return Reply(body=encode_body(await parts.store.write(lambda: parts.safe.keep(said, now))))

    return (
        Operation(
            method="POST", path="/v1/sealed", name="sealed_work", is_open=True, takes=SealedSay,
            gives=SealedKept, run=keep, max_body=SEALED_BYTES,
            about="Unsent work of an account that was shut, sealed to the district's key.",
            problems=("forbidden", "malformed", "too-large", "too-many-requests"),
        ),
    )  # fmt: skip

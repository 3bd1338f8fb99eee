"""Controls of a demonstration; the route is there only where there is one."""

from xiuzhou_desktop.backend.demo_hands import Hands
from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.demo import DemoAnswer, DemoSay


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""
    hands = Hands(parts)

    async def act(call: Call) -> Reply:
        await call.person()
        said = await call.body(DemoSay)
        if parts.demo is None:
            raise ProblemError("not-found")
        told = await parts.demo.act(said, hands)
        parts.pokes.poke()
        return Reply(body=encode_body(told))

    return (
        Operation(
            method="POST", path="/v1/demo", name="demo", takes=DemoSay, gives=DemoAnswer,
            about="What the demonstration's bar asks for.", run=act, problems=("not-now",),
        ),
    )  # fmt: skip

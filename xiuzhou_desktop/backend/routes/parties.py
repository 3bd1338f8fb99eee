"""Parties, looked at and looked for; each with its purpose."""

from xiuzhou_desktop.backend.operation import Call, Operation, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.parties import PartyFind, PartyFound, PartyLook, PartyNumbers


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""
    desk = parts.parties

    async def look(call: Call) -> Reply:
        person, asked = await call.person(), await call.body(PartyLook)
        told = await parts.store.write(lambda: desk.look(person, asked))
        return Reply(body=encode_body(told))

    async def find(call: Call) -> Reply:
        person, asked = await call.person(), await call.body(PartyFind)
        told = await parts.store.write(lambda: desk.find(person, asked))
        return Reply(body=encode_body(told))

    return (
        Operation(
            method="POST", path="/v1/parties/look", name="party_look", takes=PartyLook,
            gives=PartyNumbers, about="Numbers of a party; the look is noted with its purpose.",
            run=look, problems=("forbidden", "not-found"),
        ),
        Operation(
            method="POST", path="/v1/parties/find", name="party_find", takes=PartyFind,
            gives=PartyFound, run=find,
            about="Parties with a number, name or address; noted with its purpose.",
            problems=("forbidden", "malformed"),
        ),
    )  # fmt: skip

"""Server-sent events: lines into (event, data) pairs. Reconnecting is the engine's."""

from collections.abc import AsyncIterator

from xiuzhou_desktop.domain.envelope import Struct

LONGEST_EVENT = 1024 * 1024  # a stream without an end of event is not ours to keep


class Event(Struct, frozen=True, kw_only=True):
    """One event."""

    name: str
    data: str


async def events(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    """Every complete event of the stream; comments are only signs of life."""
    name, data, size = "message", list[str](), 0
    async for line in lines:
        if not line:
            if data:
                yield Event(name=name, data="\n".join(data))
            name, data, size = "message", [], 0
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        size += len(value)
        if field == "event":
            name = value
        elif field == "data" and size <= LONGEST_EVENT:
            data.append(value)

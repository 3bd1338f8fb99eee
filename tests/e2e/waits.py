"""Waiting for what is to be seen: a condition and a limit, never a pause for luck."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

from xiuzhou_desktop.client.views import OutboxStatus
from xiuzhou_desktop.plugin_api.context import Engine

LOOK_EVERY_S = 0.02
PATIENCE_S = 180.0  # of a machine that renders video beside it; who waits goes on at once


class NotSeen(AssertionError):
    """What was waited for did not come in time."""


async def until(
    test: Callable[[], object | Awaitable[object]], what: str, seconds: float = PATIENCE_S
) -> object:
    """Look until `test` gives something true, and return that. Raises NotSeen."""
    end = time.monotonic() + seconds
    while True:
        found = test()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        if time.monotonic() > end:
            raise NotSeen(f"not within {seconds:g} s: {what}")
        await asyncio.sleep(LOOK_EVERY_S)


async def until_delivered(engine: Engine, seconds: float = PATIENCE_S) -> None:
    """Everything that was saved has reached the server. The journal is asked: the counts in the
    status bar are told a few times a second and may not have heard of the newest command."""

    async def is_empty() -> bool:
        return all(entry.status is not OutboxStatus.QUEUED for entry in await engine.outbox())

    await until(is_empty, "the outbox is empty", seconds)

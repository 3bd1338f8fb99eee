"""How a loop of the engine rests: until it is woken, or its time is over."""

import asyncio


async def woken(wake: asyncio.Event, within_s: float) -> bool:
    """Whether it was set within that time.

    WORKAROUND until Python 3.12 (python/cpython#86296): `asyncio.wait_for` keeps a cancellation to
    itself that comes while the event is just being set. The loop went on for ever, and the engine
    did not stop.
    """
    try:
        async with asyncio.timeout(within_s):
            await wake.wait()
    except TimeoutError:
        return False
    return True

"""Calls of the world outside, each on a thread that no end of the process waits for: a provider, a
portal, a tray on another computer may hang for ever.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


async def outside(job: Callable[[], T]) -> T:
    """What the job gives, or its error. Cancelled, nobody waits for it any longer: it comes back on
    its own or ends with the process, as after a crash.
    """
    told: Future[T] = Future()
    threading.Thread(target=_run, args=(job, told), name="outside", daemon=True).start()
    return await asyncio.wrap_future(told)


def _run(job: Callable[[], T], told: Future[T]) -> None:
    told.set_running_or_notify_cancel()  # cancelled while it runs, it may still tell
    try:
        told.set_result(job())
    except BaseException as error:  # noqa: BLE001 - told to whoever waits
        told.set_exception(error)

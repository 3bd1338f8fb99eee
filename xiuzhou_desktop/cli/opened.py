"""An engine for the length of one command: lent by the window that holds the profile, or its own.

`XIUZHOU_PACE` below 1 shortens every wait of an own engine (back-off, poll, time-outs): for drills.
"""

import argparse
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from xiuzhou_desktop.client.door import Door
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.session import open_profile

SHORTEST_PACE = 0.005


@asynccontextmanager
async def opened(asked: argparse.Namespace) -> AsyncIterator[EngineCore]:
    """The engine that the command works on. Raises NoProfile, ProfileInUse."""
    lent: EngineCore | None = asked.lent
    if lent is not None:
        yield lent
        return
    core = EngineCore(open_profile(asked.profile), pace=pace())
    try:
        yield core
    finally:
        await core.close()


@asynccontextmanager
async def answering(core: EngineCore, asked: argparse.Namespace) -> AsyncIterator[None]:
    """Answer other twins meanwhile. Where the engine is lent, its holder does."""
    if asked.lent is not None:
        yield
        return
    door = Door(core.spine.profile.announce, partial(asked.answer, core), lambda: False)
    await door.open()
    try:
        yield
    finally:
        await door.close()


def pace() -> float:
    """How long this program waits, as a part of what it waits in service."""
    try:
        return min(1.0, max(SHORTEST_PACE, float(os.environ.get("XIUZHOU_PACE", "1"))))
    except ValueError:
        return 1.0

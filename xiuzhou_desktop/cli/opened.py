"""An engine for the length of one command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.session import open_profile


@asynccontextmanager
async def opened(root: Path) -> AsyncIterator[EngineCore]:
    """The engine of the last login below this root. Raises NoProfile, ProfileInUse."""
    core = EngineCore(open_profile(root))
    try:
        yield core
    finally:
        await core.close()

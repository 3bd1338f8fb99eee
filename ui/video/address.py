"""Where a tile's picture comes from when it is the district's.

The engine gives a short-lived address at every connect.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from xiuzhou_desktop.client.errors import Rejected, SignedOut, Unavailable, WrongServer
from xiuzhou_desktop.media import MediaSource, SourceKind, renewed


class GivesAddresses(Protocol):
    """What is used of the engine."""

    async def media_url(self, path: str) -> str: ...


def engine_source(
    engine: GivesAddresses, path: str, kind: SourceKind, began_at: datetime | None = None
) -> MediaSource:
    """A source for `/v1/cameras/<id>/live`, or `/clip?…` from `began_at`. Call it with the window's
    loop running."""

    async def ask() -> str | None:
        try:
            return await engine.media_url(path)
        except (Unavailable, WrongServer, SignedOut, Rejected):
            return None

    source = renewed(ask, asyncio.get_running_loop(), kind)
    return replace(source, began_at=began_at)

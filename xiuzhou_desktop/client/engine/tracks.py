"""Tracks by vehicle and local day: from the server, and, once opened, from this computer's disk.

A file a vehicle-day, sealed like the pictures. What was read is kept as it was then; while the link
is up it is asked for anew, for late fixes fall into any day.
"""

import asyncio
from datetime import date
from urllib.parse import urlencode

import msgspec

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.errors import WrongServer
from xiuzhou_desktop.client.tracks import day_span
from xiuzhou_desktop.contract.positions import TrackPage
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.ids import RecordId

from .spine import Spine


class Tracks:
    """Days of vehicles."""

    def __init__(self, spine: Spine, api: Api) -> None:
        self._spine = spine
        self._api = api

    async def kept(self, vehicle: RecordId, day: date) -> TrackPage | None:
        """As it was read last; None: never opened here, or its file is damaged."""
        return await asyncio.to_thread(self._kept, path_of(vehicle, day))

    async def read(self, vehicle: RecordId, day: date) -> TrackPage:
        """From the server, and kept. Raises Unavailable, Rejected (not-found)."""
        path = path_of(vehicle, day)
        generation = self._spine.track_files.generation
        content = await self._api.content(path)
        return await asyncio.to_thread(self._keep, path, content, generation)

    def _kept(self, path: str) -> TrackPage | None:
        content = self._spine.track_files.get(path)
        return _decoded(content) if content is not None else None

    def _keep(self, path: str, content: bytes, generation: int) -> TrackPage:
        page = _decoded(content)
        if page is None:
            raise WrongServer("bad-answer", path="/v1/positions")
        self._spine.track_files.put(path, content, generation)
        return page


def path_of(vehicle: RecordId, day: date) -> str:
    """Below the server; the name of its file."""
    start, end = (format_instant(at) for at in day_span(day))
    return f"/v1/positions?{urlencode({'vehicle': vehicle, 'from': start, 'to': end})}"


def _decoded(content: bytes) -> TrackPage | None:
    try:
        return msgspec.json.decode(content, type=TrackPage)
    except msgspec.MsgspecError:
        return None

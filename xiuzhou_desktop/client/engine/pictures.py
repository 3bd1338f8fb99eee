"""Stills and blobs: from the disk if they are there, else from the server, once; the next flags'
stills before they are asked for.
"""

import asyncio
import logging

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.blobs import is_cacheable, verified
from xiuzhou_desktop.client.errors import ClientError, Unavailable, WrongServer
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind

from .link import LinkKeeper
from .reading import Reading
from .spine import Spine

log = logging.getLogger(__name__)
AHEAD = 40  # open flags whose still is fetched before anybody looks
LOOK_EVERY_S = 20.0


class Pictures:
    """Bytes by path."""

    def __init__(self, spine: Spine, api: Api, link: LinkKeeper, reading: Reading) -> None:
        self._spine = spine
        self._api = api
        self._link = link
        self._reading = reading
        self._under_way: dict[str, asyncio.Task[bytes]] = {}

    async def fetch(self, path: str) -> bytes:
        """The bytes. Raises Unavailable, Rejected (not-found, no-picture), WrongServer."""
        if not is_cacheable(path):
            return await self._api.content(path)
        known = await asyncio.to_thread(self._spine.blobs.get, path)
        if known is not None:
            return known
        task = self._under_way.get(path)
        if task is None:
            task = asyncio.create_task(self._fetch_new(path))
            self._under_way[path] = task
            task.add_done_callback(lambda _: self._under_way.pop(path, None))
        return await asyncio.shield(task)

    async def run(self) -> None:
        """Fetch ahead, for ever, while the link is up."""
        while True:
            await self._link.wait_up()
            for path in self._wanted():
                if not self._link.is_up:
                    break
                await self._ahead(path)
            await asyncio.sleep(LOOK_EVERY_S)

    async def _ahead(self, path: str) -> None:
        try:
            await self.fetch(path)
        except Unavailable:
            return
        except ClientError as error:
            log.debug("no picture ahead", extra={"slug": error.slug})

    async def _fetch_new(self, path: str) -> bytes:
        content = await self._api.content(path)
        if not verified(path, content):
            raise WrongServer("blob-damaged", path=path)
        await asyncio.to_thread(self._spine.blobs.put, path, content)
        return content

    def _wanted(self) -> list[str]:
        page = self._reading.query(RecordQuery(kinds=(Kind.FLAG,), is_open=True, limit=AHEAD))
        stills = (getattr(view.record.body, "still", None) for view in page.views)
        return [f"/v1/blobs/{still.removeprefix('sha256:')}" for still in stills if still]

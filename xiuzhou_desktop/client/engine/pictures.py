"""Stills and blobs: from the disk if they are there, else from the server, once; the next flags'
stills before they are asked for.
"""

import asyncio
import logging

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.blob_files import digest_in
from xiuzhou_desktop.client.blobs import is_cacheable
from xiuzhou_desktop.client.errors import ClientError, Unavailable
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind

from .downloading import Downloader
from .link import LinkKeeper
from .reading import Reading
from .spine import KEEP_APPLIED, Spine

log = logging.getLogger(__name__)
AHEAD = 40  # open flags whose still is fetched before anybody looks
LOOK_EVERY_S = 20.0
LET_GO_EVERY_S = 3600.0  # often enough for a day, whatever part of it the computer slept


class Pictures:
    """Bytes by path."""

    def __init__(self, spine: Spine, api: Api, link: LinkKeeper, reading: Reading) -> None:
        self._spine = spine
        self._api = api
        self._link = link
        self._reading = reading
        self._downloader = Downloader(spine, api)
        self._under_way: dict[str, asyncio.Task[bytes]] = {}

    async def fetch(self, path: str) -> bytes:
        """The bytes. Raises Unavailable, Rejected (not-found, no-picture), WrongServer, TooLarge
        (`file-quota`).
        """
        digest = digest_in(path)
        if digest is None and not is_cacheable(path):
            return await self._api.content(path)
        key = digest or path  # a file is named by its hash with or without `sha256:`
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._file(digest) if digest else self._still(path))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(task)

    async def run(self) -> None:
        """Fetch ahead, for ever, while the link is up."""
        while True:
            await self._link.wait_up()
            wanted = self._wanted()
            self._spine.files.pin(wanted)
            for digest in wanted:
                if not self._link.is_up:
                    break
                await self._ahead(f"/v1/blobs/{digest}")
            await asyncio.sleep(LOOK_EVERY_S)

    async def let_go(self) -> None:
        """For ever, link or none: what nobody has opened for long leaves this disk."""
        while True:
            before = self._spine.clocks.wall() - KEEP_APPLIED
            for kept in (self._spine.files, self._spine.stills, self._spine.track_files):
                try:
                    await asyncio.to_thread(kept.forget, before)
                except OSError:
                    log.exception("a folder of files cannot be read")
            await asyncio.sleep(LET_GO_EVERY_S * self._spine.pace)

    async def _ahead(self, path: str) -> None:
        try:
            await self.fetch(path)
        except Unavailable:
            return
        except ClientError as error:
            log.debug("no picture ahead", extra={"slug": error.slug})

    async def _file(self, digest: str) -> bytes:
        known = await self._downloader.known(digest)
        return await self._downloader.fetch(digest) if known is None else known

    async def _still(self, path: str) -> bytes:
        known = await asyncio.to_thread(self._spine.stills.get, path)
        if known is not None:
            return known
        generation = self._spine.stills.generation
        content = await self._api.content(path)
        await asyncio.to_thread(self._spine.stills.put, path, content, generation)
        return content

    def _wanted(self) -> list[str]:
        """The hashes of the next flags' stills."""
        page = self._reading.query(RecordQuery(kinds=(Kind.FLAG,), is_open=True, limit=AHEAD))
        stills = (getattr(view.record.body, "still", None) for view in page.views)
        return [still.removeprefix("sha256:") for still in stills if still]

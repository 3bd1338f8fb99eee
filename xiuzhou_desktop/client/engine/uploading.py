"""Sending attached files before the commands that name them (client/attachments.py).

attach ──► kept ──► a command names it ──► upload ──► the command may go
                                              ├── Unavailable    the link's business
                                              ├── 500            backs off; other files go on
                                              └── damaged, too large, refused ──► attention: a
                                                                   person has to look

A file that no pending command names stays here: nothing is sent that nobody asked for.
"""

import asyncio
import logging
from collections.abc import Callable
from random import Random

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.attachments import Attachment
from xiuzhou_desktop.client.backoff import LONGEST_S
from xiuzhou_desktop.client.errors import ClientError, Rejected, ServerFailed, TooLarge
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.uploads import Uploaded

from .link import LinkKeeper
from .outbox_desk import OutboxDesk
from .spine import Spine
from .waking import woken

log = logging.getLogger(__name__)
AGAIN_S = (1.0, 4.0)


class Uploader:
    """The loop of files."""

    def __init__(self, spine: Spine, api: Api, link: LinkKeeper, desk: OutboxDesk) -> None:
        self._spine = spine
        self._api = api
        self._link = link
        self._desk = desk
        self._random = Random()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """A command was saved that may name a file."""
        self._wake.set()

    async def attach(self, content: bytes, name: str) -> str:
        """Keep a file; its blob's name, once it is durably on this disk. Raises TooLarge,
        Unavailable (`disk`).
        """
        blob = await asyncio.to_thread(self._spine.attachments.files.put, content)
        self._spine.attachments.keep(
            Attachment(blob=blob, size=len(content), name=name, saved_at=self._spine.clocks.wall())
        )
        return blob

    async def content(self, path: str) -> bytes | None:
        """The bytes of a file that was attached here, by its path below the server."""
        blob = f"sha256:{path.removeprefix('/v1/blobs/').removeprefix('sha256:')}"
        if not self._spine.attachments.is_kept(blob):
            return None
        return await asyncio.to_thread(self._spine.attachments.files.get, blob)

    async def run(self, wake_push: Callable[[], None]) -> None:
        """For ever, while the link is up."""
        while True:
            await self._link.wait_up()
            self._wake.clear()
            try:
                is_done = await self.drain()
            except ClientError as error:
                log.info("upload waits", extra={"slug": error.slug})
                is_done = False
            wake_push()
            await woken(self._wake, LONGEST_S if is_done else self._random.uniform(*AGAIN_S))

    async def drain(self) -> bool:
        """Send each waiting file once; False where one has to be tried again. Raises ClientError
        where the link is the trouble.
        """
        is_done = True
        for blob in self._waiting():
            try:
                await self._send(blob)
            except ServerFailed:
                log.warning("the server failed at a file", extra={"blob": blob})
                is_done = False
            except (TooLarge, Rejected) as error:
                self._surface(blob, error)
        return is_done

    async def _send(self, blob: str) -> None:
        epoch = self._spine.cache.meta().epoch
        content = await asyncio.to_thread(self._spine.attachments.files.get, blob)
        if content is None:
            raise Rejected(Problem(slug="file-damaged", facts={"blob": blob}))
        told: Uploaded = await self._api.upload(content)
        if told.blob == blob and epoch is not None:
            self._spine.attachments.sent(blob, epoch)

    def _waiting(self) -> list[str]:
        """Files that pending commands name and the server lacks, in the commands' order."""
        epoch = self._spine.cache.meta().epoch
        active = self._spine.outbox.active()
        named = dict.fromkeys(blob for entry in active for blob in entry.command.blobs)
        return [blob for blob in named if not self._spine.attachments.is_there(blob, epoch)]

    def _surface(self, blob: str, error: ClientError) -> None:
        for entry in self._spine.outbox.active():
            if blob in entry.command.blobs:
                self._desk.surface(entry, error)

"""Sending attached files before the commands that name them (client/attachments.py).

attach ──► kept ──► a command names it ──► upload ──► the command may go
                                              ├── Unavailable    the link's business; it goes on
                                              │                  where the server has come to
                                              ├── 500            backs off; other files go on
                                              └── damaged, too large, refused ──► attention: a
                                                                   person has to look

A file that a person holds back stays; a bandwidth that he allows is kept to (transfers.py).

    announced evidence ──► upload ──► `arrive`, by itself: a command that waits for its file would
                                      hold up those that look at the case
           │                  └── refused ──► an `arrive` that a person has to look at; the file is
           │                                  sent again if he says so, and given up if he drops it
           └── `arrive` refused here ──► the files' list says why; told again at each turn

A file that neither a pending command nor an announcement names stays here: nothing is sent that
nobody asked for.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from random import Random

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.attachments import Attachment
from xiuzhou_desktop.client.backoff import LONGEST_S
from xiuzhou_desktop.client.errors import ClientError, Rejected, ServerFailed, TooLarge, WrongServer
from xiuzhou_desktop.client.uploads import Uploads, UploadSay
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId

from .link import LinkKeeper
from .outbox_desk import OutboxDesk
from .spine import Spine
from .transfers import ARRIVE, Transfers
from .waking import woken

log = logging.getLogger(__name__)
AGAIN_S = (1.0, 4.0)
ANEW = frozenset({"offset-mismatch", "not-found"})  # the place is not what it was: ask, or begin


class Uploader:
    """The loop of files."""

    def __init__(
        self, spine: Spine, api: Api, link: LinkKeeper, desk: OutboxDesk, transfers: Transfers
    ) -> None:
        self._spine = spine
        self._api = api
        self._link = link
        self._desk = desk
        self._transfers = transfers
        self._refused: dict[str, ClientError] = {}  # files that the server does not take
        self._random = Random()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """A command was saved that may name a file."""
        self._wake.set()

    async def uploads(self, said: UploadSay | None) -> Uploads:
        """The files on their way, after a person has said something of them."""
        if said is not None:
            self._transfers.say(said)
            self.wake()
        return self._transfers.shown()

    async def attach(self, source: bytes | Path, name: str) -> str:
        """Keep a copy of a file; its blob's name, once it is durably on this disk. Raises TooLarge,
        OSError.
        """
        written = await asyncio.to_thread(self._spine.attachments.files.put, source)
        blob, now = f"sha256:{written.digest}", self._spine.clocks.wall()
        self._spine.attachments.keep(
            Attachment(blob=blob, size=written.size, name=name, saved_at=now)
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
        self._tell_arrivals()
        for blob in self._transfers.waiting(self._refused):
            if self._transfers.holds(blob):  # a person said so since the round began
                continue
            self._refused.pop(blob, None)
            is_done = await self._tried(blob) and is_done
            self._tell_arrivals()  # now: on a slow line the next file takes hours
        return is_done

    async def _tried(self, blob: str) -> bool:
        """Whether it needs no other try. Raises ClientError where the link is the trouble."""
        trouble: ClientError | None = None
        self._transfers.begins(blob)
        try:
            await self._send(blob)
        except ServerFailed as error:
            log.warning("the server failed at a file", extra={"blob": blob})
            trouble = error
        except (TooLarge, Rejected) as error:
            if error.slug in ANEW:
                return False
            self._spine.attachments.begun(blob, None)
            self._refused[blob] = trouble = error
            self._surface(blob, error)
        finally:
            self._transfers.rests(blob, trouble)
        return not isinstance(trouble, ServerFailed)

    async def _send(self, blob: str) -> None:
        epoch, kept = self._spine.cache.meta().epoch, self._spine.attachments
        one = kept.of(blob)
        begun = await self._begun(one)
        if begun is None:
            return
        place, offset = begun
        self._transfers.reached(blob, offset)
        part = await self._part(one, offset)
        while offset < one.size:
            if not await self._transfers.turn(blob, len(part)):
                return
            after, going = offset + len(part), self._sent_on(place, offset, part)
            # the next part is unsealed while this one is on its way
            offset, part = await asyncio.gather(going, self._part(one, after))
            if offset != after:
                raise WrongServer("not-ours", detail="Upload-Offset")
            self._transfers.reached(blob, offset)
        if epoch is not None:
            kept.sent(blob, epoch)

    async def _sent_on(self, place: str, offset: int, part: bytes) -> int:
        began_s, line = self._spine.clocks.monotonic_s(), self._transfers.line
        reached = await self._api.upload_part(place, offset, part)
        line.carried(len(part), began_s)
        return reached

    async def _begun(self, one: Attachment) -> tuple[str, int] | None:
        """Where the upload goes on, and from which byte: begun now if it was not, or is lost. None:
        it is held back.
        """
        if one.place is not None:
            try:
                return one.place, await self._api.upload_offset(one.place)
            except Rejected as error:
                if error.slug not in ANEW:
                    raise
        part = await self._part(one, 0)
        if not await self._transfers.turn(one.blob, len(part)):
            return None
        digest = one.blob.removeprefix("sha256:")
        began_s = self._spine.clocks.monotonic_s()
        told = await self._api.begin_upload(digest, one.size, part)
        self._transfers.line.carried(len(part), began_s)
        if told.offset < one.size:
            self._spine.attachments.begun(one.blob, told.location)
        return told.location, told.offset

    async def _part(self, one: Attachment, offset: int) -> bytes:
        """The bytes from there on, none at the end. Raises Rejected (`file-damaged`)."""
        if offset == one.size:
            return b""
        files = self._spine.attachments.files
        size = self._transfers.line.part_bytes
        part = await asyncio.to_thread(files.part, one.blob, offset, size)
        if part is None:
            raise Rejected(Problem(slug="file-damaged", facts={"blob": one.blob}))
        return part

    def _tell_arrivals(self) -> None:
        """Of every file that the server has, or will not take: then a person sees why."""
        epoch, untold = self._spine.cache.meta().epoch, dict[RecordId, Refusal]()
        for record, blob in self._transfers.announced().items():
            if blob in self._refused or self._spine.attachments.is_there(blob, epoch):
                told = self._desk.submit(
                    Draft(kind=Kind.EVIDENCE, record=record, transition=ARRIVE, args={"blob": blob})
                )
                if told.refusal is not None:
                    untold[record] = told.refusal
                elif blob in self._refused:
                    self._surface(blob, self._refused[blob])
        self._transfers.are_untold(untold)

    def _surface(self, blob: str, error: ClientError) -> None:
        for entry in self._spine.outbox.active():
            if blob in entry.command.blobs:
                self._desk.surface(entry, error)

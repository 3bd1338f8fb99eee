"""The end of a person's access to this workstation (sync.md §4.4): what was never sent is sealed to
the district's key, then the profile's own keys and files go.

    account-disabled ──► nothing more is saved ──► seal ──► <root>/sealed/<hash>.json, on the disk
                 ──► session: ended ──► POST /v1/sealed ──kept──► the file goes
    close ──► key destroyed ──► folder removed         (a crash before it: the next opening does it)
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.errors import ClientError, SignedOut
from xiuzhou_desktop.client.key import write_private
from xiuzhou_desktop.client.sync.entry import Entry
from xiuzhou_desktop.client.views import AccessEnded
from xiuzhou_desktop.contract.sealing import (
    SealedCommand,
    SealedContent,
    SealedSay,
    Sealing,
    seal_to,
)

from .news import News
from .spine import Spine

log = logging.getLogger(__name__)
ENDS = frozenset({"account-disabled"})  # another sign-out only asks for the password again
FOLDER = "sealed"


class AccessEnd:
    """Notices the end, and does what is due then, once."""

    def __init__(self, spine: Spine, api: Api, news: News) -> None:
        self._spine = spine
        self._api = api
        self._news = news
        self._coming = asyncio.Lock()  # a twin's `sync` may meet the end beside our own loop

    @asynccontextmanager
    async def noticed(self) -> AsyncIterator[None]:
        """Around whatever asks the server."""
        try:
            yield
        except SignedOut as error:
            if error.slug in ENDS:
                async with self._coming:
                    await self._come(error.slug)
            raise

    async def _come(self, reason: str) -> None:
        saved = self._spine.session.saved
        if saved.is_ended:
            return
        unsent, sealing = self._spine.outbox.unsettled(), saved.sealing
        file: Path | None = None
        if unsent and sealing is None:  # a session of an older server: nothing may be destroyed
            log.error("access ended, and there is no key to seal to", extra={"unsent": len(unsent)})
            return
        self._spine.ended = reason
        if unsent and sealing is not None:
            file = await asyncio.to_thread(self._seal, unsent, reason, sealing)
        self._spine.session.end()
        is_handed_in = file is None or await self._hand_in(file)
        log.warning("access ended", extra={"unsent": len(unsent), "handed_in": is_handed_in})
        self._news.access_ended(
            AccessEnded(unsent=len(unsent), file=None if is_handed_in else str(file))
        )

    def _seal(self, unsent: list[Entry], reason: str, sealing: Sealing) -> Path:
        """The file, once it is durably on the disk."""
        saved, account = self._spine.session.saved, self._spine.account
        content = SealedContent(
            user=account.user, name=account.name, workstation=saved.workstation,
            sealed_at=self._spine.clock.now(), reason=reason,
            commands=tuple(
                SealedCommand(command=one.command, status=one.status.value, problem=one.problem)
                for one in unsent
            ),
            files=self._files(unsent),
        )  # fmt: skip
        sealed = seal_to(bytes.fromhex(sealing.public_key), msgspec.json.encode(content))
        said = SealedSay(
            user=account.user, ticket=sealing.ticket, workstation=saved.workstation,
            commands=len(unsent), sealed=sealed.hex(),
        )  # fmt: skip
        folder = self._spine.profile.root / FOLDER
        folder.mkdir(exist_ok=True, mode=0o700)
        file = folder / f"{hashlib.sha256(sealed).hexdigest()}.json"
        write_private(file, msgspec.json.encode(said))
        return file

    def _files(self, unsent: list[Entry]) -> dict[str, str]:
        """What the commands name and this computer holds."""
        named = dict.fromkeys(blob for one in unsent for blob in one.command.blobs)
        held = {blob: self._spine.attachments.files.get(blob) for blob in named}
        return {blob: content.hex() for blob, content in held.items() if content is not None}

    async def _hand_in(self, file: Path) -> bool:
        """Whether the district has it; else the file stays for an administrator."""
        try:
            await self._api.hand_in(msgspec.json.decode(file.read_bytes(), type=SealedSay))
        except ClientError as error:
            log.warning("sealed work stays a file", extra={"slug": error.slug})
            return False
        file.unlink(missing_ok=True)
        return True

"""Files by their hash: from this disk, else from the server part by part, kept for the next time.

known ──► here and whole ──► shown
fetch ──► a part by Range, room made, sealed ──► … ──► SHA-256 right ──► shown
      └─► cut: what has come stays, and the next fetch goes on from there
"""

import asyncio
import logging

from xiuzhou_desktop.client.api import Api
from xiuzhou_desktop.client.blob_files import Part
from xiuzhou_desktop.client.errors import Rejected, Unavailable, WrongServer
from xiuzhou_desktop.client.sealed_file import CHUNK_BYTES

from .spine import Spine

log = logging.getLogger(__name__)
BEYOND = "range-not-satisfiable"


class Downloader:
    """Brings files; whoever asks for the same one at once is joined by `Pictures`."""

    def __init__(self, spine: Spine, api: Api) -> None:
        self._spine = spine
        self._api = api
        self._files = spine.files
        self._is_disk_said = False

    async def known(self, digest: str) -> bytes | None:
        """The file, if it lies here, is whole and can be read."""
        try:
            return await asyncio.to_thread(self._files.get, digest)
        except OSError:
            if not self._is_disk_said:  # once: the next flags' stills are looked for for ever
                log.exception("a file on this disk cannot be read")
            self._is_disk_said = True
            return None

    async def fetch(self, digest: str) -> bytes:
        """The file with that hash, whatever the server sends. Raises Unavailable (also `disk`),
        Rejected (`not-found`), TooLarge (`file-quota`), WrongServer (`blob-damaged`).
        """
        generation = self._files.generation
        try:
            begun = await asyncio.to_thread(self._files.begun, digest)
            content = await self._brought(digest, begun, generation)
            if content is None and begun:  # what lay here since an earlier day was of no use
                content = await self._brought(digest, 0, generation)
        except OSError as error:
            raise Unavailable("disk", detail=str(error)) from error
        finally:
            self._files.release(digest)
        if content is None:
            raise WrongServer("blob-damaged", path=f"/v1/blobs/{digest}")
        return content

    async def _brought(self, digest: str, begun: int, generation: int) -> bytes | None:
        """None where the parts are not the file."""
        offset, total = begun, begun + 1
        try:
            while offset < total:
                part = await self._api.blob_part(digest, offset, CHUNK_BYTES)
                await self._keep(digest, part, generation)
                offset, total = part.offset + len(part.content), part.total
            return await asyncio.to_thread(self._files.finish, digest, generation)
        except Rejected as error:
            if error.slug == BEYOND and begun:
                return None
            raise

    async def _keep(self, digest: str, part: Part, generation: int) -> None:
        quota_mb = self._spine.rules().policy.file_cache_mb
        await asyncio.to_thread(self._files.reserve, digest, part.total, quota_mb)
        await asyncio.to_thread(self._files.append, digest, part, generation)

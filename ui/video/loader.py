"""Pictures by key: fetched through the engine, decoded off the UI thread, a few kept ready.

loader.load("/v1/blobs/…")  ─► ready(key, QImage) | failed(key, PictureFault)
loader.prefetch(key)        ─► the same, for the item that comes next
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from enum import StrEnum

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageReader

from ui.start import start
from xiuzhou_desktop.client.errors import ClientError

KEPT_BYTES = 48 * 1024 * 1024
"""About thirteen decoded pictures of 1280x720."""
LARGEST_PIXELS = 40_000_000
FORMATS = frozenset({"jpeg", "png"})
JPEG_END = b"\xff\xd9"
JPEG_END_WITHIN = 64
"""Some cameras pad a few bytes after the end mark."""


class PictureFault(StrEnum):
    """Why there is no picture; the text key is `media.picture.<value>`."""

    NOT_FETCHED = "not_fetched"
    CHANGED = "changed"
    NO_ROOM = "no_room"
    GONE = "gone"
    NOT_A_PICTURE = "not_a_picture"
    TOO_LARGE = "too_large"
    CUT = "cut"


FAULTS = {
    "blob-damaged": PictureFault.CHANGED, "file-quota": PictureFault.NO_ROOM,
    "not-found": PictureFault.GONE,
}  # fmt: skip


def blob_path(blob: str) -> str:
    """Where the engine fetches a file, by its name `sha256:…`."""
    return f"/v1/blobs/{blob}"


def decode(data: bytes) -> QImage | PictureFault:
    """Bytes to pixels, whatever the name says. Takes milliseconds: run it in a worker."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    kind = bytes(reader.format().data()).decode()
    if kind not in FORMATS:
        return PictureFault.NOT_A_PICTURE
    size = reader.size()
    if size.width() * size.height() > LARGEST_PIXELS:
        return PictureFault.TOO_LARGE
    if kind == "jpeg" and JPEG_END not in data[-JPEG_END_WITHIN:]:
        return PictureFault.CUT
    image = reader.read()
    if image.isNull():
        return PictureFault.CUT
    return image.convertToFormat(QImage.Format.Format_RGB32)


class PictureLoader(QObject):
    """Call it on the UI thread with the loop running there."""

    ready = Signal(str, QImage)
    failed = Signal(str, object)

    def __init__(
        self, fetch: Callable[[str], Awaitable[bytes]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._kept: OrderedDict[str, QImage] = OrderedDict()
        self._tasks: dict[str, asyncio.Task[object]] = {}

    def peek(self, key: str) -> QImage | None:
        """The picture if it is ready."""
        return self._kept.get(key)

    def load(self, key: str) -> None:
        """Answer with `ready` or `failed`; at once when the picture is kept."""
        image = self._kept.get(key)
        if image is not None:
            self._kept.move_to_end(key)
            self.ready.emit(key, image)
            return
        self.prefetch(key)

    def prefetch(self, key: str) -> None:
        if key not in self._kept and key not in self._tasks:
            self._tasks[key] = start(self._bring(key), owner=self)

    def close(self) -> None:
        """Stop what is under way; call it when the owner closes."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    async def _bring(self, key: str) -> None:
        try:
            data = await self._fetch(key)
            decoded = await asyncio.to_thread(decode, data)
        except ClientError as error:
            decoded = FAULTS.get(error.slug, PictureFault.NOT_FETCHED)
        finally:
            self._tasks.pop(key, None)
        if isinstance(decoded, PictureFault):
            self.failed.emit(key, decoded)
            return
        self._keep(key, decoded)
        self.ready.emit(key, decoded)

    def _keep(self, key: str, image: QImage) -> None:
        self._kept[key] = image
        while len(self._kept) > 1 and self._kept_bytes() > KEPT_BYTES:
            self._kept.popitem(last=False)

    def _kept_bytes(self) -> int:
        return sum(image.sizeInBytes() for image in self._kept.values())

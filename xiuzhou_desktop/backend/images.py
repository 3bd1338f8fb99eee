"""Pictures and other files from outside: taken only if they are what they say, whole, and of a size
that can be shown.

The type is told by the first bytes, never by a name; the decoder for that type alone is asked, so
an SVG called .jpg finds none.
"""

import struct
import zlib
from io import BytesIO
from pathlib import Path

from PIL import ImageFile
from PIL.Image import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from xiuzhou_desktop.backend.problems import ProblemError

MAX_BYTES = 20 * 1024 * 1024  # a 4K still of a good camera has 2 to 6 MB
MAX_PIXELS = 50_000_000  # 60 megapixels decode to 180 MB: refused before they are decoded
HEAD_BYTES = 512  # enough of a file to tell its type
UNKNOWN_TYPE = "application/octet-stream"
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)


def check_image(content: bytes) -> str:
    """The picture's media type. Raises ProblemError `bad-image`, `too-large`. Decodes it whole, so
    call it in a worker.
    """
    if len(content) > MAX_BYTES:
        raise ProblemError("too-large", "image")
    media_type, decoder = _decoder(content)
    try:
        with decoder(BytesIO(content)) as picture:
            _refuse_size(picture)
            picture.load()
    except DAMAGE as error:
        raise ProblemError("bad-image", f"cut or damaged: {error}") from error
    return media_type


def check_file(file: Path) -> str:
    """The media type of a file that an officer attached. Raises ProblemError `bad-image`,
    `too-large`, `unsupported-file`: an archive is no evidence, whatever it unpacks to.
    """
    with file.open("rb") as content:
        media_type = media_type_of(content.read(HEAD_BYTES))
    if media_type == UNKNOWN_TYPE:
        raise ProblemError("unsupported-file")
    if not media_type.startswith("image/"):
        return media_type
    if file.stat().st_size > MAX_BYTES:
        raise ProblemError("too-large", "image")
    return check_image(file.read_bytes())


def media_type_of(head: bytes) -> str:
    """What a stored blob is sent as, by its first HEAD_BYTES."""
    for start, media_type, _ in _TYPES:
        if head.startswith(start):
            return media_type
    found = (kind for at, start, kind in _OTHERS if head[at:].startswith(start))
    return next(found, UNKNOWN_TYPE)


def _decoder(content: bytes) -> tuple[str, type[ImageFile.ImageFile]]:
    for start, media_type, decoder in _TYPES:
        if content.startswith(start) and (decoder is not WebPImageFile or content[8:12] == b"WEBP"):
            return media_type, decoder
    raise ProblemError("bad-image", "not a JPEG, PNG or WebP")


def _refuse_size(picture: Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise ProblemError("bad-image", f"{width} x {height} is more than {MAX_PIXELS} pixels")


_TYPES: tuple[tuple[bytes, str, type[ImageFile.ImageFile]], ...] = (
    (b"\xff\xd8\xff", "image/jpeg", JpegImageFile),
    (b"\x89PNG\r\n\x1a\n", "image/png", PngImageFile),
    (b"RIFF", "image/webp", WebPImageFile),
)
_OTHERS = (  # the place of a mark, the mark, the type
    (0, b"%PDF-", "application/pdf"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    (188, b"\x47", "video/mp2t"),
)

"""A picture kept as evidence: the decoded pixels as they were, as PNG, with their hash.

The hash is over the rows of 8-bit RGB from top to bottom without padding: any PNG reader can
check it.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from datetime import datetime

import msgspec
import numpy as np

from xiuzhou_desktop.media.frames import Frame

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
COMPRESSION = 4
"""zlib level: 1280x720 in about 60 ms; higher costs more than it saves."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """What `take_snapshot` kept; camera, officer and purpose are added by the evidence record."""

    png: bytes
    pixels_sha256: str
    file_sha256: str
    width: int
    height: int
    taken_at: datetime


def take_snapshot(frame: Frame, taken_at: datetime) -> Snapshot:
    """Slow (tens of ms), so call it in a worker. Nothing is drawn and nothing is scaled."""
    rgb = np.ascontiguousarray(frame.pixels[:, :, 2::-1])
    png = _png(rgb.tobytes(), frame.width, frame.height)
    return Snapshot(
        png=png,
        pixels_sha256=hashlib.sha256(rgb.tobytes()).hexdigest(),
        file_sha256=hashlib.sha256(png).hexdigest(),
        width=frame.width,
        height=frame.height,
        taken_at=taken_at,
    )


def _png(rgb: bytes, width: int, height: int) -> bytes:
    row = width * 3
    filtered = b"".join(b"\x00" + rgb[at : at + row] for at in range(0, row * height, row))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(filtered, COMPRESSION)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    return PNG_SIGNATURE + b"".join(chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    crc = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)

"""Files on their way up: `POST /v1/uploads`, tus 1.0's creation with upload, in one piece.

    Upload-Checksum: sha256 <base64>      the bytes must be those, or nothing is kept
    application/offset+octet-stream       the file, whole

The same bytes again are the same blob. A command that names a blob which the server lacks is
`held`.
"""

import base64
import binascii
import hashlib

from xiuzhou_desktop.domain.envelope import Struct

UPLOAD_BYTES = 32 * 1024 * 1024
UPLOAD_TYPE = "application/offset+octet-stream"
CHECKSUM = "upload-checksum"
ALGORITHM = "sha256"


class Uploaded(Struct, frozen=True, kw_only=True):
    """The blob's name, `sha256:` and 64 hex digits, and its size in bytes."""

    blob: str
    size: int


def checksum_of(content: bytes) -> str:
    """The header's value for these bytes."""
    digest = hashlib.sha256(content).digest()
    return f"{ALGORITHM} {base64.b64encode(digest).decode('ascii')}"


def digest_named(checksum: str) -> str | None:
    """The hash that a header names, in hex; None for what names none."""
    algorithm, _, text = checksum.partition(" ")
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    is_whole = algorithm == ALGORITHM and len(digest) == hashlib.sha256().digest_size
    return digest.hex() if is_whole else None

"""Files on their way up: tus 1.0 core with creation and creation with upload.

    POST   /v1/uploads         Upload-Length, Upload-Metadata: sha256 …   a place, and a first part
    HEAD   /v1/uploads/{id}    Upload-Offset: so many bytes lie on the server's disk
    PATCH  /v1/uploads/{id}    Upload-Offset, the bytes from there on

Whoever of the two ends dies, the other goes on from the offset. The last byte ends it: the whole
must have the hash that was declared, or all of it is thrown away. A hash alone moves nothing: the
same bytes again are sent again, and are the same blob.
"""

import base64
import binascii
import re
from collections.abc import Mapping

from xiuzhou_desktop.domain.envelope import Struct

TUS_VERSION = "1.0.0"
TUS_EXTENSIONS = "creation,creation-with-upload"
TUS_RESUMABLE = "Tus-Resumable"
LENGTH = "Upload-Length"
OFFSET = "Upload-Offset"
METADATA = "Upload-Metadata"
UPLOAD_TYPE = "application/offset+octet-stream"
UPLOAD_BYTES = 256 * 1024 * 1024  # a clip of five minutes in full HD
DIGEST = "sha256"  # the key of the metadata that names the file's hash, in hex
HEX_DIGEST = re.compile(r"[0-9a-f]{64}")


class Uploaded(Struct, frozen=True, kw_only=True):
    """How far a file is: `offset` bytes of it are on the server's disk, at `location` below it."""

    location: str
    offset: int


def metadata_of(values: Mapping[str, str]) -> str:
    """The header's value."""
    pairs = ((key, base64.b64encode(value.encode()).decode()) for key, value in values.items())
    return ",".join(f"{key} {value}" for key, value in pairs)


def digest_in(metadata: str) -> str | None:
    """The hash that a header's value declares, in hex; None where it declares none."""
    for pair in metadata.split(","):
        key, _, value = pair.strip().partition(" ")
        if key == DIGEST:
            return _digest(value)
    return None


def _digest(value: str) -> str | None:
    try:
        text = base64.b64decode(value, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return text if HEX_DIGEST.fullmatch(text) else None

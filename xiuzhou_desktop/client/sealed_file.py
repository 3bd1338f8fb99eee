"""A file sealed in chunks, so that a long one is never in memory as a whole.

    16 random bytes │ chunk 0 │ chunk 1 │ … │ last chunk        each AES-256-GCM, a nonce of its own

A chunk is bound to its file, to its place and to being the last or not: none can be taken out,
moved, cut off or brought from elsewhere unseen.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from xiuzhou_desktop.domain.envelope import Struct

from .key import NONCE_BYTES, seal, unseal

CHUNK_BYTES = 1024 * 1024
FILE_ID_BYTES = 16
SEALED_CHUNK = NONCE_BYTES + CHUNK_BYTES + 16  # with the tag of GCM


class Written(Struct, frozen=True, kw_only=True):
    """What went into a sealed file: its SHA-256 in hex, its length in bytes."""

    digest: str
    size: int


def write_sealed(path: Path, key: bytes, source: BinaryIO) -> Written:
    """Seal all that the source gives; on the disk when it returns, readable by its owner only."""
    file_id, digest, size = secrets.token_bytes(FILE_ID_BYTES), hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(file_id)
        for index, (chunk, is_last) in enumerate(_chunks(source)):
            digest.update(chunk)
            size += len(chunk)
            file.write(seal(key, chunk, _about(file_id, index, is_last=is_last)))
        file.flush()
        os.fsync(file.fileno())
    return Written(digest=digest.hexdigest(), size=size)


def append_sealed(path: Path, key: bytes, index: int, chunk: bytes, *, is_last: bool) -> None:
    """Seal the chunk of that place, from 0, into a file that holds those before it; what lay there
    goes. Raises FileNotFoundError where those before it are gone. It does not wait for the disk.
    """
    handle = os.open(path, os.O_RDWR | (0 if index else os.O_CREAT), 0o600)
    with os.fdopen(handle, "r+b") as file:
        file_id = file.read(FILE_ID_BYTES) if index else secrets.token_bytes(FILE_ID_BYTES)
        file.seek(0)
        file.write(file_id)
        file.truncate(FILE_ID_BYTES + index * SEALED_CHUNK)
        file.seek(0, os.SEEK_END)
        file.write(seal(key, chunk, _about(file_id, index, is_last=is_last)))


def whole_chunks(path: Path) -> int:
    """How many full chunks lie in a file; 0 where there is none."""
    try:
        return max(0, path.stat().st_size - FILE_ID_BYTES) // SEALED_CHUNK
    except FileNotFoundError:
        return 0


def sealed_size(size: int) -> int:
    """How long a file of so many bytes is once it is sealed."""
    chunks = max(1, -(-size // CHUNK_BYTES))
    return FILE_ID_BYTES + size + chunks * (SEALED_CHUNK - CHUNK_BYTES)


def read_sealed(path: Path, key: bytes, offset: int, size: int) -> bytes | None:
    """So many plain bytes from there on, fewer at the end; None where the file is gone, damaged or
    another key's.
    """
    try:
        with path.open("rb") as file:
            chunks = [*_opened(file, key, offset, size)]
    except FileNotFoundError:
        return None
    found = [one for one in chunks if one is not None]
    if not found or len(found) != len(chunks):
        return None
    begin = offset % CHUNK_BYTES
    return b"".join(found)[begin : begin + size]


def _opened(file: BinaryIO, key: bytes, offset: int, size: int) -> Iterator[bytes | None]:
    length = os.fstat(file.fileno()).st_size
    file_id = file.read(FILE_ID_BYTES)
    index = offset // CHUNK_BYTES
    file.seek(FILE_ID_BYTES + index * SEALED_CHUNK)
    while index * CHUNK_BYTES < offset + size and file.tell() < length:
        sealed = file.read(SEALED_CHUNK)
        about = _about(file_id, index, is_last=file.tell() == length)
        yield unseal(key, sealed, about)
        index += 1


def _chunks(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Each chunk, and whether it is the last; an empty file has one."""
    chunk = source.read(CHUNK_BYTES)
    while following := source.read(CHUNK_BYTES):
        yield chunk, False
        chunk = following
    yield chunk, True


def _about(file_id: bytes, index: int, *, is_last: bool) -> bytes:
    return file_id + index.to_bytes(8, "big") + bytes([is_last])
